/* SPDX-License-Identifier: MIT */
/* caller.c - who is on the other side, with strings of its own. */
#include "parts.h"

/* Its strings. What is not there stays so: ptr NULL tells no User-Agent from
 * an empty one. */
#define STRINGS 9

static struct wsg_str *string_of(struct caller *caller, size_t i)
{
	struct wsg_str *const strings[STRINGS] = {
		&caller->api_id,     &caller->stage,	  &caller->domain,
		&caller->source_ip,  &caller->user_agent, &caller->api_key,
		&caller->api_key_id, &caller->authorizer, &caller->iam,
	};

	return strings[i];
}

size_t caller_size(const struct caller *caller)
{
	struct caller copy = *caller;
	size_t size = 0;

	for (size_t i = 0; i < STRINGS; i++)
		size += string_of(&copy, i)->len;
	return size;
}

void caller_copy(struct caller *to, const struct caller *from, char *room)
{
	*to = *from;
	to->stage_variables = NULL;
	for (size_t i = 0; i < STRINGS; i++) {
		struct wsg_str *string = string_of(to, i);

		if (!string->ptr)
			continue;
		if (string->len)
			memcpy(room, string->ptr, string->len);
		string->ptr = room;
		room += string->len;
	}
}
