/* SPDX-License-Identifier: MIT */
/* test_policy.c - allow, deny, neither, or no policy at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/policy.h"

#define ARN "arn:aws:execute-api:us-east-1:123456789012:abcdefghij/dev/"

/* --- patterns ------------------------------------------------------------- */

static const struct {
	const char *pattern, *text;
	bool ignore_case, matches;
} patterns[] = {
	{ "", "", false, true },
	{ "", "a", false, false },
	{ "a", "", false, false },
	{ "*", "", false, true },
	{ "**", "", false, true },
	{ "?", "", false, false },
	{ "?", "a", false, true },
	{ "a", "A", false, false },
	{ "a", "A", true, true },
	{ "EXECUTE-api:*", "execute-API:Invoke", true, true },
	{ "a*", "a/b/c", false, true },
	{ "a*c", "abcbc", false, true },
	{ "a*c", "abcb", false, false },
	{ "a*b*c", "a-b-b-c", false, true },
	{ "a?c", "abc", false, true },
	{ "a?c", "ac", false, false },
	{ "*ab", "aab", false, true },
	{ "*?b", "b", false, false },
	{ "a*", "b", false, false },
	{ "[a]", "a", false, false },
	{ ARN "*", ARN "$connect", false, true },
	{ "arn:*:abcdefghij/*", ARN "$connect", false, true },
	{ ARN "*/*", ARN "$connect", false, false },
};

static void test_matches(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++)
		if (policy_matches(wsg_str(patterns[i].pattern),
				   wsg_str(patterns[i].text),
				   patterns[i].ignore_case) !=
		    patterns[i].matches)
			fail_msg("'%s' on '%s'", patterns[i].pattern,
				 patterns[i].text);
}

/* What takes a matcher that tries every star forever. */
static void test_matches_in_time(void **state)
{
	char pattern[401], text[4001];

	(void)state;
	for (size_t i = 0; i < 400; i += 2)
		memcpy(pattern + i, "*a", 2);
	memset(text, 'a', 4000);
	text[3999] = 'b';
	pattern[400] = text[4000] = '\0';
	assert_false(policy_matches(wsg_str(pattern), wsg_str(text), true));
}

/* --- documents ------------------------------------------------------------ */

#define DOC(statements) \
	"{\"Version\":\"2012-10-17\",\"Statement\":" statements "}"
#define SAYS(effect, resource)                                          \
	"{\"Effect\":\"" effect "\",\"Action\":\"execute-api:Invoke\"," \
	"\"Resource\":\"" resource "\"}"
#define ABOUT(more) "{\"Effect\":\"Allow\"," more "}"

struct judgement {
	const char *name, *document;
	enum policy_verdict verdict;
	const char *why;
};

static const struct judgement authorizers[] = {
	{ "allow", DOC("[" SAYS("Allow", ARN "$connect") "]"), POLICY_ALLOW,
	  "statement 1 allows it" },
	{ "allow twice",
	  DOC("[" SAYS("Allow", "x") "," SAYS("Allow", "*") "," SAYS("Allow",
								     "*") "]"),
	  POLICY_ALLOW, "statement 2 allows it" },
	{ "one statement, no list", DOC(SAYS("Allow", ARN "*")), POLICY_ALLOW,
	  "statement 1 allows it" },
	{ "old version",
	  "{\"Version\":\"2008-10-17\",\"Id\":\"x\",\"Statement\":" SAYS(
		  "Allow", "*") "}",
	  POLICY_ALLOW, "statement 1 allows it" },
	{ "deny", DOC("[" SAYS("Deny", "*") "]"), POLICY_DENY,
	  "statement 1 denies it" },
	{ "deny after allow",
	  DOC("[" SAYS("Allow", "*") "," SAYS("Deny", ARN "$c*") "]"),
	  POLICY_DENY, "statement 2 denies it" },
	{ "deny before allow",
	  DOC("[" SAYS("Deny", ARN "$c*") "," SAYS("Allow", "*") "]"),
	  POLICY_DENY, "statement 1 denies it" },
	{ "deny of something else",
	  DOC("[" SAYS("Deny", ARN "other") "," SAYS("Allow", "*") "]"),
	  POLICY_ALLOW, "statement 2 allows it" },
	{ "of REST, with a method", DOC(SAYS("Allow", ARN "*/*")), POLICY_NONE,
	  "no statement allows it" },
	{ "of the other stage",
	  DOC(SAYS("Allow", "arn:aws:execute-api:*:*:abcdefghij/prod/*")),
	  POLICY_NONE, "no statement allows it" },
	{ "no statements", DOC("[]"), POLICY_NONE, "no statement allows it" },
	{ "lists",
	  DOC("[" ABOUT("\"Action\":[\"s3:*\",\"execute-api:*\"],"
			"\"Resource\":[\"a\",\"*\"],\"Sid\":\"x\"") "]"),
	  POLICY_ALLOW, "statement 1 allows it" },
	{ "an action in another case",
	  DOC(ABOUT("\"Action\":\"Execute-API:invoke\",\"Resource\":\"*\"")),
	  POLICY_ALLOW, "statement 1 allows it" },
	{ "a resource in another case", DOC(SAYS("Allow", "ARN:*")),
	  POLICY_NONE, "no statement allows it" },
	{ "nulls",
	  DOC(ABOUT("\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":null,"
		    "\"NotAction\":null")),
	  POLICY_ALLOW, "statement 1 allows it" },
	{ "an empty condition",
	  DOC(ABOUT("\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{}")),
	  POLICY_ALLOW, "statement 1 allows it" },
	{ "no object", "[]", POLICY_INVALID, "the policy is no object" },
	{ "no version", "{\"Statement\":[]}", POLICY_INVALID,
	  "the policy's Version is not '2012-10-17'" },
	{ "wrong version", "{\"Version\":\"2012-10-18\",\"Statement\":[]}",
	  POLICY_INVALID, "the policy's Version is not '2012-10-17'" },
	{ "no statement", "{\"Version\":\"2012-10-17\"}", POLICY_INVALID,
	  "the policy has no Statement" },
	{ "a text for a statement", DOC("\"x\""), POLICY_INVALID,
	  "the policy has no Statement" },
	{ "a list in the list", DOC("[[]]"), POLICY_INVALID,
	  "statement 1 is no object" },
	{ "effect in another case", DOC(SAYS("allow", "*")), POLICY_INVALID,
	  "statement 1 has an Effect that is neither 'Allow' nor 'Deny'" },
	{ "invalid after a deny", DOC("[" SAYS("Deny", "*") ",{}]"),
	  POLICY_INVALID,
	  "statement 2 has an Effect that is neither 'Allow' nor 'Deny'" },
	{ "no action", DOC(ABOUT("\"Resource\":\"*\"")), POLICY_INVALID,
	  "statement 1 has an Action that is neither a text nor a list of "
	  "texts" },
	{ "an empty list of actions",
	  DOC(ABOUT("\"Action\":[],\"Resource\":\"*\"")), POLICY_INVALID,
	  "statement 1 has an Action that is neither a text nor a list of "
	  "texts" },
	{ "no resource", DOC(ABOUT("\"Action\":\"*\"")), POLICY_INVALID,
	  "statement 1 has a Resource that is neither a text nor a list of "
	  "texts" },
	{ "a reference",
	  DOC(ABOUT("\"Action\":\"*\",\"Resource\":{\"Ref\":\"chat\"}")),
	  POLICY_INVALID,
	  "statement 1 has a Resource that is neither a text nor a list of "
	  "texts" },
	{ "a condition",
	  DOC(ABOUT("\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{"
		    "\"IpAddress\":{}}")),
	  POLICY_INVALID,
	  "statement 1 has a Condition, which is not judged here" },
	{ "a principal",
	  DOC(ABOUT("\"Action\":\"*\",\"Resource\":\"*\",\"Principal\":\"*\"")),
	  POLICY_INVALID,
	  "statement 1 has 'Principal', which is not judged here" },
	{ "NotAction",
	  DOC(ABOUT("\"Action\":\"*\",\"Resource\":\"*\",\"NotAction\":\"x\"")),
	  POLICY_INVALID,
	  "statement 1 has 'NotAction', which is not judged here" },
};

/* With references, and about execute-api:Invoke as well. */
static const struct judgement roles[] = {
	{ "a reference",
	  DOC("[" ABOUT(
		  "\"Action\":[\"execute-api:Invoke\"],\"Resource\":{"
		  "\"Fn::Sub\":\"arn:aws:execute-api:*:*:${chat}/*\"}") "]"),
	  POLICY_ALLOW, "statement 1 allows it" },
	{ "references to what is not here",
	  DOC("[{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":{"
	      "\"Fn::GetAtt\":[\"Bucket\",\"Arn\"]}}," ABOUT(
		      "\"Action\":\"*\",\"Resource\":[{\"Ref\":\"X\"},"
		      "\"*\"]") "]"),
	  POLICY_ALLOW, "statement 2 allows it" },
	{ "another service's",
	  DOC("[" ABOUT("\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{"
			"\"Bool\":{}}") "," SAYS("Allow", "*") "]"),
	  POLICY_ALLOW, "statement 2 allows it" },
	{ "a condition",
	  DOC("[" ABOUT("\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{"
			"\"Bool\":{}}") "]"),
	  POLICY_NONE,
	  "statement 1 allows it under a Condition, which is not judged "
	  "here" },
	{ "a condition, and an allow without",
	  DOC("[" ABOUT("\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{"
			"\"Bool\":{}}") "," SAYS("Allow", "*") "]"),
	  POLICY_ALLOW, "statement 2 allows it" },
	{ "a deny under a condition",
	  DOC("[" SAYS("Allow", "*") ",{\"Effect\":\"Deny\",\"Action\":\"*\","
				     "\"Resource\":\"*\",\"Condition\":{"
				     "\"Bool\":{}}}]"),
	  POLICY_DENY, "statement 2 denies it" },
	{ "NotAction",
	  DOC("[{\"Effect\":\"Deny\",\"NotAction\":[\"execute-api:*\"],"
	      "\"Resource\":\"*\"}," ABOUT(
		      "\"NotAction\":\"s3:*\",\"Resource\":\"*\"") "]"),
	  POLICY_ALLOW, "statement 2 allows it" },
	{ "NotResource",
	  DOC("[{\"Effect\":\"Deny\",\"Action\":\"*\",\"NotResource\":\"" ARN
	      "*\"}," ABOUT("\"Action\":\"*\",\"NotResource\":\"x\"") "]"),
	  POLICY_ALLOW, "statement 2 allows it" },
	{ "about nothing", DOC("[" ABOUT("\"Sid\":\"x\"") "]"), POLICY_NONE,
	  "no statement allows it" },
	{ "no effect", DOC("[{}]"), POLICY_INVALID,
	  "statement 1 has an Effect that is neither 'Allow' nor 'Deny'" },
};

static void judge_all(const struct judgement *judgements, size_t count,
		      const struct names *names)
{
	struct wsg_arena *arena = wsg_arena_new();
	struct wsg_buf why = { 0 };
	const char *error = NULL;

	for (size_t i = 0; i < count; i++) {
		const struct judgement *is = &judgements[i];
		const struct json *document =
			json_parse(arena, wsg_str(is->document), &error);
		enum policy_verdict verdict;

		if (!document)
			fail_msg("%s: %s", is->name, error);
		wsg_buf_clear(&why);
		verdict = policy_judge(document, wsg_str("execute-api:Invoke"),
				       wsg_str(ARN "$connect"), names, &why);
		if (verdict != is->verdict || strcmp(why.ptr, is->why) != 0)
			fail_msg("%s: %d, %s", is->name, (int)verdict, why.ptr);
		if (policy_judge(document, wsg_str("execute-api:Invoke"),
				 wsg_str(ARN "$connect"), names,
				 NULL) != verdict)
			fail_msg("%s: differs without why", is->name);
	}
	wsg_buf_release(&why);
	wsg_arena_free(arena);
}

static void test_authorizers(void **state)
{
	(void)state;
	judge_all(authorizers, sizeof(authorizers) / sizeof(*authorizers),
		  NULL);
	assert_int_equal(
		policy_judge(NULL, wsg_str("a"), wsg_str("b"), NULL, NULL),
		POLICY_INVALID);
}

static void test_roles(void **state)
{
	struct names *names = names_new();

	(void)state;
	names_give(names, wsg_str("chat"), wsg_str("abcdefghij"));
	judge_all(roles, sizeof(roles) / sizeof(*roles), names);
	names_free(names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matches),
		cmocka_unit_test(test_matches_in_time),
		cmocka_unit_test(test_authorizers),
		cmocka_unit_test(test_roles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
