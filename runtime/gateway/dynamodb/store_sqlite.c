/* SPDX-License-Identifier: MIT */
/* store_sqlite.c - items in one table of an SQLite database. */
#include "store.h"

#include "../base/mem.h"

#include <sqlite3.h>
#include <stdlib.h>

#define BUSY_MS 1000 /* another gateway may serve the same build folder */

enum statement { GET, PUT, REMOVE, FORWARD, BACKWARD, SWEEP, STATEMENTS };

struct store {
	sqlite3 *db;
	sqlite3_stmt *statements[STATEMENTS];
};

/* What a crash of the machine loses is who was connected to it. */
static const char schema[] =
	"PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;"
	"CREATE TABLE IF NOT EXISTS items (tbl BLOB NOT NULL, pk BLOB NOT NULL,"
	" sk BLOB NOT NULL, item TEXT NOT NULL, expires INTEGER NOT NULL,"
	" PRIMARY KEY (tbl, pk, sk)) WITHOUT ROWID;"
	"CREATE INDEX IF NOT EXISTS expiring ON items (expires)"
	" WHERE expires > 0;";

static const char *const texts[STATEMENTS] = {
	[GET] = "SELECT item FROM items WHERE tbl = ?1 AND pk = ?2 AND sk = ?3",
	[PUT] = "INSERT OR REPLACE INTO items VALUES (?1, ?2, ?3, ?4, ?5)",
	[REMOVE] = "DELETE FROM items WHERE tbl = ?1 AND pk = ?2 AND sk = ?3",
	[FORWARD] = "SELECT sk, item FROM items WHERE tbl = ?1 AND pk = ?2"
		    " AND (?4 OR sk > ?3) ORDER BY sk",
	[BACKWARD] = "SELECT sk, item FROM items WHERE tbl = ?1 AND pk = ?2"
		     " AND (?4 OR sk < ?3) ORDER BY sk DESC",
	[SWEEP] = "DELETE FROM items WHERE expires > 0 AND expires < ?1",
};

static bool failed(struct store *store, struct wsg_buf *why)
{
	wsg_buf_printf(why, "SQLite: %s", sqlite3_errmsg(store->db));
	return false;
}

struct store *store_open(const char *path, struct wsg_buf *why)
{
	struct store *store = mem_alloc(sizeof(*store));
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
			  SQLITE_OPEN_NOMUTEX;

	if (sqlite3_open_v2(path ? path : ":memory:", &store->db, flags,
			    NULL) != SQLITE_OK)
		goto bad;
	sqlite3_busy_timeout(store->db, BUSY_MS);
	if (sqlite3_exec(store->db, schema, NULL, NULL, NULL) != SQLITE_OK)
		goto bad;
	for (int i = 0; i < STATEMENTS; i++)
		if (sqlite3_prepare_v3(
			    store->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT,
			    &store->statements[i], NULL) != SQLITE_OK)
			goto bad;
	return store;
bad:
	if (path)
		wsg_buf_printf(why, "%s: ", path);
	failed(store, why);
	store_close(store);
	return NULL;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(store->statements[i]);
	sqlite3_close(store->db);
	free(store);
}

static void bind_bytes(sqlite3_stmt *statement, int at, struct wsg_str bytes)
{
	/* An empty key is no NULL. */
	sqlite3_bind_blob(statement, at, bytes.len ? bytes.ptr : "",
			  (int)bytes.len, SQLITE_STATIC);
}

static sqlite3_stmt *bind_key(struct store *store, enum statement which,
			      const struct store_key *key)
{
	sqlite3_stmt *statement = store->statements[which];

	bind_bytes(statement, 1, key->table);
	bind_bytes(statement, 2, key->partition);
	bind_bytes(statement, 3, key->sort);
	return statement;
}

/* The statement is ready for the next time, and has let go of the key. */
static bool finish(struct store *store, sqlite3_stmt *statement, int result,
		   struct wsg_buf *why)
{
	bool good = result == SQLITE_DONE || result == SQLITE_ROW;

	if (!good)
		failed(store, why);
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return good;
}

static struct wsg_str column(sqlite3_stmt *statement, int at)
{
	const char *bytes = sqlite3_column_blob(statement, at);

	return (struct wsg_str){ bytes,
				 (size_t)sqlite3_column_bytes(statement, at) };
}

bool store_get(struct store *store, const struct store_key *key,
	       struct wsg_buf *out, bool *found, struct wsg_buf *why)
{
	sqlite3_stmt *statement = bind_key(store, GET, key);
	int result = sqlite3_step(statement);

	*found = result == SQLITE_ROW;
	if (*found)
		wsg_buf_str(out, column(statement, 0));
	return finish(store, statement, result, why);
}

bool store_put(struct store *store, const struct store_key *key,
	       struct wsg_str item, int64_t expires_s, struct wsg_buf *why)
{
	sqlite3_stmt *statement = bind_key(store, PUT, key);

	sqlite3_bind_text(statement, 4, item.ptr, (int)item.len, SQLITE_STATIC);
	sqlite3_bind_int64(statement, 5, expires_s);
	return finish(store, statement, sqlite3_step(statement), why);
}

bool store_remove(struct store *store, const struct store_key *key,
		  struct wsg_buf *why)
{
	sqlite3_stmt *statement = bind_key(store, REMOVE, key);

	return finish(store, statement, sqlite3_step(statement), why);
}

bool store_each(struct store *store, const struct store_key *key, bool after,
		bool backward, store_see *see, void *arg, struct wsg_buf *why)
{
	sqlite3_stmt *statement =
		bind_key(store, backward ? BACKWARD : FORWARD, key);
	int result;

	sqlite3_bind_int(statement, 4, !after);
	do
		result = sqlite3_step(statement);
	while (result == SQLITE_ROW &&
	       see(arg, column(statement, 0), column(statement, 1)));
	return finish(store, statement, result, why);
}

static bool run(struct store *store, const char *text, struct wsg_buf *why)
{
	return sqlite3_exec(store->db, text, NULL, NULL, NULL) == SQLITE_OK ||
	       failed(store, why);
}

bool store_clear(struct store *store, struct wsg_buf *why)
{
	return run(store, "DELETE FROM items", why);
}

bool store_begin(struct store *store, struct wsg_buf *why)
{
	return run(store, "BEGIN IMMEDIATE", why);
}

bool store_end(struct store *store, bool keep, struct wsg_buf *why)
{
	if (keep && run(store, "COMMIT", why))
		return true;
	run(store, "ROLLBACK", why);
	return !keep;
}

bool store_sweep(struct store *store, int64_t now_s, struct wsg_buf *why)
{
	sqlite3_stmt *statement = store->statements[SWEEP];

	sqlite3_bind_int64(statement, 1, now_s);
	return finish(store, statement, sqlite3_step(statement), why);
}
