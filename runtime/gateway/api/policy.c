/* SPDX-License-Identifier: MIT */
/*
 * policy.c - statements are looked at in order; an Allow waits for a Deny that
 * may still come.
 */
#include "policy.h"

#include "../base/mem.h"

struct judge {
	struct wsg_str action, resource;
	const struct names *names; /* NULL: an authorizer's document */
	struct wsg_buf *why;
	struct wsg_buf scratch; /* a resource with its references resolved */
};

/* What a statement says of the question. */
enum said {
	SAID_NOTHING,
	SAID_ALLOW,
	SAID_DENY,
	SAID_UNLESS, /* it would allow, under a condition */
	SAID_INVALID,
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/*
 * After a mismatch only the last star takes one byte more: what an earlier one
 * could still take, the last one can take as well.
 */
bool policy_matches(struct wsg_str pattern, struct wsg_str text,
		    bool ignore_case)
{
	size_t p = 0, t = 0, star = SIZE_MAX, from = 0;

	while (t < text.len) {
		const char c = p < pattern.len ? pattern.ptr[p] : '\0';

		if (p < pattern.len && c == '*') {
			star = p++;
			from = t;
		} else if (p < pattern.len &&
			   (c == '?' || c == text.ptr[t] ||
			    (ignore_case && lower(c) == lower(text.ptr[t])))) {
			p++;
			t++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			t = ++from;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.ptr[p] == '*')
		p++;
	return p == pattern.len;
}

/* --- members -------------------------------------------------------------- */

/* Some SDKs write null for what is not there. */
static const struct json *member(const struct json *object, const char *key)
{
	const struct json *found = json_get(object, key);

	return found && found->type != WSG_JSON_NULL ? found : NULL;
}

static bool is_list(const struct json *node)
{
	return node && node->type == WSG_JSON_ARRAY;
}

static const struct json *first_of(const struct json *node)
{
	return is_list(node) ? node->first : node;
}

static const struct json *next_of(const struct json *list,
				  const struct json *item)
{
	return is_list(list) ? item->next : NULL;
}

/* A text, or a list of at least one. */
static bool is_texts(const struct json *node)
{
	if (!node || (is_list(node) && !node->count))
		return false;
	for (const struct json *at = first_of(node); at; at = next_of(node, at))
		if (at->type != WSG_JSON_STRING)
			return false;
	return true;
}

static bool has_action(const struct judge *judge, const struct json *actions)
{
	for (const struct json *at = first_of(actions); at;
	     at = next_of(actions, at))
		if (at->type == WSG_JSON_STRING &&
		    policy_matches(at->text, judge->action, true))
			return true;
	return false;
}

/* A reference to what is not here matches nothing that is. */
static bool is_resource(struct judge *judge, const struct json *item)
{
	if (item->type == WSG_JSON_STRING)
		return policy_matches(item->text, judge->resource, false);
	wsg_buf_clear(&judge->scratch);
	if (!judge->names ||
	    !names_resolve(judge->names, item, &judge->scratch, NULL))
		return false;
	return policy_matches(
		(struct wsg_str){ judge->scratch.ptr, judge->scratch.len },
		judge->resource, false);
}

static bool has_resource(struct judge *judge, const struct json *resources)
{
	for (const struct json *at = first_of(resources); at;
	     at = next_of(resources, at))
		if (is_resource(judge, at))
			return true;
	return false;
}

/* --- a statement ---------------------------------------------------------- */

/* Members that an authorizer's statement may have. */
static bool is_known(struct wsg_str key)
{
	static const char *const known[] = { "Sid", "Effect", "Action",
					     "Resource" };

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (wsg_str_is(key, known[i]))
			return true;
	return false;
}

static enum said invalid(struct judge *judge, size_t number, const char *what)
{
	if (judge->why)
		wsg_buf_printf(judge->why, "statement %zu %s", number, what);
	return SAID_INVALID;
}

/* An empty Condition is none. */
static bool has_condition(const struct json *statement)
{
	const struct json *condition = member(statement, "Condition");

	return condition &&
	       !(condition->type == WSG_JSON_OBJECT && !condition->count);
}

/* AWS would honour a Condition; what is not honoured here is refused. */
static enum said check(struct judge *judge, const struct json *statement,
		       size_t number)
{
	if (!is_texts(member(statement, "Action")))
		return invalid(judge, number,
			       "has an Action that is neither a text nor a "
			       "list of texts");
	if (!is_texts(member(statement, "Resource")))
		return invalid(judge, number,
			       "has a Resource that is neither a text nor a "
			       "list of texts");
	if (has_condition(statement))
		return invalid(judge, number,
			       "has a Condition, which is not judged here");
	for (const struct json *at = statement->first; at; at = at->next) {
		if (is_known(at->key) || at->type == WSG_JSON_NULL ||
		    wsg_str_is(at->key, "Condition"))
			continue;
		if (judge->why)
			wsg_buf_printf(judge->why,
				       "statement %zu has '%.*s', which is not "
				       "judged here",
				       number, WSG_FMT(at->key));
		return SAID_INVALID;
	}
	return SAID_NOTHING;
}

/* Whether it is about that action on that resource. */
static bool is_about(struct judge *judge, const struct json *statement)
{
	const struct json *actions = member(statement, "Action");
	const struct json *not_actions = member(statement, "NotAction");
	const struct json *resources = member(statement, "Resource");
	const struct json *not_resources = member(statement, "NotResource");

	if (actions ? !has_action(judge, actions)
		    : !not_actions || has_action(judge, not_actions))
		return false;
	return resources ? has_resource(judge, resources)
			 : not_resources && !has_resource(judge, not_resources);
}

static enum said judge_statement(struct judge *judge,
				 const struct json *statement, size_t number)
{
	const struct json *effect = member(statement, "Effect");
	bool denies;

	if (statement->type != WSG_JSON_OBJECT)
		return invalid(judge, number, "is no object");
	denies = wsg_str_is(json_text(effect), "Deny");
	if (!denies && !wsg_str_is(json_text(effect), "Allow"))
		return invalid(judge, number,
			       "has an Effect that is neither 'Allow' nor "
			       "'Deny'");
	if (!judge->names && check(judge, statement, number) == SAID_INVALID)
		return SAID_INVALID;
	if (!is_about(judge, statement))
		return SAID_NOTHING;
	/* A Deny under a Condition denies: better to refuse than to guess. */
	if (denies)
		return SAID_DENY;
	return has_condition(statement) ? SAID_UNLESS : SAID_ALLOW;
}

/* --- a document ----------------------------------------------------------- */

static enum policy_verdict reject(struct judge *judge, const char *what)
{
	if (judge->why)
		wsg_buf_text(judge->why, what);
	return POLICY_INVALID;
}

static enum policy_verdict conclude(struct judge *judge,
				    const size_t first[SAID_INVALID])
{
	static const struct {
		enum said said;
		enum policy_verdict verdict;
		const char *what;
	} order[] = {
		{ SAID_DENY, POLICY_DENY, "denies it" },
		{ SAID_ALLOW, POLICY_ALLOW, "allows it" },
		{ SAID_UNLESS, POLICY_NONE,
		  "allows it under a Condition, which is not judged here" },
	};

	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
		if (!first[order[i].said])
			continue;
		if (judge->why)
			wsg_buf_printf(judge->why, "statement %zu %s",
				       first[order[i].said], order[i].what);
		return order[i].verdict;
	}
	if (judge->why)
		wsg_buf_text(judge->why, "no statement allows it");
	return POLICY_NONE;
}

static enum policy_verdict judge_all(struct judge *judge,
				     const struct json *statements)
{
	size_t first[SAID_INVALID] = { 0 }; /* the number of the first */
	size_t number = 0;

	for (const struct json *at = first_of(statements); at;
	     at = next_of(statements, at)) {
		enum said said = judge_statement(judge, at, ++number);

		if (said == SAID_INVALID)
			return POLICY_INVALID;
		if (!first[said])
			first[said] = number;
	}
	return conclude(judge, first);
}

enum policy_verdict policy_judge(const struct json *document,
				 struct wsg_str action, struct wsg_str resource,
				 const struct names *names, struct wsg_buf *why)
{
	struct judge judge = { action, resource, names, why, { 0 } };
	struct wsg_str version = json_text(json_get(document, "Version"));
	const struct json *statements = json_get(document, "Statement");
	enum policy_verdict verdict;

	if (!document || document->type != WSG_JSON_OBJECT)
		return reject(&judge, "the policy is no object");
	/*
	 * UNSURE(policy-version): what AWS does without a Version. Here: an
	 * invalid one.
	 */
	if (!wsg_str_is(version, "2012-10-17") &&
	    !wsg_str_is(version, "2008-10-17"))
		return reject(&judge, "the policy's Version is not "
				      "'2012-10-17'");
	if (!statements || (statements->type != WSG_JSON_ARRAY &&
			    statements->type != WSG_JSON_OBJECT))
		return reject(&judge, "the policy has no Statement");
	verdict = judge_all(&judge, statements);
	wsg_buf_release(&judge.scratch);
	return verdict;
}
