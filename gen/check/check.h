/* SPDX-License-Identifier: MIT */
/*
 * check.h - whether a spec makes sense: whatever AWS or a C compiler would
 * refuse later is refused here, at its line. One file for each subject; every
 * check reports all that it finds, and none depends on another.
 */
#ifndef WSGEN_CHECK_H
#define WSGEN_CHECK_H

#include "../base/diag.h"
#include "../base/map.h"
#include "../model.h"

/* Names of one kind: the things, and where each name was given. */
struct check_names {
	const char *kind; /* "function", as an error calls it */
	struct map things;
	struct texts names;
};

struct check {
	struct arena *arena;
	struct diag *diag;
	struct spec *spec;
	/*
	 * Of const struct api, function, authorizer, message (not those that
	 * were written in place), and of const struct doc for what stands
	 * under `resources`.
	 */
	struct check_names apis, functions, authorizers, messages, resources;
};

/* False after errors; diag has them all. */
bool check_spec(struct arena *arena, struct diag *diag, struct spec *spec);

/* What takes a plan to find (references, grants, permissions, sizes in bytes)
 * is reported when it is made: plan/, emit/cfn/budget.c. */
void check_messages(struct check *c);
void check_apis(struct check *c);
void check_names(struct check *c);
void check_handlers(struct check *c);
void check_routes(struct check *c);
void check_integrations(struct check *c);
void check_functions(struct check *c);
void check_authorizers(struct check *c);
void check_stages(struct check *c);
void check_gateways(struct check *c);
void check_connections(struct check *c);
void check_resources(struct check *c);

/* --- what the checks share ------------------------------------------------ */

/* The only kind of API that is built; the others' keys are not checked. */
bool check_is_websocket(const struct api *api);

/* Calls visit for each function's properties: named, a route's, defaults'. */
enum check_function_place {
	CHECK_NAMED,	  /* of `functions` */
	CHECK_ROUTE_OWN,  /* in place, on a route */
	CHECK_AUTHORIZER, /* in place, on an authorizer */
	CHECK_DEFAULTS,
};
void check_each_function(struct check *c,
			 void (*visit)(struct check *c,
				       const struct function *function,
				       enum check_function_place place));

/* Calls visit for each authorizer: named, of an API, on a route, session. */
enum check_authorizer_place {
	CHECK_IN_LIST, /* of `authorizers` */
	CHECK_ON_API,
	CHECK_ON_ROUTE,
	CHECK_SESSION,
};
void check_each_authorizer(struct check *c,
			   void (*visit)(struct check *c,
					 const struct authorizer *authorizer,
					 enum check_authorizer_place place));

/*
 * What has that name; or NULL after an error that says who names it, with a
 * note at the name that may have been meant.
 */
const void *check_named(struct check *c, const struct check_names *names,
			const char *who, struct text name);

/* "route 'sendMessage'", for errors. */
const char *check_route_text(struct check *c, const struct route *route);

/* Its C function: route.handler, or that of the route's own function. */
struct text check_route_handler(const struct route *route);

/* The function of `functions` that the route names, or NULL. */
const struct function *check_route_function(struct check *c,
					    const struct route *route);

/* Does something else than a handler take the route? */
bool check_in_place(const struct route *route);

/* The text of a scalar without references; NULL when it is none. */
const char *check_literal(const struct doc *value);

/*
 * Each value of a mapping such as environment must be a scalar or a
 * CloudFormation function. what: "an environment variable".
 */
void check_scalars(struct check *c, const struct doc *map, const char *what);

/* Has it a character that nobody sees? Reported, as part of what. */
bool check_hidden(struct check *c, struct loc loc, const char *what,
		  const char *text);

/* A text that goes out as it is: nothing hidden, and no references. */
void check_plain(struct check *c, struct text text, const char *key);

/* Is the text longer? Reported. */
bool check_value_too_long(struct check *c, const struct doc *value,
			  const char *key, size_t max);
bool check_too_long(struct check *c, struct text text, const char *key,
		    size_t max);

/* Is every byte a letter, a digit or one of more? */
bool check_only(const char *text, const char *more);
bool check_is_letter(char byte);
bool check_is_digit(char byte);

#endif
