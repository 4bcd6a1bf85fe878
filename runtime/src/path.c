/* SPDX-License-Identifier: MIT */
/* Paths and broken bounds in words. */
#include "path.h"

#include <inttypes.h>

/* Longer paths, and keys in them, are cut: they go into logs and replies. */
#define PATH_MAX_LEN 256
#define KEY_MAX_LEN 64

static bool is_plain(struct wsg_str key)
{
	size_t i;

	for (i = 0; i < key.len; i++) {
		char c = key.ptr[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && c != '_' && c != '-')
			return false;
	}
	return key.len != 0;
}

/* As much of a key as fits, cut between code points. */
static struct wsg_str cut(struct wsg_str key)
{
	if (key.len <= KEY_MAX_LEN)
		return key;
	key.len = KEY_MAX_LEN;
	while (key.len && ((unsigned char)key.ptr[key.len] & 0xc0) == 0x80)
		key.len--;
	return key;
}

static void put(struct wsg_buf *out, const struct path *path)
{
	struct wsg_str key;

	if (!path) {
		wsg_buf_text(out, "$");
		return;
	}
	put(out, path->up);
	if (out->len > PATH_MAX_LEN)
		return;
	key = cut(path->key);
	if (!key.ptr)
		wsg_buf_printf(out, "[%zu]", path->index);
	else if (is_plain(key))
		wsg_buf_printf(out, ".%.*s", WSG_FMT(key));
	else
		wsg_buf_printf(out, "['%.*s']", WSG_FMT(key));
}

struct wsg_str wsg_path_text(const struct path *path, struct wsg_arena *arena)
{
	struct wsg_buf out = { 0 };
	struct wsg_str text;

	if (!path)
		return wsg_str("$");
	put(&out, path);
	text = wsg_arena_copy(arena, (struct wsg_str){ out.ptr, out.len });
	wsg_buf_release(&out);
	return text.ptr ? text : wsg_str("$");
}

static struct wsg_str fits(void)
{
	return (struct wsg_str){ NULL, 0 };
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

struct wsg_str wsg_bound_len(struct wsg_arena *arena,
			     const struct wsg_field *field, size_t len)
{
	size_t min = field->len.min, max = field->len.max;

	if (!min && !max)
		return fits();
	if (len > max)
		return wsg_arena_printf(arena, "longer than %zu byte%s", max,
					plural(max));
	if (len < min)
		return wsg_arena_printf(arena, "shorter than %zu byte%s", min,
					plural(min));
	return fits();
}

struct wsg_str wsg_bound_count(struct wsg_arena *arena,
			       const struct wsg_field *field, size_t count)
{
	size_t min = field->items.min, max = field->items.max;

	if (!min && !max)
		return fits();
	if (count > max)
		return wsg_arena_printf(arena, "more than %zu item%s", max,
					plural(max));
	if (count < min)
		return wsg_arena_printf(arena, "fewer than %zu item%s", min,
					plural(min));
	return fits();
}

struct wsg_str wsg_bound_int(struct wsg_arena *arena,
			     const struct wsg_field *field, int64_t number)
{
	int64_t min = field->ints.min, max = field->ints.max;

	if (!min && !max) {
		min = field->type == WSG_INT32 ? INT32_MIN : INT64_MIN;
		max = field->type == WSG_INT32 ? INT32_MAX : INT64_MAX;
	}
	if (number < min)
		return wsg_arena_printf(arena, "less than %" PRId64, min);
	if (number > max)
		return wsg_arena_printf(arena, "greater than %" PRId64, max);
	return fits();
}

struct wsg_str wsg_bound_uint(struct wsg_arena *arena,
			      const struct wsg_field *field, uint64_t number)
{
	uint64_t min = field->uints.min, max = field->uints.max;

	if (!min && !max)
		max = field->type == WSG_UINT32 ? UINT32_MAX : UINT64_MAX;
	if (number < min)
		return wsg_arena_printf(arena, "less than %" PRIu64, min);
	if (number > max)
		return wsg_arena_printf(arena, "greater than %" PRIu64, max);
	return fits();
}

struct wsg_str wsg_bound_number(struct wsg_arena *arena,
				const struct wsg_field *field, double number)
{
	double min = field->numbers.min, max = field->numbers.max;
	char text[WSG_NUMBER_MAX];

	/* Both are 0 when nothing is asked for. */
	if (!(min < max) && !(min > 0) && !(min < 0))
		return fits();
	if (number < min) {
		text[wsg_number_print(text, min)] = '\0';
		return wsg_arena_printf(arena, "less than %s", text);
	}
	if (number > max) {
		text[wsg_number_print(text, max)] = '\0';
		return wsg_arena_printf(arena, "greater than %s", text);
	}
	return fits();
}

struct wsg_str wsg_bound_enum(struct wsg_arena *arena,
			      const struct wsg_field *field)
{
	struct wsg_buf out = { .limit = 400 };
	struct wsg_str text;
	size_t i;

	wsg_buf_text(&out, "not one of ");
	for (i = 0; i < field->values_count; i++) {
		if (i)
			wsg_buf_text(&out, ", ");
		wsg_buf_str(&out, field->values[i]);
	}
	text = wsg_arena_copy(arena, (struct wsg_str){ out.ptr, out.len });
	wsg_buf_release(&out);
	return text.ptr ? text : wsg_str("not one of its values");
}
