/* SPDX-License-Identifier: MIT */
/* Functions: what Lambda takes, and what belongs to which kind of function. */
#include "check.h"

#include "../language/given.h"
#include "../plan/retention.h"
#include "values.h"

#include <stdlib.h>
#include <string.h>

#define LAYERS_MAX 5
#define ENVIRONMENT_MAX_SIZE 4096
#define FUNCTION_NAME_MAX_LEN 64
#define DESCRIPTION_MAX_LEN 256
#define SUBNETS_MAX 16
#define SECURITY_GROUPS_MAX 5

/* --- environment -------------------------------------------------------------
 */

/* Lambda's page "Working with environment variables", reserved ones. */
static const char *const reserved[] = {
	"_HANDLER",
	"_X_AMZN_TRACE_ID",
	"AWS_ACCESS_KEY",
	"AWS_ACCESS_KEY_ID",
	"AWS_DEFAULT_REGION",
	"AWS_EXECUTION_ENV",
	"AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
	"AWS_LAMBDA_FUNCTION_NAME",
	"AWS_LAMBDA_FUNCTION_VERSION",
	"AWS_LAMBDA_INITIALIZATION_TYPE",
	"AWS_LAMBDA_LOG_GROUP_NAME",
	"AWS_LAMBDA_LOG_STREAM_NAME",
	"AWS_LAMBDA_RUNTIME_API",
	"AWS_REGION",
	"AWS_SECRET_ACCESS_KEY",
	"AWS_SESSION_TOKEN",
	"LAMBDA_RUNTIME_DIR",
	"LAMBDA_TASK_ROOT",
};

static bool is_reserved(const char *name)
{
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (!strcmp(reserved[i], name))
			return true;
	return false;
}

static void check_environment(struct check *c, const struct doc *environment)
{
	size_t size = 0;

	for (size_t i = 0; environment && i < environment->count; i++) {
		const struct doc_member *member = &environment->members[i];
		const char *text = check_literal(member->value);

		size += strlen(member->key) + (text ? strlen(text) : 0);
		if (is_reserved(member->key))
			diag_error(c->diag, member->key_loc,
				   "'%s' is set by Lambda itself", member->key);
		else if (!check_is_letter(*member->key) || !member->key[1] ||
			 !check_only(member->key, "_"))
			diag_error(c->diag, member->key_loc,
				   "an environment variable's name is a letter "
				   "and then letters, digits or '_', two at "
				   "least, not '%.60s'",
				   member->key);
	}
	check_scalars(c, environment, "environment variable");
	if (size > ENVIRONMENT_MAX_SIZE)
		diag_error(c->diag, environment->loc,
			   "'environment' has %zu bytes; Lambda takes %d", size,
			   ENVIRONMENT_MAX_SIZE);
}

/* --- properties -------------------------------------------------------------
 */

static void check_role(struct check *c, const struct function *function)
{
	if (!function->role)
		return;
	check_arn(c, "role", function->role);
	if (function->permissions.loc.line)
		diag_error(c->diag, function->permissions.loc,
			   "'permissions' beside 'role': they go into a role "
			   "that wsgen makes");
}

static void check_arns(struct check *c, const struct function *function)
{
	check_role(c, function);
	if (function->dead_letter)
		check_arn(c, "deadLetter", function->dead_letter);
	if (function->kms_key)
		check_arn(c, "kmsKey", function->kms_key);
	for (size_t i = 0; i < function->layers.count; i++)
		if (function->layers.items[i])
			check_arn(c, "layers", function->layers.items[i]);
	if (function->layers.count > LAYERS_MAX)
		diag_error(c->diag, function->layers.items[LAYERS_MAX]->loc,
			   "%zu layers; a function has at most %d",
			   function->layers.count, LAYERS_MAX);
}

static void check_vpc(struct check *c, const struct function_vpc *vpc)
{
	if (!vpc)
		return;
	if (!vpc->subnets.count || !vpc->security_groups.count)
		diag_error(c->diag, vpc->loc,
			   "'vpc' needs at least one of 'subnets' and one of "
			   "'securityGroups'");
	if (vpc->subnets.count > SUBNETS_MAX)
		diag_error(c->diag, vpc->loc, "%zu subnets; Lambda takes %d",
			   vpc->subnets.count, SUBNETS_MAX);
	if (vpc->security_groups.count > SECURITY_GROUPS_MAX)
		diag_error(c->diag, vpc->loc,
			   "%zu security groups; Lambda takes %d",
			   vpc->security_groups.count, SECURITY_GROUPS_MAX);
}

static void check_concurrency(struct check *c,
			      const struct function_concurrency *concurrency)
{
	if (concurrency && concurrency->reserved.set &&
	    concurrency->provisioned.set &&
	    concurrency->provisioned.value > concurrency->reserved.value)
		diag_error(c->diag, concurrency->provisioned.loc,
			   "'provisioned' (%lld) is more than 'reserved' "
			   "(%lld)",
			   concurrency->provisioned.value,
			   concurrency->reserved.value);
}

static const char *fixed_name(const struct function *function)
{
	return function->function_name ? check_literal(function->function_name)
				       : NULL;
}

static void check_function_name(struct check *c,
				const struct function *function)
{
	const char *name = fixed_name(function);

	if (!name)
		return;
	if (!*name || strlen(name) > FUNCTION_NAME_MAX_LEN ||
	    !check_only(name, "-_"))
		diag_error(c->diag, function->function_name->loc,
			   "'functionName' is 1 to %d letters, digits, '-' and "
			   "'_', not '%.70s'",
			   FUNCTION_NAME_MAX_LEN, name);
}

static void check_alone(struct check *c, const struct function *function,
			enum check_function_place place)
{
	const struct lang_key *use = lang_find(&lang_function, "use");

	if (!function->use.s)
		return;
	if (place == CHECK_NAMED)
		diag_error(c->diag, function->use.loc,
			   "a function of 'functions' cannot be another one");
	for (size_t i = 0; i < lang_function.count; i++) {
		const struct lang_key *key = &lang_function.keys[i];

		if (key != use && lang_is_set(key, function))
			diag_error(c->diag, lang_loc(key, function),
				   "'%s' beside 'use': function '%s' has its "
				   "own",
				   key->name, function->use.s);
	}
}

static void check_function(struct check *c, const struct function *function,
			   enum check_function_place place)
{
	check_alone(c, function, place);
	if (function->timeout_ms.set && function->timeout_ms.value % 1000)
		diag_error(c->diag, function->timeout_ms.loc,
			   "a function's 'timeout' is in whole seconds");
	check_environment(c, function->environment);
	check_arns(c, function);
	check_vpc(c, function->vpc);
	check_concurrency(c, function->concurrency);
	check_function_name(c, function);
	check_value_too_long(c, function->description, "description",
			     DESCRIPTION_MAX_LEN);
	check_retention(c, "logRetention", function->log_retention);
	check_tags(c, function->tags);
	if (place == CHECK_AUTHORIZER && function->handler.s)
		diag_error(c->diag, function->handler.loc,
			   "an authorizer's 'handler' stands beside its "
			   "'function', not inside");
}

/* --- named functions, and who names them ------------------------------------
 */

static void name_used(struct check *c, struct map *used,
		      const struct function *function, const char *who)
{
	if (function && function->use.s &&
	    map_get(&c->functions.things, function->use.s))
		map_put(used, function->use.s,
			arena_printf(c->arena, "%s", who));
}

/*
 * An authorizer's function is that authorizer's alone; a function of routes
 * is no authorizer.
 */
static void name_authorizers_function(struct check *c, struct map *used,
				      const struct authorizer *authorizer)
{
	const struct function *function =
		authorizer ? authorizer->function : NULL;
	const struct function *named;
	const char *other;

	if (!function || !function->use.s)
		return;
	named = check_named(c, &c->functions, "the authorizer", function->use);
	if (!named)
		return;
	other = map_get(used, function->use.s);
	if (other)
		diag_error(c->diag, function->use.loc,
			   "function '%s' serves %s and cannot be an "
			   "authorizer's as well",
			   function->use.s, other);
	if (named->handler.s)
		diag_error(c->diag, named->handler.loc,
			   "function '%s' cannot have a handler of its own: "
			   "its authorizer brings one",
			   named->name.s);
	name_used(c, used, function, "another authorizer");
}

static void check_used(struct check *c)
{
	const struct spec *spec = c->spec;
	struct map used = { .arena = c->arena };

	for (size_t i = 0; i < spec->apis.count; i++)
		for (size_t k = 0; k < spec->apis.items[i].routes.count; k++)
			name_used(c, &used,
				  spec->apis.items[i].routes.items[k].function,
				  "routes");
	for (size_t i = 0; i < spec->authorizers.count; i++)
		name_authorizers_function(c, &used,
					  &spec->authorizers.items[i]);
	for (size_t i = 0; i < spec->apis.count; i++) {
		const struct api *api = &spec->apis.items[i];

		name_authorizers_function(c, &used, api->authorizer);
		for (size_t k = 0; k < api->routes.count; k++)
			name_authorizers_function(
				c, &used, api->routes.items[k].authorizer);
	}
	for (size_t i = 0; i < spec->functions.count; i++) {
		const struct function *function = &spec->functions.items[i];

		if (!function->handler.s && !function->use.s &&
		    !map_get(&used, function->name.s))
			diag_error(c->diag, function->name.loc,
				   "function '%s' needs a 'handler': no route "
				   "names it",
				   function->name.s);
	}
}

/* Two functions of one name are one too many for AWS. */
static void check_same_names(struct check *c)
{
	struct map seen = { .arena = c->arena };

	for (size_t i = 0; i < c->spec->functions.count; i++) {
		struct function *function = &c->spec->functions.items[i];
		const char *name = fixed_name(function);
		const struct function *other;

		if (!name)
			continue;
		other = map_put(&seen, name, function);
		if (!other)
			continue;
		diag_error(c->diag, function->function_name->loc,
			   "'functionName' '%s' is function '%s''s already",
			   name, other->name.s);
		diag_note(c->diag, other->function_name->loc,
			  "it is given here");
	}
}

/* Somebody else's role, which the function of this route runs in, or NULL. */
static const struct doc *foreign_role(struct check *c,
				      const struct route *route)
{
	const struct function *function = check_route_function(c, route);

	if (!function)
		function = route->function;
	return function ? function->role : NULL;
}

/* What an API grants all its functions is lost where each has such a role. */
static void check_lost_by_all(struct check *c, const struct api *api)
{
	if (!api->permissions.loc.line || !api->routes.count)
		return;
	for (size_t i = 0; i < api->routes.count; i++)
		if (!foreign_role(c, &api->routes.items[i]))
			return;
	diag_error(c->diag, api->permissions.loc,
		   "these 'permissions' have nowhere to go: all functions of "
		   "API '%s' have a 'role' that is not wsgen's",
		   api->name.s);
}

/* What a route grants is lost where its function has somebody else's role. */
static void check_lost_permissions(struct check *c, const struct api *api)
{
	for (size_t i = 0; i < api->routes.count; i++) {
		const struct route *route = &api->routes.items[i];
		const struct doc *role = foreign_role(c, route);

		if (!role || !route->permissions.loc.line)
			continue;
		diag_error(c->diag, route->permissions.loc,
			   "the 'permissions' of route '%s' have nowhere to "
			   "go: its function has a 'role' that is not wsgen's",
			   route->key.s);
		diag_note(c->diag, role->loc, "the role stands here");
	}
}

void check_functions(struct check *c)
{
	check_each_function(c, check_function);
	check_used(c);
	check_same_names(c);
	for (size_t i = 0; i < c->spec->apis.count; i++) {
		check_lost_permissions(c, &c->spec->apis.items[i]);
		check_lost_by_all(c, &c->spec->apis.items[i]);
	}
}
