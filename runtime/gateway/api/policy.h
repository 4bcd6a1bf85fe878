/* SPDX-License-Identifier: MIT */
/*
 * policy.h - what an IAM policy document says of one action on one resource, as
 * far as authorizers answer with them and functions' roles have them.
 */
#ifndef GATEWAY_POLICY_H
#define GATEWAY_POLICY_H

#include "../base/json.h"
#include "../config/names.h"

enum policy_verdict {
	POLICY_NONE, /* no statement is about it: that is a deny */
	POLICY_ALLOW,
	POLICY_DENY,	/* said in so many words, which beats every Allow */
	POLICY_INVALID, /* no policy, or one with what is not supported here */
};

/*
 * Judge. names resolves references in a role's policy, whose statements about
 * other things may hold what is not supported here; with NULL the document is
 * an authorizer's and has to be sound as a whole. A phrase for people is added
 * to why, which may be NULL: which statement it was, or what is invalid.
 */
enum policy_verdict policy_judge(const struct json *document,
				 struct wsg_str action, struct wsg_str resource,
				 const struct names *names,
				 struct wsg_buf *why);

/*
 * Whether a pattern with `*` and `?` matches all of text; `*` crosses slashes.
 * Takes no more than pattern times text, whatever they are.
 */
bool policy_matches(struct wsg_str pattern, struct wsg_str text,
		    bool ignore_case);

#endif
