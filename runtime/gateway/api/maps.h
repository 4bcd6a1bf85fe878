/* SPDX-License-Identifier: MIT */
/*
 * maps.h - the headers and the query of a handshake as its events have them:
 * one map with the last value of each name, one with all.
 */
#ifndef GATEWAY_MAPS_H
#define GATEWAY_MAPS_H

#include "event.h"

/*
 * `"headers":{...},"multiValueHeaders":{...}`. hops: with Connection, Upgrade
 * and content-length, as authorizers see them and functions do not.
 */
void maps_put_headers(struct wsg_buf *out, const struct caller *caller,
		      const struct http_request *request, bool hops);

/*
 * `"queryStringParameters":{...},"multiValueQueryStringParameters":{...}`; of
 * an empty query nothing, or empty maps if always.
 */
void maps_put_query(struct wsg_buf *out, struct wsg_str query, bool always);

#endif
