/* SPDX-License-Identifier: MIT */
/*
 * http.h - an HTTP/1.1 request as it comes off a socket. Strict where being lax
 * lets requests be smuggled: no folded lines, no space before a colon, one
 * Content-Length or chunks and never both, no bare line feeds, no controls.
 */
#ifndef GATEWAY_HTTP_H
#define GATEWAY_HTTP_H

#include <wsgen/sigv4.h>
#include <wsgen/str.h>

/* Request line and headers together; as API Gateway has it for HTTP APIs. */
#define HTTP_HEAD_MAX 10240
#define HTTP_HEADERS_MAX 96

struct http_request {
	struct wsg_str method;
	struct wsg_str target; /* as it stands */
	struct wsg_str path;   /* up to the `?`, and without http://host */
	struct wsg_str query;  /* behind it; empty without one */
	int minor;	       /* HTTP/1.minor */
	const struct wsg_sigv4_header *headers;
	size_t headers_count;
	struct wsg_str body;
};

/* The last value under that name, in any case; ptr NULL without one. */
struct wsg_str http_header(const struct http_request *request,
			   const char *name);

/* Whether a comma list among those headers has the word, in any case. */
bool http_header_has(const struct http_request *request, const char *name,
		     const char *word);

enum http_result {
	HTTP_MORE,    /* not all there yet */
	HTTP_READY,   /* one whole request */
	HTTP_REFUSED, /* answer with parser->status and close */
};

struct http_parser {
	struct wsg_buf text; /* request line and headers so far */
	struct wsg_buf body; /* and what is behind them */
	size_t head_len;     /* 0: the head is not complete */
	size_t body_max;     /* set by the caller */
	size_t line_len;     /* of the head's line that is being read */
	size_t extra_len;    /* of trailers, and of what chunks say besides */
	uint64_t body_left;  /* still to come, or of the chunk */
	int state;	     /* the parser's */
	int digits;	     /* of the chunk's size so far */
	int status;	     /* of HTTP_REFUSED: 400, 413, 414, 431, 501, 505 */
	struct wsg_sigv4_header headers[HTTP_HEADERS_MAX];
	struct http_request request; /* slices of the two buffers */
};

void http_parser_init(struct http_parser *parser, size_t body_max);
void http_parser_release(struct http_parser *parser);

/*
 * Feed bytes; *used says how many were of this request: what is behind a whole
 * one is the next one's, or whatever the connection was upgraded to. A whole
 * request is good until the next call of any kind, which has to be a reset.
 * Once head_len is set, all of it but the body is there to be looked at.
 */
enum http_result http_parse(struct http_parser *parser, const char *bytes,
			    size_t len, size_t *used);

/* Ready for the next request. Memory past what a small one needs is freed. */
#define HTTP_KEPT_MAX 4096
void http_parser_reset(struct http_parser *parser);

/* The standard phrase: "Not Found". */
const char *http_phrase(int status);

/* What an answer's head is made of. */
struct http_answer {
	int status;
	struct wsg_str headers; /* whole lines that each end in \r\n */
	size_t body_len;
	const char *date;
	const char *connection; /* what that header says; NULL: without it */
};

/* Whether answers of that status have a body, and its length. */
bool http_has_body(int status);
void http_put_answer(struct wsg_buf *out, const struct http_answer *answer);

#endif
