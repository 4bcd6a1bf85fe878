/* SPDX-License-Identifier: MIT */
#include "messages.h"

#include "../language.h"
#include "../plan/names.h"
#include "message_reader.h"
#include "pattern.h"
#include "type.h"

#include <string.h>

struct message *message_new(struct message_reader *r, const char *name,
			    struct loc loc, bool in_place)
{
	struct message *message = ARENA_NEW(r->arena, struct message);

	message->name = (struct text){ name, loc };
	message->loc = loc;
	message->in_place = in_place;
	*LIST_ADD(r->arena, &r->spec->messages) = message;
	return message;
}

struct type *message_type(struct message_reader *r,
			  const struct message *message, struct loc loc)
{
	struct type *type = ARENA_NEW(r->arena, struct type);

	type->kind = TYPE_MESSAGE;
	type->loc = loc;
	type->message_name = (struct text){ message->name.s, loc };
	type->message = message;
	return type;
}

/* --- keys by their table ---------------------------------------------------
 */

static void read_key(struct message_reader *r, const struct lang_key *key,
		     const struct doc *value, char *out)
{
	const char *why;

	if (key->kind == LANG_TYPE || key->kind == LANG_RAW)
		memcpy(out + key->offset, &value, sizeof(value));
	else if (!lang_scalar(r->arena, key, value, out + key->offset, &why))
		diag_error(r->diag, value->loc, "'%s' %s", key->name, why);
}

static void unknown_key(struct message_reader *r,
			const struct lang_section *section,
			const struct doc_member *member)
{
	const char *hint = lang_hint(r->arena, section, member->key);

	diag_error(r->diag, member->key_loc, "a %s has no key '%s'%s%s",
		   section->name, member->key, hint ? "; " : "",
		   hint ? hint : "");
}

/* --- fields -----------------------------------------------------------------
 */

static void set_name(struct message_reader *r, struct field *field,
		     struct text name)
{
	const char *why;

	if (!name.s)
		return;
	why = name_why_not_c(name.s);
	if (why)
		diag_error(r->diag, name.loc,
			   "field '%s' cannot be called '%s' in C: it %s",
			   field->name.s, name.s, why);
	field->c_name = name;
}

void read_pattern(struct message_reader *r, struct field *field,
		  const struct doc *pattern)
{
	const char *why;
	size_t at, len;

	if (pattern->kind == DOC_LIST || pattern->kind == DOC_MAP) {
		diag_error(r->diag, pattern->loc,
			   "'pattern' must be text, a regular expression");
		return;
	}
	if (field->type && field->type->kind != TYPE_STRING) {
		diag_error(r->diag, pattern->loc,
			   "'pattern' goes with string, not with %s",
			   type_name(field->type->kind));
		return;
	}
	if (!pattern_read(r->arena, pattern->text, &at, &len, &why))
		diag_error(r->diag, read_loc_in(pattern, at, len), "%s", why);
	field->pattern = (struct text){ pattern->text, pattern->loc };
}

static void read_long(struct message_reader *r, struct field *field,
		      const struct doc *value)
{
	struct field_keys keys = { 0 };

	if (!doc_get(value, "type")) {
		diag_error(r->diag, field->loc,
			   "field '%s' needs a 'type'; fields inside of fields "
			   "are a message of their own",
			   field->name.s);
		return;
	}
	for (size_t i = 0; i < value->count; i++) {
		const struct doc_member *member = &value->members[i];
		const struct lang_key *key =
			lang_find(&lang_field, member->key);

		if (key)
			read_key(r, key, member->value, (char *)&keys);
		else
			unknown_key(r, &lang_field, member);
	}
	if (keys.type->kind == DOC_STRING)
		field->type = read_type(r->arena, r->diag, keys.type,
					&field->optional);
	else
		diag_error(r->diag, keys.type->loc,
			   "'type' must be text, such as string(1..64)");
	field->doc = keys.doc;
	field->fallback = keys.fallback;
	if (keys.fallback && keys.fallback->kind == DOC_NULL) {
		diag_error(r->diag, keys.fallback->loc,
			   "null is no default: a field that may be absent has "
			   "a '?' behind its type");
		field->fallback = NULL;
	}
	if (field->fallback)
		field->optional = false;
	set_name(r, field, keys.name);
	if (keys.pattern)
		read_pattern(r, field, keys.pattern);
}

static void read_field(struct message_reader *r, struct message *message,
		       const struct doc_member *member)
{
	struct field *field = LIST_ADD(r->arena, &message->fields);
	const struct doc *value = member->value;

	field->name = (struct text){ member->key, member->key_loc };
	field->loc = member->key_loc;
	if (value->kind == DOC_STRING)
		field->type =
			read_type(r->arena, r->diag, value, &field->optional);
	else if (value->kind == DOC_MAP)
		read_long(r, field, value);
	else if (value->kind == DOC_LIST && value->count == 1 &&
		 value->items[0]->kind == DOC_STRING)
		diag_error(r->diag, value->loc, "a list is written \"%s[]\"",
			   value->items[0]->text);
	else
		diag_error(r->diag, member->key_loc,
			   "field '%s' needs a type, such as string(1..64)",
			   member->key);
}

/* --- messages ----------------------------------------------------------------
 */

/* $ref: file.json or file.json#/definitions/X */
static void read_ref(struct message_reader *r, struct message *message,
		     struct text ref)
{
	const char *hash = strchr(ref.s, '#');
	const char *path = ref.s;
	const struct doc *root, *schema;

	if (hash)
		path = arena_strndup(r->arena, ref.s, (size_t)(hash - ref.s));
	if (!*path) {
		diag_error(r->diag, ref.loc,
			   "'$ref' needs a file, such as schemas/import.json");
		return;
	}
	if (!r->files) {
		diag_error(r->diag, ref.loc,
			   "'$ref' needs a spec that is a file itself");
		return;
	}
	root = r->files->read(r->files->context, ref.loc, path);
	if (!root)
		return;
	schema = hash ? schema_part(root, hash) : root;
	if (schema)
		read_schema(r, message, root, schema);
	else
		diag_error(r->diag, ref.loc, "'%s' has no part '%s'", path,
			   hash);
}

/* What the message has instead of fields, and nothing beside it. */
static void read_whole(struct message_reader *r, struct message *message,
		       const struct doc *value, const struct message_keys *keys)
{
	const char *whole = keys->ref.s ? "$ref" : "$schema";

	if (keys->ref.s && keys->schema)
		diag_error(r->diag, keys->schema->loc,
			   "message '%s' has both '$ref' and '$schema'",
			   message->name.s);
	for (size_t i = 0; i < value->count; i++) {
		const struct doc_member *member = &value->members[i];

		if (*member->key == '$')
			continue;
		diag_error(r->diag, member->key_loc,
			   "field '%s' beside '%s', which has the whole "
			   "message '%s'",
			   member->key, whole, message->name.s);
	}
	if (keys->ref.s)
		read_ref(r, message, keys->ref);
	else if (keys->schema->kind == DOC_MAP)
		read_schema(r, message, keys->schema, keys->schema);
	else
		diag_error(r->diag, keys->schema->loc,
			   "'$schema' must be a mapping, a JSON Schema; a file "
			   "is named by '$ref'");
}

static void read_fields(struct message_reader *r, struct message *message,
			const struct doc *value)
{
	struct message_keys keys = { 0 };

	if (value->kind != DOC_MAP && value->kind != DOC_NULL) {
		diag_error(r->diag, value->loc,
			   "message '%s' must be a mapping of fields to types",
			   message->name.s);
		return;
	}
	if (value->loc.line && message->in_place)
		message->loc = value->loc;
	for (size_t i = 0; i < value->count; i++) {
		const struct doc_member *member = &value->members[i];
		const struct lang_key *key;

		if (*member->key != '$')
			continue;
		key = lang_find(&lang_message, member->key);
		if (key)
			read_key(r, key, member->value, (char *)&keys);
		else
			unknown_key(r, &lang_message, member);
	}
	message->doc = keys.doc;
	message->strict = keys.strict;
	if (keys.ref.s || keys.schema) {
		read_whole(r, message, value, &keys);
		return;
	}
	for (size_t i = 0; i < value->count; i++)
		if (*value->members[i].key != '$')
			read_field(r, message, &value->members[i]);
	if (!message->fields.count)
		diag_error(r->diag, message->name.loc,
			   "message '%s' has no fields", message->name.s);
}

static bool name_is_good(struct message_reader *r, const struct doc_member *m)
{
	const char *at = m->key;
	const char *letters = "abcdefghijklmnopqrstuvwxyz"
			      "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	if (type_is_word(m->key)) {
		diag_error(r->diag, m->key_loc,
			   "'%s' is a type: a message needs another name",
			   m->key);
		return false;
	}
	if (strlen(m->key) > MESSAGE_NAME_MAX) {
		diag_error(r->diag, m->key_loc,
			   "the name of a message has at most %d letters",
			   MESSAGE_NAME_MAX);
		return false;
	}
	at += strspn(at, letters) ? 1 : 0;
	while (*at && at > m->key &&
	       (strchr(letters, *at) || strchr("0123456789_", *at)))
		at++;
	if (*at || !*m->key) {
		diag_error(r->diag, m->key_loc,
			   "the name of a message is a letter, then letters, "
			   "digits and '_', not '%s'",
			   m->key);
		return false;
	}
	return true;
}

static void read_declared(struct message_reader *r)
{
	const struct doc *all = r->spec->messages_doc;

	for (size_t i = 0; all && i < all->count; i++) {
		const struct doc_member *member = &all->members[i];

		if (name_is_good(r, member))
			read_fields(r,
				    message_new(r, member->key, member->key_loc,
						false),
				    member->value);
	}
}

/* --- where messages are named or written in place ----------------------------
 */

static const struct message *in_place(struct message_reader *r,
				      const char *name, const struct doc *value)
{
	struct message *message = message_new(r, name, value->loc, true);

	read_fields(r, message, value);
	return message;
}

/* A reply of any other type: a struct with that one member. */
static const struct message *bare(struct message_reader *r, const char *route,
				  const char *name, const struct doc *value,
				  struct type *type)
{
	struct message *message = message_new(r, name, value->loc, true);
	struct field *field = LIST_ADD(r->arena, &message->fields);

	message->bare = true;
	message->doc.s = arena_printf(
		r->arena, "The reply of '%s': in JSON its one member alone.",
		route);
	field->loc = value->loc;
	field->name =
		(struct text){ type->item ? "items" : "value", value->loc };
	field->type = type;
	return message;
}

/* The type of a route's body; key is `message` or `reply`. */
static const struct type *body_type(struct message_reader *r, const char *route,
				    const char *key, const struct doc *value)
{
	const char *name = arena_printf(r->arena, "%s.%s", route, key);
	struct type *type;

	if (value->kind == DOC_MAP)
		return message_type(r, in_place(r, name, value), value->loc);
	if (value->kind != DOC_STRING) {
		diag_error(r->diag, value->loc,
			   "'%s' must be a message's name, or fields%s", key,
			   !strcmp(key, "reply") ? ", or true" : "");
		return NULL;
	}
	type = read_type(r->arena, r->diag, value, NULL);
	if (!type || type->kind == TYPE_MESSAGE)
		return type;
	if (!strcmp(key, "reply"))
		return message_type(r, bare(r, route, name, value, type),
				    value->loc);
	diag_error(r->diag, value->loc,
		   "'%s' must be a message, not '%s': give it a field of that "
		   "type",
		   key, value->text);
	return NULL;
}

/* Which route it is: with `apis`, one key can be in several. */
static const char *route_name(struct message_reader *r, const struct api *api,
			      const struct route *route)
{
	return r->spec->has_apis ? arena_printf(r->arena, "%s.%s", api->name.s,
						route->key.s)
				 : route->key.s;
}

static void read_route(struct message_reader *r, const struct api *api,
		       struct route *route)
{
	const char *name = route_name(r, api, route);

	if (route->message && route->message->kind != DOC_NULL)
		route->message_type =
			body_type(r, name, "message", route->message);
	if (!route->reply || route->reply->kind == DOC_NULL)
		return;
	if (route->reply->kind == DOC_BOOL)
		route->reply_any = !strcmp(route->reply->text, "true");
	else
		route->reply_type = body_type(r, name, "reply", route->reply);
}

static const struct message *caller_fields(struct message_reader *r,
					   const char *name, const char *key,
					   const struct doc *value)
{
	if (value->kind == DOC_MAP)
		return in_place(r, name, value);
	diag_error(r->diag, value->loc,
		   "'%s' must be a mapping of fields to types", key);
	return NULL;
}

/* The model is const to everyone but who is filling it in. */
static void read_caller(struct message_reader *r,
			const struct authorizer *authorizer, const char *name)
{
	struct authorizer *a = (struct authorizer *)authorizer;

	if (a && a->context)
		a->context_fields =
			caller_fields(r, name, "context", a->context);
	if (a && a->claims)
		a->claims_fields = caller_fields(r, name, "claims", a->claims);
}

bool read_messages(struct arena *arena, struct diag *diag,
		   const struct message_files *files, struct spec *spec)
{
	struct message_reader r = { arena, diag, files, spec };
	size_t errors = diag->errors;

	read_declared(&r);
	for (size_t i = 0; i < spec->authorizers.count; i++)
		read_caller(&r, &spec->authorizers.items[i], "caller");
	for (size_t i = 0; i < spec->apis.count; i++) {
		struct api *api = &spec->apis.items[i];

		read_caller(&r, api->authorizer, "caller");
		read_caller(&r, api->session, "session");
		for (size_t k = 0; k < api->routes.count; k++) {
			struct route *route = &api->routes.items[k];

			read_caller(&r, route->authorizer, "caller");
			read_route(&r, api, route);
		}
	}
	return diag->errors == errors;
}
