/* SPDX-License-Identifier: MIT */
/*
 * id.h - ids of AWS's form. Those of connections, messages and requests are 11
 * bytes as URL-safe base64, 16 characters that end in `=`; a message's id ends
 * in the same 5 bytes as its connection's.
 */
#ifndef GATEWAY_ID_H
#define GATEWAY_ID_H

#include "random.h"

#define ID_LEN 16

struct id {
	char text[ID_LEN + 1];
};

#define UUID_LEN 36
#define UUID_BYTES 16

struct uuid {
	char text[UUID_LEN + 1];
};

struct id id_new(struct secrets *secrets);

/* An id that shares its last 5 bytes with the connection's. */
struct id id_of_message(struct secrets *secrets, const struct id *connection);

/* Whether AWS would look such an id up; what is not is a 400, not a 410. */
bool id_is_well_formed(struct wsg_str text);

/* Version 4, in lower case: what Lambda's request ids look like. */
struct uuid uuid_new(void);

/* The same of random bytes that are there already: for many at once. */
struct uuid uuid_of(const unsigned char random[UUID_BYTES]);

/* The id that an API has here: 10 letters and digits, the same every time. */
void id_of_api(struct wsg_str name, char out[11]);

#endif
