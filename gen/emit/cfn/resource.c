/* SPDX-License-Identifier: MIT */
/* Adding resources and filling them in: what all of emit/cfn is written in. */
#include "cfn.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct cfn_resource *cfn_add(struct cfn *cfn, const char *owner, const char *id,
			     const char *type)
{
	struct cfn_resource *resource =
		ARENA_NEW(cfn->arena, struct cfn_resource);
	const void *taken;

	resource->id = id;
	resource->type = type;
	resource->owner = owner;
	resource->properties = doc_map(cfn->arena);
	resource->number = cfn->resources.count;
	*LIST_ADD(cfn->arena, &cfn->resources) = resource;
	taken = map_put(&cfn->by_id, id, resource);
	assert(!taken); /* the plan gives each id once */
	(void)taken;
	return resource;
}

void cfn_depend(struct cfn *cfn, struct cfn_resource *resource, const char *id)
{
	*LIST_ADD(cfn->arena, &resource->depends) = id;
}

void cfn_set(struct cfn *cfn, struct doc *map, const char *key,
	     struct doc *value)
{
	if (value)
		doc_set(cfn->arena, map, key, value);
}

void cfn_set_text(struct cfn *cfn, struct doc *map, const char *key,
		  const char *text)
{
	if (text)
		doc_set(cfn->arena, map, key, refs_literal(cfn->plan, text));
}

void cfn_set_value(struct cfn *cfn, struct doc *map, const char *key,
		   const struct doc *value)
{
	if (value)
		doc_set(cfn->arena, map, key, refs_value(cfn->plan, value));
}

void cfn_override(struct cfn *cfn, struct doc *properties,
		  const struct doc *own)
{
	for (size_t i = 0; own && i < own->count; i++) {
		struct doc *value =
			refs_value(cfn->plan, own->members[i].value);
		size_t at = 0;

		while (at < properties->count &&
		       strcmp(properties->members[at].key,
			      own->members[i].key) != 0)
			at++;
		if (at < properties->count)
			properties->members[at].value = value;
		else
			doc_set(cfn->arena, properties, own->members[i].key,
				value);
	}
}

void cfn_tag_map(struct cfn *cfn, struct doc *properties)
{
	const struct doc *tags = cfn->plan->spec->tags;

	if (tags && tags->count)
		cfn_set_value(cfn, properties, "Tags", tags);
}

static void add_tags(struct cfn *cfn, struct doc *list, const struct doc *tags,
		     const struct doc *over)
{
	for (size_t i = 0; tags && i < tags->count; i++) {
		struct doc *tag;

		if (over && doc_get(over, tags->members[i].key))
			continue;
		tag = doc_add(cfn->arena, list, doc_map(cfn->arena));
		cfn_set_text(cfn, tag, "Key", tags->members[i].key);
		cfn_set_value(cfn, tag, "Value", tags->members[i].value);
	}
}

void cfn_tag_list(struct cfn *cfn, struct doc *properties,
		  const struct doc *own)
{
	struct doc *list = doc_list(cfn->arena);

	add_tags(cfn, list, cfn->plan->spec->tags, own);
	add_tags(cfn, list, own, NULL);
	if (list->count)
		doc_set(cfn->arena, properties, "Tags", list);
}

const char *cfn_function_owner(struct cfn *cfn, const struct plan_function *fn)
{
	return arena_printf(cfn->arena, "function %s", fn->name);
}

const char *cfn_route_owner(struct cfn *cfn, const struct plan_route *route)
{
	return arena_printf(cfn->arena, "route %s %s", route->api->name,
			    route->key);
}

struct doc *cfn_invoked(struct cfn *cfn, const struct plan_function *fn)
{
	if (fn->alias_id)
		return value_ref(cfn->arena, fn->alias_id);
	return value_att(cfn->arena, fn->id, "Arn");
}

struct doc *cfn_invocation_uri(struct cfn *cfn, struct doc *function_arn)
{
	return value_build(cfn->arena,
			   "arn:${AWS::Partition}:apigateway:${AWS::Region}:"
			   "lambda:path/2015-03-31/functions/{d}/invocations",
			   function_arn);
}

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct doc_member *)a)->key,
		      ((const struct doc_member *)b)->key);
}

struct doc *cfn_resource_doc(struct arena *arena,
			     const struct cfn_resource *resource)
{
	struct doc *doc = doc_map(arena);
	struct doc *properties = resource->properties;

	doc_set_string(arena, doc, "Type", resource->type);
	if (resource->depends.count) {
		struct doc *list =
			doc_set(arena, doc, "DependsOn", doc_list(arena));

		for (size_t i = 0; i < resource->depends.count; i++)
			doc_add(arena, list,
				doc_string(arena, resource->depends.items[i]));
	}
	if (resource->retain) {
		doc_set_string(arena, doc, "DeletionPolicy", "Retain");
		doc_set_string(arena, doc, "UpdateReplacePolicy", "Retain");
	}
	for (size_t i = 0; resource->verbatim && i < resource->verbatim->count;
	     i++) {
		const struct doc_member *member =
			&resource->verbatim->members[i];

		if (strcmp(member->key, "Type") != 0 &&
		    strcmp(member->key, "DependsOn") != 0 &&
		    strcmp(member->key, "Properties") != 0)
			doc_set(arena, doc, member->key, member->value);
	}
	/* As AWS's own pages list them: by the alphabet. */
	if (properties->count && !resource->verbatim)
		qsort(properties->members, properties->count,
		      sizeof(*properties->members), by_key);
	if (properties->count)
		doc_set(arena, doc, "Properties", properties);
	return doc;
}

bool cfn_is_free(struct cfn *cfn, const struct doc *ours, const char *what,
		 const struct doc_member *theirs)
{
	if (!doc_get(ours, theirs->key))
		return true;
	if (cfn->diag)
		diag_error(cfn->diag, theirs->key_loc,
			   "wsgen makes %s called '%s' itself: choose another "
			   "name",
			   what, theirs->key);
	return false;
}
