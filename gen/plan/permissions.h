/* SPDX-License-Identifier: MIT */
/*
 * permissions.h - what functions may do, SPEC.md section 8: shorthands to
 * statements, and what a function needs to run at all: its log, X-Ray, its
 * network interfaces, its dead letters, @connections. Least privilege: what
 * nothing asked for is in no statement.
 */
#ifndef WSGEN_PERMISSIONS_H
#define WSGEN_PERMISSIONS_H

#include "../plan.h"

/*
 * Fill in the statements of every function that has a role of ours and of
 * every integration with permissions. Call it when all ids, functions, routes
 * and stages are settled. Reports what is wrong, and warns of what is wider
 * than it needs to be. False after an error.
 */
bool plan_permissions(struct plan *plan, struct diag *diag);

/* A policy document of these statements. */
struct doc *permissions_document(struct arena *arena,
				 const struct plan_statement *statements,
				 size_t count);

/* What a role's trust policy is when this service may take it on. */
struct doc *permissions_trust(struct arena *arena, const char *service);

/* Statements as a string in which equal lists are equal, to share roles by. */
const char *permissions_key(struct arena *arena,
			    const struct permissions *permissions);

#endif
