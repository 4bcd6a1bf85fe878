/* SPDX-License-Identifier: MIT */
/*
 * The decoder: JSON text into a message's struct, as its shape says. Values are
 * stored with memcpy, since the table knows offsets and types but no members.
 */
#include "decode.h"
#include "json_fast.h"

/* Fields of a message that are told apart without memory of their own. */
#define SEEN_BITS 64

static bool value(struct decoder *d, const struct wsg_field *field, char *base,
		  const struct path *path);
static bool message(struct decoder *d, const struct wsg_shape *shape,
		    char *base, const struct path *path);

static bool refuse_memory(struct decoder *d, const struct path *path)
{
	return wsg_decode_refuse(d, path, d->json.pos, wsg_str("too large"));
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
		return wsg_decode_refuse(d, path, at, reason);
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

	if (!decode_expect(d, path, WSG_JSON_ARRAY, &at))
		return false;
	if (!wsg_json_array(&d->json))
		return wsg_decode_refuse_json(d, path);
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
		return wsg_decode_refuse_json(d, path);
	return list_end(d, field, base, &list, path, at);
}

static bool map(struct decoder *d, const struct wsg_field *field, char *base,
		const struct path *path)
{
	struct path item_path = { .up = path };
	struct list list = { 0 };
	struct wsg_str key;
	char *at, *item;

	if (!decode_expect(d, path, WSG_JSON_OBJECT, &at))
		return false;
	if (!wsg_json_object(&d->json))
		return wsg_decode_refuse_json(d, path);
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
		return wsg_decode_refuse_json(d, path);
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
		fits = wsg_decode_refuse_json(d, path);
	d->json = outer;
	return fits;
}

/* An authorizer's context comes back as strings: "true", "12". */
static bool unquoted(struct decoder *d, const struct wsg_field *field,
		     char *base, const struct path *path)
{
	struct wsg_str text;

	if (!wsg_json_string(&d->json, &text))
		return wsg_decode_refuse_json(d, path);
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
		return wsg_decode_string(d, field, base, path);
	case WSG_BOOL:
		return wsg_decode_boolean(d, field, base, path);
	case WSG_INT32:
	case WSG_INT64:
		return wsg_decode_whole(d, field, base, path);
	case WSG_UINT32:
	case WSG_UINT64:
		return wsg_decode_natural(d, field, base, path);
	case WSG_NUMBER:
		return wsg_decode_real(d, field, base, path);
	case WSG_BYTES:
		return wsg_decode_bytes(d, field, base, path);
	case WSG_TIMESTAMP:
		return wsg_decode_timestamp(d, field, base, path);
	case WSG_JSON:
		return wsg_decode_json(d, field, base, path);
	case WSG_ENUM:
		return wsg_decode_enumeration(d, field, base, path);
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
	if ((field->optional || field->preset.len) && json_at_null(&d->json)) {
		*present = false;
		return wsg_json_null(&d->json) ||
		       wsg_decode_refuse_json(d, path);
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
	return wsg_decode_refuse(d, path, at, wsg_str("missing"));
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
		return wsg_decode_refuse(d, path, at, wsg_str("not a member"));
	return wsg_json_skip(&d->json) || wsg_decode_refuse_json(d, path);
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
			return wsg_decode_refuse(d, &below, at,
						 wsg_str("given twice"));
		if (!member(d, field, base, &below, &present))
			return false;
		if (present)
			seen[i / SEEN_BITS] |= (uint64_t)1 << i % SEEN_BITS;
	}
	if (d->json.error)
		return wsg_decode_refuse_json(d, path);
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
	if (!decode_expect(d, path, WSG_JSON_OBJECT, &at))
		return false;
	if (!wsg_json_object(&d->json))
		return wsg_decode_refuse_json(d, path);
	return members(d, shape, base, path, seen);
}

static bool decode(struct decoder *d, const struct wsg_shape *shape, char *json,
		   size_t len, const uint32_t *marks, void *msg)
{
	*d->why = (struct wsg_invalid){ 0 };
	wsg_json_init(&d->json, json, len);
	d->json.marks = marks;
	d->json.trusted = marks != NULL;
	memset(msg, 0, shape->size);
	if (!(shape->bare ? value(d, shape->fields, msg, NULL)
			  : message(d, shape, msg, NULL)))
		return false;
	return wsg_json_end(&d->json) || wsg_decode_refuse_json(d, NULL);
}

bool wsg_decode(const struct wsg_shape *shape, char *json, size_t len,
		struct wsg_arena *arena, void *msg, struct wsg_invalid *why)
{
	return wsg_decode_marked(shape, json, len, NULL, arena, msg, why);
}

bool wsg_decode_marked(const struct wsg_shape *shape, char *json, size_t len,
		       const uint32_t *marks, struct wsg_arena *arena,
		       void *msg, struct wsg_invalid *why)
{
	struct decoder d = { .arena = arena, .why = why };

	return decode(&d, shape, json, len, marks, msg);
}

bool wsg_decode_lenient(const struct wsg_shape *shape, char *json, size_t len,
			struct wsg_arena *arena, void *msg,
			struct wsg_invalid *why)
{
	struct decoder d = { .arena = arena, .why = why, .lenient = true };

	return decode(&d, shape, json, len, NULL, msg);
}
