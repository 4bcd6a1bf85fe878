/* SPDX-License-Identifier: MIT */
/*
 * options.h - the command line of wsgen-gateway, as data.
 */
#ifndef GATEWAY_OPTIONS_H
#define GATEWAY_OPTIONS_H

#include "api/keys.h"
#include "config/config.h"
#include "fault.h"

#define OPTIONS_HOST "127.0.0.1"
#define OPTIONS_PORT 3001
#define OPTIONS_INSTANCES 8

struct options {
	const char *build;  /* the folder with gateway.json */
	const char *replay; /* wsgen-gateway replay FILE; or NULL */
	const char *host;
	int port; /* of the first API; 0: any that are free */
	bool clock_manual;
	bool sign_check;   /* off with --no-sign-check */
	bool memory_store; /* --store memory: no file under build/ */
	bool control;	   /* --control: a parent speaks JSON lines to us */
	bool serial;	   /* --serial: a connection's messages in turn */
	bool no_account_limits; /* 10,000 requests a second and the like */
	bool quiet;
	bool verbose;
	bool color;
	unsigned max_instances;
	struct wsg_str debug;
	const char *record;
	bool has_fault;
	struct fault fault;
	const char *env_file; /* NULL: .env beside the folder, if there */
	const struct config_variable *given; /* --env */
	size_t given_count;
	const struct api_key *api_keys; /* --api-key [ID=]VALUE */
	size_t api_keys_count;
	struct wsg_arena *arena;
};

/* Whether to go on; if not, *exit_code is what to end with. What is wrong is
 * said on standard error. options->arena is to be freed in any case. */
bool options_parse(struct options *options, int argc, char **argv,
		   int *exit_code);

#endif
