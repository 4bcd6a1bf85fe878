/* SPDX-License-Identifier: MIT */
/* Who is connected: SPEC.md 7. */
#include "tables.h"

#define TTL_MIN_MS (60 * SECOND_MS)
#define TTL_MAX_MS (7 * 24 * 3600 * SECOND_MS)

static const struct lang_key connections_keys[] = {
	{ .name = "store",
	  .kind = LANG_CHOICE,
	  .allowed = "dynamodb",
	  .offset = AT(connections, store),
	  .fallback = "dynamodb",
	  .doc = "Where connections are kept" },
	{ .name = "ttl",
	  .kind = LANG_DURATION,
	  .min = TTL_MIN_MS,
	  .max = TTL_MAX_MS,
	  .offset = AT(connections, ttl_ms),
	  .fallback = "2h",
	  .doc = "How long an entry lives at most",
	  .more = "API Gateway ends every connection after two hours: an entry "
		  "need not outlive that, and with less a connection is "
		  "forgotten before its end. One that nobody removed is read "
		  "as absent from then on; DynamoDB deletes it later." },
	{ .name = "topics",
	  .kind = LANG_BOOL,
	  .offset = AT(connections, topics),
	  .fallback = "false",
	  .doc = "Whether connections can join topics",
	  .more = "A message that a route `sends` can then be published to a "
		  "topic. Without it to all connections alone." },
	{ .name = "table",
	  .kind = LANG_VALUE,
	  .offset = AT(connections, table),
	  .doc = "The name of a table that exists, instead of one of ours",
	  .more = "Its keys are the strings `pk` and `sk`; its TTL attribute "
		  "is `expires`." },
};

const struct lang_section lang_connections = {
	.name = "connections",
	.doc = "Who is connected, kept in a table, with topics. The functions "
	       "of `$connect` and `$disconnect` keep it; an API without one of "
	       "these routes gets it, with a function that lets everybody in "
	       "and out.",
	KEYS(connections_keys),
	.size = sizeof(struct connections),
	.name_offset = LANG_NOWHERE,
	.example = "connections: { store: dynamodb, ttl: 2h, topics: true }\n",
};
