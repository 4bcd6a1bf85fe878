/* SPDX-License-Identifier: MIT */
/*
 * language.h - the spec language, once, as data. Every mapping that a spec may
 * hold is a section: a table of keys, each with its kind, default, place in
 * the model and documentation. The reader, the errors about unknown keys, the
 * JSON Schema and `wsgen explain` all come from these tables.
 *
 * A new key is one row in language/<section>.c and one member in model.h.
 */
#ifndef WSGEN_LANGUAGE_H
#define WSGEN_LANGUAGE_H

#include "doc.h"

/* What a value is, and what the reader stores at the key's offset. */
enum lang_kind {
	LANG_TEXT,     /* a string, taken literally: struct text */
	LANG_CHOICE,   /* one of .allowed: struct text */
	LANG_NAME,     /* the name of something, .of says what: struct text */
	LANG_HANDLER,  /* path/file.symbol: struct text */
	LANG_BOOL,     /* true or false: struct flag */
	LANG_INT,      /* a whole number from .min to .max: struct number */
	LANG_NUMBER,   /* any number from .min to .max: struct real */
	LANG_DURATION, /* 50ms 10s 5m 2h 7d: struct number, milliseconds */
	LANG_SIZE,     /* 512 MB, 32 KB: struct number, in .unit */
	LANG_VALUE,    /* a scalar that may hold references, or a CloudFormation
			* function: const struct doc * */
	LANG_TREE,     /* anything, with references: const struct doc * */
	LANG_RAW,      /* anything, taken literally: const struct doc * */
	LANG_TYPE, /* a type, a message's name or fields: const struct doc * */
	LANG_SECTION, /* a mapping: const struct SECTION * */
	LANG_NAMED,   /* name -> section: LIST(struct SECTION) */
	LANG_LIST,    /* of .item, a scalar kind or LANG_SECTION; one item may
		       * stand without its list: LIST(struct ...) */
	LANG_STAGES,  /* true, false, or stage names: struct stage_choice */
	LANG_PERMISSIONS, /* SPEC.md section 8: struct permissions */
};

struct lang_section;

enum { LANG_NOWHERE = -1 };

/* Any LIST(...) in a section's struct, but for the type of its items. */
struct lang_list {
	char *items;
	size_t count;
};

struct lang_key {
	const char *name;
	enum lang_kind kind;
	int offset; /* into the section's struct; LANG_NOWHERE: not built yet */
	const char *doc;      /* one line */
	const char *more;     /* what else `explain` prints, or NULL */
	const char *fallback; /* the default as one would write it, or NULL */
	const char *allowed;  /* LANG_CHOICE: "a|b|c" */
	const char *of;	      /* LANG_NAME: "function"; LANG_TYPE and others:
			       * what an error calls the value */
	double min, max;      /* both 0: no bounds; duration: milliseconds */
	const char *unit;     /* LANG_SIZE: what a bare number counts */
	const struct lang_section *section; /* LANG_RAW: for documents alone */
	enum lang_kind item;		    /* LANG_LIST */
	bool required;
	bool merged; /* defaults add to the value instead of giving way */
	/*
	 * What others call it, comma separated: "returnResponse" or, where
	 * the value differs too, "isExternalDomain=dns: false".
	 */
	const char *sst, *cdk, *cfn, *sls;
};

struct lang_section {
	const char *name; /* as in `wsgen explain route.handler` */
	const char *noun; /* in errors: "a statement"; NULL: a or an, name */
	const char *doc;
	const struct lang_key *keys;
	size_t count;
	size_t size;	 /* of the struct */
	int name_offset; /* LANG_NAMED: struct text; or LANG_NOWHERE */
	/* Shorthands: the key that a lone string or boolean stands for. */
	const char *text_key, *bool_key;
	const char *named_text_key; /* text_key's place under LANG_NAMED */
	/* The table of a second section whose keys may stand here too. */
	const struct lang_section *also;
	const char *example; /* a few lines of YAML, or NULL */
};

/* The top of a spec, and the root of all other sections. */
extern const struct lang_section lang_spec;

extern const struct lang_section lang_api;
extern const struct lang_section lang_route;
extern const struct lang_section lang_integration;
extern const struct lang_section lang_function;
extern const struct lang_section lang_defaults;
extern const struct lang_section lang_authorizer;
extern const struct lang_section lang_secret;
extern const struct lang_section lang_user_pool;
extern const struct lang_section lang_connections;
extern const struct lang_section lang_stage;
extern const struct lang_section lang_throttle;
extern const struct lang_section lang_access_log;
extern const struct lang_section lang_gateway;
extern const struct lang_section lang_statement;
extern const struct lang_section lang_grant;
extern const struct lang_section lang_message;
extern const struct lang_section lang_field;

/* Sections of features that are in the language but not built yet. */
extern const struct lang_section lang_domain;
extern const struct lang_section lang_api_key;
extern const struct lang_section lang_usage_plan;
extern const struct lang_section lang_cors;
extern const struct lang_section lang_vpc_link;
extern const struct lang_section lang_alarm;
extern const struct lang_section lang_cognito;
extern const struct lang_section lang_data_source;
extern const struct lang_section lang_resolver;
extern const struct lang_section lang_app_sync_log;

/* The key called name, also when `also` has it; NULL when there is none. */
const struct lang_key *lang_find(const struct lang_section *section,
				 const char *name);

/*
 * What an unknown key may have meant: NULL, or the rest of a sentence such
 * as "did you mean 'handler'?" or "SST calls this 'returnResponse'; here it
 * is 'reply'".
 */
const char *lang_hint(struct arena *arena, const struct lang_section *section,
		      const char *name);

/*
 * Read a scalar's text as kind. On false *why says what is wrong, to follow
 * "'timeout' ": "must be a duration such as 10s, not 'soon'".
 */
bool lang_scalar(struct arena *arena, const struct lang_key *key,
		 const struct doc *value, void *out, const char **why);

/* Fill in every unset key of *out that has a default. */
void lang_defaults_into(struct arena *arena, const struct lang_section *section,
			void *out);

/*
 * Over what base has, lay what over has: its keys win, except that those
 * marked merged are united. Both are structs of the section.
 */
void lang_merge(struct arena *arena, const struct lang_section *section,
		void *out, const void *base, const void *over);

#endif
