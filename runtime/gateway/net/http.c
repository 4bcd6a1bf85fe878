/* SPDX-License-Identifier: MIT */
/*
 * http.c - where a request ends, and what its body is. However the bytes are
 * cut into pieces, the result is the same.
 */
#include "http.h"
#include "http_head.h"

#include "../base/mem.h"
#include "../base/text.h"

#include <assert.h>

/* Digits of a chunk's size that surely fit. */
#define SIZE_DIGITS_MAX 15

enum {
	IN_HEAD,
	IN_BODY,
	IN_SIZE,      /* of a chunk */
	IN_EXTENSION, /* behind that */
	AT_SIZE_END,
	IN_CHUNK,
	AT_CHUNK_END, /* \r, then \n */
	AT_CHUNK_END_LF,
	AT_TRAILER,
	IN_TRAILER_NAME,
	IN_TRAILER_VALUE,
	AT_TRAILER_END,
	AT_END,
	DONE,
	REFUSED,
};

void http_parser_init(struct http_parser *parser, size_t body_max)
{
	*parser = (struct http_parser){ .body_max = body_max };
}

void http_parser_release(struct http_parser *parser)
{
	wsg_buf_release(&parser->text);
	wsg_buf_release(&parser->body);
}

static void forget(struct wsg_buf *buf)
{
	if (buf->size > HTTP_KEPT_MAX)
		wsg_buf_release(buf);
	else
		wsg_buf_clear(buf);
}

void http_parser_reset(struct http_parser *parser)
{
	forget(&parser->text);
	forget(&parser->body);
	parser->head_len = 0;
	parser->line_len = 0;
	parser->extra_len = 0;
	parser->body_left = 0;
	parser->digits = 0;
	parser->status = 0;
	parser->state = IN_HEAD;
}

static void add(struct wsg_buf *buf, const char *bytes, size_t len)
{
	wsg_buf_add(buf, bytes, len);
	if (buf->failed)
		mem_exhausted();
}

static void refuse(struct http_parser *parser, int status)
{
	parser->status = status;
	parser->state = REFUSED;
}

static void finish(struct http_parser *parser)
{
	parser->request.body =
		(struct wsg_str){ parser->body.ptr, parser->body.len };
	parser->state = DONE;
}

/*
 * How many of the bytes belong to the head; *whole: it ends there. A line feed
 * that stands alone is refused, an empty line in front is let through.
 */
static size_t scan_head(struct http_parser *parser, const char *bytes,
			size_t len, bool *whole)
{
	const struct wsg_buf *text = &parser->text;
	char before = text->len ? text->ptr[text->len - 1] : '\0';
	bool first = text->len == parser->line_len;
	const char *end = bytes + len, *line = bytes, *feed;

	while ((feed = memchr(line, '\n', (size_t)(end - line)))) {
		if ((feed > bytes ? feed[-1] : before) != '\r') {
			refuse(parser, 400);
			return (size_t)(feed - bytes);
		}
		parser->line_len += (size_t)(feed - line);
		*whole = parser->line_len == 1 && !first;
		first = false;
		parser->line_len = 0;
		line = feed + 1;
		if (*whole)
			return (size_t)(line - bytes);
	}
	parser->line_len += (size_t)(end - line);
	return len;
}

static void end_head(struct http_parser *parser)
{
	enum http_framing framing;
	int status = http_head_read(parser, &framing);

	if (status) {
		refuse(parser, status);
		return;
	}
	parser->head_len = parser->text.len;
	switch (framing) {
	case HTTP_CHUNKS:
		parser->state = IN_SIZE;
		break;
	case HTTP_LENGTH:
		parser->state = IN_BODY;
		if (parser->body_left)
			break;
		/* fall through */
	case HTTP_NO_BODY:
		finish(parser);
		break;
	}
}

static size_t read_head(struct http_parser *parser, const char *bytes,
			size_t len)
{
	size_t room = HTTP_HEAD_MAX - parser->text.len;
	bool whole = false;

	/* Whoever speaks TLS to us need not wait to hear that we do not. */
	if (!parser->text.len && !http_is_token(*bytes) && *bytes != '\r') {
		refuse(parser, 400);
		return 0;
	}
	len = scan_head(parser, bytes, len < room ? len : room, &whole);
	if (parser->state == REFUSED)
		return len;
	add(&parser->text, bytes, len);
	if (whole)
		end_head(parser);
	else if (parser->text.len == HTTP_HEAD_MAX)
		refuse(parser,
		       parser->text.len == parser->line_len ? 414 : 431);
	return len;
}

static size_t read_data(struct http_parser *parser, const char *bytes,
			size_t len)
{
	if (len > parser->body_left)
		len = (size_t)parser->body_left;
	add(&parser->body, bytes, len);
	parser->body_left -= len;
	if (parser->body_left)
		return len;
	if (parser->state == IN_BODY)
		finish(parser);
	else
		parser->state = AT_CHUNK_END;
	return len;
}

/* Go on if it is the character that has to come. */
static void expect(struct http_parser *parser, char c, char expected, int state)
{
	if (c == expected)
		parser->state = state;
	else
		refuse(parser, 400);
}

static void read_size(struct http_parser *parser, char c)
{
	int digit = text_hex(c);

	if (digit >= 0) {
		if (++parser->digits > SIZE_DIGITS_MAX)
			refuse(parser, 413);
		else
			parser->body_left =
				parser->body_left << 4 | (unsigned)digit;
		return;
	}
	if (!parser->digits)
		refuse(parser, 400);
	else if (c == ';')
		parser->state = IN_EXTENSION;
	else
		expect(parser, c, '\r', AT_SIZE_END);
}

static void end_size(struct http_parser *parser, char c)
{
	expect(parser, c, '\n', parser->body_left ? IN_CHUNK : AT_TRAILER);
	parser->digits = 0;
	if (parser->state == IN_CHUNK &&
	    parser->body_left > parser->body_max - parser->body.len)
		refuse(parser, 413);
}

/* What may stand there but is not looked at; until the line ends. */
static void pass(struct http_parser *parser, char c, int at_end)
{
	if (++parser->extra_len > HTTP_HEAD_MAX)
		refuse(parser, 431);
	else if (!http_is_value(c))
		expect(parser, c, '\r', at_end);
}

static void pass_name(struct http_parser *parser, char c)
{
	if (++parser->extra_len > HTTP_HEAD_MAX)
		refuse(parser, 431);
	else if (http_is_token(c))
		parser->state = IN_TRAILER_NAME;
	else if (parser->state == AT_TRAILER)
		expect(parser, c, '\r', AT_END);
	else
		expect(parser, c, ':', IN_TRAILER_VALUE);
}

/* One character of what chunks are framed by. */
static void read_frame(struct http_parser *parser, char c)
{
	switch (parser->state) {
	case IN_SIZE:
		read_size(parser, c);
		break;
	case IN_EXTENSION:
		pass(parser, c, AT_SIZE_END);
		break;
	case AT_SIZE_END:
		end_size(parser, c);
		break;
	case AT_CHUNK_END:
		expect(parser, c, '\r', AT_CHUNK_END_LF);
		break;
	case AT_CHUNK_END_LF:
		expect(parser, c, '\n', IN_SIZE);
		break;
	case AT_TRAILER:
	case IN_TRAILER_NAME:
		pass_name(parser, c);
		break;
	case IN_TRAILER_VALUE:
		pass(parser, c, AT_TRAILER_END);
		break;
	case AT_TRAILER_END:
		expect(parser, c, '\n', AT_TRAILER);
		break;
	default:
		expect(parser, c, '\n', DONE);
		if (parser->state == DONE)
			finish(parser);
		break;
	}
}

enum http_result http_parse(struct http_parser *parser, const char *bytes,
			    size_t len, size_t *used)
{
	size_t at = 0;

	assert(parser->state != DONE);
	while (at < len && parser->state < DONE) {
		if (parser->state == IN_HEAD)
			at += read_head(parser, bytes + at, len - at);
		else if (parser->state == IN_BODY || parser->state == IN_CHUNK)
			at += read_data(parser, bytes + at, len - at);
		else
			read_frame(parser, bytes[at++]);
	}
	*used = at;
	if (parser->state == DONE)
		return HTTP_READY;
	return parser->state == REFUSED ? HTTP_REFUSED : HTTP_MORE;
}
