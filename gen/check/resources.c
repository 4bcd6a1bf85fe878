/* SPDX-License-Identifier: MIT */
/* The user's own part of the template: resources, outputs, parameters, tags. */
#include "check.h"

#include "values.h"

#include <string.h>

#define LOGICAL_ID_MAX_LEN 255
#define TYPE_MAX_LEN 196
#define PARAMETERS_MAX 200
#define OUTPUTS_MAX 200

static void check_id(struct check *c, const char *what,
		     const struct doc_member *member)
{
	if (!*member->key || !check_only(member->key, "") ||
	    strlen(member->key) > LOGICAL_ID_MAX_LEN)
		diag_error(c->diag, member->key_loc,
			   "%s is named by 1 to %d letters and digits, not "
			   "'%.60s'",
			   what, LOGICAL_ID_MAX_LEN, member->key);
}

/* False after an error when an attribute is none that CloudFormation has. */
static void check_attributes(struct check *c, const char *what,
			     const struct doc *map, const char *const *names,
			     size_t count)
{
	for (size_t i = 0; i < map->count; i++) {
		const struct doc_member *member = &map->members[i];
		const char *nearest;
		bool known = false;

		for (size_t k = 0; k < count; k++)
			known |= !strcmp(names[k], member->key);
		if (known)
			continue;
		nearest = diag_nearest(member->key, names, count);
		if (nearest)
			diag_error(c->diag, member->key_loc,
				   "%s has no '%s'; did you mean '%s'?", what,
				   member->key, nearest);
		else
			diag_error(c->diag, member->key_loc, "%s has no '%s'",
				   what, member->key);
	}
}

/* The value of Type as text, or NULL after an error. */
static const char *type_of(struct check *c, const char *what,
			   const struct doc_member *member, const char *such_as)
{
	const struct doc *value = member->value;
	const struct doc *type = doc_get(value, "Type");

	if (value->kind != DOC_MAP) {
		diag_error(c->diag, value->loc, "%s '%s' must be a mapping",
			   what, member->key);
		return NULL;
	}
	if (!type) {
		diag_error(c->diag, member->key_loc,
			   "%s '%s' needs a 'Type', such as %s", what,
			   member->key, such_as);
		return NULL;
	}
	if (type->kind != DOC_STRING) {
		diag_error(c->diag, type->loc,
			   "the 'Type' of '%s' must be text, such as %s",
			   member->key, such_as);
		return NULL;
	}
	return type->text;
}

/* AWS::SQS::Queue, Acme::Thing::Part::MODULE, Custom::Mine. */
static bool is_resource_type(const char *type)
{
	size_t parts = 1;

	if (!strncmp(type, "Custom::", 8))
		return type[8] && check_only(type + 8, "_@-") &&
		       strlen(type) <= 60;
	for (const char *at = type; *at; at++) {
		if (check_is_letter(*at) || (check_is_digit(*at) && at > type))
			continue;
		if (at == type || at[0] != ':' || at[1] != ':' ||
		    !check_is_letter(at[2]))
			return false;
		parts++;
		at++;
	}
	return parts >= 3 && strlen(type) <= TYPE_MAX_LEN;
}

static void check_resource(struct check *c, const struct doc_member *member)
{
	static const char *const attributes[] = {
		"Type",		"Properties",	  "DependsOn",
		"Condition",	"Metadata",	  "DeletionPolicy",
		"UpdatePolicy", "CreationPolicy", "UpdateReplacePolicy",
	};
	const char *type = type_of(c, "resource", member, "AWS::SQS::Queue");
	const struct doc *properties = doc_get(member->value, "Properties");

	check_id(c, "a resource", member);
	if (!type)
		return;
	if (!is_resource_type(type))
		diag_error(c->diag, doc_get(member->value, "Type")->loc,
			   "'%.100s' is no type of resource, which is "
			   "AWS::Service::Thing or Custom::Thing",
			   type);
	if (properties && properties->kind != DOC_MAP &&
	    properties->kind != DOC_NULL)
		diag_error(c->diag, properties->loc,
			   "the 'Properties' of '%s' must be a mapping",
			   member->key);
	check_attributes(c, "a resource", member->value, attributes,
			 sizeof(attributes) / sizeof(attributes[0]));
}

static bool is_parameter_type(const char *type)
{
	static const char *const types[] = { "String", "Number", "List<Number>",
					     "CommaDelimitedList" };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcmp(types[i], type))
			return true;
	return !strncmp(type, "AWS::", 5) || !strncmp(type, "List<AWS::", 10);
}

static void check_parameter(struct check *c, const struct doc_member *member)
{
	static const char *const attributes[] = {
		"Type",	     "Default",	    "AllowedValues",
		"MinLength", "MaxLength",   "AllowedPattern",
		"MinValue",  "MaxValue",    "ConstraintDescription",
		"NoEcho",    "Description",
	};
	const char *type = type_of(c, "parameter", member, "String");

	check_id(c, "a parameter", member);
	if (!type)
		return;
	if (!is_parameter_type(type))
		diag_error(c->diag, doc_get(member->value, "Type")->loc,
			   "'%.100s' is no type of parameter, such as String, "
			   "Number or CommaDelimitedList",
			   type);
	check_attributes(c, "a parameter", member->value, attributes,
			 sizeof(attributes) / sizeof(attributes[0]));
}

static void check_output(struct check *c, const struct doc_member *member)
{
	static const char *const attributes[] = { "Value", "Description",
						  "Export", "Condition" };
	const struct doc *value = member->value;

	check_id(c, "an output", member);
	if (value->kind == DOC_NULL || value->kind == DOC_LIST)
		diag_error(c->diag, value->loc,
			   "output '%s' must be a value, or a mapping with "
			   "'Value'",
			   member->key);
	if (value->kind != DOC_MAP || !value->count)
		return;
	if (!doc_get(value, "Value")) {
		if (!strcmp(value->members[0].key, "Ref") ||
		    !strncmp(value->members[0].key, "Fn::", 4))
			return;
		diag_error(c->diag, value->loc, "output '%s' needs a 'Value'",
			   member->key);
	}
	check_attributes(c, "an output", value, attributes,
			 sizeof(attributes) / sizeof(attributes[0]));
}

static void check_members(struct check *c, const struct doc *map,
			  void (*visit)(struct check *c,
					const struct doc_member *member),
			  const char *what, size_t max)
{
	if (!map)
		return;
	for (size_t i = 0; i < map->count; i++)
		visit(c, &map->members[i]);
	if (max && map->count > max)
		diag_error(c->diag, map->loc, "%zu %s; a template has %zu",
			   map->count, what, max);
}

void check_resources(struct check *c)
{
	const struct spec *spec = c->spec;

	check_members(c, spec->resources, check_resource, "resources", 0);
	check_members(c, spec->parameters, check_parameter, "parameters",
		      PARAMETERS_MAX);
	check_members(c, spec->outputs, check_output, "outputs", OUTPUTS_MAX);
	check_tags(c, spec->tags);
}
