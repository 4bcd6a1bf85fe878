/* SPDX-License-Identifier: MIT */
/*
 * random.h - where ids and faults get their chances from. Seeded from the
 * system, or by --fault's seed, so that a run can be had again.
 */
#ifndef GATEWAY_RANDOM_H
#define GATEWAY_RANDOM_H

#include <wsgen/str.h>

#include <stdint.h>

/* xoshiro256**: quick, and not for secrets. */
struct random {
	uint64_t state[4];
};

void random_seed(struct random *random, uint64_t seed);
uint64_t random_next(struct random *random);
double random_unit(struct random *random); /* [0, 1) */

/* Bytes that nobody can guess, from the system: for secrets and ids. */
void random_secret(void *bytes, size_t len);

/*
 * The same out of a stock, since the system takes as long for many as for few:
 * what every message needs some of. { 0 } is empty.
 */
struct secrets {
	unsigned char bytes[256];
	size_t left;
};

void secrets_take(struct secrets *secrets, void *bytes, size_t len);

#endif
