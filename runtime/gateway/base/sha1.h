/* SPDX-License-Identifier: MIT */
/*
 * sha1.h - SHA-1, which WebSocket's handshake is made with and nothing else
 * should be.
 */
#ifndef GATEWAY_SHA1_H
#define GATEWAY_SHA1_H

#include <wsgen/str.h>

#define SHA1_LEN 20

void sha1(struct wsg_str bytes, unsigned char digest[SHA1_LEN]);

#endif
