/* SPDX-License-Identifier: MIT */
/* read_function.c - gateway.json's functions, and their roles' policies. */
#include "../base/mem.h"
#include "file.h"
#include "read.h"

#define NAME_MAX_LEN 255
#define POLICY_MAX ((size_t)1 << 20) /* bytes of iam/<function>.json */

/* --- what a function is --------------------------------------------------- */

/* A path below the folder that ends in `/bootstrap`, without detours. */
static bool is_bootstrap(struct wsg_str path)
{
	size_t start = 0;

	for (size_t i = 0; i <= path.len; i++) {
		struct wsg_str part;

		if (i < path.len && path.ptr[i] != '/')
			continue;
		part = (struct wsg_str){ path.ptr + start, i - start };
		if (!part.len || wsg_str_is(part, ".") ||
		    wsg_str_is(part, ".."))
			return false;
		if (i == path.len)
			return start && wsg_str_is(part, "bootstrap");
		start = i + 1;
	}
	return false;
}

static void read_bootstrap(struct reader *reader, const struct place *place,
			   const struct json *from,
			   struct config_function *function)
{
	struct wsg_str path = read_text(reader, place, from, "bootstrap", true);
	struct wsg_str made;

	if (!path.len)
		return;
	if (!is_bootstrap(path)) {
		read_complain(reader, place, "bootstrap",
			      "has to be a path below the folder that ends in "
			      "'/bootstrap', not '%.*s'",
			      WSG_FMT(path));
		return;
	}
	made = read_printf(reader, "%s/%.*s", reader->config->build,
			   WSG_FMT(path));
	function->bootstrap = made.ptr;
	made = read_printf(reader, "%.*s",
			   (int)(made.len - strlen("/bootstrap")), made.ptr);
	function->folder = made.ptr;
}

static void read_log_format(struct reader *reader, const struct place *place,
			    const struct json *from,
			    struct config_function *function)
{
	struct wsg_str format =
		read_text(reader, place, from, "logFormat", false);

	function->log_json = wsg_str_is(format, "json");
	if (format.len && !function->log_json && !wsg_str_is(format, "text"))
		read_complain(reader, place, "logFormat",
			      "has to be 'json' or 'text'");
}

/* That of the role that wsgen makes; a role from elsewhere has no file. */
static void read_policy(struct reader *reader, struct config_function *function)
{
	struct wsg_str path =
		read_printf(reader, "%s/iam/%.*s.json", reader->config->build,
			    WSG_FMT(function->name));
	struct wsg_buf text = { 0 };
	const char *error = NULL;

	switch (file_read(path.ptr, POLICY_MAX, &text, reader->why)) {
	case FILE_READ:
		function->policy = json_parse(
			reader->config->arena,
			(struct wsg_str){ text.ptr, text.len }, &error);
		if (!function->policy)
			read_say(reader, "%s: not JSON: %s", path.ptr, error);
		break;
	case FILE_ABSENT:
		break;
	case FILE_FAILED:
		reader->complaints++;
		break;
	}
	wsg_buf_release(&text);
}

static void read_function(struct reader *reader, const struct place *place,
			  const struct json *from,
			  struct config_function *function)
{
	if (from->type != WSG_JSON_OBJECT) {
		read_complain(reader, place, NULL, "has to be an object");
		return;
	}
	function->name = read_name(reader, place, from, "name", NAME_MAX_LEN);
	function->logical_id =
		read_name(reader, place, from, "id", NAME_MAX_LEN);
	function->timeout_ms =
		read_required_int(reader, place, from, "timeoutMs",
				  (struct read_range){ 1000, 900000 });
	function->memory_mb =
		(unsigned)read_required_int(reader, place, from, "memoryMb",
					    (struct read_range){ 128, 10240 });
	read_log_format(reader, place, from, function);
	read_bootstrap(reader, place, from, function);
	read_member(reader, place, from, "environment", WSG_JSON_OBJECT, true);
	if (!function->name.len)
		return;
	if (map_get(&reader->by_name, function->name))
		read_complain(reader, place, "name", "'%.*s' is there twice",
			      WSG_FMT(function->name));
	else
		map_put(&reader->by_name, function->name, function);
	read_policy(reader, function);
}

void read_functions(struct reader *reader, const struct json *root)
{
	const struct json *list = read_member(reader, NULL, root, "functions",
					      WSG_JSON_ARRAY, true);
	const struct json *at = list ? list->first : NULL;
	const size_t count = list ? list->count : 0;

	reader->functions = mem_in(reader->config->arena,
				   count * sizeof(*reader->functions));
	reader->config->functions = reader->functions;
	reader->config->functions_count = count;
	for (size_t i = 0; i < count; i++, at = at->next)
		read_function(reader, &(struct place){ NULL, "functions", i },
			      at, &reader->functions[i]);
}

/* --- its environment ------------------------------------------------------ */

static bool is_variable_name(struct wsg_str name)
{
	return name.len && !memchr(name.ptr, 0, name.len) &&
	       !memchr(name.ptr, '=', name.len);
}

/* `!Ref AWS::NoValue` takes the variable away. */
static bool is_no_value(const struct json *value)
{
	return value->type == WSG_JSON_OBJECT &&
	       wsg_str_is(json_text(json_get(value, "Ref")), "AWS::NoValue");
}

/* What the user gave under the variable's own name goes before the spec. */
static bool value_of(struct reader *reader, struct wsg_str function,
		     const struct json *member, struct wsg_str *value)
{
	struct wsg_str given = read_given(reader, member->key);

	if (given.ptr)
		*value = mem_copy_in(reader->config->arena, given);
	else if (!read_resolved(reader, member, value, member->key,
				"function '%.*s', variable '%.*s'",
				WSG_FMT(function), WSG_FMT(member->key)))
		return false;
	if (!value->len || !memchr(value->ptr, 0, value->len))
		return true;
	read_say(reader, "function '%.*s', variable '%.*s': holds a NUL",
		 WSG_FMT(function), WSG_FMT(member->key));
	return false;
}

static void read_environment(struct reader *reader, const struct place *place,
			     const struct json *environment,
			     struct config_function *function)
{
	struct config_variable *made;
	size_t count = 0;

	if (!environment || environment->type != WSG_JSON_OBJECT)
		return;
	made = mem_in(reader->config->arena,
		      environment->count * sizeof(*made));
	for (const struct json *at = environment->first; at; at = at->next) {
		if (!is_variable_name(at->key)) {
			read_complain(reader, place, "environment",
				      "'%.*s' is no name for a variable",
				      WSG_FMT(at->key));
			continue;
		}
		if (is_no_value(at) && !read_given(reader, at->key).ptr)
			continue;
		made[count].name = at->key;
		if (value_of(reader, function->name, at, &made[count].value))
			count++;
	}
	function->environment = made;
	function->environment_count = count;
}

void read_function_values(struct reader *reader, const struct json *root)
{
	const struct json *list = json_get(root, "functions");
	const struct json *at = list ? list->first : NULL;

	for (size_t i = 0; at && i < reader->config->functions_count;
	     i++, at = at->next) {
		const struct place place = { NULL, "functions", i };

		read_environment(reader, &place, json_get(at, "environment"),
				 &reader->functions[i]);
	}
}
