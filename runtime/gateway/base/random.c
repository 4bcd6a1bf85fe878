/* SPDX-License-Identifier: MIT */
/* random.c - chance: quick, or from the system. */
#define _DEFAULT_SOURCE
#include "random.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What one call of getentropy gives at most. */
#define ENTROPY_MAX 256

static uint64_t rotate(uint64_t value, unsigned by)
{
	return value << by | value >> (64 - by);
}

/* splitmix64, which makes four good words of any one, 0 too. */
void random_seed(struct random *random, uint64_t seed)
{
	for (size_t i = 0; i < 4; i++) {
		uint64_t mixed = seed += 0x9e3779b97f4a7c15;

		mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
		mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
		random->state[i] = mixed ^ mixed >> 31;
	}
}

uint64_t random_next(struct random *random)
{
	uint64_t *s = random->state;
	uint64_t result = rotate(s[1] * 5, 7) * 9;
	uint64_t shifted = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= shifted;
	s[3] = rotate(s[3], 45);
	return result;
}

/* The 53 bits that a double holds exactly. */
double random_unit(struct random *random)
{
	return (double)(random_next(random) >> 11) * 0x1p-53;
}

void random_secret(void *bytes, size_t len)
{
	char *at = bytes;

	while (len) {
		size_t part = len < ENTROPY_MAX ? len : ENTROPY_MAX;

		if (getentropy(at, part)) {
			perror("wsgen-gateway: no random bytes");
			exit(3);
		}
		at += part;
		len -= part;
	}
}

void secrets_take(struct secrets *secrets, void *bytes, size_t len)
{
	assert(len <= sizeof(secrets->bytes));
	if (len > secrets->left) {
		random_secret(secrets->bytes, sizeof(secrets->bytes));
		secrets->left = sizeof(secrets->bytes);
	}
	secrets->left -= len;
	memcpy(bytes, secrets->bytes + secrets->left, len);
}
