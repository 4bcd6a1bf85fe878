/* SPDX-License-Identifier: MIT */
/*
 * Reading an HTTP/1.1 answer as it comes in: with a length, in chunks, or up
 * to the end of the connection. What could be read in two ways is refused.
 */
#include "http_client.h"

#include <stdio.h>
#include <strings.h>

#define CHUNK_LINE_MAX 1024

/* The line from at on, without its end; false if it is not there yet. */
static bool find_line(const char *text, size_t len, size_t at,
		      struct wsg_str *line, size_t *next)
{
	const char *end = at < len ? memchr(text + at, '\n', len - at) : NULL;

	if (!end)
		return false;
	*line = (struct wsg_str){ text + at, (size_t)(end - text) - at };
	*next = (size_t)(end - text) + 1;
	return true;
}

/* Lines end in \r\n; a bare \n is somebody trying something. */
static bool chop(struct wsg_str *line)
{
	if (!line->len || line->ptr[line->len - 1] != '\r')
		return false;
	line->len--;
	return !line->len || !memchr(line->ptr, '\r', line->len);
}

static struct wsg_str trim(struct wsg_str text)
{
	while (text.len && (*text.ptr == ' ' || *text.ptr == '\t')) {
		text.ptr++;
		text.len--;
	}
	while (text.len && (text.ptr[text.len - 1] == ' ' ||
			    text.ptr[text.len - 1] == '\t'))
		text.len--;
	return text;
}

static bool is_word(struct wsg_str text, const char *word)
{
	return text.len == strlen(word) &&
	       !strncasecmp(text.ptr, word, text.len);
}

static bool read_number(struct wsg_str text, unsigned base, size_t max,
			size_t *number)
{
	size_t value = 0, i;

	for (i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		unsigned digit =
			c >= '0' && c <= '9'   ? (unsigned)(c - '0')
			: c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
			: c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
					       : 16;

		if (digit >= base || value > (max - digit) / base)
			return false;
		value = value * base + digit;
	}
	*number = value;
	return text.len > 0;
}

struct framing {
	bool chunked, has_len;
	size_t len;
};

/* A list that holds close, or keep-alive. */
static void read_connection(struct wsg_response *response, struct wsg_str list)
{
	while (list.len) {
		const char *comma = memchr(list.ptr, ',', list.len);
		struct wsg_str one = { list.ptr, list.len };

		if (comma)
			one.len = (size_t)(comma - list.ptr);
		list.ptr += one.len + (comma != NULL);
		list.len -= one.len + (comma != NULL);
		if (is_word(trim(one), "close"))
			response->close = true;
		else if (is_word(trim(one), "keep-alive"))
			response->close = false;
	}
}

static bool read_header(struct wsg_response *response, struct wsg_str line,
			struct framing *framing, size_t body_max)
{
	const char *colon = memchr(line.ptr, ':', line.len);
	struct wsg_str name, value;
	size_t len;

	if (!colon || colon == line.ptr || *line.ptr == ' ' ||
	    *line.ptr == '\t' || colon[-1] == ' ' || colon[-1] == '\t')
		return false;
	name = (struct wsg_str){ line.ptr, (size_t)(colon - line.ptr) };
	value = trim((struct wsg_str){ colon + 1, line.len - name.len - 1 });
	if (is_word(name, "connection")) {
		read_connection(response, value);
	} else if (is_word(name, "transfer-encoding")) {
		if (framing->chunked || !is_word(value, "chunked"))
			return false;
		framing->chunked = true;
	} else if (is_word(name, "content-length")) {
		if (!read_number(value, 10, body_max, &len) ||
		    (framing->has_len && len != framing->len))
			return false;
		framing->has_len = true;
		framing->len = len;
	}
	return true;
}

/* HTTP/1.1 200 OK */
static bool read_status(struct wsg_response *response, struct wsg_str line)
{
	size_t status;

	if (line.len < 12 || memcmp(line.ptr, "HTTP/1.", 7) != 0 ||
	    (line.ptr[7] != '0' && line.ptr[7] != '1') || line.ptr[8] != ' ' ||
	    (line.len > 12 && line.ptr[12] != ' ') ||
	    !read_number((struct wsg_str){ line.ptr + 9, 3 }, 10, 999,
			 &status) ||
	    status < 100 || status > 599)
		return false;
	response->status = (int)status;
	response->close = line.ptr[7] == '0';
	return true;
}

/* The whole head, once it is there. */
static enum wsg_progress read_head(struct wsg_response *response, char *text,
				   size_t len, size_t body_max)
{
	struct framing framing = { .chunked = false };
	size_t at = response->at;
	struct wsg_str line;
	bool first = true;

	for (;; first = false) {
		if (!find_line(text, len, at, &line, &at))
			return len - response->at > WSG_HTTP_HEAD_MAX
				       ? WSG_BROKEN
				       : WSG_MORE;
		if (!chop(&line) || at - response->at > WSG_HTTP_HEAD_MAX)
			return WSG_BROKEN;
		if (first) {
			if (!read_status(response, line))
				return WSG_BROKEN;
			response->head_at = at;
		} else if (!line.len) {
			break;
		} else if (!read_header(response, line, &framing, body_max)) {
			return WSG_BROKEN;
		}
	}
	response->head_len = at - response->head_at;
	response->at = response->body_at = at;
	if (response->status == 101)
		return WSG_BROKEN; /* to what, as nobody asked? */
	if (response->status < 200)
		return WSG_MORE; /* the real one follows */
	response->left = framing.len;
	if (response->status == 204 || response->status == 304) {
		response->state = WSG_READ_LENGTH;
		response->left = 0;
	} else if (framing.chunked) {
		/* A length as well: one of the two is somebody's trick. */
		response->close |= framing.has_len;
		response->state = WSG_READ_CHUNK_LINE;
	} else if (framing.has_len) {
		response->state = WSG_READ_LENGTH;
	} else {
		response->state = WSG_READ_TO_END;
		response->close = true;
	}
	return WSG_MORE;
}

static enum wsg_progress read_chunk_line(struct wsg_response *response,
					 const char *text, size_t len,
					 size_t body_max)
{
	struct wsg_str line;
	const char *semicolon;
	size_t next;

	if (!find_line(text, len, response->at, &line, &next))
		return len - response->at > CHUNK_LINE_MAX ? WSG_BROKEN
							   : WSG_MORE;
	if (!chop(&line))
		return WSG_BROKEN;
	semicolon = line.len ? memchr(line.ptr, ';', line.len) : NULL;
	if (semicolon)
		line.len = (size_t)(semicolon - line.ptr);
	if (!read_number(trim(line), 16, body_max - response->body_len,
			 &response->left))
		return WSG_BROKEN;
	response->at = next;
	response->state = response->left ? WSG_READ_CHUNK : WSG_READ_TRAILER;
	return WSG_WHOLE;
}

/* The bytes of a chunk that are there, moved to the end of the body. */
static enum wsg_progress read_chunk(struct wsg_response *response, char *text,
				    size_t len)
{
	size_t part = len - response->at;

	if (part > response->left)
		part = response->left;
	memmove(text + response->body_at + response->body_len,
		text + response->at, part);
	response->body_len += part;
	response->at += part;
	response->left -= part;
	if (response->left)
		return WSG_MORE;
	response->state = WSG_READ_CHUNK_END;
	return WSG_WHOLE;
}

/* Trailers are read over. */
static enum wsg_progress read_trailer(struct wsg_response *response,
				      const char *text, size_t len)
{
	struct wsg_str line;
	size_t next;

	for (;;) {
		if (!find_line(text, len, response->at, &line, &next))
			return len - response->at > CHUNK_LINE_MAX ? WSG_BROKEN
								   : WSG_MORE;
		if (!chop(&line))
			return WSG_BROKEN;
		response->at = next;
		if (!line.len)
			return WSG_WHOLE;
	}
}

static enum wsg_progress read_chunks(struct wsg_response *response, char *text,
				     size_t len, size_t body_max)
{
	enum wsg_progress progress = WSG_WHOLE;

	while (progress == WSG_WHOLE) {
		if (response->state == WSG_READ_CHUNK_LINE) {
			progress =
				read_chunk_line(response, text, len, body_max);
		} else if (response->state == WSG_READ_CHUNK) {
			progress = read_chunk(response, text, len);
		} else if (response->state == WSG_READ_CHUNK_END) {
			if (len - response->at < 2)
				return WSG_MORE;
			if (memcmp(text + response->at, "\r\n", 2) != 0)
				return WSG_BROKEN;
			response->at += 2;
			response->state = WSG_READ_CHUNK_LINE;
		} else {
			return read_trailer(response, text, len);
		}
	}
	return progress;
}

static enum wsg_progress read_body(struct wsg_response *response, char *text,
				   size_t len, bool ended, size_t body_max)
{
	size_t part = len - response->at;

	if (response->state == WSG_READ_TO_END) {
		response->body_len = part;
		if (part > body_max)
			return WSG_BROKEN;
		if (ended)
			response->at = len;
		return ended ? WSG_WHOLE : WSG_MORE;
	}
	if (response->state == WSG_READ_LENGTH) {
		if (part < response->left)
			return WSG_MORE;
		response->body_len = response->left;
		response->at += response->left;
		return WSG_WHOLE;
	}
	return read_chunks(response, text, len, body_max);
}

enum wsg_progress wsg_response_read(struct wsg_response *response, char *text,
				    size_t len, bool ended, size_t body_max)
{
	enum wsg_progress progress = WSG_MORE;
	size_t before;

	do {
		before = response->at;
		if (response->state == WSG_READ_HEAD)
			progress = read_head(response, text, len, body_max);
	} while (progress == WSG_MORE && response->state == WSG_READ_HEAD &&
		 response->at != before);
	if (progress == WSG_MORE && response->state != WSG_READ_HEAD)
		progress = read_body(response, text, len, ended, body_max);
	if (progress == WSG_MORE && ended)
		return WSG_BROKEN;
	if (progress != WSG_WHOLE)
		return progress;
	/* What nobody asked for follows: not to be taken for an answer. */
	response->close |= response->at < len;
	response->head = text + response->head_at;
	response->body = (struct wsg_str){ text + response->body_at,
					   response->body_len };
	return WSG_WHOLE;
}

struct wsg_str wsg_response_header(const struct wsg_response *response,
				   const char *name)
{
	struct wsg_str line;
	size_t at = 0;

	while (find_line(response->head, response->head_len, at, &line, &at)) {
		const char *colon =
			line.len ? memchr(line.ptr, ':', line.len) : NULL;
		struct wsg_str key = { line.ptr, 0 };

		if (!colon)
			break;
		key.len = (size_t)(colon - line.ptr);
		if (!is_word(key, name))
			continue;
		return trim(
			(struct wsg_str){ colon + 1, line.len - key.len - 2 });
	}
	return (struct wsg_str){ NULL, 0 };
}

/* Sun, 30 Aug 2015 12:36:00 GMT, which every server has to send. */
bool wsg_response_date(const struct wsg_response *response, int64_t *ms)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct wsg_str text = wsg_response_header(response, "date");
	char name[4], full[32];
	const char *found;

	if (text.len != 29 || memcmp(text.ptr + 25, " GMT", 4) != 0)
		return false;
	memcpy(name, text.ptr + 8, 3);
	name[3] = '\0';
	found = strstr(months, name);
	if (!found || (found - months) % 3)
		return false;
	snprintf(full, sizeof(full), "%.4s-%02d-%.2sT%.8sZ", text.ptr + 12,
		 (int)(found - months) / 3 + 1, text.ptr + 5, text.ptr + 17);
	return wsg_time_parse(wsg_str(full), ms);
}
