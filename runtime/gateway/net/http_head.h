/* SPDX-License-Identifier: MIT */
/* http_head.h - a request's head, once it is there whole. For http.c alone. */
#ifndef GATEWAY_HTTP_HEAD_H
#define GATEWAY_HTTP_HEAD_H

#include "http.h"

enum http_framing { HTTP_NO_BODY, HTTP_LENGTH, HTTP_CHUNKS };

/*
 * Read parser->text, whose lines all end in \r\n, the last one empty, into
 * parser->request, and what frames the body, which goes to body_left if it is
 * a length. Returns 0, or the status to refuse it with.
 */
int http_head_read(struct http_parser *parser, enum http_framing *framing);

/* RFC 9110: what names are made of, and what values are. */
bool http_is_token(char c);
bool http_is_value(char c);

#endif
