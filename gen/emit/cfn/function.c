/* SPDX-License-Identifier: MIT */
/* AWS::Lambda::Function */
#include "cfn.h"

#include <string.h>

#define RUNTIME "provided.al2023"
#define HANDLER "bootstrap"

static struct doc *one(struct cfn *cfn, const char *key, struct doc *value)
{
	struct doc *map = doc_map(cfn->arena);

	doc_set(cfn->arena, map, key, value);
	return map;
}

/*
 * The code is one zip a function, s3://<CodeBucket>/<CodePrefix>/<name>.zip.
 * A local path would be a template that only `aws cloudformation package` can
 * read; parameters are plain CloudFormation, and a prefix that changes with
 * the code is what makes an update take the new one.
 */
static struct doc *code(struct cfn *cfn, const struct plan_function *fn)
{
	struct doc *map =
		one(cfn, "S3Bucket", value_ref(cfn->arena, "CodeBucket"));

	doc_set(cfn->arena, map, "S3Key",
		value_build(cfn->arena, "${CodePrefix}/{s}.zip", fn->name));
	return map;
}

static void set_environment(struct cfn *cfn, struct doc *p,
			    const struct plan_function *fn)
{
	if (!fn->environment || !fn->environment->count)
		return;
	cfn_set(cfn, p, "Environment",
		one(cfn, "Variables", refs_value(cfn->plan, fn->environment)));
}

static void set_logging(struct cfn *cfn, struct doc *p,
			const struct plan_function *fn)
{
	const char *format = fn->props->log_format.s;
	const bool text = format && !strcmp(format, "text");
	struct doc *map = one(cfn, "LogFormat",
			      doc_string(cfn->arena, text ? "Text" : "JSON"));

	cfn_set(cfn, map, "LogGroup", value_ref(cfn->arena, fn->log_group_id));
	cfn_set(cfn, p, "LoggingConfig", map);
}

/* Whether a value gives a list: a parameter that is one, or Fn::Split. */
static bool gives_list(struct cfn *cfn, const struct doc *value)
{
	const char *function = value_function(value);
	const struct doc *type;

	if (!function)
		return false;
	if (strcmp(function, "Ref") != 0)
		return !strcmp(function, "Fn::Split");
	type = doc_get(doc_get(cfn->plan->spec->parameters,
			       value->members[0].value->text),
		       "Type");
	return type && type->text && strstr(type->text, "List");
}

static struct doc *values(struct cfn *cfn, const struct doc *const *items,
			  size_t count)
{
	struct doc *list = doc_list(cfn->arena), *value;

	for (size_t i = 0; i < count; i++) {
		value = refs_value(cfn->plan, items[i]);
		if (count == 1 && gives_list(cfn, value))
			return value;
		doc_add(cfn->arena, list, value);
	}
	return list;
}

static void set_vpc(struct cfn *cfn, struct doc *p,
		    const struct function_vpc *vpc)
{
	struct doc *map;

	if (!vpc)
		return;
	map = one(cfn, "SecurityGroupIds",
		  values(cfn, vpc->security_groups.items,
			 vpc->security_groups.count));
	cfn_set(cfn, map, "SubnetIds",
		values(cfn, vpc->subnets.items, vpc->subnets.count));
	cfn_set(cfn, p, "VpcConfig", map);
}

static void set_tracing(struct cfn *cfn, struct doc *p, const char *word)
{
	const char *mode = "Active";

	if (word && !strcmp(word, "off"))
		return;
	if (word && !strcmp(word, "passThrough"))
		mode = "PassThrough";
	cfn_set(cfn, p, "TracingConfig",
		one(cfn, "Mode", doc_string(cfn->arena, mode)));
}

/* Sizes and times, in the units that Lambda has. */
static void set_sizes(struct cfn *cfn, struct doc *p,
		      const struct function *props)
{
	const struct function_concurrency *concurrency = props->concurrency;

	cfn_set(cfn, p, "EphemeralStorage",
		one(cfn, "Size", doc_int(cfn->arena, props->storage_mb.value)));
	cfn_set(cfn, p, "MemorySize",
		doc_int(cfn->arena, props->memory_mb.value));
	if (concurrency && concurrency->reserved.set)
		cfn_set(cfn, p, "ReservedConcurrentExecutions",
			doc_int(cfn->arena, concurrency->reserved.value));
	cfn_set(cfn, p, "Timeout",
		doc_int(cfn->arena, (props->timeout_ms.value + 999) / 1000));
}

static void add_function(struct cfn *cfn, const struct plan_function *fn)
{
	struct arena *arena = cfn->arena;
	const struct function *props = fn->props;
	struct cfn_resource *resource =
		cfn_add(cfn, cfn_function_owner(cfn, fn), fn->id,
			"AWS::Lambda::Function");
	struct doc *p = resource->properties;
	struct doc *architectures = doc_list(arena);

	/* Lambda looks at the role's rights when it makes the function. */
	if (fn->role_id && fn->statements.count > fn->calls)
		cfn_depend(cfn, resource, fn->policy_id);
	doc_add(arena, architectures, doc_string(arena, props->architecture.s));
	cfn_set(cfn, p, "Architectures", architectures);
	cfn_set(cfn, p, "Code", code(cfn, fn));
	if (props->dead_letter)
		cfn_set(cfn, p, "DeadLetterConfig",
			one(cfn, "TargetArn",
			    refs_value(cfn->plan, props->dead_letter)));
	cfn_set_value(cfn, p, "Description", props->description);
	set_environment(cfn, p, fn);
	cfn_set_value(cfn, p, "FunctionName", props->function_name);
	cfn_set_text(cfn, p, "Handler", HANDLER);
	cfn_set_value(cfn, p, "KmsKeyArn", props->kms_key);
	if (props->layers.count)
		cfn_set(cfn, p, "Layers",
			values(cfn, props->layers.items, props->layers.count));
	set_logging(cfn, p, fn);
	if (fn->role_id)
		cfn_set(cfn, p, "Role", value_att(arena, fn->role_id, "Arn"));
	else
		cfn_set_value(cfn, p, "Role", props->role);
	cfn_set_text(cfn, p, "Runtime", RUNTIME);
	set_sizes(cfn, p, props);
	cfn_tag_list(cfn, p, props->tags);
	set_tracing(cfn, p, props->tracing.s);
	set_vpc(cfn, p, props->vpc);
}

void cfn_functions(struct cfn *cfn)
{
	for (size_t i = 0; i < cfn->plan->functions.count; i++)
		add_function(cfn, cfn->plan->functions.items[i]);
}
