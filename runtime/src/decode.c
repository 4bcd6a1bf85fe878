/* SPDX-License-Identifier: MIT */
/*
 * The decoder: JSON text into a message's struct, as its shape says. Values are
 * stored with memcpy, since the table knows offsets and types but no members.
 */
#include "internal.h"
#include "json_fast.h"
#include "path.h"

/* Fields of a message that are told apart without memory of their own. */
#define SEEN_BITS 64

struct decoder {
	struct wsg_json json;
	struct wsg_arena *arena;
	struct wsg_invalid *why;
	bool lenient;
};

static bool value(struct decoder *d, const struct wsg_field *field, char *base,
		  const struct path *path);
static bool message(struct decoder *d, const struct wsg_shape *shape,
		    char *base, const struct path *path);

/* The first refusal is the one that counts. */
static bool refuse(struct decoder *d, const struct path *path, char *at,
		   struct wsg_str reason)
{
	if (!d->why->reason.len) {
		d->why->field = wsg_path_text(path, d->arena);
		d->why->reason = reason;
		d->why->offset = (size_t)(at - d->json.start);
	}
	return false;
}

/* The text itself is no JSON. */
static bool refuse_json(struct decoder *d, const struct path *path)
{
	const char *error = d->json.error ? d->json.error : "no value";

	return refuse(d, path, d->json.pos,
		      wsg_arena_printf(d->arena, "not JSON: %s", error));
}

static bool refuse_memory(struct decoder *d, const struct path *path)
{
	return refuse(d, path, d->json.pos, wsg_str("too large"));
}

/* The reader refused a value that was of the right kind. */
static bool refuse_value(struct decoder *d, const struct path *path, char *at)
{
	const char *error = d->json.error;

	if (!strcmp(error, "not a whole number") ||
	    !strcmp(error, "out of range"))
		return refuse(d, path, at, wsg_str(error));
	return refuse_json(d, path);
}

static const char *type_name(enum wsg_json_type type)
{
	switch (type) {
	case WSG_JSON_NONE:
		break;
	case WSG_JSON_NULL:
		return "null";
	case WSG_JSON_BOOL:
		return "true or false";
	case WSG_JSON_NUMBER:
		return "a number";
	case WSG_JSON_STRING:
		return "a string";
	case WSG_JSON_ARRAY:
		return "an array";
	case WSG_JSON_OBJECT:
		return "an object";
	}
	return "nothing";
}

/* The next value has to be of that type; *at is where it starts. */
static bool expect(struct decoder *d, const struct path *path,
		   enum wsg_json_type type, char **at)
{
	enum wsg_json_type found = wsg_json_peek(&d->json);

	*at = d->json.pos;
	if (found == type)
		return true;
	if (found == WSG_JSON_NONE) {
		wsg_json_skip(&d->json);
		return refuse_json(d, path);
	}
	return refuse(d, path, *at,
		      wsg_arena_printf(d->arena, "expected %s, not %s",
				       type_name(type), type_name(found)));
}

static bool check_len(struct decoder *d, const struct wsg_field *field,
		      size_t len, const struct path *path, char *at)
{
	struct wsg_str reason = wsg_bound_len(d->arena, field, len);

	return !reason.len || refuse(d, path, at, reason);
}

/* The next value has to be a string; *at is where it starts. */
static bool read_text(struct decoder *d, const struct path *path,
		      struct wsg_str *text, char **at)
{
	*at = d->json.pos;
	if (!json_at_string(&d->json) && !expect(d, path, WSG_JSON_STRING, at))
		return false;
	return json_string(&d->json, text) || refuse_json(d, path);
}

static bool string(struct decoder *d, const struct wsg_field *field, char *base,
		   const struct path *path)
{
	enum wsg_json_type found =
		d->lenient ? wsg_json_peek(&d->json) : WSG_JSON_STRING;
	struct wsg_str text;
	char *at = d->json.pos;

	if (found == WSG_JSON_NUMBER || found == WSG_JSON_BOOL) {
		if (!wsg_json_raw(&d->json, &text))
			return refuse_json(d, path);
	} else if (!read_text(d, path, &text, &at)) {
		return false;
	}
	if (!check_len(d, field, text.len, path, at))
		return false;
	if (field->pattern &&
	    !wsg_pattern_matches(d->arena, field->pattern, text))
		return refuse(d, path, at,
			      wsg_arena_printf(d->arena, "does not match %s",
					       field->pattern));
	memcpy(base + field->offset, &text, sizeof(text));
	return true;
}

static bool bytes(struct decoder *d, const struct wsg_field *field, char *base,
		  const struct path *path)
{
	struct wsg_str text;
	size_t len;
	char *at;

	if (!read_text(d, path, &text, &at))
		return false;
	/* The string is a slice of the text, which is ours to change. */
	if (!wsg_base64_decode(d->json.start + (text.ptr - d->json.start),
			       text.len, &len))
		return refuse(d, path, at, wsg_str("not base64"));
	text.len = len;
	if (!check_len(d, field, len, path, at))
		return false;
	memcpy(base + field->offset, &text, sizeof(text));
	return true;
}

static bool timestamp(struct decoder *d, const struct wsg_field *field,
		      char *base, const struct path *path)
{
	struct wsg_str text;
	int64_t ms;
	char *at;

	if (!read_text(d, path, &text, &at))
		return false;
	if (!wsg_time_parse(text, &ms))
		return refuse(d, path, at, wsg_str("not an RFC 3339 time"));
	memcpy(base + field->offset, &ms, sizeof(ms));
	return true;
}

static bool enumeration(struct decoder *d, const struct wsg_field *field,
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
	return refuse(d, path, at, wsg_bound_enum(d->arena, field));
}

static bool boolean(struct decoder *d, const struct wsg_field *field,
		    char *base, const struct path *path)
{
	bool flag;
	char *at;

	if (!expect(d, path, WSG_JSON_BOOL, &at))
		return false;
	if (!wsg_json_bool(&d->json, &flag))
		return refuse_json(d, path);
	memcpy(base + field->offset, &flag, sizeof(flag));
	return true;
}

static bool whole(struct decoder *d, const struct wsg_field *field, char *base,
		  const struct path *path)
{
	struct wsg_str reason;
	int32_t narrow;
	int64_t number;
	char *at;

	if (!expect(d, path, WSG_JSON_NUMBER, &at))
		return false;
	if (!wsg_json_int64(&d->json, &number))
		return refuse_value(d, path, at);
	reason = wsg_bound_int(d->arena, field, number);
	if (reason.len)
		return refuse(d, path, at, reason);
	if (field->type == WSG_INT64) {
		memcpy(base + field->offset, &number, sizeof(number));
		return true;
	}
	narrow = (int32_t)number;
	memcpy(base + field->offset, &narrow, sizeof(narrow));
	return true;
}

static bool natural(struct decoder *d, const struct wsg_field *field,
		    char *base, const struct path *path)
{
	struct wsg_str reason;
	uint32_t narrow;
	uint64_t number;
	char *at;

	if (!expect(d, path, WSG_JSON_NUMBER, &at))
		return false;
	if (!wsg_json_uint64(&d->json, &number))
		return refuse_value(d, path, at);
	reason = wsg_bound_uint(d->arena, field, number);
	if (reason.len)
		return refuse(d, path, at, reason);
	if (field->type == WSG_UINT64) {
		memcpy(base + field->offset, &number, sizeof(number));
		return true;
	}
	narrow = (uint32_t)number;
	memcpy(base + field->offset, &narrow, sizeof(narrow));
	return true;
}

static bool real(struct decoder *d, const struct wsg_field *field, char *base,
		 const struct path *path)
{
	struct wsg_str reason;
	double number;
	char *at;

	if (!expect(d, path, WSG_JSON_NUMBER, &at))
		return false;
	if (!wsg_json_number(&d->json, &number))
		return refuse_value(d, path, at);
	reason = wsg_bound_number(d->arena, field, number);
	if (reason.len)
		return refuse(d, path, at, reason);
	memcpy(base + field->offset, &number, sizeof(number));
	return true;
}

static bool any_json(struct decoder *d, const struct wsg_field *field,
		     char *base, const struct path *path)
{
	struct wsg_str text;

	if (!wsg_json_raw(&d->json, &text))
		return refuse_json(d, path);
	memcpy(base + field->offset, &text, sizeof(text));
	return true;
}

/* Items read so far: memory that doubles, the last of it zeroed. */
struct list {
	char *items;
	size_t count;
	size_t room;
};

static char *list_add(struct decoder *d, struct list *list, size_t item_size)
{
	size_t room = list->room ? list->room * 2 : 4;
	char *items, *item;

	if (list->count == list->room) {
		if (room > WSG_ARENA_MAX / item_size)
			return NULL;
		items = wsg_arena_grow(d->arena, list->items,
				       list->count * item_size,
				       room * item_size);
		if (!items)
			return NULL;
		list->items = items;
		list->room = room;
	}
	item = list->items + list->count++ * item_size;
	memset(item, 0, item_size);
	return item;
}

static bool list_end(struct decoder *d, const struct wsg_field *field,
		     char *base, const struct list *list,
		     const struct path *path, char *at)
{
	const void *items = list->items;
	struct wsg_str reason = wsg_bound_count(d->arena, field, list->count);

	if (reason.len)
		return refuse(d, path, at, reason);
	memcpy(base + field->offset, &items, sizeof(items));
	memcpy(base + field->count, &list->count, sizeof(list->count));
	return true;
}

/* More than the list may hold: no need to read on. */
static bool list_full(const struct wsg_field *field, const struct list *list)
{
	return field->items.max && list->count > field->items.max;
}

static bool array(struct decoder *d, const struct wsg_field *field, char *base,
		  const struct path *path)
{
	struct path item_path = { .up = path };
	struct list list = { 0 };
	char *at, *item;

	if (!expect(d, path, WSG_JSON_ARRAY, &at))
		return false;
	if (!wsg_json_array(&d->json))
		return refuse_json(d, path);
	while (wsg_json_item(&d->json)) {
		item_path.index = list.count;
		item = list_add(d, &list, field->item_size);
		if (!item)
			return refuse_memory(d, path);
		if (list_full(field, &list))
			break;
		if (!value(d, field->item, item, &item_path))
			return false;
	}
	if (d->json.error)
		return refuse_json(d, path);
	return list_end(d, field, base, &list, path, at);
}

static bool map(struct decoder *d, const struct wsg_field *field, char *base,
		const struct path *path)
{
	struct path item_path = { .up = path };
	struct list list = { 0 };
	struct wsg_str key;
	char *at, *item;

	if (!expect(d, path, WSG_JSON_OBJECT, &at))
		return false;
	if (!wsg_json_object(&d->json))
		return refuse_json(d, path);
	while (json_key(&d->json, &key)) {
		item_path.key = key;
		item = list_add(d, &list, field->item_size);
		if (!item)
			return refuse_memory(d, path);
		if (list_full(field, &list))
			break;
		memcpy(item, &key, sizeof(key));
		if (!value(d, field->item, item, &item_path))
			return false;
	}
	if (d->json.error)
		return refuse_json(d, path);
	return list_end(d, field, base, &list, path, at);
}

/* Read a value of its own text: a default, or what an authorizer quoted. */
static bool nested(struct decoder *d, const struct wsg_field *field, char *base,
		   const struct path *path, struct wsg_str text)
{
	struct wsg_json outer = d->json;
	struct wsg_str copy = wsg_arena_copy(d->arena, text);
	bool fits;

	if (!copy.ptr)
		return refuse_memory(d, path);
	wsg_json_init(&d->json, (char *)copy.ptr, copy.len);
	fits = value(d, field, base, path);
	if (fits && !wsg_json_end(&d->json))
		fits = refuse_json(d, path);
	d->json = outer;
	return fits;
}

/* An authorizer's context comes back as strings: "true", "12". */
static bool unquoted(struct decoder *d, const struct wsg_field *field,
		     char *base, const struct path *path)
{
	struct wsg_str text;

	if (!wsg_json_string(&d->json, &text))
		return refuse_json(d, path);
	return nested(d, field, base, path, text);
}

static bool value(struct decoder *d, const struct wsg_field *field, char *base,
		  const struct path *path)
{
	if (d->lenient && field->type >= WSG_BOOL &&
	    field->type <= WSG_NUMBER &&
	    wsg_json_peek(&d->json) == WSG_JSON_STRING)
		return unquoted(d, field, base, path);
	switch (field->type) {
	case WSG_STRING:
		return string(d, field, base, path);
	case WSG_BOOL:
		return boolean(d, field, base, path);
	case WSG_INT32:
	case WSG_INT64:
		return whole(d, field, base, path);
	case WSG_UINT32:
	case WSG_UINT64:
		return natural(d, field, base, path);
	case WSG_NUMBER:
		return real(d, field, base, path);
	case WSG_BYTES:
		return bytes(d, field, base, path);
	case WSG_TIMESTAMP:
		return timestamp(d, field, base, path);
	case WSG_JSON:
		return any_json(d, field, base, path);
	case WSG_ENUM:
		return enumeration(d, field, base, path);
	case WSG_MESSAGE:
		return message(d, field->shape, base + field->offset, path);
	case WSG_ARRAY:
		return array(d, field, base, path);
	case WSG_MAP:
		return map(d, field, base, path);
	}
	return false;
}

/* A member that the shape knows: null is as good as absent. */
static bool member(struct decoder *d, const struct wsg_field *field, char *base,
		   const struct path *path, bool *present)
{
	const bool yes = true;

	*present = true;
	if ((field->optional || field->preset.len) &&
	    wsg_json_peek(&d->json) == WSG_JSON_NULL) {
		*present = false;
		return wsg_json_null(&d->json) || refuse_json(d, path);
	}
	if (!value(d, field, base, path))
		return false;
	if (field->optional)
		memcpy(base + field->has, &yes, sizeof(yes));
	return true;
}

/* What was not there: a default, nothing, or an error. */
static bool absent(struct decoder *d, const struct wsg_field *field, char *base,
		   const struct path *path, char *at)
{
	if (field->preset.len)
		return nested(d, field, base, path, field->preset);
	if (field->optional)
		return true;
	return refuse(d, path, at, wsg_str("missing"));
}

/* Members mostly come in the order of the shape: next is where to look. */
static const struct wsg_field *find(const struct wsg_shape *shape,
				    struct wsg_str key, size_t *next)
{
	size_t i, at = *next;

	for (i = 0; i < shape->fields_count; i++, at++) {
		if (at >= shape->fields_count)
			at = 0;
		if (shape->fields[at].key.len == key.len &&
		    wsg_key_is(shape->fields[at].key.ptr, key.ptr, key.len)) {
			*next = at + 1;
			return &shape->fields[at];
		}
	}
	return NULL;
}

static bool unknown(struct decoder *d, const struct wsg_shape *shape,
		    const struct path *path, char *at)
{
	if (shape->strict)
		return refuse(d, path, at, wsg_str("not a member"));
	return wsg_json_skip(&d->json) || refuse_json(d, path);
}

static bool members(struct decoder *d, const struct wsg_shape *shape,
		    char *base, const struct path *path, uint64_t *seen)
{
	struct path below = { .up = path };
	size_t next = 0, i;
	struct wsg_str key;

	while (json_key(&d->json, &key)) {
		const struct wsg_field *field = find(shape, key, &next);
		char *at = d->json.pos;
		bool present;

		below.key = key;
		if (!field) {
			if (!unknown(d, shape, &below, at))
				return false;
			continue;
		}
		i = (size_t)(field - shape->fields);
		if (seen[i / SEEN_BITS] >> i % SEEN_BITS & 1)
			return refuse(d, &below, at, wsg_str("given twice"));
		if (!member(d, field, base, &below, &present))
			return false;
		if (present)
			seen[i / SEEN_BITS] |= (uint64_t)1 << i % SEEN_BITS;
	}
	if (d->json.error)
		return refuse_json(d, path);
	for (i = 0; i < shape->fields_count; i++) {
		below.key = shape->fields[i].key;
		if (!(seen[i / SEEN_BITS] >> i % SEEN_BITS & 1) &&
		    !absent(d, &shape->fields[i], base, &below, d->json.pos))
			return false;
	}
	return true;
}

static bool message(struct decoder *d, const struct wsg_shape *shape,
		    char *base, const struct path *path)
{
	uint64_t few = 0, *seen = &few;
	char *at;

	if (shape->fields_count > SEEN_BITS) {
		seen = wsg_arena_alloc(d->arena,
				       (shape->fields_count / SEEN_BITS + 1) *
					       sizeof(*seen));
		if (!seen)
			return refuse_memory(d, path);
	}
	if (!expect(d, path, WSG_JSON_OBJECT, &at))
		return false;
	if (!wsg_json_object(&d->json))
		return refuse_json(d, path);
	return members(d, shape, base, path, seen);
}

static bool decode(struct decoder *d, const struct wsg_shape *shape, char *json,
		   size_t len, void *msg)
{
	*d->why = (struct wsg_invalid){ 0 };
	wsg_json_init(&d->json, json, len);
	memset(msg, 0, shape->size);
	if (!(shape->bare ? value(d, shape->fields, msg, NULL)
			  : message(d, shape, msg, NULL)))
		return false;
	return wsg_json_end(&d->json) || refuse_json(d, NULL);
}

bool wsg_decode(const struct wsg_shape *shape, char *json, size_t len,
		struct wsg_arena *arena, void *msg, struct wsg_invalid *why)
{
	struct decoder d = { .arena = arena, .why = why };

	return decode(&d, shape, json, len, msg);
}

bool wsg_decode_lenient(const struct wsg_shape *shape, char *json, size_t len,
			struct wsg_arena *arena, void *msg,
			struct wsg_invalid *why)
{
	struct decoder d = { .arena = arena, .why = why, .lenient = true };

	return decode(&d, shape, json, len, msg);
}
