/* SPDX-License-Identifier: MIT */
/*
 * messages.h - the messages of a spec: `messages` itself, and what routes,
 * authorizers and sessions name or write in place.
 */
#ifndef WSGEN_MESSAGES_H
#define WSGEN_MESSAGES_H

#include "../model.h"

#define MESSAGE_NAME_MAX 128 /* logical ids are made from it: at most 255 */

/*
 * What a file named by `$ref` holds. base is the place of that `$ref`, path the
 * file as it was written there. NULL after an error, which was reported.
 */
struct message_files {
	void *context;
	const struct doc *(*read)(void *context, struct loc base,
				  const char *path);
};

/*
 * Fill spec->messages, and the message_type, reply_type and reply_any of
 * routes, context_fields and claims_fields of authorizers. Names are not looked
 * up yet: that is check's. False after errors; all are reported. files may be
 * NULL, when there are no files: then `$ref` is an error.
 */
bool read_messages(struct arena *arena, struct diag *diag,
		   const struct message_files *files, struct spec *spec);

#endif
