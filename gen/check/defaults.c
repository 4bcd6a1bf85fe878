/* SPDX-License-Identifier: MIT */
/*
 * Defaults of fields: the runtime reads them as it reads what a client sends,
 * so that one which does not fit would make every message wrong.
 */
#include "messages.h"

#include "../read/pattern.h"
#include "../read/type.h"

#include <stdlib.h>
#include <string.h>

/* Why a value does not fit, as the end of a sentence; and where. */
struct misfit {
	struct arena *arena;
	struct loc loc;
	const char *why;
};

static bool fits(struct misfit *m, const struct type *type,
		 const struct doc *value);

static bool wrong(struct misfit *m, const struct doc *value, const char *why)
{
	m->loc = value->loc;
	m->why = why;
	return false;
}

/* "longer than 32 bytes"; what: " bytes" or " items". */
static bool length_fits(struct misfit *m, const struct type *type, size_t len,
			const char *what, const struct doc *value)
{
	if (type->min.text && (double)len < type->min.value)
		return wrong(m, value,
			     arena_printf(m->arena, "has %zu%s, fewer than %s",
					  len, what, type->min.text));
	if (type->max.text && (double)len > type->max.value)
		return wrong(m, value,
			     arena_printf(m->arena, "has %zu%s, more than %s",
					  len, what, type->max.text));
	return true;
}

static bool number_fits(struct misfit *m, const struct type *type,
			const struct doc *value)
{
	struct bound bound;
	const char *why;
	bool whole = type->kind != TYPE_NUMBER;

	if (value->kind != DOC_NUMBER)
		return wrong(m, value,
			     whole ? "must be a whole number"
				   : "must be a number");
	if (!type_bound(m->arena, type->kind, value->text, &bound, &why))
		return wrong(m, value, why);
	if (type->min.text &&
	    (whole ? type_compare(bound.text, type->min.text) < 0
		   : bound.value < type->min.value))
		return wrong(m, value,
			     arena_printf(m->arena, "is less than %s",
					  type->min.text));
	if (type->max.text &&
	    (whole ? type_compare(bound.text, type->max.text) > 0
		   : bound.value > type->max.value))
		return wrong(m, value,
			     arena_printf(m->arena, "is more than %s",
					  type->max.text));
	return true;
}

/* How many bytes base64 stands for, or -1 when it is none. */
static long base64_len(const char *text)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t len = strlen(text), digits = strspn(text, letters);
	size_t padding = len - digits, last;

	if (len % 4 || padding > 2 || strspn(text + digits, "=") != padding)
		return -1;
	if (!padding)
		return (long)(len / 4 * 3);
	/* What the last digit holds beyond the last byte has to be 0. */
	last = (size_t)(strchr(letters, text[digits - 1]) - letters);
	if (last % (padding == 2 ? 16 : 4))
		return -1;
	return (long)(len / 4 * 3 - padding);
}

static bool read_digits(const char **at, int count, int least, int most)
{
	int value = 0;

	for (int i = 0; i < count; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return false;
		value = value * 10 + (**at - '0');
	}
	return value >= least && value <= most;
}

static int days_in(const char *date)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30,
				    31, 31, 30, 31, 30, 31 };
	int year = atoi(date), month = atoi(date + 5);
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* 2026-11-21T13:24:10.5Z, or +01:00 at the end. */
static bool is_timestamp(const char *text)
{
	const char *at = text;

	if (!read_digits(&at, 4, 0, 9999) || *at++ != '-' ||
	    !read_digits(&at, 2, 1, 12) || *at++ != '-' ||
	    !read_digits(&at, 2, 1, days_in(text)) ||
	    (*at != 'T' && *at != 't'))
		return false;
	at++;
	if (!read_digits(&at, 2, 0, 23) || *at++ != ':' ||
	    !read_digits(&at, 2, 0, 59) || *at++ != ':' ||
	    !read_digits(&at, 2, 0, 60))
		return false;
	if (*at == '.') {
		size_t count = strspn(++at, "0123456789");

		if (!count)
			return false;
		at += count;
	}
	if (*at == 'Z' || *at == 'z')
		return !at[1];
	if (*at != '+' && *at != '-')
		return false;
	at++;
	return read_digits(&at, 2, 0, 23) && *at++ == ':' &&
	       read_digits(&at, 2, 0, 59) && !*at;
}

static bool enum_fits(struct misfit *m, const struct type *type,
		      const struct doc *value)
{
	struct buf all;

	buf_init(&all, m->arena);
	for (size_t i = 0; i < type->values.count; i++) {
		if (value->text &&
		    !strcmp(type->values.items[i].s, value->text))
			return true;
		buf_printf(&all, "%s%s", i ? "|" : "", type->values.items[i].s);
	}
	return wrong(m, value,
		     arena_printf(m->arena, "must be one of %s", all.text));
}

static bool text_fits(struct misfit *m, const struct type *type,
		      const struct doc *value)
{
	long len;

	if (value->kind != DOC_STRING)
		return wrong(m, value,
			     value->text ? "must be text: put it in quotes"
					 : "must be text");
	switch (type->kind) {
	case TYPE_BYTES:
		len = base64_len(value->text);
		if (len < 0)
			return wrong(m, value, "must be base64");
		return length_fits(m, type, (size_t)len, " bytes", value);
	case TYPE_TIMESTAMP:
		return is_timestamp(value->text) ||
		       wrong(m, value,
			     "must be a time such as 2026-11-21T13:24:10Z");
	default:
		return length_fits(m, type, strlen(value->text), " bytes",
				   value);
	}
}

static bool list_fits(struct misfit *m, const struct type *type,
		      const struct doc *value)
{
	if (value->kind != DOC_LIST)
		return wrong(m, value, "must be a list");
	if (!length_fits(m, type, value->count, " items", value))
		return false;
	for (size_t i = 0; i < value->count; i++)
		if (!fits(m, type->item, value->items[i]))
			return false;
	return true;
}

static bool map_fits(struct misfit *m, const struct type *type,
		     const struct doc *value)
{
	if (value->kind != DOC_MAP)
		return wrong(m, value, "must be a mapping");
	for (size_t i = 0; i < value->count; i++)
		if (!fits(m, type->item, value->members[i].value))
			return false;
	return true;
}

static bool message_fits(struct misfit *m, const struct message *message,
			 const struct doc *value)
{
	size_t known = 0;

	if (value->kind != DOC_MAP)
		return wrong(m, value,
			     arena_printf(m->arena,
					  "must be a mapping, a message '%s'",
					  message->name.s));
	for (size_t i = 0; i < message->fields.count; i++) {
		const struct field *field = &message->fields.items[i];
		const struct doc *member = doc_get(value, field->name.s);

		known += member != NULL;
		if (member && !fits(m, field->type, member))
			return false;
		if (!member && !field->optional && !field->fallback)
			return wrong(m, value,
				     arena_printf(m->arena, "lacks '%s'",
						  field->name.s));
	}
	if (known < value->count)
		return wrong(m, value,
			     arena_printf(m->arena,
					  "has members that message '%s' does "
					  "not have",
					  message->name.s));
	return true;
}

static bool fits(struct misfit *m, const struct type *type,
		 const struct doc *value)
{
	switch (type->kind) {
	case TYPE_STRING:
	case TYPE_BYTES:
	case TYPE_TIMESTAMP:
		return text_fits(m, type, value);
	case TYPE_BOOL:
		return value->kind == DOC_BOOL ||
		       wrong(m, value, "must be true or false");
	case TYPE_INT32:
	case TYPE_INT64:
	case TYPE_UINT32:
	case TYPE_UINT64:
	case TYPE_NUMBER:
		return number_fits(m, type, value);
	case TYPE_JSON:
		return true;
	case TYPE_ENUM:
		return enum_fits(m, type, value);
	case TYPE_MESSAGE:
		return message_fits(m, type->message, value);
	case TYPE_LIST:
		return list_fits(m, type, value);
	case TYPE_MAP:
		return map_fits(m, type, value);
	}
	return true;
}

void check_default(struct check *c, const struct field *field)
{
	struct misfit m = { .arena = c->arena };
	const struct pattern *pattern;
	const char *why;
	size_t at, len;

	if (!field->fallback)
		return;
	if (!fits(&m, field->type, field->fallback)) {
		diag_error(c->diag, m.loc, "the default of field '%s' %s",
			   field->name.s, m.why);
		return;
	}
	if (!field->pattern.s)
		return;
	pattern = pattern_read(c->arena, field->pattern.s, &at, &len, &why);
	if (pattern && !pattern_matches(pattern, field->fallback->text))
		diag_error(c->diag, field->fallback->loc,
			   "the default of field '%s' does not match its "
			   "pattern",
			   field->name.s);
}
