/* SPDX-License-Identifier: MIT */
/*
 * options.h - the command line of wsgen-gateway, as data.
 */
#ifndef GATEWAY_OPTIONS_H
#define GATEWAY_OPTIONS_H

#include "config/config.h"
#include "fault.h"

#define OPTIONS_PORT 3001

struct options {
	const char *build;  /* the folder with gateway.json */
	const char *replay; /* wsgen-gateway replay FILE; or NULL */
	const char *host;
	int port;
	bool clock_manual;
	bool sign_check;   /* off with --no-sign-check */
	bool memory_store; /* --store memory: no file under build/ */
	bool control;	   /* --control: a parent speaks JSON lines to us */
	bool serial;	   /* --serial: a connection's messages one by one */
	bool quiet;
	bool verbose;
	bool color;
	unsigned max_instances;
	struct wsg_str debug;
	const char *record;
	bool has_fault;
	struct fault fault;
	const struct config_variable *given; /* --env, .env */
	size_t given_count;
	const struct wsg_str *api_keys; /* --api-key [ID=]VALUE */
	size_t api_keys_count;
	struct wsg_arena *arena;
};

/* Whether to go on; if not, *exit_code is what to end with. */
bool options_parse(struct options *options, int argc, char **argv,
		   int *exit_code);

#endif
