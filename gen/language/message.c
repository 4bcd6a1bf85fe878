/* SPDX-License-Identifier: MIT */
/* The keys of a message and of a field's long form, SPEC.md section 5. */
#include "tables.h"

static const struct lang_key field_keys[] = {
	{ .name = "type",
	  .kind = LANG_TYPE,
	  .of = "a type",
	  .offset = AT(field_keys, type),
	  .required = true,
	  .doc = "What the field holds: string(1..64), int32?, Author[..4]",
	  .more = "string, bool, int32, int64, uint32, uint64, number, bytes, "
		  "timestamp, json, or a message. T[] and T[1..16] are lists; "
		  "as in C, the first brackets of T[][..8] are the outer "
		  "list's. "
		  "map(T) has names for keys, enum(a|b) is one of its values "
		  "(those that C cannot tell apart, such as a-b and a_b, get "
		  "numbers there, with a warning), "
		  "? at the end says that the field may be absent. Bounds in "
		  "(min..max) are bytes of UTF-8, unescaped, for strings, "
		  "bytes "
		  "for bytes, and values for numbers; one end may be left out. "
		  "bytes are base64 in JSON, which bytes(base64) spells out; a "
		  "timestamp is RFC 3339 there and milliseconds in C; json is "
		  "passed through unparsed." },
	{ .name = "doc",
	  .kind = LANG_TEXT,
	  .offset = AT(field_keys, doc),
	  .doc = "What it means; becomes the comment behind the member" },
	{ .name = "default",
	  .kind = LANG_RAW,
	  .offset = AT(field_keys, fallback),
	  .doc = "What it is when absent; it then needs no `?`",
	  .more = "Has to fit the type, its bounds and the pattern. null is no "
		  "default: it stands for absent." },
	{ .name = "pattern",
	  .kind = LANG_RAW,
	  .of = "a regular expression",
	  .offset = AT(field_keys, pattern),
	  .doc = "A regular expression that a string has to match",
	  .more = "ECMA 262 without what needs backtracking: no \\b, no "
		  "(?=...), no back-references. It may match anywhere in the "
		  "text unless ^ and $ say otherwise." },
	{ .name = "name",
	  .kind = LANG_TEXT,
	  .offset = AT(field_keys, name),
	  .doc = "What the member is called in C",
	  .more = "By default the field's name in snake case, with a _ behind "
		  "a keyword: userId is user_id, default is default_." },
};

const struct lang_section lang_field = {
	.name = "field",
	.doc = "One member of a message: a type, or its long form.",
	KEYS(field_keys),
	.size = sizeof(struct field_keys),
	.name_offset = LANG_NOWHERE,
	.text_key = "type",
	.example = "room: string(1..64)\n"
		   "limit: { type: uint32(1..100), default: 20 }\n",
};

static const struct lang_key message_keys[] = {
	{ .name = "$doc",
	  .kind = LANG_TEXT,
	  .offset = AT(message_keys, doc),
	  .doc = "What it is for; becomes the comment above the struct" },
	{ .name = "$strict",
	  .kind = LANG_BOOL,
	  .offset = AT(message_keys, strict),
	  .fallback = "false",
	  .doc = "Refuse members that are not declared, instead of skipping "
		 "them" },
	{ .name = "$ref",
	  .kind = LANG_TEXT,
	  .offset = AT(message_keys, ref),
	  .doc = "A file with a JSON Schema (draft-07), in place of fields",
	  .more = "Relative to the file that names it and below the folder of "
		  "the main spec; file.json#/definitions/X takes a part of it. "
		  "Read are type, properties, required, enum, const, items, "
		  "minItems, maxItems, minLength, maxLength, pattern, minimum, "
		  "maximum, additionalProperties, definitions, $ref inside the "
		  "file, format: date-time, contentEncoding: base64, default "
		  "and description; anything else is an error. JSON Schema "
		  "counts characters and messages bytes: maxLength: 10 becomes "
		  "40 bytes, minLength: 10 becomes 10, so that nothing is "
		  "refused that the schema allows. null stands for absent." },
	{ .name = "$schema",
	  .kind = LANG_RAW,
	  .of = "a mapping, a JSON Schema",
	  .offset = AT(message_keys, schema),
	  .doc = "The same, written in place" },
};

const struct lang_section lang_message = {
	.name = "message",
	.doc = "What travels as JSON. Keys with $ are the message's own, all "
	       "others are fields.",
	KEYS(message_keys),
	.size = sizeof(struct message_keys),
	.name_offset = LANG_NOWHERE,
	.example = "messages:\n"
		   "  SendMessage:\n"
		   "    $doc: Say something in a room.\n"
		   "    room: string(1..64)\n"
		   "    text: string(..4096)\n"
		   "    seq: int64?\n"
		   "  Import: { $ref: schemas/import.json }\n",
};
