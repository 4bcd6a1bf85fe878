/* SPDX-License-Identifier: MIT */
#include "read/yaml.h"

#include "base/map.h"
#include "read/intrinsic.h"
#include "read/scalar.h"
#include "read/syntax.h"
#include "read/text.h"

#include <string.h>
#include <yaml.h>

#define CORE_TAG "tag:yaml.org,2002:"
#define SEARCHED_KEYS 8 /* past these a mapping's keys are hashed */

/* What &name stands for; doc is NULL while it is still being read. */
struct anchor {
	struct doc *doc;
	size_t nodes; /* in it, aliases counted as what they stand for */
	int height;   /* how many collections deep */
};

struct reader {
	struct arena *arena;
	struct diag *diag;
	struct text text;
	yaml_parser_t parser;
	yaml_event_t event; /* the last one; a node's last when it is read */
	size_t start, end;  /* its bytes, without tag and anchor */
	size_t nodes, expanded; /* so far; by aliases */
	int depth, deepest;	/* of the open collections; below an anchor */
	struct map anchors;
	struct syntax_error last; /* the last scalar */
};

/*
 * A flow collection in which "(" is open: the comma in {a: enum(x, y)} does
 * not belong to the value, however much it looks so.
 */
struct split {
	bool is_flow, is_open;
	size_t start;
};

static struct doc *read_node(struct reader *reader);

/* The place of the current event. */
static struct loc here(struct reader *reader)
{
	return text_loc(&reader->text, reader->start,
			reader->end - reader->start);
}

/* The place of what stands between white space. */
static struct loc word_loc(struct reader *reader, size_t at)
{
	size_t end = at;

	while (end < reader->text.len &&
	       !strchr(" \t\r\n", reader->text.bytes[end]))
		end++;
	return text_loc(&reader->text, at, end - at);
}

static void explain(struct reader *reader)
{
	const yaml_parser_t *parser = &reader->parser;
	struct syntax_error error = reader->last;

	error.problem = parser->problem;
	error.context = parser->context;
	error.at = text_offset(&reader->text, parser->problem_mark.index);
	error.context_at =
		text_offset(&reader->text, parser->context_mark.index);
	syntax_explain(reader->diag, &reader->text, &error);
}

/* The event starts at its tag or anchor; what is pointed at is the value. */
static void skip_properties(struct reader *reader)
{
	const char *bytes = reader->text.bytes;
	size_t at = reader->start, end = reader->end;

	while (at < end && strchr("!&", bytes[at])) {
		while (at < end && !strchr(" \t\r\n", bytes[at]))
			at++;
		while (at < end && strchr(" \t\r\n#", bytes[at])) {
			if (bytes[at] == '#')
				while (at < end && bytes[at] != '\n')
					at++;
			else
				at++;
		}
	}
	if (at < end || reader->event.type != YAML_SCALAR_EVENT)
		reader->start = at;
}

static void place_scalar(struct reader *reader)
{
	yaml_event_t *event = &reader->event;
	yaml_scalar_style_t style = event->data.scalar.style;

	if (event->data.scalar.tag || event->data.scalar.anchor)
		skip_properties(reader);
	if (style == YAML_LITERAL_SCALAR_STYLE ||
	    style == YAML_FOLDED_SCALAR_STYLE)
		reader->end = reader->start + 1;
	reader->last.scalar = reader->start;
	reader->last.scalar_end = reader->end;
	reader->last.plain = style == YAML_PLAIN_SCALAR_STYLE;
	reader->last.tagged = event->data.scalar.tag != NULL;
}

/* Go on to the next event. False after what cannot be read. */
static bool next(struct reader *reader)
{
	yaml_event_t *event = &reader->event;

	yaml_event_delete(event);
	if (!yaml_parser_parse(&reader->parser, event)) {
		explain(reader);
		return false;
	}
	reader->start = text_offset(&reader->text, event->start_mark.index);
	reader->end = text_offset(&reader->text, event->end_mark.index);
	if (event->type == YAML_SCALAR_EVENT)
		place_scalar(reader);
	else if (event->type == YAML_SEQUENCE_START_EVENT ||
		 event->type == YAML_MAPPING_START_EVENT)
		skip_properties(reader);
	return true;
}

static struct doc *new_doc(struct reader *reader, enum doc_kind kind)
{
	struct doc *doc = ARENA_NEW(reader->arena, struct doc);

	doc->kind = kind;
	doc->loc = here(reader);
	reader->nodes++;
	return doc;
}

/* NULL for an untagged node: also "!", which says no more than quotes do. */
static const char *tag_of(const yaml_char_t *tag)
{
	if (!tag || !strcmp((const char *)tag, "!"))
		return NULL;
	return (const char *)tag;
}

/* !!str and the like say what a node is; read_scalar made it that if it can. */
static void check_core_tag(struct reader *reader, const char *tag,
			   struct loc loc, const struct doc *doc)
{
	static const struct {
		const char *name;
		enum doc_kind kind;
	} tags[] = {
		{ "bool", DOC_BOOL },  { "float", DOC_NUMBER },
		{ "int", DOC_NUMBER }, { "map", DOC_MAP },
		{ "null", DOC_NULL },  { "seq", DOC_LIST },
		{ "str", DOC_STRING },
	};
	size_t prefix = strlen(CORE_TAG);
	const char *name = tag + prefix;

	if (strncmp(tag, CORE_TAG, prefix) != 0) {
		diag_error(reader->diag, loc,
			   "unknown tag '%s': tags are CloudFormation's (!Ref, "
			   "!Sub) or YAML's (!!str)",
			   tag);
		return;
	}
	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
		if (strcmp(tags[i].name, name) != 0)
			continue;
		if (tags[i].kind != doc->kind ||
		    (*name == 'i' && strpbrk(doc->text, ".eE")))
			diag_error(reader->diag, doc->loc,
				   "tagged '!!%s', and is none", name);
		return;
	}
	diag_error(reader->diag, loc, "unknown tag '!!%s'", name);
}

static struct doc *read_scalar(struct reader *reader)
{
	const yaml_event_t *event = &reader->event;
	const char *value = (const char *)event->data.scalar.value;
	const char *tag = (const char *)event->data.scalar.tag;
	size_t len = event->data.scalar.length;
	struct doc *doc = new_doc(reader, DOC_STRING);
	bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;

	doc->text = arena_strndup(reader->arena, value, len);
	doc->quoted = !plain;
	if (memchr(value, '\0', len))
		diag_error(reader->diag, doc->loc,
			   "a NUL character: no text "
			   "of a spec may hold one");
	if (tag && *tag == '!')
		return doc;
	if (tag ? strcmp(tag, CORE_TAG "str") != 0 : plain)
		doc->kind = scalar_kind(reader->arena, &doc->text);
	return doc;
}

/*
 * Watch the scalars of a flow collection. True, with an error, when this one
 * closes what a comma has parted.
 */
static bool closes_split(struct reader *reader, struct split *split)
{
	int open = 0;

	if (!split->is_flow || reader->event.type != YAML_SCALAR_EVENT ||
	    reader->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return false;
	for (size_t at = reader->start; at < reader->end; at++) {
		open += reader->text.bytes[at] == '(';
		open -= reader->text.bytes[at] == ')';
	}
	if (split->is_open && open < 0) {
		syntax_split(reader->diag, &reader->text, split->start,
			     reader->end);
		split->is_open = false;
		return true;
	}
	if (!split->is_open && open > 0) {
		split->is_open = true;
		split->start = reader->start;
	}
	return false;
}

static bool open_collection(struct reader *reader)
{
	if (++reader->depth > YAML_MAX_DEPTH) {
		diag_error(reader->diag, here(reader),
			   "nested more than %d deep", YAML_MAX_DEPTH);
		return false;
	}
	if (reader->depth > reader->deepest)
		reader->deepest = reader->depth;
	return true;
}

static struct doc *read_list(struct reader *reader)
{
	struct doc *list = new_doc(reader, DOC_LIST), *item;
	struct split split = {
		.is_flow = reader->event.data.sequence_start.style ==
			   YAML_FLOW_SEQUENCE_STYLE
	};

	if (!open_collection(reader))
		return NULL;
	for (;;) {
		if (!next(reader))
			return NULL;
		if (reader->event.type == YAML_SEQUENCE_END_EVENT)
			break;
		closes_split(reader, &split);
		item = read_node(reader);
		if (!item)
			return NULL;
		doc_add(reader->arena, list, item);
	}
	reader->depth--;
	return list;
}

static struct doc_member *find_member(struct doc *map, const char *key)
{
	for (size_t i = 0; i < map->count; i++)
		if (!strcmp(map->members[i].key, key))
			return &map->members[i];
	return NULL;
}

/* Past a few keys the hash table says first whether there is one to find. */
static const struct doc_member *find_repeated(struct doc *map, struct map *seen,
					      const char *key)
{
	if (map->count == SEARCHED_KEYS)
		for (size_t i = 0; i < map->count; i++)
			map_put(seen, map->members[i].key, map);
	if (map->count >= SEARCHED_KEYS && !map_put(seen, key, map))
		return NULL;
	return find_member(map, key);
}

static void refuse_repeated(struct reader *reader, const char *key,
			    struct loc again, struct loc first)
{
	diag_error(reader->diag, again, "'%s' is here twice", key);
	diag_note(reader->diag, first, "the first one");
}

/* The key that the current event is, or NULL with an error. */
static const char *read_key(struct reader *reader)
{
	const struct doc *key;

	if (reader->event.type == YAML_MAPPING_START_EVENT ||
	    reader->event.type == YAML_SEQUENCE_START_EVENT) {
		diag_error(reader->diag, here(reader),
			   "a key has to be plain text: quote it when '%c' is "
			   "part of it",
			   reader->text.bytes[reader->start]);
		return NULL;
	}
	key = read_node(reader);
	if (!key)
		return NULL;
	if (key->text)
		return key->text;
	diag_error(reader->diag, here(reader), "a key has to be plain text");
	return NULL;
}

/* Members of what "<<" names join the map, unless it has that key itself. */
static void add_merged(struct reader *reader, struct doc *merged,
		       struct map *own, const struct doc *from)
{
	for (size_t i = 0; i < from->count; i++) {
		if (map_put(own, from->members[i].key, merged))
			continue;
		merged->members =
			arena_grow(reader->arena, merged->members,
				   merged->count, sizeof(*merged->members));
		merged->members[merged->count++] = from->members[i];
	}
}

static bool check_merge(struct reader *reader, const struct doc *value)
{
	bool fits = value->kind == DOC_MAP || value->kind == DOC_LIST;

	for (size_t i = 0; value->kind == DOC_LIST && i < value->count; i++)
		fits = fits && value->items[i]->kind == DOC_MAP;
	if (!fits)
		diag_error(reader->diag, value->loc,
			   "'<<' takes a mapping or a list of them");
	return fits;
}

/* Put what "<<" names where it stands: the position-th member of the map. */
static void merge(struct reader *reader, struct doc *map, size_t position,
		  const struct doc *value)
{
	struct doc merged = { .kind = DOC_MAP };
	struct doc before = { .count = position, .members = map->members };
	struct doc after = { .count = map->count - position,
			     .members = map->members + position };
	struct map own = { .arena = reader->arena };
	struct map none = { .arena = reader->arena };

	for (size_t i = 0; i < map->count; i++)
		map_put(&own, map->members[i].key, map);
	add_merged(reader, &merged, &none, &before);
	if (value->kind == DOC_MAP)
		add_merged(reader, &merged, &own, value);
	else
		for (size_t i = 0; i < value->count; i++)
			add_merged(reader, &merged, &own, value->items[i]);
	add_merged(reader, &merged, &none, &after);
	map->members = merged.members;
	map->count = merged.count;
}

struct members {
	struct doc *map;
	struct map seen;
	struct split split;
	struct doc_member doubtful; /* repeated, unless a comma made it */
	struct doc *merged;	    /* under "<<"; NULL when there is none */
	size_t merged_at;
	struct loc merged_loc;
};

/* True when key is there already. An error now or, while "(" is open, later. */
static bool is_repeated(struct reader *reader, struct members *members,
			const char *key, struct loc loc)
{
	const struct doc_member *first =
		find_repeated(members->map, &members->seen, key);

	if (first && !members->split.is_open)
		refuse_repeated(reader, key, loc, first->key_loc);
	else if (first && !members->doubtful.key)
		members->doubtful = (struct doc_member){ key, loc, NULL };
	return first;
}

static bool read_member(struct reader *reader, struct members *members)
{
	struct doc *map = members->map, *value;
	struct loc key_loc = here(reader);
	bool split = closes_split(reader, &members->split), is_merge, skip;
	const char *key = read_key(reader);

	if (!key)
		return false;
	is_merge = !strcmp(key, "<<") && reader->last.plain &&
		   reader->event.type == YAML_SCALAR_EVENT;
	if (is_merge && members->merged) {
		diag_error(reader->diag, key_loc,
			   "'<<' is here twice: one "
			   "takes a list of mappings");
		diag_note(reader->diag, members->merged_loc, "the first one");
	}
	if (split)
		members->doubtful.key = NULL;
	skip = is_merge || split || is_repeated(reader, members, key, key_loc);
	if (!next(reader))
		return false;
	closes_split(reader, &members->split);
	value = read_node(reader);
	if (!value)
		return false;
	if (is_merge && check_merge(reader, value)) {
		members->merged = value;
		members->merged_at = map->count;
		members->merged_loc = key_loc;
	}
	if (skip)
		return true;
	if (!strcmp(key, "Fn::Sub"))
		value = intrinsic_sub(reader->arena, value);
	map->members = arena_grow(reader->arena, map->members, map->count,
				  sizeof(*map->members));
	map->members[map->count++] = (struct doc_member){ key, key_loc, value };
	return true;
}

static struct doc *read_map(struct reader *reader)
{
	struct members members = {
		.map = new_doc(reader, DOC_MAP),
		.seen = { .arena = reader->arena },
		.split = { .is_flow = reader->event.data.mapping_start.style ==
				      YAML_FLOW_MAPPING_STYLE },
	};

	if (!open_collection(reader))
		return NULL;
	for (;;) {
		if (!next(reader))
			return NULL;
		if (reader->event.type == YAML_MAPPING_END_EVENT)
			break;
		if (!read_member(reader, &members))
			return NULL;
	}
	if (members.doubtful.key)
		refuse_repeated(reader, members.doubtful.key,
				members.doubtful.key_loc,
				find_member(members.map, members.doubtful.key)
					->key_loc);
	if (members.merged)
		merge(reader, members.map, members.merged_at, members.merged);
	reader->depth--;
	return members.map;
}

static struct doc *read_alias(struct reader *reader)
{
	const char *name = (const char *)reader->event.data.alias.anchor;
	const struct anchor *anchor = map_get(&reader->anchors, name);
	const char *why = NULL;

	if (!anchor) {
		diag_error(reader->diag, here(reader),
			   "nothing is named '&%s' before this: quote it when "
			   "'*' is part of the text",
			   name);
		return NULL;
	}
	reader->nodes += anchor->nodes;
	reader->expanded += anchor->nodes;
	if (!anchor->doc)
		why = "'*%s' stands inside what it names";
	else if (reader->expanded > YAML_MAX_EXPANDED)
		why = "up to '*%s', aliases stand for more than a million "
		      "values";
	else if (reader->depth + anchor->height > YAML_MAX_DEPTH)
		why = "what '*%s' stands for is nested too deep here";
	if (why) {
		diag_error(reader->diag, here(reader), why, name);
		return NULL;
	}
	if (reader->depth + anchor->height > reader->deepest)
		reader->deepest = reader->depth + anchor->height;
	return anchor->doc;
}

/* A name for what is about to be read, or NULL when the event has none. */
static struct anchor *open_anchor(struct reader *reader)
{
	const yaml_event_t *event = &reader->event;
	const yaml_char_t *name = NULL;
	struct anchor *anchor;

	if (event->type == YAML_SCALAR_EVENT)
		name = event->data.scalar.anchor;
	else if (event->type == YAML_SEQUENCE_START_EVENT)
		name = event->data.sequence_start.anchor;
	else if (event->type == YAML_MAPPING_START_EVENT)
		name = event->data.mapping_start.anchor;
	if (!name)
		return NULL;
	anchor = map_get(&reader->anchors, (const char *)name);
	if (!anchor) {
		anchor = ARENA_NEW(reader->arena, struct anchor);
		map_put(&reader->anchors,
			arena_strdup(reader->arena, (const char *)name),
			anchor);
	}
	*anchor = (struct anchor){ .nodes = reader->nodes };
	return anchor;
}

/* The node as its tag wants it. The reader goes on after a tag it refuses. */
static struct doc *apply_tag(struct reader *reader, const char *tag,
			     struct loc loc, struct doc *doc)
{
	const struct intrinsic *intrinsic = intrinsic_find(tag);
	struct doc *made;

	if (!intrinsic) {
		check_core_tag(reader, tag, loc, doc);
		return doc;
	}
	made = intrinsic_make(reader->arena, reader->diag, intrinsic, loc, doc);
	return made ? made : doc;
}

/*
 * The node that starts with the current event; its last event is the current
 * one afterwards. NULL when there is no going on.
 */
static struct doc *read_node(struct reader *reader)
{
	struct anchor *anchor = open_anchor(reader);
	const char *tag = NULL;
	size_t tag_at =
		text_offset(&reader->text, reader->event.start_mark.index);
	int depth = reader->depth, deepest = reader->deepest;
	struct doc *doc = NULL;

	if (anchor)
		reader->deepest = depth;
	switch (reader->event.type) {
	case YAML_SCALAR_EVENT:
		tag = tag_of(reader->event.data.scalar.tag);
		doc = read_scalar(reader);
		break;
	case YAML_SEQUENCE_START_EVENT:
		tag = tag_of(reader->event.data.sequence_start.tag);
		break;
	case YAML_MAPPING_START_EVENT:
		tag = tag_of(reader->event.data.mapping_start.tag);
		break;
	case YAML_ALIAS_EVENT:
		doc = read_alias(reader);
		break;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		break;
	}
	if (tag)
		tag = arena_strdup(reader->arena, tag);
	if (reader->event.type == YAML_SEQUENCE_START_EVENT)
		doc = read_list(reader);
	else if (reader->event.type == YAML_MAPPING_START_EVENT)
		doc = read_map(reader);
	if (!doc)
		return NULL;
	if (tag)
		doc = apply_tag(reader, tag, word_loc(reader, tag_at), doc);
	if (anchor) {
		anchor->doc = doc;
		anchor->nodes = reader->nodes - anchor->nodes;
		anchor->height = reader->deepest - depth;
		if (reader->deepest < deepest)
			reader->deepest = deepest;
	}
	return doc;
}

static struct doc *read_document(struct reader *reader)
{
	struct doc *doc;

	do {
		if (!next(reader))
			return NULL;
		if (reader->event.type == YAML_STREAM_END_EVENT)
			return new_doc(reader, DOC_NULL);
	} while (reader->event.type != YAML_DOCUMENT_START_EVENT);
	if (!next(reader))
		return NULL;
	doc = read_node(reader);
	do {
		if (!doc || !next(reader))
			return NULL;
		if (reader->event.type == YAML_DOCUMENT_START_EVENT) {
			diag_error(reader->diag, here(reader),
				   "a second document: a spec is one");
			return NULL;
		}
	} while (reader->event.type != YAML_STREAM_END_EVENT);
	return doc;
}

struct doc *read_yaml(struct arena *arena, struct diag *diag, uint16_t source)
{
	struct reader reader = { .arena = arena,
				 .diag = diag,
				 .anchors = { .arena = arena } };
	size_t errors = diag->errors;
	struct doc *doc = NULL;

	if (!text_init(&reader.text, diag, source))
		return NULL;
	if (!yaml_parser_initialize(&reader.parser)) {
		diag_error(diag, (struct loc){ 0 }, "out of memory");
		return NULL;
	}
	yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&reader.parser,
				     (const unsigned char *)reader.text.bytes,
				     reader.text.len);
	doc = read_document(&reader);
	yaml_event_delete(&reader.event);
	yaml_parser_delete(&reader.parser);
	return diag->errors == errors ? doc : NULL;
}
