/* SPDX-License-Identifier: MIT */
/*
 * dns.h - the messages of RFC 1035 as a stub resolver needs them: a question
 * for A or AAAA, and the answer to it, which may be anybody's bytes.
 */
#ifndef WSGEN_DNS_H
#define WSGEN_DNS_H

#include "resolve.h"

#define WSG_DNS_A 1
#define WSG_DNS_AAAA 28

/* Header, name, type and class. */
#define WSG_DNS_QUERY_MAX (12 + 255 + 4)

struct wsg_dns_query {
	uint16_t type;
	bool any_case; /* the answer may spell the name in another case */
	unsigned char text[WSG_DNS_QUERY_MAX];
	size_t len;
};

enum wsg_dns_result {
	WSG_DNS_STRANGE,   /* no answer to this question: wait on */
	WSG_DNS_TRUNCATED, /* ask again over TCP */
	WSG_DNS_ANSWERED,  /* with addresses, or with none */
	WSG_DNS_NO_NAME,   /* there is no such name */
	WSG_DNS_FAILED,	   /* this server does not know */
};

/*
 * A question; id and letters are random bytes, the latter deciding on the case
 * of the name's letters, which a forger would have to guess as well. NULL
 * letters: as the name is spelt. False: this cannot be a name.
 */
bool wsg_dns_ask(struct wsg_dns_query *query, const char *name, uint16_t type,
		 uint16_t id, const unsigned char letters[32]);

/*
 * Read an answer. Addresses are added to *to, as far as there is room, and
 * *ttl_s goes down to what they are good for.
 */
enum wsg_dns_result wsg_dns_read(const struct wsg_dns_query *query,
				 const unsigned char *answer, size_t len,
				 struct wsg_addresses *to, uint32_t *ttl_s);

#endif
