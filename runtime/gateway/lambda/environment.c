/* SPDX-License-Identifier: MIT */
/*
 * The variables that Lambda sets, and the function's own. Nothing of what this
 * program was started with reaches a function, but for PATH: where a bootstrap
 * that is a script finds its language.
 */
#include "../base/mem.h"
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin:/opt/bin"

/* Lambda refuses functions that set one of these themselves. */
static const char *const reserved[] = {
	"AWS_DEFAULT_REGION",
	"AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
	"AWS_LAMBDA_FUNCTION_NAME",
	"AWS_LAMBDA_FUNCTION_VERSION",
	"AWS_LAMBDA_INITIALIZATION_TYPE",
	"AWS_LAMBDA_LOG_GROUP_NAME",
	"AWS_LAMBDA_LOG_STREAM_NAME",
	"AWS_LAMBDA_RUNTIME_API",
	"AWS_REGION",
	"LAMBDA_RUNTIME_DIR",
	"LAMBDA_TASK_ROOT",
	"_HANDLER",
};

static bool is_reserved(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
		if (!strcmp(name, reserved[i]))
			return true;
	}
	return false;
}

static bool is_given(const struct lambda_config *config, const char *name)
{
	size_t i;

	for (i = 0; i < config->environment_count; i++) {
		if (!strcmp(config->environment[i].name, name))
			return true;
	}
	return false;
}

/* Texts one behind the other, each closed by its NUL. */
struct block {
	struct wsg_buf text;
	size_t count;
};

static void add(struct block *block, const char *name, struct wsg_str value)
{
	wsg_buf_text(&block->text, name);
	wsg_buf_text(&block->text, "=");
	wsg_buf_str(&block->text, value);
	wsg_buf_add(&block->text, "", 1);
	block->count++;
}

/* What Lambda sets and a function may set otherwise. */
static void add_default(struct block *block, const struct lambda_config *config,
			const char *name, const char *value)
{
	if (!is_given(config, name))
		add(block, name, wsg_str(value));
}

static void add_defaults(struct block *block,
			 const struct lambda_config *config)
{
	const char *path = getenv("PATH");
	struct wsg_buf libraries = { 0 };

	wsg_buf_printf(&libraries, "%s:%s/lib:/opt/lib", config->folder,
		       config->folder);
	if (libraries.failed)
		mem_exhausted();
	add_default(block, config, "PATH", path ? path : DEFAULT_PATH);
	add_default(block, config, "LANG", "en_US.UTF-8");
	add_default(block, config, "TZ", ":UTC");
	add_default(block, config, "LD_LIBRARY_PATH", libraries.ptr);
	add_default(block, config, "AWS_LAMBDA_LOG_FORMAT",
		    config->log_json ? "JSON" : "Text");
	wsg_buf_release(&libraries);
}

static void add_stream(struct block *block,
		       const struct lambda_instance *instance)
{
	struct random *random = &instance->function->lambda->random;
	time_t now = (time_t)(instance->started_us / 1000000);
	char text[80];
	struct tm day;
	size_t len;

	gmtime_r(&now, &day);
	len = strftime(text, sizeof(text), "%Y/%m/%d/[$LATEST]", &day);
	snprintf(text + len, sizeof(text) - len, "%016llx%016llx",
		 (unsigned long long)random_next(random),
		 (unsigned long long)random_next(random));
	add(block, "AWS_LAMBDA_LOG_STREAM_NAME", wsg_str(text));
}

static void add_reserved(struct block *block,
			 const struct lambda_instance *instance)
{
	const struct lambda_config *config = &instance->function->config;
	char text[128 + 64];

	add(block, "_HANDLER", wsg_str("bootstrap"));
	add(block, "LAMBDA_TASK_ROOT", wsg_str(config->folder));
	add(block, "LAMBDA_RUNTIME_DIR", wsg_str("/var/runtime"));
	add(block, "AWS_REGION", config->region);
	add(block, "AWS_DEFAULT_REGION", config->region);
	add(block, "AWS_LAMBDA_FUNCTION_NAME", config->name);
	add(block, "AWS_LAMBDA_FUNCTION_VERSION", wsg_str("$LATEST"));
	add(block, "AWS_LAMBDA_INITIALIZATION_TYPE", wsg_str("on-demand"));
	snprintf(text, sizeof(text), "%u", config->memory_mb);
	add(block, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", wsg_str(text));
	snprintf(text, sizeof(text), "/aws/lambda/%.*s", WSG_FMT(config->name));
	add(block, "AWS_LAMBDA_LOG_GROUP_NAME", wsg_str(text));
	add_stream(block, instance);
	add(block, "AWS_LAMBDA_RUNTIME_API", wsg_str(instance->address));
}

char **environment_new(const struct lambda_instance *instance)
{
	const struct lambda_config *config = &instance->function->config;
	struct block block = { .count = 0 };
	char **environment, *text;
	size_t i;

	add_defaults(&block, config);
	for (i = 0; i < config->environment_count; i++) {
		const struct lambda_variable *each = &config->environment[i];

		if (!is_reserved(each->name))
			add(&block, each->name, wsg_str(each->value));
	}
	add_reserved(&block, instance);
	if (block.text.failed)
		mem_exhausted();
	environment =
		mem_alloc((block.count + 1) * sizeof(char *) + block.text.len);
	text = (char *)(environment + block.count + 1);
	memcpy(text, block.text.ptr, block.text.len);
	wsg_buf_release(&block.text);
	for (i = 0; i < block.count; i++) {
		environment[i] = text;
		text += strlen(text) + 1;
	}
	return environment;
}
