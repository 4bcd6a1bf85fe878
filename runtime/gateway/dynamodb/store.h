/* SPDX-License-Identifier: MIT */
/*
 * store.h - where items are kept: by table, partition key and sort key, as JSON
 * text. store_sqlite.c is the only file that knows how.
 */
#ifndef GATEWAY_STORE_H
#define GATEWAY_STORE_H

#include <wsgen/str.h>

#include <stdint.h>

struct store;

struct store_key {
	struct wsg_str table;
	struct wsg_str partition;
	struct wsg_str sort;
};

/* path NULL: in memory. NULL: *why says why not. */
struct store *store_open(const char *path, struct wsg_buf *why);
void store_close(struct store *store);

/* All of these: false when the store failed; what it said is in *why. */

/* The item is added to out; *found if there is one. */
bool store_get(struct store *store, const struct store_key *key,
	       struct wsg_buf *out, bool *found, struct wsg_buf *why);

/* expires_s: Unix time after which store_sweep takes it; 0: never. */
bool store_put(struct store *store, const struct store_key *key,
	       struct wsg_str item, int64_t expires_s, struct wsg_buf *why);
bool store_remove(struct store *store, const struct store_key *key,
		  struct wsg_buf *why);

/*
 * Call see with each item of a partition in the order of their sort keys, those
 * after key->sort alone if `after`. see returns false to see no more.
 */
typedef bool store_see(void *arg, struct wsg_str sort, struct wsg_str item);
bool store_each(struct store *store, const struct store_key *key, bool after,
		bool backward, store_see *see, void *arg, struct wsg_buf *why);

/* All or nothing of what is written between the two. */
bool store_begin(struct store *store, struct wsg_buf *why);
bool store_end(struct store *store, bool keep, struct wsg_buf *why);

/* Take away everything. */
bool store_clear(struct store *store, struct wsg_buf *why);

/* Take away what has expired. */
bool store_sweep(struct store *store, int64_t now_s, struct wsg_buf *why);

#endif
