/* SPDX-License-Identifier: MIT */
/*
 * roots.h - the certificates that AWS's are issued under. roots.py writes them
 * into a C file when wsgen is built, out of the system's ca-certificates.
 */
#ifndef WSGEN_TLS_ROOTS_H
#define WSGEN_TLS_ROOTS_H

#include <stddef.h>

struct wsg_tls_root {
	const unsigned char *der;
	size_t len;
};

extern const struct wsg_tls_root wsg_tls_roots[];
extern const size_t wsg_tls_roots_count;

#endif
