/* SPDX-License-Identifier: MIT */
/*
 * gateway.json from anyone: read or refused with a line, and no path that is
 * read leads out of the folder.
 */
#include "config/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[64];

static void remove_folder(void)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/gateway.json", folder);
	remove(path);
	remove(folder);
}

static void write_file(const uint8_t *data, size_t size)
{
	char path[96];
	FILE *file;

	if (!folder[0]) {
		snprintf(folder, sizeof(folder), "/tmp/wsgen-fuzz-XXXXXX");
		if (!mkdtemp(folder))
			abort();
		atexit(remove_folder);
	}
	snprintf(path, sizeof(path), "%s/gateway.json", folder);
	file = fopen(path, "wb");
	if (!file || fwrite(data, 1, size, file) != size || fclose(file) != 0)
		abort();
}

static void check(const struct config *config)
{
	const size_t len = strlen(folder);

	for (size_t i = 0; i < config->functions_count; i++) {
		const struct config_function *function = &config->functions[i];

		if (strncmp(function->bootstrap, folder, len) != 0 ||
		    function->bootstrap[len] != '/' ||
		    strstr(function->bootstrap, "/../") ||
		    strncmp(function->bootstrap, function->folder,
			    strlen(function->folder)) != 0)
			abort();
		for (size_t k = 0; k < function->environment_count; k++)
			if (!function->environment[k].name.len)
				abort();
	}
	for (size_t i = 0; i < config->apis_count; i++) {
		const struct config_api *api = &config->apis[i];

		for (size_t k = 0; k < api->routes_count; k++)
			if (!api->routes[k].function &&
			    !api->routes[k].integration)
				abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct config_variable given = { { WSG_LIT("Kept") },
					       { WSG_LIT("kept") } };
	const struct config_options options = {
		.build = folder,
		.port = 3001,
		.given = &given,
		.given_count = 1,
	};
	struct wsg_buf why = { 0 };
	struct config *config;

	write_file(data, size);
	config = config_read(&options, &why);
	if (!config == !why.len)
		abort();
	if (config)
		check(config);
	config_free(config);
	wsg_buf_release(&why);
	return 0;
}
