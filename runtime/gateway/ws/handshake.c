/* SPDX-License-Identifier: MIT */
/* handshake.c - how a WebSocket begins; see RFC 6455, 4.2. */
#include "handshake.h"

#include "../base/base64.h"
#include "../base/sha1.h"
#include "../base/text.h"

#define KEY_LEN 16
#define KEY_TEXT_LEN BASE64_LEN(KEY_LEN)

/* How often a header is there; *value is the last one. */
static size_t count_header(const struct http_request *request, const char *name,
			   struct wsg_str *value)
{
	size_t count = 0;

	for (size_t i = 0; i < request->headers_count; i++) {
		if (!text_alike(request->headers[i].name, wsg_str(name)))
			continue;
		*value = request->headers[i].value;
		count++;
	}
	return count;
}

/* Whether there is one key, of the right size. */
static bool has_key(const struct http_request *request)
{
	struct wsg_buf read = { 0 };
	struct wsg_str key;
	bool right;

	if (count_header(request, "Sec-WebSocket-Key", &key) != 1 ||
	    key.len != KEY_TEXT_LEN)
		return false;
	right = base64_read(&read, key) && read.len == KEY_LEN;
	wsg_buf_release(&read);
	return right;
}

int handshake_check(const struct http_request *request, const char **message)
{
	struct wsg_str version;

	if (!wsg_str_is(request->method, "GET")) {
		*message = "Method Not Allowed";
		return 405;
	}
	/* UNSURE(plain-get): what AWS says to a plain GET. */
	if (!http_header_has(request, "Upgrade", "websocket")) {
		*message = "Upgrade Required";
		return 426;
	}
	if (request->minor < 1 ||
	    !http_header_has(request, "Connection", "upgrade") ||
	    request->body.len || !has_key(request)) {
		*message = "Bad Request";
		return 400;
	}
	if (count_header(request, "Sec-WebSocket-Version", &version) != 1 ||
	    !wsg_str_is(version, "13")) {
		*message = "Upgrade Required";
		return 426;
	}
	return 0;
}

/* Whether it may stand in a header: nothing that would end its line. */
static bool is_printable(struct wsg_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < ' ' || text.ptr[i] > '~')
			return false;
	}
	return true;
}

void handshake_accept(const struct http_request *request,
		      struct wsg_str protocol, struct wsg_buf *out)
{
	static const char magic[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	char text[KEY_TEXT_LEN + sizeof(magic) - 1];
	unsigned char digest[SHA1_LEN];
	struct wsg_str key = http_header(request, "Sec-WebSocket-Key");

	memcpy(text, key.ptr, KEY_TEXT_LEN);
	memcpy(text + KEY_TEXT_LEN, magic, sizeof(magic) - 1);
	sha1((struct wsg_str){ text, sizeof(text) }, digest);
	wsg_buf_text(out, "HTTP/1.1 101 Switching Protocols\r\n"
			  "Upgrade: websocket\r\n"
			  "Connection: Upgrade\r\n"
			  "Sec-WebSocket-Accept: ");
	base64_put(out, (struct wsg_str){ (const char *)digest, SHA1_LEN });
	if (protocol.len && is_printable(protocol)) {
		wsg_buf_text(out, "\r\nSec-WebSocket-Protocol: ");
		wsg_buf_str(out, protocol);
	}
	wsg_buf_text(out, "\r\n\r\n");
}
