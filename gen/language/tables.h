/* SPDX-License-Identifier: MIT */
/*
 * tables.h - the few words that the tables of the language are written with.
 */
#ifndef WSGEN_TABLES_H
#define WSGEN_TABLES_H

#include "../language.h"
#include "../model.h"

#define AT(type, member) ((int)offsetof(struct type, member))
#define KEYS(array) .keys = (array), .count = sizeof(array) / sizeof((array)[0])

/* A key whose feature is not built yet: known, explained, refused. */
#define LATER .offset = LANG_NOWHERE

/* What AWS sets: API Gateway quotas and Lambda quotas pages. */
#define SECOND_MS 1000.0
#define INTEGRATION_MIN_MS 50.0
#define INTEGRATION_MAX_MS (30 * SECOND_MS) /* websocket: 29 s, by check */
#define FUNCTION_MAX_MS (900 * SECOND_MS)
#define MEMORY_MIN_MB 128.0
#define MEMORY_MAX_MB 10240.0
#define STORAGE_MIN_MB 512.0
#define STORAGE_MAX_MB 10240.0

#define RETENTION_WORDS                                                        \
	"one_day, three_days, five_days, one_week, two_weeks, one_month, "     \
	"two_months, three_months, four_months, five_months, six_months, "     \
	"one_year, thirteen_months, eighteen_months, two_years, three_years, " \
	"five_years to ten_years, infinite, or a number of days that "         \
	"CloudWatch has"

#endif
