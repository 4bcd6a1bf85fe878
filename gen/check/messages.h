/* SPDX-License-Identifier: MIT */
/* check/messages.h - what the checks of messages share. */
#ifndef WSGEN_CHECK_MESSAGES_H
#define WSGEN_CHECK_MESSAGES_H

#include "check.h"

/* What of messages becomes the same name in C. */
void check_message_names(struct check *c);

/* Does the default of a field fit its type, bounds and pattern? */
void check_default(struct check *c, const struct field *field);

#endif
