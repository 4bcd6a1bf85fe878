/* SPDX-License-Identifier: MIT */
/*
 * names.c - CloudFormation's functions, as far as they can be worked out on
 * this machine. A text is limited on its way, so that functions in functions do
 * not make a small file a large one.
 */
#include "names.h"

#include "../base/map.h"
#include "../base/mem.h"

#include <stdlib.h>

/* `{"Fn::Sub": [text, variables]}`: how many variables. */
#define VARIABLES_MAX 256

struct name {
	struct wsg_str value;
	char text[]; /* the name, then the value */
};

struct names {
	struct map map;
};

struct names *names_new(void)
{
	return mem_alloc(sizeof(struct names));
}

void names_free(struct names *names)
{
	struct name *name;
	size_t at = 0;

	if (!names)
		return;
	while ((name = map_next(&names->map, &at)))
		free(name);
	map_release(&names->map);
	free(names);
}

void names_give(struct names *names, struct wsg_str name, struct wsg_str value)
{
	struct name *made = mem_alloc(sizeof(*made) + name.len + value.len);
	struct wsg_str key = { made->text, name.len };

	if (name.len)
		memcpy(made->text, name.ptr, name.len);
	if (value.len)
		memcpy(made->text + name.len, value.ptr, value.len);
	made->value = (struct wsg_str){ made->text + name.len, value.len };
	free(map_take(&names->map, key));
	map_put(&names->map, key, made);
}

struct wsg_str names_get(const struct names *names, struct wsg_str name)
{
	const struct name *found = map_get(&names->map, name);

	return found ? found->value : (struct wsg_str){ NULL, 0 };
}

/* --- resolving ------------------------------------------------------------ */

struct resolver {
	const struct names *names;
	struct wsg_buf *missing;
};

/* Several texts behind one another. */
struct texts {
	struct wsg_buf bytes;
	struct wsg_buf ends; /* a size_t for each: where it ends in bytes */
	size_t count;
};

static void texts_release(struct texts *texts)
{
	wsg_buf_release(&texts->bytes);
	wsg_buf_release(&texts->ends);
}

static void texts_end(struct texts *texts)
{
	wsg_buf_add(&texts->ends, &texts->bytes.len, sizeof(size_t));
	texts->count++;
}

static struct wsg_str texts_at(const struct texts *texts, size_t i)
{
	size_t start = 0, end;

	if (i)
		memcpy(&start, texts->ends.ptr + (i - 1) * sizeof(size_t),
		       sizeof(size_t));
	memcpy(&end, texts->ends.ptr + i * sizeof(size_t), sizeof(size_t));
	if (start == end)
		return (struct wsg_str){ NULL, 0 };
	return (struct wsg_str){ texts->bytes.ptr + start, end - start };
}

static bool resolve(const struct resolver *resolver, const struct json *value,
		    struct wsg_buf *out);

static bool miss(const struct resolver *resolver, struct wsg_str what)
{
	if (!resolver->missing)
		return false;
	for (size_t i = 0; i < what.len; i++)
		wsg_buf_add(resolver->missing,
			    (unsigned char)what.ptr[i] < ' ' ? "?"
							     : what.ptr + i,
			    1);
	wsg_buf_text(resolver->missing, "\n");
	return false;
}

static bool miss_text(const struct resolver *resolver, const char *what)
{
	return miss(resolver, wsg_str(what));
}

static bool look_up(const struct resolver *resolver, struct wsg_str name,
		    struct wsg_buf *out)
{
	struct wsg_str value = names_get(resolver->names, name);

	if (!value.ptr)
		return miss(resolver, name);
	wsg_buf_str(out, value);
	return true;
}

static bool is_text(const struct json *node)
{
	return node && node->type == WSG_JSON_STRING;
}

static bool is_array(const struct json *node, size_t count)
{
	return node && node->type == WSG_JSON_ARRAY && node->count == count;
}

/* The one member of a function's object; NULL if it is no such thing. */
static const struct json *function_of(const struct json *node, const char *key)
{
	if (!node || node->type != WSG_JSON_OBJECT || node->count != 1)
		return NULL;
	if (key && !wsg_str_is(node->first->key, key))
		return NULL;
	return node->first;
}

/* --- lists ---------------------------------------------------------------- */

static bool list_of(const struct resolver *resolver, const struct json *value,
		    struct texts *list);

/* An empty separator leaves the text whole. */
static void split(struct wsg_str text, struct wsg_str separator,
		  struct texts *list)
{
	size_t start = 0;

	for (size_t i = 0; separator.len && i + separator.len <= text.len;) {
		if (memcmp(text.ptr + i, separator.ptr, separator.len) != 0) {
			i++;
			continue;
		}
		wsg_buf_add(&list->bytes, text.ptr + start, i - start);
		texts_end(list);
		i += separator.len;
		start = i;
	}
	if (text.len > start)
		wsg_buf_add(&list->bytes, text.ptr + start, text.len - start);
	texts_end(list);
}

static bool list_split(const struct resolver *resolver,
		       const struct json *separator, const struct json *source,
		       struct texts *list)
{
	struct wsg_buf text = { .limit = NAMES_VALUE_MAX };
	bool good = resolve(resolver, source, &text);

	if (text.failed)
		list->bytes.failed = true;
	else if (good)
		split((struct wsg_str){ text.ptr, text.len },
		      separator ? json_text(separator)
				: (struct wsg_str){ WSG_LIT(",") },
		      list);
	wsg_buf_release(&text);
	return good;
}

/* The branch that is taken; NULL if nothing says which. */
static const struct json *branch_of(const struct resolver *resolver,
				    const struct json *argument)
{
	struct wsg_str is;

	if (!is_array(argument, 3) || !is_text(argument->first)) {
		miss_text(resolver, "Fn::If");
		return NULL;
	}
	is = names_get(resolver->names, argument->first->text);
	if (wsg_str_is(is, "true"))
		return argument->first->next;
	if (wsg_str_is(is, "false"))
		return argument->first->next->next;
	miss(resolver, argument->first->text);
	return NULL;
}

static bool list_of_items(const struct resolver *resolver,
			  const struct json *array, struct texts *list)
{
	bool good = true;

	for (const struct json *item = array->first; item; item = item->next) {
		const struct json *ref = function_of(item, "Ref");

		if (ref && wsg_str_is(json_text(ref), "AWS::NoValue"))
			continue;
		good &= resolve(resolver, item, &list->bytes);
		texts_end(list);
	}
	return good;
}

static bool list_of(const struct resolver *resolver, const struct json *value,
		    struct texts *list)
{
	const struct json *argument;

	if (value && value->type == WSG_JSON_ARRAY)
		return list_of_items(resolver, value, list);
	argument = function_of(value, "Fn::Split");
	if (argument) {
		if (!is_array(argument, 2) || !is_text(argument->first))
			return miss_text(resolver, "Fn::Split");
		return list_split(resolver, argument->first,
				  argument->first->next, list);
	}
	argument = function_of(value, "Fn::If");
	if (argument) {
		argument = branch_of(resolver, argument);
		return argument && list_of(resolver, argument, list);
	}
	/* A parameter that is a list is given as one text with commas. */
	return list_split(resolver, NULL, value, list);
}

/* --- functions ------------------------------------------------------------ */

static bool do_ref(const struct resolver *resolver, const struct json *argument,
		   struct wsg_buf *out)
{
	if (!is_text(argument))
		return miss_text(resolver, "Ref");
	return look_up(resolver, argument->text, out);
}

static bool do_get_att(const struct resolver *resolver,
		       const struct json *argument, struct wsg_buf *out)
{
	struct wsg_buf name = { .limit = NAMES_VALUE_MAX };
	bool good = false;

	if (is_text(argument))
		return look_up(resolver, argument->text, out);
	if (!is_array(argument, 2) || !is_text(argument->first) ||
	    !is_text(argument->first->next))
		return miss_text(resolver, "Fn::GetAtt");
	wsg_buf_str(&name, argument->first->text);
	wsg_buf_text(&name, ".");
	wsg_buf_str(&name, argument->first->next->text);
	if (name.failed)
		good = out->failed = true;
	else
		good = look_up(resolver, (struct wsg_str){ name.ptr, name.len },
			       out);
	wsg_buf_release(&name);
	return good;
}

/* One `${name}` of a text: of the text's own variables, or of everyone's. */
static bool expand_name(const struct resolver *resolver, struct wsg_str name,
			const struct json *variables,
			const struct texts *values, struct wsg_buf *out)
{
	size_t i = 0;

	for (const struct json *at = variables ? variables->first : NULL; at;
	     at = at->next, i++) {
		if (wsg_str_equal(at->key, name)) {
			wsg_buf_str(out, texts_at(values, i));
			return true;
		}
	}
	return look_up(resolver, name, out);
}

static bool expand(const struct resolver *resolver, struct wsg_str text,
		   const struct json *variables, const struct texts *values,
		   struct wsg_buf *out)
{
	const char *at = text.len ? text.ptr : "", *end = at + text.len;
	bool good = true;

	while (at < end) {
		const char *open = memchr(at, '$', (size_t)(end - at));
		const char *close = NULL;

		if (!open)
			open = end;
		wsg_buf_add(out, at, (size_t)(open - at));
		if (end - open > 2 && open[1] == '{')
			close = memchr(open, '}', (size_t)(end - open));
		if (!close) {
			wsg_buf_add(out, open, open < end);
			at = open < end ? open + 1 : end;
			continue;
		}
		open += 2;
		at = close + 1;
		if (*open == '!') {
			wsg_buf_text(out, "${");
			wsg_buf_add(out, open + 1, (size_t)(at - open - 1));
			continue;
		}
		good &= expand_name(
			resolver,
			(struct wsg_str){ open, (size_t)(close - open) },
			variables, values, out);
	}
	return good;
}

static bool do_sub(const struct resolver *resolver, const struct json *argument,
		   struct wsg_buf *out)
{
	struct texts values = { .bytes.limit = NAMES_VALUE_MAX };
	const struct json *variables;
	bool good = true;

	if (is_text(argument))
		return expand(resolver, argument->text, NULL, NULL, out);
	if (!is_array(argument, 2) || !is_text(argument->first))
		return miss_text(resolver, "Fn::Sub");
	variables = argument->first->next;
	if (variables->type != WSG_JSON_OBJECT ||
	    variables->count > VARIABLES_MAX)
		return miss_text(resolver, "Fn::Sub");
	for (const struct json *at = variables->first; at; at = at->next) {
		good &= resolve(resolver, at, &values.bytes);
		texts_end(&values);
	}
	if (values.bytes.failed || values.ends.failed)
		out->failed = true;
	else
		good &= expand(resolver, argument->first->text, variables,
			       &values, out);
	texts_release(&values);
	return good;
}

static bool do_join(const struct resolver *resolver,
		    const struct json *argument, struct wsg_buf *out)
{
	struct texts list = { .bytes.limit = NAMES_VALUE_MAX };
	bool good;

	if (!is_array(argument, 2) || !is_text(argument->first))
		return miss_text(resolver, "Fn::Join");
	good = list_of(resolver, argument->first->next, &list);
	if (list.bytes.failed || list.ends.failed)
		out->failed = true;
	for (size_t i = 0; good && !out->failed && i < list.count; i++) {
		if (i)
			wsg_buf_str(out, argument->first->text);
		wsg_buf_str(out, texts_at(&list, i));
	}
	texts_release(&list);
	return good;
}

/* The number that a text is; as large as can be if it is none. */
static size_t index_of(struct wsg_str text)
{
	size_t index = 0;

	if (!text.len || text.len > 6)
		return SIZE_MAX;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return SIZE_MAX;
		index = index * 10 + (size_t)(text.ptr[i] - '0');
	}
	return index;
}

static bool do_select(const struct resolver *resolver,
		      const struct json *argument, struct wsg_buf *out)
{
	struct texts list = { .bytes.limit = NAMES_VALUE_MAX };
	struct wsg_buf which = { .limit = NAMES_VALUE_MAX };
	size_t index = SIZE_MAX;
	bool good;

	if (!is_array(argument, 2))
		return miss_text(resolver, "Fn::Select");
	good = resolve(resolver, argument->first, &which);
	good &= list_of(resolver, argument->first->next, &list);
	if (which.failed || list.bytes.failed || list.ends.failed)
		out->failed = true;
	else
		index = index_of((struct wsg_str){ which.ptr, which.len });
	if (good && !out->failed && index >= list.count)
		good = miss_text(resolver, "Fn::Select");
	if (good && !out->failed)
		wsg_buf_str(out, texts_at(&list, index));
	wsg_buf_release(&which);
	texts_release(&list);
	return good;
}

static bool do_import_value(const struct resolver *resolver,
			    const struct json *argument, struct wsg_buf *out)
{
	struct wsg_buf name = { .limit = NAMES_VALUE_MAX };
	bool good = resolve(resolver, argument, &name) && !name.failed;

	good = good &&
	       look_up(resolver, (struct wsg_str){ name.ptr, name.len }, out);
	wsg_buf_release(&name);
	return good;
}

static bool do_if(const struct resolver *resolver, const struct json *argument,
		  struct wsg_buf *out)
{
	const struct json *branch = branch_of(resolver, argument);

	return branch && resolve(resolver, branch, out);
}

static const struct function {
	const char *name;
	bool (*resolve)(const struct resolver *resolver,
			const struct json *argument, struct wsg_buf *out);
} functions[] = {
	{ "Ref", do_ref },	     { "Fn::GetAtt", do_get_att },
	{ "Fn::Sub", do_sub },	     { "Fn::Join", do_join },
	{ "Fn::Select", do_select }, { "Fn::ImportValue", do_import_value },
	{ "Fn::If", do_if },
};
#define FUNCTIONS_COUNT (sizeof(functions) / sizeof(*functions))

static bool resolve_function(const struct resolver *resolver,
			     const struct json *object, struct wsg_buf *out)
{
	const struct json *argument = function_of(object, NULL);

	if (!argument)
		return miss_text(resolver, "an object");
	for (size_t i = 0; i < FUNCTIONS_COUNT; i++)
		if (wsg_str_is(argument->key, functions[i].name))
			return functions[i].resolve(resolver, argument, out);
	return miss(resolver, argument->key);
}

static bool resolve(const struct resolver *resolver, const struct json *value,
		    struct wsg_buf *out)
{
	switch (value->type) {
	case WSG_JSON_STRING:
	case WSG_JSON_NUMBER:
		wsg_buf_str(out, value->text);
		return true;
	case WSG_JSON_BOOL:
		wsg_buf_text(out, value->truth ? "true" : "false");
		return true;
	case WSG_JSON_OBJECT:
		return resolve_function(resolver, value, out);
	case WSG_JSON_ARRAY:
		return miss_text(resolver, "a list");
	case WSG_JSON_NULL:
	case WSG_JSON_NONE:
		break;
	}
	return miss_text(resolver, "null");
}

bool names_resolve(const struct names *names, const struct json *value,
		   struct wsg_buf *out, struct wsg_buf *missing)
{
	const struct resolver resolver = { names, missing };
	struct wsg_buf made = { .limit = NAMES_VALUE_MAX };
	bool good = value && resolve(&resolver, value, &made);

	if (good && made.failed)
		good = miss_text(&resolver, "a text of more than 64 KB");
	if (good)
		wsg_buf_add(out, made.ptr, made.len);
	wsg_buf_release(&made);
	return good;
}
