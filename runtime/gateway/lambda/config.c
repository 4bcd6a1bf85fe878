/* SPDX-License-Identifier: MIT */
/* What a function is, kept and compared. */
#include "../base/mem.h"
#include "service.h"

#include <stdlib.h>

static struct wsg_str copy(struct wsg_str text)
{
	return (struct wsg_str){ mem_copy(text), text.len };
}

void config_copy(struct lambda_config *to, const struct lambda_config *from)
{
	size_t count = from->environment_count, i;
	struct lambda_variable *variables;

	*to = *from;
	to->key = copy(from->key);
	to->name = copy(from->name);
	to->arn = copy(from->arn);
	to->region = copy(from->region);
	to->bootstrap = mem_copy(wsg_str(from->bootstrap));
	to->folder = mem_copy(wsg_str(from->folder));
	variables = mem_alloc((count + 1) * sizeof(*variables));
	for (i = 0; i < count; i++) {
		const struct lambda_variable *each = &from->environment[i];

		variables[i].name = mem_copy(wsg_str(each->name));
		variables[i].value = mem_copy(wsg_str(each->value));
	}
	to->environment = variables;
}

void config_release(struct lambda_config *config)
{
	size_t i;

	for (i = 0; i < config->environment_count; i++) {
		free((char *)config->environment[i].name);
		free((char *)config->environment[i].value);
	}
	free((struct lambda_variable *)config->environment);
	free((char *)config->key.ptr);
	free((char *)config->name.ptr);
	free((char *)config->arn.ptr);
	free((char *)config->region.ptr);
	free((char *)config->bootstrap);
	free((char *)config->folder);
	memset(config, 0, sizeof(*config));
}

bool config_same(const struct lambda_config *a, const struct lambda_config *b)
{
	size_t i;

	if (!wsg_str_equal(a->name, b->name) ||
	    !wsg_str_equal(a->arn, b->arn) ||
	    !wsg_str_equal(a->region, b->region) ||
	    strcmp(a->bootstrap, b->bootstrap) ||
	    strcmp(a->folder, b->folder) || a->timeout_ms != b->timeout_ms ||
	    a->memory_mb != b->memory_mb || a->log_json != b->log_json ||
	    a->environment_count != b->environment_count)
		return false;
	for (i = 0; i < a->environment_count; i++) {
		if (strcmp(a->environment[i].name, b->environment[i].name) ||
		    strcmp(a->environment[i].value, b->environment[i].value))
			return false;
	}
	return true;
}
