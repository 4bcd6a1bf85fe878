/* SPDX-License-Identifier: MIT */
/*
 * answer.h - what functions answered, as API Gateway understands it.
 */
#ifndef GATEWAY_ANSWER_H
#define GATEWAY_ANSWER_H

#include "../base/json.h"
#include "policy.h"

/* To CONNECT. */
struct connect_answer {
	int status; /* 2xx lets it in; 502 for an answer without a number */
	struct wsg_str protocol; /* Sec-WebSocket-Protocol, or empty; fit for a
				  * header, if not for what was offered */
};

void answer_connect(struct wsg_arena *arena, struct wsg_str payload,
		    struct connect_answer *answer);

/* To MESSAGE, on a two-way route. */
struct message_answer {
	bool is_object; /* if not: Internal server error */
	bool has_body;
	struct wsg_str body; /* decoded, if it was base64; UTF-8 */
	int status;	     /* 200 if it names none */
};

void answer_message(struct wsg_arena *arena, struct wsg_str payload,
		    struct message_answer *answer);

/* An authorizer's whole answer; quotas of API Gateway, WebSocket APIs. */
#define ANSWER_AUTHORIZER_MAX 8192

/* To REQUEST. */
struct authorizer_answer {
	enum policy_verdict verdict; /* POLICY_INVALID: 500 */
	const char *why;	     /* a phrase: `statement 2 denies it` */
	struct wsg_str principal;
	struct wsg_str usage_key; /* usageIdentifierKey, or empty */
	/* Context keys, then principalId, as caller.authorizer has them. */
	struct wsg_str members;
};

void answer_authorizer(struct wsg_arena *arena, struct wsg_str payload,
		       struct wsg_str method_arn,
		       struct authorizer_answer *answer);

#endif
