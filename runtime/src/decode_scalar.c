/* SPDX-License-Identifier: MIT */
/*
 * Values that hold no others, as JSON has them, into members of a message's
 * struct; see decode.h.
 */
#include "decode.h"
#include "json_fast.h"

/* The reader refused a value that was of the right kind. */
static bool refuse_value(struct decoder *d, const struct path *path, char *at)
{
	const char *error = d->json.error;

	if (!strcmp(error, "not a whole number") ||
	    !strcmp(error, "out of range"))
		return wsg_decode_refuse(d, path, at, wsg_str(error));
	return wsg_decode_refuse_json(d, path);
}

static bool check_len(struct decoder *d, const struct wsg_field *field,
		      size_t len, const struct path *path, char *at)
{
	struct wsg_str reason = wsg_bound_len(d->arena, field, len);

	return !reason.len || wsg_decode_refuse(d, path, at, reason);
}

/* The next value has to be a string; *at is where it starts. */
static bool read_text(struct decoder *d, const struct path *path,
		      struct wsg_str *text, char **at)
{
	*at = d->json.pos;
	if (!json_at_string(&d->json) &&
	    !decode_expect(d, path, WSG_JSON_STRING, at))
		return false;
	return json_string(&d->json, text) || wsg_decode_refuse_json(d, path);
}

bool wsg_decode_string(struct decoder *d, const struct wsg_field *field,
		       char *base, const struct path *path)
{
	enum wsg_json_type found =
		d->lenient ? wsg_json_peek(&d->json) : WSG_JSON_STRING;
	struct wsg_str text;
	char *at = d->json.pos;

	if (found == WSG_JSON_NUMBER || found == WSG_JSON_BOOL) {
		if (!wsg_json_raw(&d->json, &text))
			return wsg_decode_refuse_json(d, path);
	} else if (!read_text(d, path, &text, &at)) {
		return false;
	}
	if (!check_len(d, field, text.len, path, at))
		return false;
	if (field->pattern &&
	    !wsg_pattern_matches(d->arena, field->pattern, text))
		return wsg_decode_refuse(d, path, at,
					 wsg_arena_printf(d->arena,
							  "does not match %s",
							  field->pattern));
	memcpy(base + field->offset, &text, sizeof(text));
	return true;
}

bool wsg_decode_bytes(struct decoder *d, const struct wsg_field *field,
		      char *base, const struct path *path)
{
	struct wsg_str text;
	size_t len;
	char *at;

	if (!read_text(d, path, &text, &at))
		return false;
	/* The string is a slice of the text, which is ours to change. */
	if (!wsg_base64_decode(d->json.start + (text.ptr - d->json.start),
			       text.len, &len))
		return wsg_decode_refuse(d, path, at, wsg_str("not base64"));
	text.len = len;
	if (!check_len(d, field, len, path, at))
		return false;
	memcpy(base + field->offset, &text, sizeof(text));
	return true;
}

bool wsg_decode_timestamp(struct decoder *d, const struct wsg_field *field,
			  char *base, const struct path *path)
{
	struct wsg_str text;
	int64_t ms;
	char *at;

	if (!read_text(d, path, &text, &at))
		return false;
	if (!wsg_time_parse(text, &ms))
		return wsg_decode_refuse(d, path, at,
					 wsg_str("not an RFC 3339 time"));
	memcpy(base + field->offset, &ms, sizeof(ms));
	return true;
}

bool wsg_decode_enumeration(struct decoder *d, const struct wsg_field *field,
			    char *base, const struct path *path)
{
	struct wsg_str text;
	size_t i;
	char *at;

	if (!read_text(d, path, &text, &at))
		return false;
	for (i = 0; i < field->values_count; i++) {
		int number = (int)i + 1;

		if (!wsg_str_equal(field->values[i], text))
			continue;
		memcpy(base + field->offset, &number, sizeof(number));
		return true;
	}
	return wsg_decode_refuse(d, path, at, wsg_bound_enum(d->arena, field));
}

bool wsg_decode_boolean(struct decoder *d, const struct wsg_field *field,
			char *base, const struct path *path)
{
	bool flag;
	char *at;

	if (!decode_expect(d, path, WSG_JSON_BOOL, &at))
		return false;
	if (!wsg_json_bool(&d->json, &flag))
		return wsg_decode_refuse_json(d, path);
	memcpy(base + field->offset, &flag, sizeof(flag));
	return true;
}

/* The next value has to be a whole number; *at is where it starts. */
static bool read_int64(struct decoder *d, const struct path *path,
		       int64_t *number, char **at)
{
	struct wsg_str text;

	*at = d->json.pos;
	if (json_digits(&d->json, &text, number))
		return true;
	if (!decode_expect(d, path, WSG_JSON_NUMBER, at))
		return false;
	return wsg_json_int64(&d->json, number) || refuse_value(d, path, *at);
}

bool wsg_decode_whole(struct decoder *d, const struct wsg_field *field,
		      char *base, const struct path *path)
{
	struct wsg_str reason;
	int32_t narrow;
	int64_t number;
	char *at;

	if (!read_int64(d, path, &number, &at))
		return false;
	reason = wsg_bound_int(d->arena, field, number);
	if (reason.len)
		return wsg_decode_refuse(d, path, at, reason);
	if (field->type == WSG_INT64) {
		memcpy(base + field->offset, &number, sizeof(number));
		return true;
	}
	narrow = (int32_t)number;
	memcpy(base + field->offset, &narrow, sizeof(narrow));
	return true;
}

bool wsg_decode_natural(struct decoder *d, const struct wsg_field *field,
			char *base, const struct path *path)
{
	struct wsg_str reason;
	uint32_t narrow;
	uint64_t number;
	char *at;

	if (!decode_expect(d, path, WSG_JSON_NUMBER, &at))
		return false;
	if (!wsg_json_uint64(&d->json, &number))
		return refuse_value(d, path, at);
	reason = wsg_bound_uint(d->arena, field, number);
	if (reason.len)
		return wsg_decode_refuse(d, path, at, reason);
	if (field->type == WSG_UINT64) {
		memcpy(base + field->offset, &number, sizeof(number));
		return true;
	}
	narrow = (uint32_t)number;
	memcpy(base + field->offset, &narrow, sizeof(narrow));
	return true;
}

bool wsg_decode_real(struct decoder *d, const struct wsg_field *field,
		     char *base, const struct path *path)
{
	struct wsg_str reason;
	double number;
	char *at;

	if (!decode_expect(d, path, WSG_JSON_NUMBER, &at))
		return false;
	if (!wsg_json_number(&d->json, &number))
		return refuse_value(d, path, at);
	reason = wsg_bound_number(d->arena, field, number);
	if (reason.len)
		return wsg_decode_refuse(d, path, at, reason);
	memcpy(base + field->offset, &number, sizeof(number));
	return true;
}

bool wsg_decode_json(struct decoder *d, const struct wsg_field *field,
		     char *base, const struct path *path)
{
	struct wsg_str text;

	if (!wsg_json_raw(&d->json, &text))
		return wsg_decode_refuse_json(d, path);
	memcpy(base + field->offset, &text, sizeof(text));
	return true;
}
