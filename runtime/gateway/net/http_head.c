/* SPDX-License-Identifier: MIT */
/* http_head.c - request line and headers, by RFC 9112 and no further. */
#include "http_head.h"

#include "../base/text.h"

/* Digits of a length that surely fits. */
#define LENGTH_DIGITS_MAX 18

/* What the headers say of the body. */
struct framing {
	unsigned lengths, encodings, hosts;
	bool chunked;
	struct wsg_str length;
};

bool http_is_token(char c)
{
	static const uint64_t tokens[] = { 0x3ff6cfa00000000,
					   0x57ffffffc7fffffe };
	unsigned char byte = (unsigned char)c;

	return byte < 128 && tokens[byte >> 6] >> (byte & 63) & 1;
}

bool http_is_value(char c)
{
	unsigned char byte = (unsigned char)c;

	return (byte >= 0x20 && byte != 0x7f) || byte == '\t';
}

static struct wsg_str rest_from(struct wsg_str text, size_t at)
{
	return (struct wsg_str){ text.ptr + at, text.len - at };
}

/* The line that text starts with, and text from behind it on. */
static struct wsg_str next_line(struct wsg_str *text)
{
	struct wsg_str line = text_cut(*text, '\n', text);

	line.len--; /* the \r */
	return line;
}

static int read_version(struct http_request *request, struct wsg_str text)
{
	static const char form[] = "HTTP/d.d";

	if (text.len != strlen(form))
		return 400;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (form[i] == 'd' ? c < '0' || c > '9' : c != form[i])
			return 400;
	}
	if (text.ptr[5] != '1')
		return 505;
	request->minor = text.ptr[7] - '0';
	return 0;
}

/* Behind http://host, which proxies are sent and servers have to take. */
static struct wsg_str without_origin(struct wsg_str target)
{
	static const char *const schemes[] = { "http://", "https://" };

	for (size_t i = 0; i < 2; i++) {
		size_t at = strlen(schemes[i]);

		if (target.len <= at ||
		    !text_alike((struct wsg_str){ target.ptr, at },
				wsg_str(schemes[i])))
			continue;
		while (at < target.len && target.ptr[at] != '/' &&
		       target.ptr[at] != '?')
			at++;
		return rest_from(target, at);
	}
	return target;
}

static int read_target(struct http_request *request)
{
	struct wsg_str target = request->target;
	struct wsg_str path;

	for (size_t i = 0; i < target.len; i++) {
		if (target.ptr[i] <= ' ' || target.ptr[i] >= 0x7f ||
		    target.ptr[i] == '#')
			return 400;
	}
	path = without_origin(target);
	request->path = text_cut(path, '?', &request->query);
	if (path.ptr != target.ptr) {
		if (!request->path.len)
			request->path = wsg_str("/");
		return 0;
	}
	if (path.len && *path.ptr == '/')
		return 0;
	return wsg_str_is(path, "*") && wsg_str_is(request->method, "OPTIONS")
		       ? 0
		       : 400;
}

static int read_request_line(struct http_request *request, struct wsg_str line)
{
	struct wsg_str rest, version;
	int status;

	request->method = text_cut(line, ' ', &rest);
	request->target = text_cut(rest, ' ', &version);
	if (!request->method.len || !request->target.len)
		return 400;
	for (size_t i = 0; i < request->method.len; i++) {
		if (!http_is_token(request->method.ptr[i]))
			return 400;
	}
	status = read_version(request, version);
	return status ? status : read_target(request);
}

static int read_header(struct wsg_sigv4_header *header, struct wsg_str line)
{
	size_t at = 0;

	while (at < line.len && http_is_token(line.ptr[at]))
		at++;
	/* A line that continues the one before starts with a blank: here. */
	if (!at || at == line.len || line.ptr[at] != ':')
		return 400;
	header->name = (struct wsg_str){ line.ptr, at };
	header->value = rest_from(line, at + 1);
	for (size_t i = 0; i < header->value.len; i++) {
		if (!http_is_value(header->value.ptr[i]))
			return 400;
	}
	header->value = text_trim(header->value);
	return 0;
}

static void note_framing(struct framing *framing,
			 const struct wsg_sigv4_header *header)
{
	if (text_alike(header->name, wsg_str("host"))) {
		framing->hosts++;
	} else if (text_alike(header->name, wsg_str("content-length"))) {
		framing->lengths++;
		framing->length = header->value;
	} else if (text_alike(header->name, wsg_str("transfer-encoding"))) {
		framing->encodings++;
		framing->chunked =
			text_alike(header->value, wsg_str("chunked"));
	}
}

static int read_length(struct http_parser *parser, struct wsg_str text)
{
	uint64_t length = 0;

	if (!text.len)
		return 400;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return 400;
	}
	if (text.len > LENGTH_DIGITS_MAX)
		return 413;
	for (size_t i = 0; i < text.len; i++)
		length = length * 10 + (uint64_t)(text.ptr[i] - '0');
	parser->body_left = length;
	return length > parser->body_max ? 413 : 0;
}

/* One way to tell where the body ends, or none: RFC 9112, 6.3. */
static int read_framing(struct http_parser *parser,
			const struct framing *framing,
			enum http_framing *result)
{
	int minor = parser->request.minor;

	if (framing->hosts > 1 || (minor && !framing->hosts))
		return 400;
	if (framing->lengths + framing->encodings > 1)
		return 400;
	*result = HTTP_NO_BODY;
	if (framing->encodings) {
		if (!minor)
			return 400;
		*result = HTTP_CHUNKS;
		return framing->chunked ? 0 : 501;
	}
	if (framing->lengths) {
		*result = HTTP_LENGTH;
		return read_length(parser, framing->length);
	}
	return 0;
}

int http_head_read(struct http_parser *parser, enum http_framing *framing)
{
	struct http_request *request = &parser->request;
	struct wsg_str text = { parser->text.ptr, parser->text.len };
	struct framing found = { 0 };
	struct wsg_str line = next_line(&text);
	int status;

	*request = (struct http_request){ .headers = parser->headers };
	/* An empty line in front is what some clients end a body with. */
	if (!line.len)
		line = next_line(&text);
	status = read_request_line(request, line);
	while (!status && (line = next_line(&text)).len) {
		struct wsg_sigv4_header *header =
			&parser->headers[request->headers_count];

		if (request->headers_count == HTTP_HEADERS_MAX)
			return 431;
		status = read_header(header, line);
		if (!status)
			note_framing(&found, header);
		request->headers_count++;
	}
	return status ? status : read_framing(parser, &found, framing);
}
