/* SPDX-License-Identifier: MIT */
/*
 * Reading an HTTP/1.1 answer whole, with a length, in chunks, or up to the end
 * of the connection.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>

#define HEAD_MAX ((size_t)64 << 10)
#define BODY_MAX ((size_t)16 << 20)
#define CHUNK_LINE_MAX 1024

/* Room for len more bytes and the NUL behind them. */
static bool reserve(struct wsg_inbox *inbox, size_t len)
{
	size_t size = inbox->size ? inbox->size : 16384;
	char *ptr;

	if (inbox->size && inbox->size - inbox->len > len)
		return true;
	while (size <= inbox->len + len)
		size *= 2;
	ptr = realloc(inbox->ptr, size);
	if (!ptr)
		return false;
	inbox->ptr = ptr;
	inbox->size = size;
	return true;
}

/* Read what there is; false at the end of the connection. */
static bool receive(int fd, struct wsg_inbox *inbox)
{
	ssize_t len;

	if (!reserve(inbox, 4096))
		return false;
	do
		len = recv(fd, inbox->ptr + inbox->len,
			   inbox->size - inbox->len - 1, 0);
	while (len < 0 && errno == EINTR);
	if (len <= 0)
		return false;
	inbox->len += (size_t)len;
	return true;
}

/* Have at least len bytes. */
static bool fill(int fd, struct wsg_inbox *inbox, size_t len)
{
	if (len > inbox->len && !reserve(inbox, len - inbox->len))
		return false;
	while (inbox->len < len) {
		if (!receive(fd, inbox))
			return false;
	}
	return true;
}

/* Where the line from `from` on ends: its \r\n. Reads more if it must. */
static bool find_line(int fd, struct wsg_inbox *inbox, size_t from, size_t max,
		      size_t *end)
{
	size_t at = from;
	char *found;

	for (;;) {
		found = memchr(inbox->ptr + at, '\n', inbox->len - at);
		if (found)
			break;
		at = inbox->len;
		if (at - from > max || !receive(fd, inbox))
			return false;
	}
	*end = (size_t)(found - inbox->ptr);
	return *end > from && inbox->ptr[*end - 1] == '\r';
}

struct wsg_str wsg_http_header(const struct wsg_inbox *inbox,
			       const struct wsg_http *answer, const char *name)
{
	const char *p = inbox->ptr, *head_end = p + answer->head_len;
	size_t len = strlen(name);

	while (p < head_end) {
		const char *end = memchr(p, '\n', (size_t)(head_end - p));

		if (!end)
			break;
		if ((size_t)(end - p) > len && p[len] == ':' &&
		    !strncasecmp(p, name, len)) {
			p += len + 1;
			while (p < end && (*p == ' ' || *p == '\t'))
				p++;
			while (end > p && (end[-1] == '\r' || end[-1] == ' ' ||
					   end[-1] == '\t'))
				end--;
			return (struct wsg_str){ p, (size_t)(end - p) };
		}
		p = end + 1;
	}
	return (struct wsg_str){ NULL, 0 };
}

/* Status line and headers, up to the empty line. */
static bool read_head(int fd, struct wsg_inbox *inbox, struct wsg_http *answer)
{
	size_t line = answer->head_len, end;

	if (!find_line(fd, inbox, line, HEAD_MAX, &end))
		return false;
	if (end - line < 12 || memcmp(inbox->ptr + line, "HTTP/1.", 7) != 0 ||
	    inbox->ptr[line + 8] != ' ')
		return false;
	answer->status = atoi(inbox->ptr + line + 9);
	answer->close = inbox->ptr[line + 7] == '0';
	do {
		line = end + 1;
		if (line > HEAD_MAX ||
		    !find_line(fd, inbox, line, HEAD_MAX, &end))
			return false;
	} while (end - line > 1);
	answer->head_len = answer->body = end + 1;
	return answer->status >= 100 && answer->status <= 599;
}

static bool parse_len(struct wsg_str text, unsigned base, size_t *len)
{
	size_t i, value = 0;

	for (i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		unsigned digit = 99;

		if (c >= '0' && c <= '9')
			digit = (unsigned)(c - '0');
		else if (c >= 'a' && c <= 'f')
			digit = (unsigned)(c - 'a' + 10);
		else if (c >= 'A' && c <= 'F')
			digit = (unsigned)(c - 'A' + 10);
		if (digit >= base)
			break;
		value = value * base + digit;
		if (value > BODY_MAX)
			return false;
	}
	*len = value;
	/* A chunk's size may be followed by an extension. */
	return i > 0 &&
	       (i == text.len || (base == 16 && strchr("; \t", text.ptr[i])));
}

/* Chunks are moved together as they come. */
static bool read_chunks(int fd, struct wsg_inbox *inbox,
			struct wsg_http *answer)
{
	size_t at = answer->body, end, size;

	answer->body_len = 0;
	for (;;) {
		if (!find_line(fd, inbox, at, CHUNK_LINE_MAX, &end) ||
		    !parse_len(
			    (struct wsg_str){ inbox->ptr + at, end - 1 - at },
			    16, &size))
			return false;
		at = end + 1;
		if (!size)
			break;
		if (size > BODY_MAX - answer->body_len ||
		    !fill(fd, inbox, at + size + 2) ||
		    memcmp(inbox->ptr + at + size, "\r\n", 2) != 0)
			return false;
		memmove(inbox->ptr + answer->body + answer->body_len,
			inbox->ptr + at, size);
		answer->body_len += size;
		at += size + 2;
	}
	/* Trailers, and the empty line behind them. */
	do {
		if (!find_line(fd, inbox, at, CHUNK_LINE_MAX, &end))
			return false;
		size = end - at;
		at = end + 1;
	} while (size > 1);
	/* Bytes nobody asked for: the next answer would start in the middle. */
	answer->close = answer->close || inbox->len != at;
	return true;
}

static bool read_to_end(int fd, struct wsg_inbox *inbox,
			struct wsg_http *answer)
{
	answer->close = true;
	while (receive(fd, inbox)) {
		if (inbox->len - answer->body > BODY_MAX)
			return false;
	}
	answer->body_len = inbox->len - answer->body;
	return true;
}

static bool read_body(int fd, struct wsg_inbox *inbox, struct wsg_http *answer)
{
	struct wsg_str coding, length;

	coding = wsg_http_header(inbox, answer, "Transfer-Encoding");
	if (coding.len)
		return coding.len == 7 &&
		       !strncasecmp(coding.ptr, "chunked", 7) &&
		       read_chunks(fd, inbox, answer);
	length = wsg_http_header(inbox, answer, "Content-Length");
	if (answer->status == 204 || answer->status == 304)
		return true;
	if (!length.ptr)
		return read_to_end(fd, inbox, answer);
	if (!parse_len(length, 10, &answer->body_len) ||
	    !fill(fd, inbox, answer->body + answer->body_len))
		return false;
	answer->close =
		answer->close || inbox->len != answer->body + answer->body_len;
	return true;
}

bool wsg_http_read(int fd, struct wsg_inbox *inbox, struct wsg_http *answer)
{
	struct wsg_str connection;

	*answer = (struct wsg_http){ 0 };
	inbox->len = 0;
	if (!reserve(inbox, 4096))
		return false;
	/* 100 Continue and its like have no body, and the answer follows. */
	do {
		if (!read_head(fd, inbox, answer))
			return false;
	} while (answer->status < 200);
	connection = wsg_http_header(inbox, answer, "Connection");
	if (connection.len == 5 && !strncasecmp(connection.ptr, "close", 5))
		answer->close = true;
	return read_body(fd, inbox, answer);
}
