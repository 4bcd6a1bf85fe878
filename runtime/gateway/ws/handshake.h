/* SPDX-License-Identifier: MIT */
/*
 * handshake.h - the HTTP request that asks for a WebSocket, judged, and the 101
 * that grants it. No extension is ever granted: RFC 6455 leaves that to the
 * server. UNSURE(no-compression): whether AWS compresses.
 */
#ifndef GATEWAY_HANDSHAKE_H
#define GATEWAY_HANDSHAKE_H

#include "../net/http.h"

/* Headers of a 426, which says what would have been right. */
#define HANDSHAKE_UPGRADE_HEADERS \
	"Connection: Upgrade\r\n" \
	"Upgrade: websocket\r\n"  \
	"Sec-WebSocket-Version: 13\r\n"

/*
 * Whether the request asks for one properly. 0 if so; otherwise the status to
 * refuse it with, and *message what to say: 426 for a plain GET or another
 * version, 400 for one that is wrong, 405 for another method.
 */
int handshake_check(const struct http_request *request, const char **message);

/*
 * The 101. protocol is what the backend chose; empty: none. One that would not
 * be a header is left out.
 */
void handshake_accept(const struct http_request *request,
		      struct wsg_str protocol, struct wsg_buf *out);

#endif
