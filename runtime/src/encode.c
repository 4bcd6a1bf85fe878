/* SPDX-License-Identifier: MIT */
/*
 * The encoder: a message's struct as JSON. It holds to the same bounds as the
 * decoder, so that nobody is sent what the spec says cannot come.
 */
#include "internal.h"
#include "path.h"

#include <math.h>

struct encoder {
	struct wsg_buf *out;
	struct wsg_arena *arena;
	struct wsg_invalid *why;
};

static bool value(struct encoder *e, const struct wsg_field *field,
		  const char *base, const struct path *path);
static bool message(struct encoder *e, const struct wsg_shape *shape,
		    const char *base, const struct path *path);

static bool refuse(struct encoder *e, const struct path *path,
		   struct wsg_str reason)
{
	if (!e->why->reason.len) {
		e->why->field = wsg_path_text(path, e->arena);
		e->why->reason = reason;
		e->why->offset = e->out->len;
	}
	return false;
}

/* True if reason is none, and what was written so far could be written. */
static bool good(struct encoder *e, const struct path *path,
		 struct wsg_str reason)
{
	return !reason.len || refuse(e, path, reason);
}

static bool text(struct encoder *e, const struct wsg_field *field,
		 const char *base, const struct path *path)
{
	struct wsg_str str;

	memcpy(&str, base + field->offset, sizeof(str));
	if (!good(e, path, wsg_bound_len(e->arena, field, str.len)))
		return false;
	if (field->type == WSG_BYTES) {
		wsg_json_put_string(e->out, (struct wsg_str){ NULL, 0 });
		if (e->out->failed)
			return false;
		e->out->len--; /* the closing quote */
		wsg_base64_put(e->out, str);
		wsg_buf_add(e->out, "\"", 1);
		return true;
	}
	if (field->pattern &&
	    !wsg_pattern_matches(e->arena, field->pattern, str))
		return refuse(e, path,
			      wsg_arena_printf(e->arena, "does not match %s",
					       field->pattern));
	if (!wsg_utf8_valid(str.len ? str.ptr : "", str.len))
		return refuse(e, path, wsg_str("not UTF-8"));
	wsg_json_put_string(e->out, str);
	return true;
}

static bool any_json(struct encoder *e, const struct wsg_field *field,
		     const char *base, const struct path *path)
{
	struct wsg_str json;

	memcpy(&json, base + field->offset, sizeof(json));
	wsg_json_put_raw(e->out, json.ptr ? json : wsg_str(""));
	return !e->out->failed || refuse(e, path, wsg_str("not JSON"));
}

static bool timestamp(struct encoder *e, const struct wsg_field *field,
		      const char *base, const struct path *path)
{
	char printed[WSG_TIME_LEN + 1];
	int64_t ms;

	memcpy(&ms, base + field->offset, sizeof(ms));
	if (!wsg_time_print(printed, ms))
		return refuse(e, path, wsg_str("out of range"));
	wsg_json_put_string(e->out, (struct wsg_str){ printed, WSG_TIME_LEN });
	return true;
}

static bool enumeration(struct encoder *e, const struct wsg_field *field,
			const char *base, const struct path *path)
{
	int number;

	memcpy(&number, base + field->offset, sizeof(number));
	if (number == 0)
		return refuse(e, path, wsg_str("not set"));
	if (number < 0 || (size_t)number > field->values_count)
		return refuse(e, path, wsg_bound_enum(e->arena, field));
	wsg_json_put_string(e->out, field->values[number - 1]);
	return true;
}

static bool whole(struct encoder *e, const struct wsg_field *field,
		  const char *base, const struct path *path)
{
	int64_t number;
	int32_t narrow;

	if (field->type == WSG_INT32) {
		memcpy(&narrow, base + field->offset, sizeof(narrow));
		number = narrow;
	} else {
		memcpy(&number, base + field->offset, sizeof(number));
	}
	wsg_json_put_int64(e->out, number);
	return good(e, path, wsg_bound_int(e->arena, field, number));
}

static bool natural(struct encoder *e, const struct wsg_field *field,
		    const char *base, const struct path *path)
{
	uint64_t number;
	uint32_t narrow;

	if (field->type == WSG_UINT32) {
		memcpy(&narrow, base + field->offset, sizeof(narrow));
		number = narrow;
	} else {
		memcpy(&number, base + field->offset, sizeof(number));
	}
	wsg_json_put_uint64(e->out, number);
	return good(e, path, wsg_bound_uint(e->arena, field, number));
}

static bool real(struct encoder *e, const struct wsg_field *field,
		 const char *base, const struct path *path)
{
	double number;

	memcpy(&number, base + field->offset, sizeof(number));
	if (!isfinite(number))
		return refuse(e, path, wsg_str("not a number of JSON"));
	wsg_json_put_number(e->out, number);
	return good(e, path, wsg_bound_number(e->arena, field, number));
}

static bool boolean(struct encoder *e, const struct wsg_field *field,
		    const char *base)
{
	bool flag;

	memcpy(&flag, base + field->offset, sizeof(flag));
	wsg_json_put_bool(e->out, flag);
	return true;
}

static bool list(struct encoder *e, const struct wsg_field *field,
		 const char *base, const struct path *path)
{
	struct path below = { .up = path };
	const char *item;
	size_t count;

	memcpy(&item, base + field->offset, sizeof(item));
	memcpy(&count, base + field->count, sizeof(count));
	if (!good(e, path, wsg_bound_count(e->arena, field, count)))
		return false;
	if (field->type == WSG_MAP)
		wsg_json_put_object(e->out);
	else
		wsg_json_put_array(e->out);
	for (; count; count--, below.index++, item += field->item_size) {
		if (field->type == WSG_MAP) {
			memcpy(&below.key, item, sizeof(below.key));
			if (!below.key.ptr)
				below.key = wsg_str("");
			if (!wsg_utf8_valid(below.key.ptr, below.key.len))
				return refuse(e, path, wsg_str("not UTF-8"));
			wsg_json_put_key(e->out, below.key);
		}
		if (!value(e, field->item, item, &below))
			return false;
	}
	if (field->type == WSG_MAP)
		wsg_json_put_object_end(e->out);
	else
		wsg_json_put_array_end(e->out);
	return true;
}

static bool value(struct encoder *e, const struct wsg_field *field,
		  const char *base, const struct path *path)
{
	switch (field->type) {
	case WSG_STRING:
	case WSG_BYTES:
		return text(e, field, base, path);
	case WSG_BOOL:
		return boolean(e, field, base);
	case WSG_INT32:
	case WSG_INT64:
		return whole(e, field, base, path);
	case WSG_UINT32:
	case WSG_UINT64:
		return natural(e, field, base, path);
	case WSG_NUMBER:
		return real(e, field, base, path);
	case WSG_TIMESTAMP:
		return timestamp(e, field, base, path);
	case WSG_JSON:
		return any_json(e, field, base, path);
	case WSG_ENUM:
		return enumeration(e, field, base, path);
	case WSG_MESSAGE:
		return message(e, field->shape, base + field->offset, path);
	case WSG_ARRAY:
	case WSG_MAP:
		return list(e, field, base, path);
	}
	return false;
}

static bool message(struct encoder *e, const struct wsg_shape *shape,
		    const char *base, const struct path *path)
{
	struct path below = { .up = path };
	size_t i;
	bool has;

	wsg_json_put_object(e->out);
	for (i = 0; i < shape->fields_count; i++) {
		const struct wsg_field *field = &shape->fields[i];

		if (field->optional) {
			memcpy(&has, base + field->has, sizeof(has));
			if (!has)
				continue;
		}
		below.key = field->key;
		wsg_json_put_key(e->out, field->key);
		if (!value(e, field, base, &below))
			return false;
	}
	wsg_json_put_object_end(e->out);
	return true;
}

bool wsg_encode(const struct wsg_shape *shape, const void *msg,
		struct wsg_arena *arena, struct wsg_buf *out,
		struct wsg_invalid *why)
{
	struct encoder e = { .out = out, .arena = arena, .why = why };
	size_t before = out->len;
	bool failed = out->failed;

	*why = (struct wsg_invalid){ 0 };
	if ((shape->bare ? value(&e, shape->fields, msg, NULL)
			 : message(&e, shape, msg, NULL)) &&
	    !out->failed)
		return true;
	refuse(&e, NULL, wsg_str("too large"));
	out->len = before;
	out->failed = failed;
	return false;
}
