/* SPDX-License-Identifier: MIT */
/* config.c - gateway.json, from the file to the structs. */
#include "config.h"

#include "../base/mem.h"
#include "../base/utf8.h"
#include "file.h"
#include "read.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

/* Absolute, so that it stays what it is wherever a function is started. */
static const char *absolute(struct reader *reader, const char *path)
{
	char folder[PATH_MAX];
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		len--;
	if (path[0] == '/')
		return read_printf(reader, "%.*s", (int)len, path).ptr;
	if (!getcwd(folder, sizeof(folder))) {
		read_say(reader, "%s: %s", path, strerror(errno));
		return NULL;
	}
	return read_printf(reader, "%s%s%.*s", folder, folder[1] ? "/" : "",
			   (int)len, path)
		.ptr;
}

/* The tree, of the version that this reader knows. */
static const struct json *read_root(struct reader *reader)
{
	struct wsg_buf text = { 0 };
	const struct json *root = NULL;
	const char *error = NULL;

	switch (file_read(reader->file, CONFIG_MAX, &text, reader->why)) {
	case FILE_READ:
		root = json_parse(reader->config->arena,
				  (struct wsg_str){ text.ptr, text.len },
				  &error);
		if (!root)
			read_say(reader, "%s: not JSON: %s", reader->file,
				 error);
		break;
	case FILE_ABSENT:
		read_say(reader, "%s: is not there: wsgen makes it",
			 reader->file);
		break;
	case FILE_FAILED:
		break;
	}
	wsg_buf_release(&text);
	if (root && root->type != WSG_JSON_OBJECT) {
		read_complain(reader, NULL, NULL, "has to hold an object");
		return NULL;
	}
	if (root && json_int(json_get(root, "version"), 0) != CONFIG_VERSION) {
		read_complain(reader, NULL, "version",
			      "has to be %d: wsgen and the gateway have to be "
			      "of one release",
			      CONFIG_VERSION);
		return NULL;
	}
	return root;
}

static struct wsg_str given_or(const struct reader *reader, const char *name,
			       const char *otherwise)
{
	struct wsg_str given = read_given(reader, wsg_str(name));

	return given.len ? mem_copy_in(reader->config->arena, given)
			 : wsg_str(otherwise);
}

/* They end up in events and in ARNs, which are JSON. */
static void check_given(struct reader *reader)
{
	const struct config_options *options = reader->options;

	for (size_t i = 0; i < options->given_count; i++)
		if (!utf8_is_text(options->given[i].value))
			read_say(reader, "%.*s: the value given is not UTF-8",
				 WSG_FMT(options->given[i].name));
}

static void read_all(struct reader *reader)
{
	struct config *config = reader->config;
	const struct json *root = read_root(reader);

	if (!root)
		return;
	check_given(reader);
	config->name = read_text(reader, NULL, root, "name", true);
	config->region = given_or(reader, "AWS::Region", CONFIG_REGION);
	config->account = given_or(reader, "AWS::AccountId", CONFIG_ACCOUNT);
	config->messages = read_member(reader, NULL, root, "messages",
				       WSG_JSON_ARRAY, true);
	read_functions(reader, root);
	read_apis(reader, root);
	if (reader->why->len)
		return;
	read_names(reader, root);
	read_api_values(reader, root);
	read_function_values(reader, root);
}

struct config *config_read(const struct config_options *options,
			   struct wsg_buf *why)
{
	struct config *config = mem_alloc(sizeof(*config));
	struct names *names = names_new();
	struct wsg_buf said = { 0 };
	struct reader reader = {
		.config = config,
		.options = options,
		.names = names,
		.why = &said,
	};
	bool good;

	config->arena = wsg_arena_new();
	if (!config->arena)
		mem_exhausted();
	config->names = names;
	config->build = absolute(&reader, options->build);
	if (config->build) {
		/* In the user's own words. */
		reader.file =
			read_printf(&reader, "%s/gateway.json", options->build)
				.ptr;
		read_all(&reader);
	}
	map_release(&reader.by_name);
	good = !said.len;
	if (!good)
		wsg_buf_str(why, (struct wsg_str){ said.ptr, said.len });
	wsg_buf_release(&said);
	if (good)
		return config;
	config_free(config);
	return NULL;
}

void config_free(struct config *config)
{
	if (!config)
		return;
	names_free((struct names *)config->names);
	wsg_arena_free(config->arena);
	free(config);
}

bool config_has_tables(const struct config *config)
{
	for (size_t i = 0; i < config->apis_count; i++)
		if (config->apis[i].table.len)
			return true;
	return false;
}
