/* SPDX-License-Identifier: MIT */
/*
 * resolve.h - names to addresses: numbers, /etc/hosts, then the servers of
 * /etc/resolv.conf, over UDP and, for long answers, TCP. The C library's own
 * resolver loads shared libraries, which a static binary should not.
 *
 * Names are taken as they are: `search` and `ndots` of resolv.conf are for
 * people who type short names.
 */
#ifndef WSGEN_RESOLVE_H
#define WSGEN_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define WSG_HOST_MAX 253
#define WSG_ADDRESSES_MAX 8
#define WSG_RESOLVE_CACHED 8

/* What a record may ask us to keep for longer is kept for this long. */
#define WSG_RESOLVE_TTL_MAX_S 300

struct wsg_address {
	bool v6;
	unsigned char bytes[16]; /* 4 of them for IPv4 */
};

struct wsg_addresses {
	struct wsg_address items[WSG_ADDRESSES_MAX];
	size_t count;
};

struct wsg_cached_host {
	char host[WSG_HOST_MAX + 1];
	int64_t until_ms;
	struct wsg_addresses addresses;
};

/* { 0 } is the system's; tests bring their own files and port. */
struct wsg_resolver {
	const char *hosts_path;
	const char *conf_path;
	uint16_t port;
	struct wsg_cached_host cache[WSG_RESOLVE_CACHED];
	size_t oldest;
};

/*
 * The addresses of host, the IPv4 ones first. deadline_ms is of wsg_clock_ms.
 * False: *error is a phrase that says why.
 */
bool wsg_resolve(struct wsg_resolver *resolver, const char *host,
		 int64_t deadline_ms, struct wsg_addresses *to,
		 const char **error);

/* A clock for deadlines, that nobody sets. */
int64_t wsg_clock_ms(void);

/* For connect and bind; the length of what it fills in. */
socklen_t wsg_socket_address(const struct wsg_address *address, uint16_t port,
			     struct sockaddr_storage *to);

/* A number, with or without the brackets that IPv6 has in URLs. */
bool wsg_address_parse(const char *text, struct wsg_address *to);

/* Random bytes that others cannot guess; false if there are none. */
bool wsg_random(void *bytes, size_t len);

#endif
