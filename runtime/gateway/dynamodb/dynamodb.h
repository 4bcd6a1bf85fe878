/* SPDX-License-Identifier: MIT */
/*
 * dynamodb.h - what of DynamoDB the connection registry uses, over SQLite, so
 * that the same binary keeps its table on a laptop with nothing to install.
 */
#ifndef GATEWAY_DYNAMODB_H
#define GATEWAY_DYNAMODB_H

#include "../api/credentials.h"
#include "../net/loop.h"
#include "../trace.h"

struct dynamodb;

struct dynamodb_options {
	struct loop *loop;
	struct trace *trace;
	struct credentials *credentials;
	const struct config *config;
	const char *path; /* of the file; NULL: in memory */
	bool sign_check;
};

/*
 * Serve on a loopback port of its own. NULL: *why says why not, as in a build
 * without SQLite.
 */
struct dynamodb *dynamodb_new(const struct dynamodb_options *options,
			      struct wsg_buf *why);
void dynamodb_free(struct dynamodb *dynamodb);
int dynamodb_port(const struct dynamodb *dynamodb);

/* The tables that exist are the config's; another one after a reload. */
void dynamodb_reload(struct dynamodb *dynamodb, const struct config *config);

#endif
