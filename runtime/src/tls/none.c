/* SPDX-License-Identifier: MIT */
/* tls.h where the build found no OpenSSL: plain HTTP only. */
#include "../tls.h"

struct wsg_tls *wsg_tls_open(struct wsg_tls_trust **trust, int fd,
			     const char *host, const char **error)
{
	(void)trust;
	(void)fd;
	(void)host;
	*error = "this wsgen was built without OpenSSL";
	return NULL;
}

ssize_t wsg_tls_read(struct wsg_tls *tls, void *bytes, size_t len)
{
	(void)tls;
	(void)bytes;
	(void)len;
	return WSG_TLS_FAILED;
}

ssize_t wsg_tls_write(struct wsg_tls *tls, const void *bytes, size_t len)
{
	(void)tls;
	(void)bytes;
	(void)len;
	return WSG_TLS_FAILED;
}

const char *wsg_tls_error(const struct wsg_tls *tls)
{
	(void)tls;
	return "no TLS";
}

void wsg_tls_close(struct wsg_tls *tls)
{
	(void)tls;
}

struct wsg_tls_trust *wsg_tls_trust_public(const char **error)
{
	*error = "this wsgen was built without OpenSSL";
	return NULL;
}

void wsg_tls_trust_free(struct wsg_tls_trust *trust)
{
	(void)trust;
}
