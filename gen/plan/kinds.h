/* SPDX-License-Identifier: MIT */
/*
 * kinds.h - the kinds of resources that permissions know by id: which service
 * they belong to, what their ARNs are and what can be granted on them. A new
 * kind is one row in kinds.c.
 */
#ifndef WSGEN_KINDS_H
#define WSGEN_KINDS_H

#include <stdbool.h>
#include <stddef.h>

#define KIND_MAX_GRANTS 5
#define KIND_MAX_ATTRIBUTES 8

struct kind_grant {
	const char *name;    /* "read"; NULL ends the list */
	const char *actions; /* without the service, separated by spaces */
	const char *on;	     /* which ARNs, as struct kind.on has them */
};

struct kind {
	const char *type; /* AWS::DynamoDB::Table */
	const char *name; /* table */
	const char *service;
	const char *att; /* that gives the ARN; NULL: Ref does */
	/*
	 * What `service:*` is on, separated by spaces: "." the ARN itself,
	 * else what follows the ARN; "StreamArn" and its like: that attribute.
	 */
	const char *on;
	struct kind_grant grants[KIND_MAX_GRANTS];
	const char *attributes; /* that Fn::GetAtt takes, for did-you-mean */
};

/* "a" or "an", to go before its name. */
const char *kind_article(const struct kind *kind);

/* NULL for a type that is not in the table. */
const struct kind *kind_of(const char *type);

/* The kinds of our own functions and APIs. */
extern const struct kind kind_function, kind_api;

/* Whether this is what IAM calls a service: "s3". */
bool kind_is_service(const char *name);

/* All services, for did-you-mean. */
const char *const *kind_services(size_t *count);

#endif
