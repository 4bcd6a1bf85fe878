/* SPDX-License-Identifier: MIT */
/* read.c - members of a type, or a complaint about them. */
#include "read.h"

#include "../base/mem.h"

#include <stdarg.h>
#include <stdio.h>

#define RATE_MAX 1e9
#define BURST_MAX INT32_MAX

/* --- complaints ----------------------------------------------------------- */

/* Whether there is room for one more line. */
static bool begin(struct reader *reader)
{
	if (reader->complaints++ < READ_COMPLAINTS_MAX)
		return true;
	if (reader->complaints == READ_COMPLAINTS_MAX + 1)
		wsg_buf_text(reader->why, "... and more\n");
	return false;
}

static void add_text(struct wsg_buf *out, const char *format, va_list args)
{
	va_list copy;
	int len;

	va_copy(copy, args);
	len = vsnprintf(NULL, 0, format, copy);
	va_end(copy);
	if (len <= 0 || !wsg_buf_reserve(out, (size_t)len))
		return;
	vsnprintf(out->ptr + out->len, (size_t)len + 1, format, args);
	out->len += (size_t)len;
}

static void add_place(struct wsg_buf *out, const struct place *place)
{
	if (!place)
		return;
	add_place(out, place->up);
	wsg_buf_printf(out, "%s%s[%zu]", place->up ? "." : "", place->list,
		       place->index);
}

void read_complain(struct reader *reader, const struct place *place,
		   const char *key, const char *format, ...)
{
	va_list args;

	if (!begin(reader))
		return;
	wsg_buf_printf(reader->why, "%s: ", reader->file);
	add_place(reader->why, place);
	if (key)
		wsg_buf_printf(reader->why, "%s%s", place ? "." : "", key);
	if (place || key)
		wsg_buf_text(reader->why, ": ");
	va_start(args, format);
	add_text(reader->why, format, args);
	va_end(args);
	wsg_buf_text(reader->why, "\n");
}

void read_say(struct reader *reader, const char *format, ...)
{
	va_list args;

	if (!begin(reader))
		return;
	va_start(args, format);
	add_text(reader->why, format, args);
	va_end(args);
	wsg_buf_text(reader->why, "\n");
}

/* --- members -------------------------------------------------------------- */

static const char *type_name(enum wsg_json_type type)
{
	switch (type) {
	case WSG_JSON_NULL:
		return "null";
	case WSG_JSON_BOOL:
		return "true or false";
	case WSG_JSON_NUMBER:
		return "a number";
	case WSG_JSON_STRING:
		return "a text";
	case WSG_JSON_ARRAY:
		return "a list";
	case WSG_JSON_OBJECT:
		return "an object";
	case WSG_JSON_NONE:
		break;
	}
	return "nothing";
}

const struct json *read_member(struct reader *reader, const struct place *place,
			       const struct json *object, const char *key,
			       enum wsg_json_type type, bool required)
{
	const struct json *member = json_get(object, key);

	if (!member && required)
		read_complain(reader, place, key, "is not there");
	if (member && member->type != type) {
		read_complain(reader, place, key, "has to be %s, not %s",
			      type_name(type), type_name(member->type));
		return NULL;
	}
	return member;
}

struct wsg_str read_text(struct reader *reader, const struct place *place,
			 const struct json *object, const char *key,
			 bool required)
{
	const struct json *member = read_member(reader, place, object, key,
						WSG_JSON_STRING, required);

	if (!member)
		return (struct wsg_str){ NULL, 0 };
	if (member->text.len && memchr(member->text.ptr, 0, member->text.len)) {
		read_complain(reader, place, key, "holds a NUL");
		return (struct wsg_str){ NULL, 0 };
	}
	if (required && !member->text.len)
		read_complain(reader, place, key, "is empty");
	return member->text;
}

static bool is_name(struct wsg_str text, size_t max)
{
	for (size_t i = 0; i < text.len; i++) {
		const char c = text.ptr[i];

		if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') &&
		    (c < '0' || c > '9') && c != '-' && c != '_')
			return false;
	}
	return text.len <= max;
}

struct wsg_str read_name(struct reader *reader, const struct place *place,
			 const struct json *object, const char *key, size_t max)
{
	struct wsg_str text = read_text(reader, place, object, key, true);

	if (is_name(text, max))
		return text;
	read_complain(reader, place, key,
		      "has to be at most %zu letters, digits, '-' and '_'",
		      max);
	return (struct wsg_str){ NULL, 0 };
}

bool read_flag(struct reader *reader, const struct place *place,
	       const struct json *object, const char *key, bool required)
{
	return json_bool(read_member(reader, place, object, key, WSG_JSON_BOOL,
				     required),
			 false);
}

static int64_t in_range(struct reader *reader, const struct place *place,
			const struct json *member, const char *key,
			struct read_range range)
{
	int64_t value = json_int(member, INT64_MIN);

	if (value >= range.min && value <= range.max)
		return value;
	read_complain(reader, place, key,
		      "has to be a whole number from %lld to %lld",
		      (long long)range.min, (long long)range.max);
	return range.min;
}

int64_t read_int(struct reader *reader, const struct place *place,
		 const struct json *object, const char *key,
		 struct read_range range, int64_t otherwise)
{
	const struct json *member =
		read_member(reader, place, object, key, WSG_JSON_NUMBER, false);

	return member ? in_range(reader, place, member, key, range) : otherwise;
}

int64_t read_required_int(struct reader *reader, const struct place *place,
			  const struct json *object, const char *key,
			  struct read_range range)
{
	const struct json *member =
		read_member(reader, place, object, key, WSG_JSON_NUMBER, true);

	return member ? in_range(reader, place, member, key, range) : range.min;
}

struct config_throttle read_throttle(struct reader *reader,
				     const struct place *place,
				     const struct json *object)
{
	const struct json *throttle = read_member(
		reader, place, object, "throttle", WSG_JSON_OBJECT, false);
	const struct json *rate = read_member(reader, place, throttle, "rate",
					      WSG_JSON_NUMBER, false);
	struct config_throttle made = { json_number(rate, 0), 0 };

	if (!throttle)
		return made;
	if (!(made.rate >= 0 && made.rate <= RATE_MAX)) {
		read_complain(reader, place, "throttle",
			      "has a rate that is not from 0 to %.0f",
			      RATE_MAX);
		made.rate = 0;
	}
	/* A bucket that holds nothing would let nothing through. */
	made.burst = read_int(reader, place, throttle, "burst",
			      (struct read_range){ 0, BURST_MAX },
			      made.rate > 1 ? (int64_t)made.rate : 1);
	return made;
}

/* --- references ----------------------------------------------------------- */

struct wsg_str read_given(const struct reader *reader, struct wsg_str name)
{
	const struct config_options *options = reader->options;

	for (size_t i = options->given_count; i-- > 0;)
		if (wsg_str_equal(options->given[i].name, name))
			return options->given[i].value;
	return (struct wsg_str){ NULL, 0 };
}

/* Whether --env can give it a value: no phrase, and no function's name. */
static bool can_be_given(struct wsg_str name)
{
	if (!name.len || memchr(name.ptr, ' ', name.len) ||
	    memchr(name.ptr, '=', name.len))
		return false;
	return name.len < 4 || memcmp(name.ptr, "Fn::", 4) != 0;
}

static void say_missing(struct reader *reader, const char *who,
			struct wsg_str name, struct wsg_str variable)
{
	if (can_be_given(name))
		read_say(reader,
			 "%s: nothing here says what ${%.*s} is: --env "
			 "%.*s=... does",
			 who, WSG_FMT(name), WSG_FMT(name));
	else if (variable.len)
		read_say(reader,
			 "%s: %.*s has no value here: --env %.*s=... gives "
			 "one",
			 who, WSG_FMT(name), WSG_FMT(variable));
	else
		read_say(reader, "%s: %.*s has no value here", who,
			 WSG_FMT(name));
}

bool read_resolved(struct reader *reader, const struct json *value,
		   struct wsg_str *text, struct wsg_str variable,
		   const char *who, ...)
{
	struct wsg_buf out = { 0 }, missing = { 0 }, speaker = { 0 };
	const char *line, *end;
	bool good;
	va_list args;

	good = names_resolve(reader->names, value, &out, &missing);
	if (out.failed || missing.failed)
		mem_exhausted();
	if (good)
		*text = mem_copy_in(reader->config->arena,
				    (struct wsg_str){ out.ptr, out.len });
	va_start(args, who);
	if (!good)
		add_text(&speaker, who, args);
	va_end(args);
	for (line = missing.ptr; line && *line; line = end + 1) {
		end = strchr(line, '\n');
		say_missing(reader, speaker.ptr,
			    (struct wsg_str){ line, (size_t)(end - line) },
			    variable);
	}
	wsg_buf_release(&out);
	wsg_buf_release(&missing);
	wsg_buf_release(&speaker);
	return good;
}

struct wsg_str read_printf(struct reader *reader, const char *format, ...)
{
	struct wsg_buf text = { 0 };
	struct wsg_str copy;
	va_list args;

	va_start(args, format);
	add_text(&text, format, args);
	va_end(args);
	if (text.failed)
		mem_exhausted();
	copy = mem_copy_in(reader->config->arena,
			   (struct wsg_str){ text.ptr, text.len });
	wsg_buf_release(&text);
	return copy;
}
