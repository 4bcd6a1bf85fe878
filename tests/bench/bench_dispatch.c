/* SPDX-License-Identifier: MIT */
/*
 * One dispatch among 2,048 routes, over the index that wsgen makes for them:
 * hits only, in random order, against bsearch over the same keys. The best of
 * many rounds, in which the two take turns.
 */
#include "base/arena.h"
#include "emit/c/perfect_hash.h"

#include <wsgen/runtime.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 400
#define ROUTES 2048
#define KEY_MAX 16
#define LIMIT 0.05 /* of bsearch's time: 4 ns of 82 */

static struct wsg_route routes[ROUTES];
static struct wsg_route sorted[ROUTES];
static struct wsg_str keys[ROUTES];
static struct wsg_index route_index;

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	const struct wsg_route *one = a, *two = b;

	return strcmp(one->key.ptr, two->key.ptr);
}

/* The keys lie one behind the other, as literals in generated code do. */
static void make_routes(void)
{
	static char texts[ROUTES * KEY_MAX];
	char *at = texts;
	int i;

	for (i = 0; i < ROUTES; i++) {
		snprintf(at, KEY_MAX, "action%d", i * 7919);
		routes[i].key = wsg_str(at);
		at += routes[i].key.len + 1;
	}
	memcpy(sorted, routes, sizeof(sorted));
	qsort(sorted, ROUTES, sizeof(sorted[0]), compare);
}

static void make_index(struct arena *arena)
{
	const char *texts[ROUTES];
	struct perfect_hash hash;
	size_t i;

	for (i = 0; i < ROUTES; i++)
		texts[i] = routes[i].key.ptr;
	if (!perfect_hash_make(arena, texts, ROUTES, &hash))
		exit(1);
	route_index = (struct wsg_index){
		.routes = routes,
		.steps = hash.steps,
		.slots = hash.slots,
		.buckets_mask = hash.buckets_count - 1,
		.slots_mask = hash.slots_count - 1,
		.seed = hash.seed,
	};
}

/* Every key once, in random order; bytes of their own, as in an event. */
static void make_keys(void)
{
	static char texts[ROUTES * KEY_MAX];
	char *at = texts;
	size_t i;

	/* Anew each round, lest the processor learns the order by heart. */
	for (i = 0; i < ROUTES; i++) {
		size_t other = (size_t)rand() % (i + 1);

		keys[i] = keys[other];
		keys[other] = routes[i].key;
	}
	for (i = 0; i < ROUTES; i++) {
		memcpy(at, keys[i].ptr, keys[i].len + 1);
		keys[i].ptr = at;
		at += keys[i].len + 1;
	}
}

static size_t look_only(void)
{
	size_t i, found = 0;

	for (i = 0; i < ROUTES; i++)
		found += keys[i].ptr[0] != 0;
	return found;
}

static size_t find_all(void)
{
	size_t i, found = 0;

	for (i = 0; i < ROUTES; i++)
		found += wsg_route_find(&route_index, keys[i]) != NULL;
	return found;
}

static size_t search_all(void)
{
	size_t i, found = 0;

	for (i = 0; i < ROUTES; i++) {
		struct wsg_route key = { .key = keys[i] };

		found += bsearch(&key, sorted, ROUTES, sizeof(sorted[0]),
				 compare) != NULL;
	}
	return found;
}

/* Nanoseconds a key, if that is less than *best. */
static void measure(size_t (*run)(void), double *best)
{
	double start = now_ns(), took;

	if (run() != ROUTES)
		exit(1);
	took = (now_ns() - start) / ROUTES;
	*best = took < *best ? took : *best;
}

int main(void)
{
	struct arena arena = { 0 };
	double floor = 1e18, ours = 1e18, theirs = 1e18;
	int round;

	make_routes();
	make_index(&arena);
	for (round = 0; round < ROUNDS; round++) {
		make_keys();
		measure(look_only, &floor);
		measure(find_all, &ours);
		measure(search_all, &theirs);
	}
	ours -= floor;
	theirs -= floor;
	printf("%-24s %6d routes %8.1f ns   bsearch %7.0f ns   "
	       "ratio %.3f (<= %.2f) %s\n",
	       "dispatch", ROUTES, ours, theirs, ours / theirs, LIMIT,
	       ours <= LIMIT * theirs ? "ok" : "MISSED");
	arena_release(&arena);
	return 0;
}
