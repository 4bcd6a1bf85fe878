/* SPDX-License-Identifier: MIT */
#include "read/yaml.h"

#include "base/map.h"
#include "read/inherit.h"
#include "read/intrinsic.h"
#include "read/scalar.h"
#include "read/syntax.h"
#include "read/tag.h"
#include "read/text.h"

#include <string.h>
#include <yaml.h>

#define FIRST_ROOM 64	/* members */
#define KNOWN_KEYS 256	/* slots, a power of two */
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
	struct doc_member *open; /* of all mappings that are being read */
	size_t open_count, open_room;
	const char *known[KNOWN_KEYS]; /* keys read lately: most come again */
	struct syntax_error last;      /* the last scalar */
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

static size_t offset(struct reader *reader, const yaml_mark_t *mark)
{
	return text_offset(&reader->text, mark->index, mark->line,
			   mark->column);
}

static void explain(struct reader *reader)
{
	const yaml_parser_t *parser = &reader->parser;
	struct syntax_error error = reader->last;

	error.problem = parser->problem;
	error.context = parser->context;
	error.at = offset(reader, &parser->problem_mark);
	error.context_at = offset(reader, &parser->context_mark);
	syntax_explain(reader->diag, &reader->text, &error);
}

/* The event starts at its tag or anchor; what is pointed at is the value. */
static void skip_properties(struct reader *reader)
{
	size_t at = text_value(&reader->text, reader->start, reader->end);

	if (at < reader->end || reader->event.type != YAML_SCALAR_EVENT)
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
	reader->start = offset(reader, &event->start_mark);
	reader->end = offset(reader, &event->end_mark);
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
static const char *read_tag(struct reader *reader)
{
	const yaml_event_t *event = &reader->event;
	const yaml_char_t *tag = NULL;

	if (event->type == YAML_SCALAR_EVENT)
		tag = event->data.scalar.tag;
	else if (event->type == YAML_SEQUENCE_START_EVENT)
		tag = event->data.sequence_start.tag;
	else if (event->type == YAML_MAPPING_START_EVENT)
		tag = event->data.mapping_start.tag;
	if (!tag || !strcmp((const char *)tag, "!"))
		return NULL;
	return arena_strdup(reader->arena, (const char *)tag);
}

/* The text of the current scalar. */
static const char *read_text(struct reader *reader)
{
	const char *value = (const char *)reader->event.data.scalar.value;
	size_t len = reader->event.data.scalar.length;

	if (memchr(value, '\0', len))
		diag_error(reader->diag, here(reader),
			   "a NUL character: no text of a spec may hold one");
	return arena_strndup(reader->arena, value, len);
}

static struct doc *read_scalar(struct reader *reader)
{
	const yaml_event_t *event = &reader->event;
	const char *tag = (const char *)event->data.scalar.tag;
	struct doc *doc = new_doc(reader, DOC_STRING);
	bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;

	doc->text = read_text(reader);
	doc->quoted = !plain;
	if (tag && *tag == '!')
		return doc;
	if (tag ? strcmp(tag, TAG_CORE "str") != 0 : plain)
		doc->kind = scalar_kind(reader->arena, &doc->text);
	return doc;
}

/* True, with an error, when this scalar ends what a comma has parted. */
static bool closes_split(struct reader *reader, struct syntax_split *split)
{
	if (!split->is_flow || reader->event.type != YAML_SCALAR_EVENT ||
	    !reader->last.plain)
		return false;
	return syntax_closes_split(reader->diag, &reader->text, split,
				   reader->start, reader->end);
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
	struct syntax_split split = {
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

/* A mapping that is being read: its members are the last open ones. */
struct members {
	size_t first, count;
	struct map seen;
	struct syntax_split split;
	struct doc_member doubtful; /* repeated, unless a comma made it */
	struct doc *merged;	    /* under "<<"; NULL when there is none */
	size_t merged_at;
	struct loc merged_loc;
};

static void grow_open(struct reader *reader)
{
	size_t room = reader->open_room ? reader->open_room * 2 : FIRST_ROOM;
	struct doc_member *more =
		arena_alloc(reader->arena, room * sizeof(*more));

	if (reader->open)
		memcpy(more, reader->open, reader->open_count * sizeof(*more));
	reader->open = more;
	reader->open_room = room;
}

static const struct doc_member *find_member(const struct reader *reader,
					    const struct members *members,
					    const char *key)
{
	const struct doc_member *member = reader->open + members->first;

	for (size_t i = 0; i < members->count; i++, member++)
		if (*member->key == *key && !strcmp(member->key, key))
			return member;
	return NULL;
}

/* Past a few keys the hash table says first whether there is one to find. */
static const struct doc_member *find_repeated(const struct reader *reader,
					      struct members *members,
					      const char *key)
{
	const struct doc_member *member = reader->open + members->first;

	if (members->count == SEARCHED_KEYS)
		for (size_t i = 0; i < members->count; i++)
			map_put(&members->seen, member[i].key, members);
	if (members->count >= SEARCHED_KEYS &&
	    !map_put(&members->seen, key, members))
		return NULL;
	return find_member(reader, members, key);
}

static void refuse_repeated(struct reader *reader, const char *key,
			    struct loc again, struct loc first)
{
	diag_error(reader->diag, again, "'%s' is here twice", key);
	diag_note(reader->diag, first, "the first one");
}

/* The same few keys come over and over: share their texts. */
static const char *share_key(struct reader *reader)
{
	const char *value = (const char *)reader->event.data.scalar.value;
	size_t len = reader->event.data.scalar.length;
	size_t slot = len;
	const char **known;

	if (len)
		slot = len * 31 + (unsigned char)value[0] * 7u +
		       (unsigned char)value[len - 1];
	known = &reader->known[slot % KNOWN_KEYS];
	if (!*known || strlen(value) != len || strcmp(*known, value) != 0)
		*known = read_text(reader);
	return *known;
}

/* The key that the current event is, or NULL with an error. */
static const char *read_key(struct reader *reader)
{
	const yaml_event_t *event = &reader->event;
	const struct doc *key;

	if (event->type == YAML_MAPPING_START_EVENT ||
	    event->type == YAML_SEQUENCE_START_EVENT) {
		diag_error(reader->diag, here(reader),
			   "a key has to be plain text: quote it when '%c' is "
			   "part of it",
			   reader->text.bytes[reader->start]);
		return NULL;
	}
	if (event->type == YAML_SCALAR_EVENT && !event->data.scalar.tag &&
	    !event->data.scalar.anchor)
		return share_key(reader);
	key = read_node(reader);
	if (key && !key->text)
		diag_error(reader->diag, here(reader),
			   "a key has to be plain text");
	return key ? key->text : NULL;
}

/* True when key is there already. An error now or, while "(" is open, later. */
static bool is_repeated(struct reader *reader, struct members *members,
			const char *key, struct loc loc)
{
	const struct doc_member *first = find_repeated(reader, members, key);

	if (first && !members->split.is_open)
		refuse_repeated(reader, key, loc, first->key_loc);
	else if (first && !members->doubtful.key)
		members->doubtful = (struct doc_member){ key, loc, NULL };
	return first;
}

static void add_member(struct reader *reader, struct members *members,
		       const char *key, struct loc key_loc, struct doc *value)
{
	if (*key == 'F' && !strcmp(key, "Fn::Sub"))
		value = intrinsic_sub(reader->arena, value);
	if (reader->open_count == reader->open_room)
		grow_open(reader);
	reader->open[reader->open_count++] =
		(struct doc_member){ key, key_loc, value };
	members->count++;
}

/* What "<<" names, to be merged when all other members are known. */
static bool read_merged(struct reader *reader, struct members *members,
			struct loc key_loc)
{
	struct doc *value;

	if (members->merged) {
		diag_error(reader->diag, key_loc,
			   "'<<' is here twice: one "
			   "takes a list of mappings");
		diag_note(reader->diag, members->merged_loc, "the first one");
	}
	if (!next(reader))
		return false;
	value = read_node(reader);
	if (value && inherit_check(reader->diag, value)) {
		members->merged = value;
		members->merged_at = members->count;
		members->merged_loc = key_loc;
	}
	return value;
}

static bool read_member(struct reader *reader, struct members *members)
{
	struct loc key_loc = here(reader);
	bool split = closes_split(reader, &members->split), skip;
	const char *key = read_key(reader);
	struct doc *value;

	if (!key)
		return false;
	if (*key == '<' && !strcmp(key, "<<") && reader->last.plain &&
	    reader->event.type == YAML_SCALAR_EVENT)
		return read_merged(reader, members, key_loc);
	if (split)
		members->doubtful.key = NULL;
	skip = split || is_repeated(reader, members, key, key_loc);
	if (!next(reader))
		return false;
	closes_split(reader, &members->split);
	value = read_node(reader);
	if (value && !skip)
		add_member(reader, members, key, key_loc, value);
	return value;
}

/* Take the members off those that are open; the map can grow further. */
static void close_members(struct reader *reader, struct members *members,
			  struct doc *map)
{
	const struct doc_member *from = reader->open + members->first;
	size_t room = 1;

	if (members->doubtful.key)
		refuse_repeated(
			reader, members->doubtful.key,
			members->doubtful.key_loc,
			find_member(reader, members, members->doubtful.key)
				->key_loc);
	while (room < members->count)
		room *= 2;
	map->count = members->count;
	if (map->count) {
		map->members = arena_alloc(reader->arena,
					   room * sizeof(*map->members));
		memcpy(map->members, from, map->count * sizeof(*from));
	}
	reader->open_count = members->first;
	if (members->merged)
		inherit(reader->arena, map, members->merged_at,
			members->merged);
}

static struct doc *read_map(struct reader *reader)
{
	struct doc *map = new_doc(reader, DOC_MAP);
	struct members members = {
		.first = reader->open_count,
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
	close_members(reader, &members, map);
	reader->depth--;
	return map;
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

/*
 * The node that starts with the current event; its last event is the current
 * one afterwards. NULL when there is no going on.
 */
static struct doc *read_node(struct reader *reader)
{
	struct anchor *anchor = open_anchor(reader);
	const char *tag = read_tag(reader);
	yaml_mark_t mark = reader->event.start_mark;
	int depth = reader->depth, deepest = reader->deepest;
	struct doc *doc;

	if (anchor)
		reader->deepest = depth;
	if (reader->event.type == YAML_SCALAR_EVENT)
		doc = read_scalar(reader);
	else if (reader->event.type == YAML_SEQUENCE_START_EVENT)
		doc = read_list(reader);
	else if (reader->event.type == YAML_MAPPING_START_EVENT)
		doc = read_map(reader);
	else
		doc = read_alias(reader);
	if (!doc)
		return NULL;
	if (tag)
		doc = tag_apply(reader->arena, reader->diag, tag,
				word_loc(reader, offset(reader, &mark)), doc);
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
	grow_open(&reader);
	yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&reader.parser,
				     (const unsigned char *)reader.text.bytes,
				     reader.text.len);
	doc = read_document(&reader);
	yaml_event_delete(&reader.event);
	yaml_parser_delete(&reader.parser);
	return diag->errors == errors ? doc : NULL;
}
