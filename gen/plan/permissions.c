/* SPDX-License-Identifier: MIT */
/* Permissions to statements, and what every function needs. */
#include "permissions.h"

#include "permission_items.h"
#include "refs.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* --- statements ------------------------------------------------------------
 */

static bool same_resources(const struct plan_statement *a,
			   const struct plan_statement *b)
{
	if (a->resources.count != b->resources.count)
		return false;
	for (size_t i = 0; i < a->resources.count; i++)
		if (!doc_equal(a->resources.items[i], b->resources.items[i]))
			return false;
	return true;
}

static bool mergeable(const struct plan_statement *a,
		      const struct plan_statement *b)
{
	if (a->sid || b->sid || strcmp(a->effect, b->effect) != 0)
		return false;
	if (!a->conditions != !b->conditions)
		return false;
	if (a->conditions && !doc_equal(a->conditions, b->conditions))
		return false;
	return same_resources(a, b);
}

void statement_action(struct statements *to, struct plan_statement *statement,
		      const char *action)
{
	size_t at = 0;

	while (at < statement->actions.count &&
	       strcmp(statement->actions.items[at], action) < 0)
		at++;
	if (at < statement->actions.count &&
	    !strcmp(statement->actions.items[at], action))
		return;
	*LIST_ADD(to->arena, &statement->actions) = action;
	for (size_t i = statement->actions.count - 1; i > at; i--)
		statement->actions.items[i] = statement->actions.items[i - 1];
	statement->actions.items[at] = action;
}

void statements_add(struct statements *to,
		    const struct plan_statement *statement)
{
	struct plan_statement *same = NULL;

	assert(statement->actions.count && statement->resources.count);
	for (size_t i = 0; i < to->count && !same; i++)
		if (mergeable(&to->items[i], statement))
			same = &to->items[i];
	if (!same) {
		*LIST_ADD(to->arena, to) = *statement;
		return;
	}
	for (size_t i = 0; i < statement->actions.count; i++)
		statement_action(to, same, statement->actions.items[i]);
}

/* Actions with their service, separated by spaces, on one resource. */
static void allow(struct statements *to, const char *service,
		  const char *actions, struct doc *resource)
{
	struct plan_statement statement = { .effect = "Allow" };

	statement_actions(to, &statement, service, actions);
	*LIST_ADD(to->arena, &statement.resources) = resource;
	statements_add(to, &statement);
}

void statement_actions(struct statements *to, struct plan_statement *statement,
		       const char *service, const char *actions)
{
	while (*actions) {
		const size_t len = strcspn(actions, " ");

		statement_action(to, statement,
				 arena_printf(to->arena, "%s:%.*s", service,
					      (int)len, actions));
		actions += len + (actions[len] == ' ');
	}
}

/* --- what a function needs to run -------------------------------------------
 */

/* The queue or topic of failed events. */
static void allow_dead_letter(struct statements *to, const struct plan *plan,
			      const struct doc *written)
{
	struct doc *arn = refs_value(plan, written);
	const char *function = value_function(arn);
	const struct doc *of = function ? arn->members[0].value : NULL;
	const char *id = !of			  ? NULL
			 : of->kind == DOC_STRING ? of->text
			 : of->kind == DOC_LIST && of->count
				 ? of->items[0]->text
				 : NULL;
	const char *type = id ? refs_type(plan, id) : NULL;
	const bool queue = (type && !strcmp(type, "AWS::SQS::Queue")) ||
			   (arn->text && strstr(arn->text, ":sqs:"));
	const bool topic = (type && !strcmp(type, "AWS::SNS::Topic")) ||
			   (arn->text && strstr(arn->text, ":sns:"));

	if (queue || !topic)
		allow(to, "sqs", "SendMessage", arn);
	if (topic || !queue)
		allow(to, "sns", "Publish", arn);
}

static void allow_to_run(struct statements *to, const struct plan *plan,
			 const struct plan_function *fn)
{
	struct arena *arena = to->arena;
	const struct function *props = fn->props;
	struct doc *all = doc_string(arena, "*");

	if (fn->log_group_id)
		allow(to, "logs", "CreateLogStream PutLogEvents",
		      value_att(arena, fn->log_group_id, "Arn"));
	if (!props->tracing.s || strcmp(props->tracing.s, "off") != 0)
		allow(to, "xray", "PutTelemetryRecords PutTraceSegments", all);
	if (props->vpc)
		allow(to, "ec2",
		      "AssignPrivateIpAddresses CreateNetworkInterface "
		      "DeleteNetworkInterface DescribeNetworkInterfaces "
		      "DescribeSubnets UnassignPrivateIpAddresses",
		      all);
	if (props->dead_letter)
		allow_dead_letter(to, plan, props->dead_letter);
	if (props->kms_key)
		allow(to, "kms", "Decrypt", refs_value(plan, props->kms_key));
}

/* The secret of a JWT authorizer, when it is kept in a parameter. */
static void allow_secret(struct statements *to,
			 const struct authorizer *authorizer)
{
	const char *path;

	if (!authorizer || !authorizer->secret || !authorizer->secret->ssm.s)
		return;
	path = authorizer->secret->ssm.s;
	allow(to, "ssm", "GetParameter",
	      value_build(to->arena,
			  "arn:${AWS::Partition}:ssm:${AWS::Region}:"
			  "${AWS::AccountId}:parameter{s}{s}",
			  *path == '/' ? "" : "/", path));
}

/* --- @connections ------------------------------------------------------------
 */

/* What one function may do to connections of one API, so far. */
struct reach {
	struct statements *to;
	const struct plan_function *fn;
	const struct plan_api *api;
	struct plan_statement statement;
};

static void reach_stage(struct reach *reach, struct doc *stage)
{
	const struct plan_function *fn = reach->fn;
	struct arena *arena = reach->to->arena;
	const struct {
		const char *method;
		bool used;
	} methods[] = {
		{ "*", !fn->declares },
		{ "POST", fn->declares && fn->sends.count },
		{ "DELETE", fn->declares && fn->closes },
		{ "GET", fn->declares && fn->inspects },
	};

	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
		struct doc *arn;
		bool known = false;

		if (!methods[i].used)
			continue;
		arn = value_build(arena, "{d}/{d}/{s}/@connections/*",
				  refs_api_arn(reach->api), stage,
				  methods[i].method);
		for (size_t k = 0; k < reach->statement.resources.count; k++)
			known |= doc_equal(reach->statement.resources.items[k],
					   arn);
		if (!known)
			*LIST_ADD(arena, &reach->statement.resources) = arn;
	}
}

/* The stages that a route's choice, or its API's, names. */
static void reach_choice(struct reach *reach, const struct plan_route *route)
{
	const struct plan_api *api = reach->api;
	const struct stage_choice *choice = &route->route->manage_connections;

	if (!choice->loc.line)
		choice = &api->api->manage_connections;
	if (choice->all.is == FLAG_OFF)
		return;
	for (size_t i = 0; i < choice->stages.count; i++)
		reach_stage(reach,
			    permission_stage(api, choice->stages.items[i].s));
	if (choice->stages.count || (choice->loc.line && !choice->all.is))
		return;
	for (size_t i = 0; i < api->stages.count; i++)
		reach_stage(reach, api->stages.items[i].name_value);
	if (!api->stages.count)
		reach_stage(reach, doc_string(reach->to->arena, "*"));
}

static void allow_connections(struct statements *to,
			      const struct plan_function *fn,
			      const struct plan_api *api)
{
	struct reach reach = { to, fn, api, { .effect = "Allow" } };

	for (size_t i = 0; i < fn->routes.count; i++)
		if (fn->routes.items[i]->api == api)
			reach_choice(&reach, fn->routes.items[i]);
	if (!reach.statement.resources.count)
		return;
	statement_action(to, &reach.statement, "execute-api:ManageConnections");
	statements_add(to, &reach.statement);
}

/*
 * Whoever has $connect records a connection; whoever has another route may find
 * one gone. Joining a topic is two entries at once, and $connect takes its own
 * back when that fails.
 */
static void allow_registry(struct statements *to, const struct plan *plan,
			   const struct plan_function *fn)
{
	bool connects = false, others = false, topics;
	struct doc *arn;

	if (!fn->connections)
		return;
	topics = fn->connections->topics;
	arn = plan_connections_arn(plan, fn->connections);
	for (size_t i = 0; i < fn->routes.count; i++) {
		connects |= fn->routes.items[i]->kind == ROUTE_CONNECT;
		others |= fn->routes.items[i]->kind != ROUTE_CONNECT;
	}
	allow(to, "dynamodb",
	      arena_printf(to->arena, "%s%s%sQuery",
			   topics ? "BatchWriteItem " : "",
			   topics || others ? "DeleteItem " : "",
			   connects ? "PutItem " : ""),
	      arn);
}

struct doc *permission_stage(const struct plan_api *api, const char *name)
{
	for (size_t i = 0; i < api->stages.count; i++)
		if (!strcmp(api->stages.items[i].name, name))
			return api->stages.items[i].name_value;
	return doc_string(api->plan->arena, name);
}

/* --- the whole
 * ---------------------------------------------------------------- */

static void check_stages(struct diag *diag, const struct plan_api *api,
			 const struct stage_choice *choice)
{
	for (size_t i = 0; i < choice->stages.count; i++) {
		const struct text *stage = &choice->stages.items[i];
		bool known = !api->stages.count;

		for (size_t s = 0; s < api->stages.count; s++)
			if (!strcmp(api->stages.items[s].name, stage->s))
				known = true;
		if (!known)
			diag_error(diag, stage->loc,
				   "API '%s' has no stage '%s'", api->name,
				   stage->s);
	}
}

/* A walk from a statement through the user's resources. */
struct circle {
	const struct statements *to;
	struct map seen; /* of the user's */
	bool found;
};

static void follow(void *data, const char *id, size_t len)
{
	struct circle *circle = data;
	const struct plan *plan = circle->to->plan;
	const char *name;
	const struct doc *theirs;

	if (map_get_n(circle->to->functions, id, len)) {
		circle->found = true;
		return;
	}
	if (!plan->spec->resources)
		return;
	name = arena_strndup(plan->arena, id, len);
	theirs = doc_get(plan->spec->resources, name);
	if (theirs && !map_put(&circle->seen, name, circle))
		value_each_name(refs_value(plan, theirs), follow, circle);
}

/*
 * Whether what a statement is on waits for one of our functions: it is one,
 * or a resource of the user's that names one, as a bucket that notifies it.
 */
static bool is_call(const struct statements *to,
		    const struct plan_statement *statement)
{
	struct circle circle = { .to = to, .seen = { .arena = to->arena } };

	for (size_t i = 0; i < statement->resources.count; i++)
		value_each_name(statement->resources.items[i], follow, &circle);
	return circle.found;
}

/* Calls to the end, everything else as it was. */
static void set_statements(struct plan_function *fn,
			   const struct statements *from)
{
	struct plan_statement *sorted =
		arena_alloc(from->arena, (from->count + 1) * sizeof(*sorted));
	size_t count = 0;

	for (int calls = 0; calls < 2; calls++)
		for (size_t i = 0; i < from->count; i++)
			if (is_call(from, &from->items[i]) == calls) {
				sorted[count++] = from->items[i];
				fn->calls += (size_t)calls;
			}
	fn->statements.items = sorted;
	fn->statements.count = count;
}

static void function_statements(struct statements *to, struct plan *plan,
				struct plan_function *fn)
{
	if (fn->props->role)
		return;
	allow_to_run(to, plan, fn);
	allow_secret(to, fn->authorizer);
	if (fn->kind == PLAN_ROUTES)
		for (size_t i = 0; i < fn->apis.count; i++)
			allow_secret(to, fn->apis.items[i]->session);
	for (size_t i = 0; i < fn->apis.count; i++)
		allow_connections(to, fn, fn->apis.items[i]);
	allow_registry(to, plan, fn);
	permission_items(to, plan, &fn->props->permissions);
	for (size_t i = 0; i < fn->more_permissions.count; i++)
		permission_items(to, plan, fn->more_permissions.items[i]);
	set_statements(fn, to);
}

static void integration_statements(struct plan *plan, struct plan_api *api,
				   struct diag *diag, struct map *seen)
{
	for (size_t i = 0; i < api->integrations.count; i++) {
		struct plan_integration *in = api->integrations.items[i];
		struct statements to = { .arena = plan->arena,
					 .plan = plan,
					 .diag = diag,
					 .seen = seen };

		if (in->function)
			continue;
		permission_items(&to, plan, &in->props->permissions);
		in->statements.items = to.items;
		in->statements.count = to.count;
	}
}

bool plan_permissions(struct plan *plan, struct diag *diag)
{
	const size_t errors = diag->errors;
	struct map seen = { .arena = plan->arena };
	struct map functions = { .arena = plan->arena };

	for (size_t i = 0; i < plan->functions.count; i++)
		map_put(&functions, plan->functions.items[i]->id, plan);
	for (size_t i = 0; i < plan->functions.count; i++) {
		struct statements to = { .arena = plan->arena,
					 .plan = plan,
					 .functions = &functions,
					 .diag = diag,
					 .seen = &seen };

		function_statements(&to, plan, plan->functions.items[i]);
	}
	for (size_t i = 0; i < plan->apis.count; i++) {
		struct plan_api *api = &plan->apis.items[i];

		integration_statements(plan, api, diag, &seen);
		check_stages(diag, api, &api->api->manage_connections);
		for (size_t r = 0; r < api->routes.count; r++)
			check_stages(diag, api,
				     &api->routes.items[r]
					      .route->manage_connections);
	}
	return diag->errors == errors;
}

struct doc *permissions_document(struct arena *arena,
				 const struct plan_statement *statements,
				 size_t count)
{
	struct doc *document = doc_map(arena);
	struct doc *list;

	doc_set_string(arena, document, "Version", "2012-10-17");
	list = doc_set(arena, document, "Statement", doc_list(arena));
	for (size_t i = 0; i < count; i++) {
		const struct plan_statement *from = &statements[i];
		struct doc *one = doc_add(arena, list, doc_map(arena));
		struct doc *resources, *actions;

		doc_set_string(arena, one, "Sid", from->sid);
		doc_set_string(arena, one, "Effect", from->effect);
		actions = doc_set(arena, one, "Action", doc_list(arena));
		for (size_t a = 0; a < from->actions.count; a++)
			doc_add(arena, actions,
				doc_string(arena, from->actions.items[a]));
		if (from->resources.count == 1) {
			doc_set(arena, one, "Resource",
				from->resources.items[0]);
		} else {
			resources = doc_set(arena, one, "Resource",
					    doc_list(arena));
			for (size_t r = 0; r < from->resources.count; r++)
				doc_add(arena, resources,
					from->resources.items[r]);
		}
		if (from->conditions)
			doc_set(arena, one, "Condition", from->conditions);
	}
	return document;
}

struct doc *permissions_trust(struct arena *arena, const char *service)
{
	struct doc *document = doc_map(arena);
	struct doc *list, *one, *principal;

	doc_set_string(arena, document, "Version", "2012-10-17");
	list = doc_set(arena, document, "Statement", doc_list(arena));
	one = doc_add(arena, list, doc_map(arena));
	doc_set_string(arena, one, "Effect", "Allow");
	principal = doc_set(arena, one, "Principal", doc_map(arena));
	doc_set_string(arena, principal, "Service", service);
	doc_set_string(arena, one, "Action", "sts:AssumeRole");
	return document;
}

static void add_key(struct buf *key, const struct text *text)
{
	buf_printf(key, "%zu:%s,", text->s ? strlen(text->s) : 0,
		   text->s ? text->s : "");
}

const char *permissions_key(struct arena *arena,
			    const struct permissions *permissions)
{
	struct buf key;

	buf_init(&key, arena);
	for (size_t i = 0; i < permissions->count; i++) {
		const struct permission *item = &permissions->items[i];
		const struct statement *long_form = item->statement;

		buf_add(&key, "|");
		add_key(&key, &item->what);
		for (size_t g = 0; g < item->grants.count; g++)
			add_key(&key, &item->grants.items[g]);
		if (!long_form)
			continue;
		add_key(&key, &long_form->sid);
		add_key(&key, &long_form->effect);
		for (size_t a = 0; a < long_form->actions.count; a++)
			add_key(&key, &long_form->actions.items[a]);
		for (size_t r = 0; r < long_form->resources.count; r++) {
			buf_add(&key, "@");
			doc_print_compact(&key, long_form->resources.items[r]);
		}
		if (long_form->conditions)
			doc_print_compact(&key, long_form->conditions);
	}
	return key.text;
}
