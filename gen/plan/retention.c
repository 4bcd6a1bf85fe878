/* SPDX-License-Identifier: MIT */
#include "retention.h"

#include <stdbool.h>
#include <stdlib.h>

const char *const retention_words[] = {
	"one_day",	   "three_days",      "five_days",   "one_week",
	"two_weeks",	   "one_month",	      "two_months",  "three_months",
	"four_months",	   "five_months",     "six_months",  "one_year",
	"thirteen_months", "eighteen_months", "two_years",   "three_years",
	"five_years",	   "six_years",	      "seven_years", "eight_years",
	"nine_years",	   "ten_years",	      "infinite",
};
const int retention_word_count =
	(int)(sizeof(retention_words) / sizeof(retention_words[0]));

/* What PutRetentionPolicy takes, word by word. */
static const int days[] = {
	1,   3,	  5,   7,    14,   30,	 60,   90,   120,  150,	 180, 365,
	400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, 0,
};

/* SST takes its words in any case: ONE_WEEK is one_week. */
static bool same_word(const char *word, const char *text)
{
	for (; *word && *text; word++, text++)
		if (*word != *text &&
		    (*text < 'A' || *text > 'Z' || *word != *text - 'A' + 'a'))
			return false;
	return *word == *text;
}

int retention_days(const char *text)
{
	char *end;
	long number;

	if (!text)
		return 0;
	for (int i = 0; i < retention_word_count; i++)
		if (same_word(retention_words[i], text))
			return days[i];
	number = strtol(text, &end, 10);
	if (*end || end == text || *text == '0')
		return -1;
	for (int i = 0; i < retention_word_count; i++)
		if (days[i] && days[i] == number)
			return days[i];
	return -1;
}
