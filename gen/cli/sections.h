/* SPDX-License-Identifier: MIT */
/* sections.h - the language's tables as one list, for explain and schema. */
#ifndef WSGEN_CLI_SECTIONS_H
#define WSGEN_CLI_SECTIONS_H

#include "../base/arena.h"
#include "../language.h"

struct sections {
	LIST(const struct lang_section *) all; /* lang_spec first, each once */
};

void sections_collect(struct arena *arena, struct sections *sections);

/* The section called name, or NULL. */
const struct lang_section *sections_find(const struct sections *sections,
					 const char *name);

/* The keys of a section, then those that it takes from `also`. */
const struct lang_key *sections_key(const struct lang_section *section,
				    size_t i);
size_t sections_key_count(const struct lang_section *section);

/* What a value is, in words: "a duration such as 10s, from 50ms to 29s". */
const char *sections_kind(struct arena *arena, const struct lang_key *key);

#endif
