/* SPDX-License-Identifier: MIT */
/*
 * fuzz_dns.c - any bytes as the answer to a question. Its first twelve bytes
 * and the question are put in front, since nobody guesses those.
 */
#include "dns.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void read_answer(uint16_t type, const uint8_t *bytes, size_t len)
{
	struct wsg_addresses found = { .count = 0 };
	struct wsg_dns_query query;
	uint32_t ttl_s = 300;
	unsigned char *answer;
	size_t whole, i;

	if (!wsg_dns_ask(&query, "host.example.test", type, 0x1234, NULL))
		abort();
	whole = query.len + len;
	answer = malloc(whole);
	if (!answer)
		return;
	memcpy(answer, query.text, query.len);
	answer[2] |= 0x80;
	if (len)
		memcpy(answer + query.len, bytes, len);
	answer[7] = len ? bytes[len - 1] : 0;
	if (wsg_dns_read(&query, answer, whole, &found, &ttl_s) ==
	    WSG_DNS_ANSWERED) {
		if (found.count > WSG_ADDRESSES_MAX || ttl_s > 300)
			abort();
		for (i = 0; i < found.count; i++) {
			if (found.items[i].v6 != (type == WSG_DNS_AAAA))
				abort();
		}
	} else if (found.count || ttl_s != 300) {
		abort();
	}
	free(answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct wsg_addresses found = { .count = 0 };
	struct wsg_dns_query query;
	uint32_t ttl_s = 300;

	read_answer(WSG_DNS_A, bytes, len);
	read_answer(WSG_DNS_AAAA, bytes, len);
	/* And as they are: an answer to something else, at best. */
	if (wsg_dns_ask(&query, "a", WSG_DNS_A, 0, NULL))
		wsg_dns_read(&query, bytes, len, &found, &ttl_s);
	return 0;
}
