/* SPDX-License-Identifier: MIT */
/*
 * policy_size.h - how many bytes policies have once they are in AWS. Names
 * that CloudFormation makes up, account numbers and Regions count with the
 * longest they can be.
 */
#ifndef WSGEN_POLICY_SIZE_H
#define WSGEN_POLICY_SIZE_H

#include "../plan.h"

/* AWS's quotas: Lambda "function resource-based policy", IAM "role inline
 * policies", both in bytes without white space. */
#define POLICY_LAMBDA_MAX 20480u
#define POLICY_INLINE_MAX 10240u

/* The function's resource policy with one statement for each route. */
size_t policy_bytes(const struct plan_function *function);

/* The same with so many statements for keys of so many bytes in all. */
size_t policy_bytes_of(size_t statements, size_t key_bytes);

/* The inline policies of the function's role. */
size_t policy_inline_bytes(struct arena *arena,
			   const struct plan_statement *statements,
			   size_t count);

#endif
