/* SPDX-License-Identifier: MIT */
/* main.c - wsgen-gateway: words in, exit code out. */
#include "gateway.h"
#include "replay.h"

int main(int argc, char **argv)
{
	struct options options;
	int exit_code;

	if (options_parse(&options, argc, argv, &exit_code))
		exit_code = options.replay ? replay_run(&options)
					   : gateway_run(&options);
	wsg_arena_free(options.arena);
	return exit_code;
}
