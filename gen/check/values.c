/* SPDX-License-Identifier: MIT */
#include "values.h"

#include "../base/utf8.h"
#include "../language.h"
#include "../plan/retention.h"

#include <stdlib.h>
#include <string.h>

#define TAGS_MAX 50
#define TAG_KEY_MAX_LEN 128
#define TAG_VALUE_MAX_LEN 256

void check_arn(struct check *c, const char *key, const struct doc *value)
{
	const char *text = check_literal(value);
	size_t colons = 0;

	if (!text)
		return;
	for (const char *at = text; *at; at++)
		colons += *at == ':';
	if (strncmp(text, "arn:", 4) != 0 || colons < 5 ||
	    strpbrk(text, " \t\r\n"))
		diag_error(c->diag, value->loc,
			   "'%s' must be an ARN, or a reference such as "
			   "\"${Id.Arn}\", not '%.60s'",
			   key, text);
}

/* The two numbers of days that CloudWatch has around this one. */
static void around(long days, int *less, int *more)
{
	*less = *more = 0;
	for (int i = 0; i < retention_word_count; i++) {
		int has = retention_days(retention_words[i]);

		if (has && has < days)
			*less = has;
		if (has && has > days && !*more)
			*more = has;
	}
}

void check_retention(struct check *c, const char *key, struct text text)
{
	const char *nearest;
	int less, more;
	long days;
	char *end;

	if (!text.s || retention_days(text.s) >= 0)
		return;
	days = strtol(text.s, &end, 10);
	if (*text.s && !*end && *text.s != '0') {
		around(days, &less, &more);
		if (less && more)
			diag_error(c->diag, text.loc,
				   "CloudWatch keeps logs for %d or %d days, "
				   "not for %s",
				   less, more, text.s);
		else
			diag_error(c->diag, text.loc,
				   "CloudWatch keeps logs for 1 to 3653 days, "
				   "not for %.20s",
				   text.s);
		return;
	}
	nearest = diag_nearest(text.s, retention_words,
			       (size_t)retention_word_count);
	if (nearest)
		diag_error(c->diag, text.loc,
			   "'%s' '%s' is not known; did you mean '%s'?", key,
			   text.s, nearest);
	else
		diag_error(c->diag, text.loc,
			   "'%s' must be one of one_day, one_week, one_month, "
			   "one_year and the like, infinite, or a number of "
			   "days, not '%.60s'",
			   key, text.s);
}

/* AWS counts a tag's characters, not its bytes. */
static size_t characters(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += ((unsigned char)*text & 0xC0) != 0x80;
	return count;
}

static void check_tag(struct check *c, const struct doc_member *tag)
{
	const char *value = check_literal(tag->value);

	if (!*tag->key || characters(tag->key) > TAG_KEY_MAX_LEN)
		diag_error(c->diag, tag->key_loc,
			   "a tag's name is 1 to %d characters",
			   TAG_KEY_MAX_LEN);
	else if (!strncmp(tag->key, "aws:", 4))
		diag_error(c->diag, tag->key_loc,
			   "tags that start with 'aws:' are AWS's own, like "
			   "'%.60s'",
			   tag->key);
	else
		check_hidden(c, tag->key_loc, "a tag's name", tag->key);
	if (!value)
		return;
	if (characters(value) > TAG_VALUE_MAX_LEN)
		diag_error(c->diag, tag->value->loc,
			   "tag '%.60s' has %zu characters; AWS takes %d",
			   tag->key, characters(value), TAG_VALUE_MAX_LEN);
	else
		check_hidden(c, tag->value->loc, "a tag's value", value);
}

void check_tags(struct check *c, const struct doc *tags)
{
	if (!tags)
		return;
	check_scalars(c, tags, "tag");
	for (size_t i = 0; i < tags->count; i++)
		check_tag(c, &tags->members[i]);
	if (tags->count > TAGS_MAX)
		diag_error(c->diag, tags->loc, "%zu tags; AWS takes %d",
			   tags->count, TAGS_MAX);
}

struct names {
	LIST(const char *);
};

/* Is name among "A|B" or "A,B=how"? */
static bool among(const char *list, const char *name)
{
	size_t len = strlen(name);

	while (list && *list) {
		size_t item = strcspn(list, "|,");

		if (!strncmp(list, name, len) &&
		    (item == len || list[len] == '='))
			return true;
		list += item + (list[item] != '\0');
	}
	return false;
}

/* The words of "A|B" or "A,B=how" are added to names. */
static void list_words(struct check *c, const char *list, struct names *names)
{
	while (list && *list) {
		size_t len = strcspn(list, "|,=");

		*LIST_ADD(c->arena, names) = arena_strndup(c->arena, list, len);
		list += strcspn(list, "|,");
		list += *list != '\0';
	}
}

static void no_property(struct check *c, const struct lang_section *section,
			const struct doc_member *member, const char *others)
{
	struct names names = { 0 };
	const char *nearest;

	list_words(c, others, &names);
	for (size_t i = 0; i < section->count; i++)
		list_words(c, section->keys[i].cfn, &names);
	nearest = diag_nearest(member->key, names.items, names.count);
	diag_error(c->diag, member->key_loc,
		   "CloudFormation knows no property '%.60s' here%s%s%s",
		   member->key, nearest ? "; did you mean '" : "",
		   nearest ? nearest : "", nearest ? "'?" : "");
}

void check_properties(struct check *c, const struct lang_section *section,
		      const struct doc *properties, const char *ours,
		      const char *others)
{
	for (size_t i = 0; properties && i < properties->count; i++) {
		const struct doc_member *member = &properties->members[i];
		const struct lang_key *key = NULL;

		for (size_t k = 0; k < section->count; k++)
			if (among(section->keys[k].cfn, member->key))
				key = &section->keys[k];
		if (among(ours, member->key))
			diag_error(c->diag, member->key_loc,
				   "the property '%s' is wsgen's to set",
				   member->key);
		else if (key)
			diag_error(c->diag, member->key_loc,
				   "the property '%s' has a key of its own: "
				   "'%s'",
				   member->key, key->name);
		else if (!among(others, member->key))
			no_property(c, section, member, others);
	}
}
