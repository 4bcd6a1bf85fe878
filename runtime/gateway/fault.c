/* SPDX-License-Identifier: MIT */
/* The text behind --fault, and the dice. */
#include "fault.h"

#include <stdlib.h>

#define LATENCY_MAX_US ((int64_t)15 * 60 * 1000000)

struct unit {
	const char *name;
	double us;
};

static const struct unit units[] = {
	{ "us", 1 },
	{ "ms", 1e3 },
	{ "s", 1e6 },
};

/* Take the part before the separator, or all of the text. */
static struct wsg_str take(struct wsg_str *text, const char *separator)
{
	size_t len = strlen(separator);
	struct wsg_str part = *text;
	size_t i;

	for (i = 0; i + len <= text->len; i++) {
		if (!memcmp(text->ptr + i, separator, len)) {
			part.len = i;
			text->ptr += i + len;
			text->len -= i + len;
			return part;
		}
	}
	text->ptr += text->len;
	text->len = 0;
	return part;
}

/* Digits with at most one point; *rest is what is behind them. */
static bool read_number(struct wsg_str text, double *number,
			struct wsg_str *rest)
{
	double value = 0, scale = 1;
	bool fraction = false;
	size_t i, digits = 0;

	for (i = 0; i < text.len && i < 24; i++) {
		char c = text.ptr[i];

		if (c == '.' && !fraction) {
			fraction = true;
			continue;
		}
		if (c < '0' || c > '9')
			break;
		digits++;
		value = value * 10 + (c - '0');
		if (fraction)
			scale *= 10;
	}
	*number = value / scale;
	*rest = (struct wsg_str){ text.ptr + i, text.len - i };
	return digits > 0;
}

static bool read_share(struct wsg_str text, double *share)
{
	struct wsg_str rest;
	double number;

	if (!read_number(text, &number, &rest) || !wsg_str_is(rest, "%") ||
	    number > 100)
		return false;
	*share = number / 100;
	return true;
}

static bool read_time(struct wsg_str text, int64_t *us)
{
	struct wsg_str rest;
	double number;
	size_t i;

	if (!read_number(text, &number, &rest))
		return false;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (!wsg_str_is(rest, units[i].name))
			continue;
		if (number * units[i].us > (double)LATENCY_MAX_US)
			return false;
		*us = (int64_t)(number * units[i].us);
		return true;
	}
	return false;
}

/* 50ms, or 50ms..2s. */
static bool read_range(struct wsg_str text, int64_t *min, int64_t *max)
{
	struct wsg_str first = take(&text, "..");

	if (!read_time(first, min))
		return false;
	*max = *min;
	if (first.ptr + first.len == text.ptr)
		return true;
	return read_time(text, max) && *max >= *min;
}

static bool read_seed(struct wsg_str text, uint64_t *seed)
{
	size_t i;

	*seed = 0;
	if (!text.len || text.len > 19)
		return false;
	for (i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
		*seed = *seed * 10 + (uint64_t)(text.ptr[i] - '0');
	}
	return true;
}

static bool refuse(struct wsg_buf *error, struct wsg_str part, const char *why)
{
	wsg_buf_printf(error, "'%.*s': %s", WSG_FMT(part), why);
	return false;
}

/* One `name=value`; *seeded says that the dice are set. */
static bool parse_part(struct fault *fault, struct wsg_str part, bool *seeded,
		       struct wsg_buf *error)
{
	const struct {
		const char *name;
		double *share;
	} shares[] = {
		{ "throttle", &fault->throttle },
		{ "gone", &fault->gone },
		{ "crash", &fault->crash },
		{ "drop", &fault->drop },
	};
	struct wsg_str value = part;
	struct wsg_str name = take(&value, "=");
	uint64_t seed;
	size_t i;

	for (i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		if (!wsg_str_is(name, shares[i].name))
			continue;
		return read_share(value, shares[i].share) ||
		       refuse(error, part,
			      "a share is a number from 0 to 100 and a percent "
			      "sign, such as 5%");
	}
	if (wsg_str_is(name, "latency"))
		return read_range(value, &fault->latency_min_us,
				  &fault->latency_max_us) ||
		       refuse(error, part,
			      "latency is a time such as 50ms, or a range such "
			      "as 50ms..2s, of at most 900s");
	if (!wsg_str_is(name, "seed"))
		return refuse(error, part,
			      "the faults are throttle, gone, latency, crash "
			      "and drop, and seed=NUMBER chooses the dice");
	if (!read_seed(value, &seed))
		return refuse(error, part, "a seed is a whole number");
	random_seed(&fault->random, seed);
	*seeded = true;
	return true;
}

bool fault_parse(struct fault *fault, struct wsg_str text,
		 struct wsg_buf *error)
{
	bool seeded = false;
	uint64_t seed;

	memset(fault, 0, sizeof(*fault));
	do {
		if (!parse_part(fault, take(&text, ","), &seeded, error))
			return false;
	} while (text.len);
	if (!seeded) {
		random_secret(&seed, sizeof(seed));
		random_seed(&fault->random, seed);
	}
	return true;
}

bool fault_hits(struct fault *fault, double share)
{
	/* A fault that is not asked for takes no number from the others. */
	return fault && share > 0 && random_unit(&fault->random) < share;
}

int64_t fault_latency_us(struct fault *fault)
{
	double range;

	if (!fault)
		return 0;
	range = (double)(fault->latency_max_us - fault->latency_min_us);
	if (range <= 0)
		return fault->latency_min_us;
	return fault->latency_min_us +
	       (int64_t)(random_unit(&fault->random) * (range + 1));
}
