/* SPDX-License-Identifier: MIT */
/*
 * refs.h - references in what users write. `${Name}` and `${Name.Attribute}`
 * stand for
 *
 *	a logical id        of the user's resources or parameters, or of ours:
 *	                    what Ref and Fn::GetAtt give
 *	AWS::Region ...     CloudFormation's pseudo parameters
 *	an API              ${chat} its id; .url .callbackUrl .stage .arn of its
 *	                    first stage; .<route>.functionArn .functionName
 *	a function          ${worker} and ${worker.name} its name, .arn its ARN
 *
 * in this order, so that an id wins over an API or a function of its name.
 * `${!x}` is the text `${x}`, as in Fn::Sub; a `$` before anything but `{`
 * means itself. A lone reference becomes Ref or Fn::GetAtt, one inside a text
 * makes it Fn::Sub. Names of APIs and functions work in Ref, Fn::GetAtt and
 * Fn::Sub as well; a variable of Fn::Sub's own hides them.
 */
#ifndef WSGEN_REFS_H
#define WSGEN_REFS_H

#include "../plan.h"
#include "value.h"

/* A user's value as CloudFormation has it. What names nothing stays as it
 * is: refs_check has reported it. */
struct doc *refs_value(const struct plan *plan, const struct doc *value);

/*
 * A text taken literally. When a `${...}` in it would be a reference if it
 * were not literal, it comes as Fn::Sub with that escaped: the same text, and
 * no reader of the template takes it for a forgotten Fn::Sub.
 */
struct doc *refs_literal(const struct plan *plan, const char *text);

/* Report each reference of the whole spec that names nothing, at its place. */
bool refs_check(const struct plan *plan, struct diag *diag);

/* The parts of `${chat.url}` and its like; stage NULL: the API has none. */
struct doc *refs_api_url(const struct plan_api *api,
			 const struct plan_stage *stage, const char *scheme);

/* arn:...:execute-api:...:<id>, to be followed by "/stage/...". */
struct doc *refs_api_arn(const struct plan_api *api);

/* The type of one of the user's resources ("AWS::SQS::Queue"), or NULL. */
const char *refs_type(const struct plan *plan, const char *id);

#endif
