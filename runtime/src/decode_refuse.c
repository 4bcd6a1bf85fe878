/* SPDX-License-Identifier: MIT */
/* What the decoder says of what it does not take; see decode.h. */
#include "decode.h"

bool wsg_decode_refuse(struct decoder *d, const struct path *path, char *at,
		       struct wsg_str reason)
{
	if (!d->why->reason.len) {
		d->why->field = wsg_path_text(path, d->arena);
		d->why->reason = reason;
		d->why->offset = (size_t)(at - d->json.start);
	}
	return false;
}

bool wsg_decode_refuse_json(struct decoder *d, const struct path *path)
{
	const char *error = d->json.error ? d->json.error : "no value";

	return wsg_decode_refuse(
		d, path, d->json.pos,
		wsg_arena_printf(d->arena, "not JSON: %s", error));
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

bool wsg_decode_refuse_type(struct decoder *d, const struct path *path,
			    enum wsg_json_type wanted)
{
	enum wsg_json_type found = wsg_json_peek(&d->json);

	if (found == WSG_JSON_NONE) {
		wsg_json_skip(&d->json);
		return wsg_decode_refuse_json(d, path);
	}
	return wsg_decode_refuse(
		d, path, d->json.pos,
		wsg_arena_printf(d->arena, "expected %s, not %s",
				 type_name(wanted), type_name(found)));
}
