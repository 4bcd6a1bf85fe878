/* SPDX-License-Identifier: MIT */
/* Stages: their names, variables and logs. */
#include "check.h"

#include "../language.h"
#include "values.h"

#include <string.h>

#define STAGE_NAME_MAX_LEN 128
#define VARIABLES_MAX 100
#define VARIABLE_NAME_MAX_LEN 64
#define VARIABLE_VALUE_MAX_LEN 512
#define LOG_FORMAT_MAX_LEN 3072
#define DESCRIPTION_MAX_LEN 1024

static void check_stage_name(struct check *c, struct text name)
{
	if (!strcmp(name.s, "$default"))
		diag_error(c->diag, name.loc,
			   "a WebSocket API has no stage '$default': every "
			   "address names its stage, such as 'dev'");
	else if (strstr(name.s, "${"))
		diag_error(c->diag, name.loc,
			   "a stage's name is known before a deployment: it "
			   "cannot be '%.60s'",
			   name.s);
	else if (!*name.s || !check_only(name.s, "-_"))
		diag_error(c->diag, name.loc,
			   "a stage's name is letters, digits, '-' and '_', "
			   "not '%.60s'",
			   name.s);
	else if (strlen(name.s) > STAGE_NAME_MAX_LEN)
		diag_error(c->diag, name.loc,
			   "a stage's name has at most %d characters, not %zu",
			   STAGE_NAME_MAX_LEN, strlen(name.s));
}

static void check_variable(struct check *c, const struct doc_member *variable)
{
	const char *value = check_literal(variable->value);

	if (!*variable->key || !check_only(variable->key, "_") ||
	    strlen(variable->key) > VARIABLE_NAME_MAX_LEN)
		diag_error(c->diag, variable->key_loc,
			   "a stage variable's name is 1 to %d letters, digits "
			   "and '_', not '%.70s'",
			   VARIABLE_NAME_MAX_LEN, variable->key);
	if (!value)
		return;
	if (!check_only(value, "-._~:/?#&=,"))
		diag_error(c->diag, variable->value->loc,
			   "a stage variable holds letters, digits and any of "
			   "-._~:/?#&=, but '%s' is '%.60s'",
			   variable->key, value);
	else if (strlen(value) > VARIABLE_VALUE_MAX_LEN)
		diag_error(c->diag, variable->value->loc,
			   "stage variable '%s' has %zu characters; AWS takes "
			   "%d",
			   variable->key, strlen(value),
			   VARIABLE_VALUE_MAX_LEN);
}

static void check_variables(struct check *c, const struct doc *variables)
{
	if (!variables)
		return;
	check_scalars(c, variables, "stage variable");
	for (size_t i = 0; i < variables->count; i++)
		check_variable(c, &variables->members[i]);
	if (variables->count > VARIABLES_MAX)
		diag_error(c->diag, variables->loc,
			   "%zu stage variables; a stage has at most %d",
			   variables->count, VARIABLES_MAX);
}

/* --- access logs
 * --------------------------------------------------------------
 */

static void check_format(struct check *c, struct text format)
{
	static const char *const words[] = { "json", "clf", "csv", "xml" };
	const char *nearest;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i], format.s))
			return;
	nearest =
		strlen(format.s) < 6 ? diag_nearest(format.s, words, 4) : NULL;
	if (nearest)
		diag_error(c->diag, format.loc,
			   "log format '%s' is not known; did you mean '%s'?",
			   format.s, nearest);
	else if (!strstr(format.s, "$context.requestId") &&
		 !strstr(format.s, "$context.extendedRequestId"))
		diag_error(c->diag, format.loc,
			   "a log format must hold $context.requestId or "
			   "$context.extendedRequestId");
	else if (strlen(format.s) > LOG_FORMAT_MAX_LEN)
		diag_error(c->diag, format.loc,
			   "a log format has at most %d bytes, not %zu",
			   LOG_FORMAT_MAX_LEN, strlen(format.s));
	else if (strpbrk(format.s, "\r\n"))
		diag_error(c->diag, format.loc,
			   "a log format is one line: write it with '>-'");
}

static void check_log(struct check *c, const struct access_log *log)
{
	if (!log)
		return;
	if (log->format.s)
		check_format(c, log->format);
	check_retention(c, "retention", log->retention);
	if (log->kms_key)
		check_arn(c, "kmsKey", log->kms_key);
	if (!log->destination)
		return;
	check_arn(c, "destination", log->destination);
	if (log->retention.s)
		diag_error(c->diag, log->retention.loc,
			   "'retention' beside 'destination': a log that "
			   "exists keeps its own");
	if (log->kms_key)
		diag_error(c->diag, log->kms_key->loc,
			   "'kmsKey' beside 'destination': a log that exists "
			   "keeps its own");
}

/* --- the stage
 * ---------------------------------------------------------------- */

static void check_stage(struct check *c, const struct stage *stage)
{
	if (stage->name.s)
		check_stage_name(c, stage->name);
	check_variables(c, stage->variables);
	check_log(c, stage->access_log);
	check_value_too_long(c, stage->description, "description",
			     DESCRIPTION_MAX_LEN);
	check_properties(c, &lang_stage, stage->properties,
			 "ApiId|DeploymentId|RouteSettings|Tags",
			 "AccessPolicyId|ClientCertificateId");
	if (stage->data_trace.is == FLAG_ON &&
	    (!stage->logging.s || !strcmp(stage->logging.s, "off")))
		diag_error(c->diag, stage->data_trace.loc,
			   "'dataTrace' writes to the execution log: it needs "
			   "'logging: info' or 'logging: error'");
}

static void check_list(struct check *c, const struct api *api)
{
	struct map seen = { .arena = c->arena };

	for (size_t i = 0; i < api->stages.count; i++) {
		struct stage *stage = &api->stages.items[i];
		const struct stage *other;

		check_stage(c, stage);
		if (!stage->name.s) {
			diag_error(c->diag, stage->loc,
				   "a stage among 'stages' needs a 'name'");
			continue;
		}
		other = map_put(&seen, stage->name.s, stage);
		if (!other)
			continue;
		diag_error(c->diag, stage->name.loc,
			   "stage '%s' stands here twice", stage->name.s);
		diag_note(c->diag, other->name.loc, "the first time here");
	}
}

void check_stages(struct check *c)
{
	for (size_t i = 0; i < c->spec->apis.count; i++) {
		const struct api *api = &c->spec->apis.items[i];

		if (!check_is_websocket(api))
			continue;
		check_log(c, api->access_log);
		if (api->stage)
			check_stage(c, api->stage);
		check_list(c, api);
	}
}
