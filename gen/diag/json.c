/* SPDX-License-Identifier: MIT */
/* Diagnostics for machines: a list of our own, and SARIF 2.1.0. */
#include "../base/utf8.h"
#include "../doc.h"
#include "internal.h"

#include <string.h>

#define SARIF_SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

static const char *const level_names[] = { "error", "warning", "note" };

static struct doc *plain_entry(struct arena *arena, const struct diag *diag,
			       enum diag_level level, struct loc loc,
			       const char *text)
{
	const struct source *source = diag_source_of(diag, loc);
	struct doc *map = doc_map(arena);

	doc_set_string(arena, map, "level", level_names[level]);
	if (source) {
		doc_set_string(arena, map, "file", source->path);
		doc_set(arena, map, "line", doc_int(arena, loc.line));
		doc_set(arena, map, "column", doc_int(arena, loc.column));
		doc_set(arena, map, "length",
			doc_int(arena, loc.len ? loc.len : 1));
	} else {
		doc_set(arena, map, "file", doc_null(arena));
		doc_set(arena, map, "line", doc_null(arena));
		doc_set(arena, map, "column", doc_null(arena));
		doc_set(arena, map, "length", doc_null(arena));
	}
	doc_set_string(arena, map, "message", text);
	if (level != DIAG_NOTE)
		doc_set(arena, map, "notes", doc_list(arena));
	return map;
}

void diag_print_json(const struct diag *diag, struct buf *out)
{
	struct arena *arena = out->arena;
	struct doc *list = doc_list(arena), *last = NULL;
	const char *more[2];

	for (size_t i = 0; i < diag->entries.count; i++) {
		const struct diag_entry *entry = &diag->entries.items[i];
		struct doc *map = plain_entry(arena, diag, entry->level,
					      entry->loc, entry->text);

		if (entry->level == DIAG_NOTE && last) {
			doc_add(arena, doc_get(last, "notes"), map);
			continue;
		}
		doc_add(arena, list, map);
		if (entry->level != DIAG_NOTE)
			last = map;
	}
	more[DIAG_ERROR] =
		diag_uncounted(arena, diag->errors, DIAG_MAX_ERRORS, "error");
	more[DIAG_WARNING] = diag_uncounted(arena, diag->warnings,
					    DIAG_MAX_WARNINGS, "warning");
	for (int level = DIAG_ERROR; level <= DIAG_WARNING; level++)
		if (more[level])
			doc_add(arena, list,
				plain_entry(arena, diag, (enum diag_level)level,
					    (struct loc){ 0 }, more[level]));
	doc_print_json(out, list);
	buf_char(out, '\n');
}

/* The path as the inside of a URI, relative ones included. */
static const char *uri(struct arena *arena, const char *path)
{
	static const char safe[] = "-._~/!$&'()*+,;=@";
	struct buf out;

	buf_init(&out, arena);
	for (; *path; path++) {
		unsigned char c = (unsigned char)*path, letter = c | 0x20;

		if ((letter >= 'a' && letter <= 'z') ||
		    (c >= '0' && c <= '9') || strchr(safe, c))
			buf_char(&out, *path);
		else
			buf_printf(&out, "%%%02X", c);
	}
	return out.text;
}

/* How many characters the first len bytes of a line are. */
static long long characters(struct diag_line line, size_t len)
{
	long long count = 0;

	for (size_t at = 0; at < len;) {
		uint32_t code;
		size_t step = 0;

		if (at < line.len)
			step = utf8_decode(line.text + at, line.len - at,
					   &code);
		at += step ? step : 1;
		count++;
	}
	return count;
}

static struct doc *sarif_message(struct arena *arena, const char *text)
{
	struct doc *message = doc_map(arena);

	doc_set_string(arena, message, "text", text);
	return message;
}

/* NULL for an entry about no place. */
static struct doc *sarif_location(struct arena *arena, const struct diag *diag,
				  struct loc loc)
{
	const struct source *source = diag_source_of(diag, loc);
	struct doc *location, *physical, *region;
	struct diag_line line;
	size_t start = loc.column - 1;

	if (!source)
		return NULL;
	line = diag_line(source, loc.line);
	location = doc_map(arena);
	physical = doc_set(arena, location, "physicalLocation", doc_map(arena));
	doc_set_string(
		arena,
		doc_set(arena, physical, "artifactLocation", doc_map(arena)),
		"uri", uri(arena, source->path));
	region = doc_set(arena, physical, "region", doc_map(arena));
	doc_set(arena, region, "startLine", doc_int(arena, loc.line));
	doc_set(arena, region, "startColumn",
		doc_int(arena, characters(line, start) + 1));
	doc_set(arena, region, "endColumn",
		doc_int(arena,
			characters(line, start + (loc.len ? loc.len : 1)) + 1));
	return location;
}

static struct doc *sarif_result(struct arena *arena, const struct diag *diag,
				enum diag_level level, struct loc loc,
				const char *text)
{
	struct doc *result = doc_map(arena), *location, *locations;

	doc_set_string(arena, result, "ruleId",
		       level == DIAG_ERROR ? "spec-error" : "spec-warning");
	doc_set_string(arena, result, "level", level_names[level]);
	doc_set(arena, result, "message", sarif_message(arena, text));
	locations = doc_set(arena, result, "locations", doc_list(arena));
	location = sarif_location(arena, diag, loc);
	if (location)
		doc_add(arena, locations, location);
	doc_set(arena, result, "relatedLocations", doc_list(arena));
	return result;
}

/* SARIF knows a related place only with a place: the others stay text. */
static void sarif_note(struct arena *arena, const struct diag *diag,
		       const struct diag_entry *note, struct doc *result)
{
	struct doc *location = sarif_location(arena, diag, note->loc);
	struct doc *message = doc_get(doc_get(result, "message"), "text");

	if (!location) {
		message->text = arena_printf(arena, "%s; note: %s",
					     message->text, note->text);
		return;
	}
	doc_set(arena, location, "message", sarif_message(arena, note->text));
	doc_add(arena, doc_get(result, "relatedLocations"), location);
}

static void sarif_rule(struct arena *arena, struct doc *rules, const char *id,
		       const char *text, const char *level)
{
	struct doc *rule = doc_add(arena, rules, doc_map(arena));

	doc_set_string(arena, rule, "id", id);
	doc_set(arena, rule, "shortDescription", sarif_message(arena, text));
	doc_set_string(
		arena,
		doc_set(arena, rule, "defaultConfiguration", doc_map(arena)),
		"level", level);
}

static struct doc *sarif_results(struct arena *arena, const struct diag *diag)
{
	struct doc *results = doc_list(arena), *last = NULL;
	const char *more;

	for (size_t i = 0; i < diag->entries.count; i++) {
		const struct diag_entry *entry = &diag->entries.items[i];

		if (entry->level != DIAG_NOTE)
			last = doc_add(arena, results,
				       sarif_result(arena, diag, entry->level,
						    entry->loc, entry->text));
		else if (last)
			sarif_note(arena, diag, entry, last);
	}
	more = diag_uncounted(arena, diag->errors, DIAG_MAX_ERRORS, "error");
	if (more)
		doc_add(arena, results,
			sarif_result(arena, diag, DIAG_ERROR, (struct loc){ 0 },
				     more));
	more = diag_uncounted(arena, diag->warnings, DIAG_MAX_WARNINGS,
			      "warning");
	if (more)
		doc_add(arena, results,
			sarif_result(arena, diag, DIAG_WARNING,
				     (struct loc){ 0 }, more));
	return results;
}

void diag_print_sarif(const struct diag *diag, struct buf *out)
{
	struct arena *arena = out->arena;
	struct doc *log = doc_map(arena), *run, *driver, *rules;

	doc_set_string(arena, log, "$schema", SARIF_SCHEMA);
	doc_set_string(arena, log, "version", "2.1.0");
	run = doc_add(arena, doc_set(arena, log, "runs", doc_list(arena)),
		      doc_map(arena));
	driver = doc_set(arena, doc_set(arena, run, "tool", doc_map(arena)),
			 "driver", doc_map(arena));
	doc_set_string(arena, driver, "name", "wsgen");
	rules = doc_set(arena, driver, "rules", doc_list(arena));
	sarif_rule(arena, rules, "spec-error",
		   "What the spec says cannot be generated or deployed.",
		   "error");
	sarif_rule(arena, rules, "spec-warning",
		   "What the spec says is allowed, and likely a mistake.",
		   "warning");
	doc_set_string(arena, run, "columnKind", "unicodeCodePoints");
	doc_set(arena, run, "results", sarif_results(arena, diag));
	doc_print_json(out, log);
	buf_char(out, '\n');
}
