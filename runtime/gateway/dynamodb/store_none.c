/* SPDX-License-Identifier: MIT */
/* store_none.c - a build without SQLite keeps nothing, and says so. */
#include "store.h"

struct store *store_open(const char *path, struct wsg_buf *why)
{
	(void)path;
	wsg_buf_text(why, "this wsgen-gateway was built without SQLite, so "
			  "there is no table for `connections`: install "
			  "libsqlite3-dev and build it again");
	return NULL;
}

void store_close(struct store *store)
{
	(void)store;
}

bool store_get(struct store *store, const struct store_key *key,
	       struct wsg_buf *out, bool *found, struct wsg_buf *why)
{
	(void)store, (void)key, (void)out, (void)why;
	*found = false;
	return false;
}

bool store_put(struct store *store, const struct store_key *key,
	       struct wsg_str item, int64_t expires_s, struct wsg_buf *why)
{
	(void)store, (void)key, (void)item, (void)expires_s, (void)why;
	return false;
}

bool store_remove(struct store *store, const struct store_key *key,
		  struct wsg_buf *why)
{
	(void)store, (void)key, (void)why;
	return false;
}

bool store_each(struct store *store, const struct store_key *key, bool after,
		bool backward, store_see *see, void *arg, struct wsg_buf *why)
{
	(void)store, (void)key, (void)after, (void)backward, (void)see;
	(void)arg, (void)why;
	return false;
}

bool store_clear(struct store *store, struct wsg_buf *why)
{
	(void)store, (void)why;
	return false;
}

bool store_begin(struct store *store, struct wsg_buf *why)
{
	(void)store, (void)why;
	return false;
}

bool store_end(struct store *store, bool keep, struct wsg_buf *why)
{
	(void)store, (void)keep, (void)why;
	return false;
}

bool store_sweep(struct store *store, int64_t now_s, struct wsg_buf *why)
{
	(void)store, (void)now_s, (void)why;
	return false;
}
