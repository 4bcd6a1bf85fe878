/* SPDX-License-Identifier: MIT */
/* http_answer.c - the head of an answer. */
#include "http.h"

const char *http_phrase(int status)
{
	static const struct {
		int status;
		const char *phrase;
	} phrases[] = {
		{ 100, "Continue" },
		{ 101, "Switching Protocols" },
		{ 200, "OK" },
		{ 201, "Created" },
		{ 202, "Accepted" },
		{ 203, "Non-Authoritative Information" },
		{ 204, "No Content" },
		{ 205, "Reset Content" },
		{ 206, "Partial Content" },
		{ 300, "Multiple Choices" },
		{ 301, "Moved Permanently" },
		{ 302, "Found" },
		{ 303, "See Other" },
		{ 304, "Not Modified" },
		{ 307, "Temporary Redirect" },
		{ 308, "Permanent Redirect" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 402, "Payment Required" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 406, "Not Acceptable" },
		{ 408, "Request Timeout" },
		{ 409, "Conflict" },
		{ 410, "Gone" },
		{ 411, "Length Required" },
		{ 412, "Precondition Failed" },
		{ 413, "Request Entity Too Large" },
		{ 414, "URI Too Long" },
		{ 415, "Unsupported Media Type" },
		{ 417, "Expectation Failed" },
		{ 418, "I'm a teapot" },
		{ 422, "Unprocessable Content" },
		{ 426, "Upgrade Required" },
		{ 428, "Precondition Required" },
		{ 429, "Too Many Requests" },
		{ 431, "Request Header Fields Too Large" },
		{ 451, "Unavailable For Legal Reasons" },
		{ 500, "Internal Server Error" },
		{ 501, "Not Implemented" },
		{ 502, "Bad Gateway" },
		{ 503, "Service Unavailable" },
		{ 504, "Gateway Timeout" },
		{ 505, "HTTP Version Not Supported" },
		{ 507, "Insufficient Storage" },
	};

	for (size_t i = 0; i < sizeof(phrases) / sizeof(*phrases); i++) {
		if (phrases[i].status == status)
			return phrases[i].phrase;
	}
	return "Unknown";
}

bool http_has_body(int status)
{
	return status >= 200 && status != 204 && status != 304;
}

/* By hand: formats are read slowly, and every answer comes through here. */
static void put_size(struct wsg_buf *out, size_t value)
{
	char digits[3 * sizeof(value)];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	wsg_buf_add(out, digits + at, sizeof(digits) - at);
}

void http_put_answer(struct wsg_buf *out, const struct http_answer *answer)
{
	wsg_buf_text(out, "HTTP/1.1 ");
	put_size(out, (size_t)answer->status);
	wsg_buf_text(out, " ");
	wsg_buf_text(out, http_phrase(answer->status));
	wsg_buf_text(out, "\r\nDate: ");
	wsg_buf_text(out, answer->date);
	wsg_buf_text(out, "\r\n");
	wsg_buf_str(out, answer->headers);
	if (http_has_body(answer->status)) {
		wsg_buf_text(out, "Content-Length: ");
		put_size(out, answer->body_len);
		wsg_buf_text(out, "\r\n");
	}
	if (answer->connection) {
		wsg_buf_text(out, "Connection: ");
		wsg_buf_text(out, answer->connection);
		wsg_buf_text(out, "\r\n");
	}
	wsg_buf_text(out, "\r\n");
}
