/* SPDX-License-Identifier: MIT */
/* explain.c - wsgen explain [KEY]: the reference, from the tables. */
#include "cli.h"

#include "sections.h"

#include "../base/buf.h"

#include <string.h>

#define COLUMNS 78
#define NAME_COLUMN 24

struct match {
	const struct lang_section *section;
	const struct lang_key *key;
};

struct matches {
	LIST(struct match) all;
};

/* Words wrapped between the column that out is in and COLUMNS. */
static void wrapped(FILE *out, size_t column, const char *text)
{
	size_t at = column;

	while (*text) {
		size_t len = strcspn(text, " \n");

		if (at > column && at + 1 + len > COLUMNS) {
			fprintf(out, "\n%*s", (int)column, "");
			at = column;
		} else if (at > column) {
			fputc(' ', out);
			at++;
		}
		fprintf(out, "%.*s", (int)len, text);
		at += len;
		text += len;
		text += strspn(text, " \n");
	}
	fputc('\n', out);
}

static void labelled(FILE *out, const char *label, const char *text)
{
	fprintf(out, "  %-12s", label);
	wrapped(out, 14, text);
}

static const char *section_name(const struct lang_section *section)
{
	return section == &lang_spec ? "spec" : section->name;
}

/* "returnResponse, isExternalDomain=dns: false" as what a reader reads. */
static const char *peer_words(struct arena *arena, const char *names)
{
	struct buf out;

	buf_init(&out, arena);
	for (; *names; names++) {
		if (*names == '=')
			buf_add(&out, " (here: ");
		else if (*names == ',' && strchr(out.text, '('))
			buf_add(&out, "),");
		else
			buf_char(&out, *names);
	}
	if (strchr(out.text, '('))
		buf_char(&out, ')');
	return out.text;
}

static void print_peers(struct cli *cli, const struct lang_key *key)
{
	const struct {
		const char *who, *names;
	} peers[] = { { "SST", key->sst },
		      { "CDK", key->cdk },
		      { "AWS", key->cfn },
		      { "Serverless", key->sls } };

	for (size_t i = 0; i < sizeof(peers) / sizeof(*peers); i++)
		if (peers[i].names)
			labelled(cli->out, peers[i].who,
				 peer_words(cli->arena, peers[i].names));
}

static bool is_built(const struct lang_key *key)
{
	return key->offset != LANG_NOWHERE;
}

static void print_example(FILE *out, const char *example)
{
	fputs("\n  Example:\n", out);
	while (*example) {
		size_t len = strcspn(example, "\n");

		fprintf(out, "    %.*s\n", (int)len, example);
		example += len + (example[len] == '\n');
	}
}

static void print_key(struct cli *cli, const struct lang_section *section,
		      const struct lang_key *key)
{
	fprintf(cli->out, "%s.%s: ", section_name(section), key->name);
	wrapped(cli->out, strlen(section_name(section)) + strlen(key->name) + 3,
		key->doc);
	if (!is_built(key))
		labelled(cli->out, "Note",
			 "not built yet: using it is an error");
	labelled(cli->out, "Value", sections_kind(cli->arena, key));
	if (key->required)
		labelled(cli->out, "Required", "yes");
	if (key->fallback)
		labelled(cli->out, "Default", key->fallback);
	if (key->merged)
		labelled(cli->out, "Merged", "with the defaults above it");
	print_peers(cli, key);
	if (key->more) {
		fputs("\n  ", cli->out);
		wrapped(cli->out, 2, key->more);
	}
	if (section->example && strstr(section->example, key->name))
		print_example(cli->out, section->example);
}

static void key_line(struct cli *cli, const char *name,
		     const struct lang_key *key)
{
	const char *mark = key->required ? "*" : "";
	const char *later = is_built(key) ? "" : " (not built yet)";

	fprintf(cli->out, "  %-*s", NAME_COLUMN - 2,
		arena_printf(cli->arena, "%s%s ", name, mark));
	wrapped(cli->out, NAME_COLUMN,
		arena_printf(cli->arena, "%s%s", key->doc, later));
}

static void print_section(struct cli *cli, const struct lang_section *section)
{
	fprintf(cli->out, "%s: ", section_name(section));
	wrapped(cli->out, strlen(section_name(section)) + 2, section->doc);
	fputs("\n", cli->out);
	for (size_t i = 0; i < sections_key_count(section); i++) {
		const struct lang_key *key = sections_key(section, i);

		key_line(cli, key->name, key);
	}
	if (section->text_key)
		fprintf(cli->out, "\n  A text alone stands for '%s'.\n",
			section->text_key);
	if (section->bool_key)
		fprintf(cli->out, "\n  true or false alone stands for '%s'.\n",
			section->bool_key);
	if (section->example)
		print_example(cli->out, section->example);
}

static void list_sections(struct cli *cli, const struct sections *sections)
{
	fputs("Sections of a spec; 'wsgen explain SECTION' lists its keys:\n\n",
	      cli->out);
	for (size_t i = 0; i < sections->all.count; i++) {
		const struct lang_section *section = sections->all.items[i];

		fprintf(cli->out, "  %-*s", NAME_COLUMN - 2,
			section_name(section));
		wrapped(cli->out, NAME_COLUMN, section->doc);
	}
}

static bool names_hold(const char *names, const char *word)
{
	size_t len = strlen(word);

	if (!names)
		return false;
	for (const char *p = strstr(names, word); p; p = strstr(p + 1, word)) {
		bool starts = p == names || strchr(", ", p[-1]);

		if (starts && (!p[len] || strchr(",= ", p[len])))
			return true;
	}
	return false;
}

static bool peers_hold(const struct lang_key *key, const char *word)
{
	return names_hold(key->sst, word) || names_hold(key->cdk, word) ||
	       names_hold(key->cfn, word) || names_hold(key->sls, word);
}

/* Keys of our own by that name; when there are none, what others call so. */
static void find_matches(struct cli *cli, const struct sections *sections,
			 const char *word, struct matches *matches)
{
	*matches = (struct matches){ 0 };
	for (int peers = 0; peers < 2 && !matches->all.count; peers++)
		for (size_t s = 0; s < sections->all.count; s++)
			for (size_t k = 0; k < sections->all.items[s]->count;
			     k++) {
				const struct lang_section *section =
					sections->all.items[s];
				const struct lang_key *key = &section->keys[k];

				if (peers ? !peers_hold(key, word)
					  : strcmp(key->name, word) != 0)
					continue;
				*LIST_ADD(cli->arena, &matches->all) =
					(struct match){ section, key };
			}
}

static int unknown(struct cli *cli, const struct sections *sections,
		   const char *word)
{
	LIST(const char *) names = { 0 };
	const char *nearest;

	for (size_t s = 0; s < sections->all.count; s++) {
		const struct lang_section *section = sections->all.items[s];

		*LIST_ADD(cli->arena, &names) = section_name(section);
		for (size_t k = 0; k < section->count; k++)
			*LIST_ADD(cli->arena, &names) = section->keys[k].name;
	}
	nearest = diag_nearest(word, names.items, names.count);
	if (nearest)
		return cli_usage(cli, "no key '%s': did you mean '%s'?", word,
				 nearest);
	return cli_usage(cli, "no key '%s'", word);
}

/* "route.throttle.rate": from a section down, key by key. */
static int explain_path(struct cli *cli, const struct sections *sections,
			const char *path)
{
	const struct lang_section *section;
	size_t len = strcspn(path, ".");
	const char *name = arena_strndup(cli->arena, path, len);

	section = !strcmp(name, "spec") ? &lang_spec
					: sections_find(sections, name);
	if (!section)
		return unknown(cli, sections, name);
	for (;;) {
		const struct lang_key *key;
		const char *hint;

		path += len + 1;
		len = strcspn(path, ".");
		name = arena_strndup(cli->arena, path, len);
		key = lang_find(section, name);
		if (!key) {
			hint = lang_hint(cli->arena, section, name);
			return cli_usage(cli, "'%s' has no key '%s'%s%s",
					 section_name(section), name,
					 hint ? ": " : "", hint ? hint : "");
		}
		if (!path[len]) {
			print_key(cli, section, key);
			return CLI_DONE;
		}
		if (!key->section)
			return cli_usage(cli, "'%s.%s' has no keys of its own",
					 section_name(section), name);
		section = key->section;
	}
}

int cli_explain(struct cli *cli)
{
	const struct lang_section *section;
	struct sections sections;
	struct matches matches;
	const char *word;

	sections_collect(cli->arena, &sections);
	if (!cli->operands.count) {
		list_sections(cli, &sections);
		return CLI_DONE;
	}
	word = cli->operands.items[0];
	if (strchr(word, '.'))
		return explain_path(cli, &sections, word);
	section = !strcmp(word, "spec") ? &lang_spec
					: sections_find(&sections, word);
	if (section)
		print_section(cli, section);
	find_matches(cli, &sections, word, &matches);
	if (!section && !matches.all.count)
		return unknown(cli, &sections, word);
	if (!section && matches.all.count == 1) {
		print_key(cli, matches.all.items[0].section,
			  matches.all.items[0].key);
		return CLI_DONE;
	}
	if (section && matches.all.count)
		fputs("\nAs a key:\n", cli->out);
	for (size_t i = 0; i < matches.all.count; i++) {
		const struct match *match = &matches.all.items[i];

		key_line(cli,
			 arena_printf(cli->arena, "%s.%s",
				      section_name(match->section),
				      match->key->name),
			 match->key);
	}
	return CLI_DONE;
}
