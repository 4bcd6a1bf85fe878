/* SPDX-License-Identifier: MIT */
/*
 * read.h - for the files that read gateway.json's sections: members of a type,
 * and complaints that say where. One bad member does not stop the rest from
 * being read, so that all complaints come at once.
 */
#ifndef GATEWAY_READ_H
#define GATEWAY_READ_H

#include "../base/map.h"
#include "config.h"
#include "names.h"

/* Lines in why; what else is wrong is left out. */
#define READ_COMPLAINTS_MAX 40

struct reader {
	struct config *config;
	const struct config_options *options;
	struct names *names;
	struct wsg_buf *why;
	const char *file; /* gateway.json's path */
	size_t complaints;
	struct config_function *functions;
	struct config_api *apis;
	struct map by_name; /* of functions */
};

/* Where in the file something is: `apis[1].routes[0]`. */
struct place {
	const struct place *up; /* NULL: at the top */
	const char *list;
	size_t index;
};

/* `FILE: apis[1].routes[0].key: ...`; place and key may be NULL. */
void read_complain(struct reader *reader, const struct place *place,
		   const char *key, const char *format, ...)
	WSG_PRINTF_LIKE(4, 5);

/* Any line, which is counted. */
void read_say(struct reader *reader, const char *format, ...)
	WSG_PRINTF_LIKE(2, 3);

/* The member of an object; NULL, and a complaint, if it has to be there. */
const struct json *read_member(struct reader *reader, const struct place *place,
			       const struct json *object, const char *key,
			       enum wsg_json_type type, bool required);

/* Without a NUL in it. Empty if it is absent, or after a complaint. */
struct wsg_str read_text(struct reader *reader, const struct place *place,
			 const struct json *object, const char *key,
			 bool required);

/* A text of 1 to max letters, digits, `-` and `_`. */
struct wsg_str read_name(struct reader *reader, const struct place *place,
			 const struct json *object, const char *key,
			 size_t max);

bool read_flag(struct reader *reader, const struct place *place,
	       const struct json *object, const char *key, bool required);

struct read_range {
	int64_t min, max;
};

/* What is there if it is in range; otherwise if there is nothing. */
int64_t read_int(struct reader *reader, const struct place *place,
		 const struct json *object, const char *key,
		 struct read_range range, int64_t otherwise);

/* Likewise, and a complaint if it is not there. */
int64_t read_required_int(struct reader *reader, const struct place *place,
			  const struct json *object, const char *key,
			  struct read_range range);

struct config_throttle read_throttle(struct reader *reader,
				     const struct place *place,
				     const struct json *object);

/*
 * What value stands for, in the config's arena. False: a line for each thing
 * that has no value, which starts with who, and tells to give variable, unless
 * it is NULL, or the thing itself.
 */
bool read_resolved(struct reader *reader, const struct json *value,
		   struct wsg_str *text, struct wsg_str variable,
		   const char *who, ...) WSG_PRINTF_LIKE(5, 6);

/* What the user gave under that name, the last one; ptr is NULL if nothing. */
struct wsg_str read_given(const struct reader *reader, struct wsg_str name);

/* A text put together in the config's arena. */
struct wsg_str read_printf(struct reader *reader, const char *format, ...)
	WSG_PRINTF_LIKE(2, 3);

/* --- the sections, in the order in which they are read -------------------- */

void read_functions(struct reader *reader, const struct json *root);
void read_apis(struct reader *reader, const struct json *root);
void read_names(struct reader *reader, const struct json *root);
/* With names: what holds references. */
void read_api_values(struct reader *reader, const struct json *root);
void read_function_values(struct reader *reader, const struct json *root);

#endif
