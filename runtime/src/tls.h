/* SPDX-License-Identifier: MIT */
/*
 * tls.h - TLS over a socket that is connected and does not block. What is
 * behind it is an archive of its own, libwsgen-tls.a, so that functions that
 * never send have nothing of it in them.
 */
#ifndef WSGEN_TLS_H
#define WSGEN_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct wsg_tls;	      /* one connection */
struct wsg_tls_trust; /* whom to trust, and sessions to resume; for all */

/* What read and write return besides a length. */
enum wsg_tls_wait {
	WSG_TLS_READ = -1,  /* again when the socket can be read */
	WSG_TLS_WRITE = -2, /* again when it can be written */
	WSG_TLS_FAILED = -3,
};

/*
 * Start TLS as a client of host, a name or a number that the server's
 * certificate must be for. Nothing is sent yet: the handshake is part of the
 * first write. *trust is made when it is NULL: Amazon's roots, or those in the
 * file that WSG_CA_FILE names. NULL: *error is a phrase that says why.
 */
struct wsg_tls *wsg_tls_open(struct wsg_tls_trust **trust, int fd,
			     const char *host, const char **error);

/* How many bytes, 0 at the end of the stream, or one of wsg_tls_wait. */
ssize_t wsg_tls_read(struct wsg_tls *tls, void *bytes, size_t len);
ssize_t wsg_tls_write(struct wsg_tls *tls, const void *bytes, size_t len);

/* Why it failed; good until the connection is closed. */
const char *wsg_tls_error(const struct wsg_tls *tls);

/* Say goodbye and forget; the socket is the caller's to close. */
void wsg_tls_close(struct wsg_tls *tls);

/*
 * Trust of every authority that the system trusts, for servers that are not
 * AWS's; WSG_CA_FILE replaces these, too. NULL: as above.
 */
struct wsg_tls_trust *wsg_tls_trust_public(const char **error);

void wsg_tls_trust_free(struct wsg_tls_trust *trust);

#endif
