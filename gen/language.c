/* SPDX-License-Identifier: MIT */
#include "language.h"

#include "base/buf.h"
#include "model.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST_INT 9007199254740992.0 /* what a double counts exactly */

const struct lang_key *lang_find(const struct lang_section *section,
				 const char *name)
{
	for (; section; section = section->also)
		for (size_t i = 0; i < section->count; i++)
			if (!strcmp(section->keys[i].name, name))
				return &section->keys[i];
	return NULL;
}

/* --- unknown keys -------------------------------------------------------- */

/* Whether list, "a,b=how", has name; *how gets what follows its '='. */
static bool has_name(struct arena *arena, const char *list, const char *name,
		     const char **how)
{
	size_t len = strlen(name);

	*how = NULL;
	while (list && *list) {
		size_t item = strcspn(list, ",");

		if (!strncmp(list, name, len) &&
		    (item == len || list[len] == '=')) {
			if (item > len)
				*how = arena_strndup(arena, list + len + 1,
						     item - len - 1);
			return true;
		}
		list += item + (list[item] == ',');
	}
	return false;
}

static const char *peer_hint(struct arena *arena, const struct lang_key *key,
			     const char *name)
{
	const struct {
		const char *tool, *names;
	} peers[] = {
		{ "SST", key->sst },
		{ "the CDK", key->cdk },
		{ "CloudFormation", key->cfn },
		{ "the Serverless Framework", key->sls },
	};

	for (size_t i = 0; i < sizeof(peers) / sizeof(peers[0]); i++) {
		const char *how;

		if (!has_name(arena, peers[i].names, name, &how))
			continue;
		return arena_printf(arena,
				    "%s calls this '%s'; here it is %s%s%s",
				    peers[i].tool, name, how ? "`" : "'",
				    how ? how : key->name, how ? "`" : "'");
	}
	return NULL;
}

const char *lang_hint(struct arena *arena, const struct lang_section *section,
		      const char *name)
{
	const struct lang_section *s;
	const char **names;
	size_t count = 0, i = 0;
	const char *nearest;

	for (s = section; s; s = s->also) {
		count += s->count;
		for (size_t k = 0; k < s->count; k++) {
			const char *hint = peer_hint(arena, &s->keys[k], name);

			if (hint)
				return hint;
		}
	}
	names = arena_alloc(arena, count * sizeof(*names));
	for (s = section; s; s = s->also)
		for (size_t k = 0; k < s->count; k++)
			names[i++] = s->keys[k].name;
	nearest = diag_nearest(name, names, count);
	if (!nearest)
		return NULL;
	return arena_printf(arena, "did you mean '%s'?", nearest);
}

/* --- scalars -------------------------------------------------------------- */

struct unit {
	const char *name;
	double factor;
};

static const struct unit durations[] = {
	{ "ms", 1 },	    { "s", 1000 },     { "m", 60000 },
	{ "h", 3600000.0 }, { "d", 86400000 }, { NULL, 1000 },
};
static const struct unit sizes[] = {
	{ "KB", 1024 },
	{ "MB", 1024 * 1024 },
	{ NULL, 0 }, /* the key's own unit */
};

/* A number with a unit of the table; without one the last row counts. */
static bool read_units(const char *text, const struct unit *units, double bare,
		       double *value)
{
	char *end;
	double number;

	if (*text < '0' || *text > '9')
		return false;
	if (*text == '0' && text[1] >= '0' && text[1] <= '9')
		return false; /* octal to some: no number in YAML 1.2 */
	number = strtod(text, &end);
	for (const char *c = text; c < end; c++)
		if ((*c < '0' || *c > '9') && *c != '.')
			return false;
	while (*end == ' ')
		end++;
	if (!*end) {
		*value = number * bare;
		return true;
	}
	for (; units->name; units++) {
		if (!strcmp(end, units->name)) {
			*value = number * units->factor;
			return true;
		}
	}
	return false;
}

static const char *show_value(struct arena *arena, const struct doc *value)
{
	switch (value->kind) {
	case DOC_NULL:
		return "nothing";
	case DOC_LIST:
		return "a list";
	case DOC_MAP:
		return "a mapping";
	case DOC_BOOL:
	case DOC_NUMBER:
	case DOC_STRING:
		break;
	}
	if (strlen(value->text) > 60)
		return arena_printf(arena, "'%.57s...'", value->text);
	return arena_printf(arena, "'%s'", value->text);
}

static const char *show_bound(struct arena *arena, const struct lang_key *key,
			      double bound)
{
	if (key->kind == LANG_SIZE)
		return arena_printf(arena, "%.0f %s", bound, key->unit);
	if (key->kind != LANG_DURATION)
		return arena_printf(arena, "%.15g", bound);
	if ((long long)bound % 1000)
		return arena_printf(arena, "%.0fms", bound);
	return arena_printf(arena, "%.0fs", bound / 1000);
}

static bool in_bounds(struct arena *arena, const struct lang_key *key,
		      const struct doc *value, double number, const char **why)
{
	bool bounded = key->min < key->max;

	if (!bounded || (number >= key->min && number <= key->max))
		return true;
	*why = arena_printf(arena, "must be from %s to %s, not %s",
			    show_bound(arena, key, key->min),
			    show_bound(arena, key, key->max),
			    show_value(arena, value));
	return false;
}

static bool read_flag(struct arena *arena, const struct doc *value, void *out,
		      const char **why)
{
	struct flag flag = { .loc = value->loc };

	if (value->kind != DOC_BOOL) {
		*why = arena_printf(arena, "must be true or false, not %s",
				    show_value(arena, value));
		return false;
	}
	flag.is = !strcmp(value->text, "true") ? FLAG_ON : FLAG_OFF;
	memcpy(out, &flag, sizeof(flag));
	return true;
}

static bool read_real(struct arena *arena, const struct lang_key *key,
		      const struct doc *value, void *out, const char **why)
{
	struct real real = { .set = true, .loc = value->loc };

	if (value->kind != DOC_NUMBER) {
		*why = arena_printf(arena, "must be a number, not %s",
				    show_value(arena, value));
		return false;
	}
	real.value = strtod(value->text, NULL);
	if (!in_bounds(arena, key, value, real.value, why))
		return false;
	memcpy(out, &real, sizeof(real));
	return true;
}

static bool is_whole(double number)
{
	return number >= -LARGEST_INT && number <= LARGEST_INT &&
	       (double)(long long)number == number;
}

/* What a value of this kind looks like, for "must be ...". */
static const char *looks_like(struct arena *arena, const struct lang_key *key)
{
	switch (key->kind) {
	case LANG_DURATION:
		return "a duration such as 50ms, 10s, 5m, 2h or 7d";
	case LANG_SIZE:
		return arena_printf(arena, "a size such as %s",
				    key->fallback ? key->fallback : "128 KB");
	default:
		return "a whole number";
	}
}

static bool read_number(struct arena *arena, const struct lang_key *key,
			const struct doc *value, void *out, const char **why)
{
	struct number number = { .set = true, .loc = value->loc };
	bool scalar = value->kind == DOC_NUMBER || value->kind == DOC_STRING;
	double unit = 1, read = 0;
	bool good = scalar;

	if (key->kind == LANG_DURATION) {
		good = good && read_units(value->text, durations, 1000, &read);
	} else if (key->kind == LANG_SIZE) {
		unit = !strcmp(key->unit, "MB") ? 1024 * 1024 : 1024;
		good = good && read_units(value->text, sizes, unit, &read);
	} else {
		good = value->kind == DOC_NUMBER;
		read = good ? strtod(value->text, NULL) : 0;
	}
	read /= unit;
	if (!good || !is_whole(read)) {
		*why = arena_printf(arena, "must be %s, not %s",
				    looks_like(arena, key),
				    show_value(arena, value));
		return false;
	}
	if (!in_bounds(arena, key, value, read, why))
		return false;
	number.value = (long long)read;
	memcpy(out, &number, sizeof(number));
	return true;
}

/* "a|b|c" to "a, b or c". */
static const char *show_allowed(struct arena *arena, const char *allowed)
{
	struct buf text;

	buf_init(&text, arena);
	for (const char *c = allowed; *c;) {
		size_t len = strcspn(c, "|");

		buf_add_n(&text, c, len);
		c += len;
		if (*c == '|') {
			c++;
			buf_add(&text, strchr(c, '|') ? ", " : " or ");
		}
	}
	return text.text;
}

static bool is_allowed(const char *allowed, const char *text)
{
	size_t len = strlen(text);

	while (*allowed) {
		size_t item = strcspn(allowed, "|");

		if (item == len && !strncmp(allowed, text, len))
			return true;
		allowed += item + (allowed[item] == '|');
	}
	return false;
}

static bool read_text(struct arena *arena, const struct lang_key *key,
		      const struct doc *value, void *out, const char **why)
{
	struct text text = { value->text, value->loc };

	if (value->kind == DOC_NULL || value->kind == DOC_LIST ||
	    value->kind == DOC_MAP) {
		*why = arena_printf(
			arena, "must be %s, not %s",
			key->kind == LANG_CHOICE
				? show_allowed(arena, key->allowed)
			: key->kind == LANG_NAME
				? arena_printf(arena, "the name of %s %s",
					       strchr("aeiouAEIOU", key->of[0])
						       ? "an"
						       : "a",
					       key->of)
			: key->kind == LANG_HANDLER
				? "a handler such as src/send.on_send"
				: "text",
			show_value(arena, value));
		return false;
	}
	if (key->kind == LANG_CHOICE && !is_allowed(key->allowed, text.s)) {
		*why = arena_printf(arena, "must be %s, not %s",
				    show_allowed(arena, key->allowed),
				    show_value(arena, value));
		return false;
	}
	if (!*text.s && key->kind != LANG_TEXT) {
		*why = "must not be empty";
		return false;
	}
	memcpy(out, &text, sizeof(text));
	return true;
}

bool lang_scalar(struct arena *arena, const struct lang_key *key,
		 const struct doc *value, void *out, const char **why)
{
	switch (key->kind) {
	case LANG_BOOL:
		return read_flag(arena, value, out, why);
	case LANG_NUMBER:
		return read_real(arena, key, value, out, why);
	case LANG_INT:
	case LANG_DURATION:
	case LANG_SIZE:
		return read_number(arena, key, value, out, why);
	case LANG_TEXT:
	case LANG_CHOICE:
	case LANG_NAME:
	case LANG_HANDLER:
		return read_text(arena, key, value, out, why);
	case LANG_VALUE:
	case LANG_TREE:
	case LANG_RAW:
	case LANG_TYPE:
	case LANG_SECTION:
	case LANG_NAMED:
	case LANG_LIST:
	case LANG_STAGES:
	case LANG_PERMISSIONS:
		break;
	}
	assert(false && "a scalar kind");
	return false;
}
