/* SPDX-License-Identifier: MIT */
/*
 * plan/messages.h - the messages in the order in which C needs them, how large
 * their JSON can get, and who receives or sends them.
 */
#ifndef WSGEN_PLAN_MESSAGES_H
#define WSGEN_PLAN_MESSAGES_H

#include "../plan.h"

#define MESSAGE_MAX_SIZE (128 * 1024) /* API Gateway's, on a websocket */

/*
 * Fill plan->messages, from plan->spec: by their names in C, but each after
 * those that it holds; one that holds itself through a list or map has no
 * largest size. The names that types use are known to be declared, and none
 * holds itself directly.
 */
void plan_messages(struct plan *plan);

/* What was planned for a message. */
struct plan_message *plan_message_of(const struct plan *plan,
				     const struct message *message);

/* Bytes of a text as a JSON string, its quotes included. */
size_t message_text_size(const char *text);

/*
 * The largest JSON of a type, nothing escaped or everything; false if there is
 * no such size. Messages inside have to be planned already.
 */
struct message_size {
	size_t plain, escaped;
};
bool message_type_size(const struct plan *plan, const struct type *type,
		       struct message_size *size);

#endif
