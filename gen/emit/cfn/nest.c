/* SPDX-License-Identifier: MIT */
/*
 * Templates of nested stacks. A resource is copied into its stack with every
 * reference that leaves it turned into one to a parameter; the stack that has
 * what is referred to gives it as an output.
 */
#include "nest.h"

#include <string.h>

static struct doc *convert(struct splitter *s, struct split_stack *here,
			   struct doc *doc);

/* A name for Id or Id.Attribute, of letters and digits alone. */
static const char *joined(struct splitter *s, const char *id,
			  const char *attribute)
{
	char *name =
		arena_printf(s->arena, "%s%s", id, attribute ? attribute : "");
	size_t to = 0;

	for (size_t i = 0; name[i]; i++)
		if (name[i] != '.')
			name[to++] = name[i];
	name[to] = '\0';
	return name;
}

static struct doc *reference(struct arena *arena, const char *id,
			     const char *attribute)
{
	return attribute ? value_att(arena, id, attribute)
			 : value_ref(arena, id);
}

/* What `id[.attribute]`, a resource of another stack, is at the top. */
static struct doc *at_top(struct splitter *s, struct split_stack *there,
			  const char *id, const char *attribute)
{
	const char *name = joined(s, id, attribute);
	struct doc *output;

	if (!there)
		return reference(s->arena, id, attribute);
	if (!doc_get(there->outputs, name)) {
		output = doc_map(s->arena);
		doc_set(s->arena, output, "Value",
			reference(s->arena, id, attribute));
		doc_set(s->arena, there->outputs, name, output);
	}
	return value_att(s->arena, there->id,
			 arena_printf(s->arena, "Outputs.%s", name));
}

static bool is_list(const struct doc *parameter)
{
	const struct doc *type = doc_get(parameter, "Type");

	return type && type->text && strstr(type->text, "List") != NULL;
}

/* A parameter of the stack for something outside it. */
static struct doc *as_parameter(struct splitter *s, struct split_stack *here,
				const char *name, struct doc *argument,
				const struct doc *declared)
{
	struct doc *parameter, *join, *list;

	if (doc_get(here->parameters, name))
		return value_ref(s->arena, name);
	parameter = doc_map(s->arena);
	doc_set_string(s->arena, parameter, "Type",
		       declared && is_list(declared) ? "CommaDelimitedList"
						     : "String");
	if (declared && is_list(declared)) {
		join = doc_map(s->arena);
		list = doc_set(s->arena, join, "Fn::Join", doc_list(s->arena));
		doc_add(s->arena, list, doc_string(s->arena, ","));
		doc_add(s->arena, list, argument);
		argument = join;
	}
	if (declared && doc_get(declared, "NoEcho"))
		doc_set(s->arena, parameter, "NoEcho",
			doc_bool(s->arena, true));
	doc_set(s->arena, here->parameters, name, parameter);
	doc_set(s->arena, here->arguments, name, argument);
	return value_ref(s->arena, name);
}

struct split_item *nest_item(const struct splitter *s, const char *id)
{
	const struct cfn_resource *resource = map_get(&s->cfn->by_id, id);

	return resource ? &s->items[resource->number] : NULL;
}

/* id[.attribute] as seen from here; NULL: as it is. */
static struct doc *seen_from(struct splitter *s, struct split_stack *here,
			     const char *id, const char *attribute)
{
	const struct doc *declared = doc_get(s->cfn->parameters, id);
	struct split_item *item;
	const char *name;

	if (declared && !attribute)
		return here ? as_parameter(s, here, id, value_ref(s->arena, id),
					   declared)
			    : NULL;
	item = nest_item(s, id);
	if (!item || item->stack == here)
		return NULL;
	if (!here)
		return at_top(s, item->stack, id, attribute);
	name = joined(s, id, attribute);
	if (doc_get(here->parameters, name))
		return value_ref(s->arena, name);
	return as_parameter(s, here, name,
			    at_top(s, item->stack, id, attribute), NULL);
}

/* The text of Fn::Sub, with what is elsewhere renamed; NULL: as it is. */
static struct doc *convert_sub_text(struct splitter *s,
				    struct split_stack *here, const char *text,
				    const struct doc *variables)
{
	struct value_mix mix = { 0 };
	const char *from = text, *at = text, *start;

	while ((start = strstr(at, "${"))) {
		const size_t len = strcspn(start, "}") + 1;
		const char *name = arena_strndup(s->arena, start + 2, len - 3);
		const char *dot = strchr(name, '.');
		const char *id = dot ? arena_strndup(s->arena, name,
						     (size_t)(dot - name))
				     : name;
		struct doc *value = NULL;

		at = start + len;
		if (*name != '!' && !doc_get(variables, name))
			value = seen_from(s, here, id, dot ? dot + 1 : NULL);
		if (!value)
			continue;
		if (!mix.arena)
			value_mix_init(&mix, s->arena);
		value_mix_sub(&mix, from, (size_t)(start - from));
		value_mix_add(&mix, value);
		from = at;
	}
	if (!mix.arena)
		return NULL;
	value_mix_sub(&mix, from, strlen(from));
	mix.has_values = true; /* stays Fn::Sub, whatever is left of it */
	mix.only = NULL;
	return value_mix_end(&mix);
}

static struct doc *convert_sub(struct splitter *s, struct split_stack *here,
			       const struct doc *of)
{
	struct doc *out, *list, *variables;

	if (of->kind == DOC_STRING)
		return convert_sub_text(s, here, of->text, NULL);
	out = convert_sub_text(s, here, of->items[0]->text, of->items[1]);
	if (!out)
		return NULL;
	variables = convert(s, here, of->items[1]);
	list = doc_get(out, "Fn::Sub");
	if (list->kind == DOC_LIST) {
		for (size_t i = 0; i < variables->count; i++)
			doc_set(s->arena, list->items[1],
				variables->members[i].key,
				variables->members[i].value);
		return out;
	}
	list = doc_list(s->arena);
	doc_add(s->arena, list, doc_get(out, "Fn::Sub"));
	doc_add(s->arena, list, variables);
	out = doc_map(s->arena);
	doc_set(s->arena, out, "Fn::Sub", list);
	return out;
}

static struct doc *convert_function(struct splitter *s,
				    struct split_stack *here,
				    const char *function, const struct doc *of)
{
	if (!strcmp(function, "Ref") && of->kind == DOC_STRING)
		return seen_from(s, here, of->text, NULL);
	if (!strcmp(function, "Fn::GetAtt") && of->kind == DOC_LIST &&
	    of->count == 2 && of->items[1]->kind == DOC_STRING)
		return seen_from(s, here, of->items[0]->text,
				 of->items[1]->text);
	if (!strcmp(function, "Fn::Sub"))
		return convert_sub(s, here, of);
	return NULL;
}

/* A list or map whose parts before the one at `count` are those of doc. */
static struct doc *copy_start(struct arena *arena, const struct doc *doc,
			      size_t count)
{
	struct doc *out =
		doc->kind == DOC_LIST ? doc_list(arena) : doc_map(arena);

	for (size_t i = 0; i < count; i++)
		if (doc->kind == DOC_LIST)
			doc_add(arena, out, doc->items[i]);
		else
			doc_set(arena, out, doc->members[i].key,
				doc->members[i].value);
	return out;
}

/* What has no reference that leaves the stack is shared, not copied. */
static struct doc *convert(struct splitter *s, struct split_stack *here,
			   struct doc *doc)
{
	const char *function = value_function(doc);
	struct doc *out = NULL;

	if (doc->kind != DOC_LIST && doc->kind != DOC_MAP)
		return doc;
	if (function)
		out = convert_function(s, here, function,
				       doc->members[0].value);
	if (out)
		return out;
	for (size_t i = 0; i < doc->count; i++) {
		struct doc *old = doc->kind == DOC_LIST ? doc->items[i]
							: doc->members[i].value;
		struct doc *new = convert(s, here, old);

		if (new != old && !out)
			out = copy_start(s->arena, doc, i);
		if (out && doc->kind == DOC_LIST)
			doc_add(s->arena, out, new);
		else if (out)
			doc_set(s->arena, out, doc->members[i].key, new);
	}
	return out ? out : doc;
}

/* --- templates
 * ---------------------------------------------------------------- */

static struct doc *new_template(struct splitter *s, const char *description)
{
	struct doc *template = doc_map(s->arena);

	doc_set_string(s->arena, template, "AWSTemplateFormatVersion",
		       "2010-09-09");
	doc_set_string(s->arena, template, "Description", description);
	return template;
}

static void set_section(struct splitter *s, struct doc *template,
			const char *name, struct doc *section)
{
	if (section->count)
		doc_set(s->arena, template, name, section);
}

struct doc *nest_root(struct splitter *s)
{
	struct doc *root = new_template(s, s->description);
	struct doc *resources = doc_map(s->arena);

	for (size_t i = 0; i < s->count; i++)
		doc_set(s->arena, resources, s->items[i].resource->id,
			cfn_resource_doc(s->arena, s->items[i].resource));
	set_section(s, root, "Parameters", s->cfn->parameters);
	set_section(s, root, "Mappings", s->cfn->mappings);
	set_section(s, root, "Conditions", s->cfn->conditions);
	doc_set(s->arena, root, "Resources", resources);
	set_section(s, root, "Outputs", s->cfn->outputs);
	return root;
}

static void add_once(struct splitter *s, struct any_texts *list,
		     const char *text)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->items[i], text))
			return;
	*LIST_ADD(s->arena, list) = text;
}

/*
 * A resource in its stack. Where it waits for one that is elsewhere, stacks
 * wait instead: its own, or for the other's.
 */
static struct doc *nested_resource(struct splitter *s,
				   const struct split_item *item)
{
	struct cfn_resource copy = *item->resource;
	struct any_texts here = { 0 };

	for (size_t i = 0; i < item->resource->depends.count; i++) {
		const char *id = item->resource->depends.items[i];
		const struct split_item *to = nest_item(s, id);

		if (to && to->stack && to->stack != item->stack)
			id = to->stack->id;
		if (!to || to->stack == item->stack || !item->stack)
			add_once(s, &here, id);
		else
			add_once(s, &item->stack->depends, id);
	}
	copy.depends.items = here.items;
	copy.depends.count = here.count;
	copy.properties = convert(s, item->stack, item->resource->properties);
	return cfn_resource_doc(s->arena, &copy);
}

static struct doc *stack_resource(struct splitter *s,
				  const struct split_stack *stack)
{
	struct cfn_resource resource = {
		.id = stack->id,
		.type = "AWS::CloudFormation::Stack",
		.properties = doc_map(s->arena),
	};
	struct doc *p = resource.properties;

	resource.depends.items = stack->depends.items;
	resource.depends.count = stack->depends.count;
	set_section(s, p, "Parameters", stack->arguments);
	cfn_tag_list(s->cfn, p, NULL);
	doc_set_string(
		s->arena, p, "TemplateURL",
		arena_printf(s->arena, "nested/%s.%s", stack->id, s->suffix));
	return cfn_resource_doc(s->arena, &resource);
}

/* A nested stack cannot look at the conditions of the one above it. */
static void add_nested(struct splitter *s, struct split *out,
		       struct split_stack *stack)
{
	struct doc *conditions = convert(s, stack, s->cfn->conditions);
	struct split_nested *nested = LIST_ADD(s->arena, &out->nested);

	nested->id = stack->id;
	nested->path =
		arena_printf(s->arena, "nested/%s.%s", stack->id, s->suffix);
	nested->template = new_template(s, NULL);
	set_section(s, nested->template, "Parameters", stack->parameters);
	set_section(s, nested->template, "Mappings", s->cfn->mappings);
	set_section(s, nested->template, "Conditions", conditions);
	doc_set(s->arena, nested->template, "Resources", stack->resources);
	set_section(s, nested->template, "Outputs", stack->outputs);
}

void nest(struct splitter *s, struct split *out)
{
	struct doc *resources = doc_map(s->arena), *outputs, *root;

	for (size_t i = 0; i < s->stacks.count; i++) {
		struct split_stack *stack = s->stacks.items[i];

		stack->parameters = doc_map(s->arena);
		stack->arguments = doc_map(s->arena);
		stack->outputs = doc_map(s->arena);
		stack->resources = doc_map(s->arena);
	}
	for (size_t i = 0; i < s->count; i++) {
		const struct split_item *item = &s->items[i];

		doc_set(s->arena,
			item->stack ? item->stack->resources : resources,
			item->resource->id, nested_resource(s, item));
	}
	outputs = convert(s, NULL, s->cfn->outputs);
	for (size_t i = 0; i < s->stacks.count; i++) {
		struct split_stack *stack = s->stacks.items[i];

		add_nested(s, out, stack);
		doc_set(s->arena, resources, stack->id,
			stack_resource(s, stack));
	}
	root = new_template(s, s->description);
	set_section(s, root, "Parameters", s->cfn->parameters);
	set_section(s, root, "Mappings", s->cfn->mappings);
	set_section(s, root, "Conditions", s->cfn->conditions);
	doc_set(s->arena, root, "Resources", resources);
	set_section(s, root, "Outputs", outputs);
	out->root = root;
}
