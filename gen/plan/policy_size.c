/* SPDX-License-Identifier: MIT */
#include "policy_size.h"

#include "permissions.h"

#include <string.h>

/* The longest that CloudFormation and AWS make of what we leave open. */
#define PARTITION "aws-us-gov"
#define REGION "ap-southeast-1"
#define ACCOUNT "123456789012"
#define FUNCTION_NAME_LEN 64u
#define STATEMENT_ID_LEN 100u
#define STAGE_LEN 32u
#define SUBSTITUTE_LEN 64u /* any other ${...} */

#define STATEMENT                                                             \
	"{\"Sid\":\"\",\"Effect\":\"Allow\",\"Principal\":{\"Service\":"      \
	"\"apigateway.amazonaws.com\"},\"Action\":\"lambda:InvokeFunction\"," \
	"\"Resource\":\"arn:" PARTITION ":lambda:" REGION ":" ACCOUNT         \
	":function:\",\"Condition\":{\"ArnLike\":{\"AWS:SourceArn\":"         \
	"\"arn:" PARTITION ":execute-api:" REGION ":" ACCOUNT                 \
	":abcdefghij//\"}}},"
#define DOCUMENT \
	"{\"Version\":\"2012-10-17\",\"Id\":\"default\",\"Statement\":[]}"

size_t policy_bytes_of(size_t statements, size_t key_bytes)
{
	return sizeof(DOCUMENT) - 1 +
	       statements * (sizeof(STATEMENT) - 1 + FUNCTION_NAME_LEN +
			     STATEMENT_ID_LEN + STAGE_LEN) +
	       key_bytes;
}

size_t policy_bytes(const struct plan_function *function)
{
	size_t keys = 0;

	for (size_t i = 0; i < function->routes.count; i++)
		keys += strlen(function->routes.items[i]->key);
	return policy_bytes_of(function->routes.count, keys);
}

/* How long a text is once its ${...} have values. */
static size_t filled(const char *text)
{
	const char *start;
	size_t len = strlen(text);

	while ((start = strstr(text, "${"))) {
		const size_t name = strcspn(start, "}") + 1;

		len -= name;
		if (!strncmp(start, "${AWS::Partition}", name))
			len += strlen(PARTITION);
		else if (!strncmp(start, "${AWS::Region}", name))
			len += strlen(REGION);
		else if (!strncmp(start, "${AWS::AccountId}", name))
			len += strlen(ACCOUNT);
		else
			len += SUBSTITUTE_LEN;
		text = start + 2;
	}
	return len;
}

size_t policy_inline_bytes(struct arena *arena,
			   const struct plan_statement *statements,
			   size_t count)
{
	struct buf text;

	if (!count)
		return 0;
	buf_init(&text, arena);
	doc_print_compact(&text,
			  permissions_document(arena, statements, count));
	return filled(text.text);
}
