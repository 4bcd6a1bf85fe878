/* SPDX-License-Identifier: MIT */
/*
 * iam.c - who signed a request: the handshakes of an API that `iam` guards, and
 * every @connections call.
 */
#include "../base/mem.h"
#include "parts.h"

#include <wsgen/json.h>

#include <stdlib.h>

#define SERVICE "execute-api"

/* How a request that is not signed well is refused, always with 403. */
struct refusal {
	const char *error_type;
	const char *message;
	const char *note;
};

static const struct refusal refusals[] = {
	[WSG_SIGV4_VALID] = { NULL, NULL, NULL },
	[WSG_SIGV4_MISSING] = { "MissingAuthenticationTokenException",
				"Missing Authentication Token", "not signed" },
	[WSG_SIGV4_MALFORMED] = { "IncompleteSignatureException",
				  "Authorization header or query is not a "
				  "signature of Version 4",
				  "signed in a way that is none" },
	[WSG_SIGV4_UNKNOWN_KEY] = { "UnrecognizedClientException",
				    "The security token included in the "
				    "request is invalid.",
				    "no such key here: sign with local/local, "
				    "or as one of the functions" },
	[WSG_SIGV4_WRONG_SCOPE] = { "InvalidSignatureException",
				    "Credential should be scoped to correct "
				    "service: '" SERVICE "'.",
				    "signed for another service" },
	[WSG_SIGV4_EXPIRED] = { "InvalidSignatureException",
				"Signature expired",
				"signed too long ago, or in the future" },
	[WSG_SIGV4_MISMATCH] = { "InvalidSignatureException",
				 "The request signature we calculated does not "
				 "match the signature you provided. Check your "
				 "AWS Secret Access Key and signing method. "
				 "Consult the service documentation for "
				 "details.",
				 "the signature is another one" },
};

static const struct credential *check(struct api *api,
				      const struct http_request *request,
				      struct wsg_sigv4_check *details,
				      enum wsg_sigv4_result *result)
{
	int64_t now_s = loop_now_ms(api->options.loop, CLOCK_REAL) / 1000;

	return credentials_check(api->options.credentials, request, SERVICE,
				 now_s, details, result);
}

static void put_member(struct wsg_buf *out, const char *name,
		       struct wsg_str value)
{
	wsg_buf_printf(out, "%s\"%s\":", out->len ? "," : "", name);
	wsg_json_put_string(out, value);
}

/* What identity has of somebody who signed. The unique ids are made up. */
static void put_identity(struct wsg_buf *out, struct wsg_str account,
			 const struct credential *credential)
{
	struct wsg_buf user = { 0 };
	struct wsg_str id;

	if (credential->function.len)
		wsg_buf_printf(&user, "AROALOCALLOCALLOCAL00:%.*s",
			       WSG_FMT(credential->function));
	else
		wsg_buf_text(&user, "AIDALOCALLOCALLOCAL00");
	if (user.failed)
		mem_exhausted();
	id = (struct wsg_str){ user.ptr, user.len };
	put_member(out, "accountId", account);
	put_member(out, "caller", id);
	put_member(out, "user", id);
	put_member(out, "userArn", credential->user_arn);
	put_member(out, "principalOrgId", wsg_str("o-local00000"));
	wsg_buf_release(&user);
	if (out->failed)
		mem_exhausted();
}

static void tell(const struct handshake *handshake, int status,
		 const char *note)
{
	const struct api *api = handshake->task.api;
	struct trace_event event =
		api_event(api, TRACE_AUTHORIZED, &handshake->caller);

	event.request_id = wsg_str(handshake->request_id.text);
	event.status = status;
	event.note = wsg_str(note);
	trace_tell(api->options.trace, &event);
}

void iam_authorize(struct handshake *handshake)
{
	struct api *api = handshake->task.api;
	struct wsg_sigv4_check details = { 0 };
	enum wsg_sigv4_result result;
	const struct credential *credential;
	const char *note = NULL;

	credential =
		check(api, handshake->exchange->request, &details, &result);
	wsg_sigv4_check_release(&details);
	wsg_arena_reset(api->arena);
	if (!credential)
		note = refusals[result].note;
	else if (!credential_may(
			 credential, api->edition->config, "execute-api:Invoke",
			 api_arn(api, handshake->caller.stage, "$connect")))
		note = "its policy does not allow execute-api:Invoke";
	tell(handshake, note ? 403 : 200, note ? note : "signed");
	if (note) {
		handshake_refuse(handshake, 403, "ForbiddenException",
				 "Forbidden", note);
		return;
	}
	put_identity(&handshake->iam, api->edition->config->account,
		     credential);
	handshake->caller.iam =
		(struct wsg_str){ handshake->iam.ptr, handshake->iam.len };
	handshake_authorized(handshake);
}

/* A mismatch shows what was computed, as AWS does; that finds the mistake. */
static void refuse(struct exchange *exchange, enum wsg_sigv4_result result,
		   const struct wsg_sigv4_check *details)
{
	struct wsg_buf message = { 0 };

	wsg_buf_text(&message, refusals[result].message);
	if (result == WSG_SIGV4_MISMATCH)
		wsg_buf_printf(&message,
			       "\n\nThe Canonical String for this request "
			       "should have been\n'%.*s'\n\nThe String-to-Sign "
			       "should have been\n'%.*s'\n",
			       (int)details->canonical.len,
			       details->canonical.ptr,
			       (int)details->string_to_sign.len,
			       details->string_to_sign.ptr);
	if (message.failed)
		mem_exhausted();
	/* UNSURE(mismatch-type): the type of a mismatch. */
	exchange_reply_message(exchange, 403, refusals[result].error_type,
			       message.ptr);
	wsg_buf_release(&message);
}

/* UNSURE(denied-type): the type, and the case of the member's name. */
static void deny(struct api *api, struct exchange *exchange,
		 const struct credential *credential, struct wsg_str stage)
{
	static const char headers[] =
		"Content-Type: application/json\r\n"
		"x-amzn-ErrorType: AccessDeniedException\r\n";
	struct wsg_buf rest = { 0 };
	struct wsg_buf message = { 0 };
	struct wsg_buf body = { 0 };
	struct wsg_str arn;

	wsg_buf_printf(&rest, "%.*s/@connections/{connectionId}",
		       WSG_FMT(exchange->request->method));
	if (rest.failed)
		mem_exhausted();
	arn = api_arn(api, stage, rest.ptr);
	wsg_buf_printf(&message,
		       "User: %.*s is not authorized to perform: "
		       "execute-api:ManageConnections on resource: %.*s",
		       WSG_FMT(credential->user_arn), WSG_FMT(arn));
	wsg_buf_text(&body, "{\"Message\":");
	wsg_json_put_string(&body,
			    (struct wsg_str){ message.ptr, message.len });
	wsg_buf_text(&body, "}");
	if (message.failed || body.failed)
		mem_exhausted();
	exchange_reply(exchange, 403, wsg_str(headers),
		       (struct wsg_str){ body.ptr, body.len });
	wsg_buf_release(&rest);
	wsg_buf_release(&message);
	wsg_buf_release(&body);
}

const char *iam_admits(struct api *api, struct exchange *exchange,
		       struct wsg_str stage, struct wsg_str connection_id)
{
	struct wsg_sigv4_check details = { 0 };
	const struct credential *credential;
	enum wsg_sigv4_result result;
	struct wsg_buf rest = { 0 };
	const char *refused = NULL;

	if (!api->options.sign_check)
		return NULL;
	credential = check(api, exchange->request, &details, &result);
	wsg_buf_printf(&rest, "%.*s/@connections/%.*s",
		       WSG_FMT(exchange->request->method),
		       WSG_FMT(connection_id));
	if (rest.failed)
		mem_exhausted();
	if (!credential) {
		refuse(exchange, result, &details);
		refused = refusals[result].note;
	} else if (!credential_may(credential, api->edition->config,
				   "execute-api:ManageConnections",
				   api_arn(api, stage, rest.ptr))) {
		deny(api, exchange, credential, stage);
		refused = "its policy does not allow "
			  "execute-api:ManageConnections";
	}
	wsg_sigv4_check_release(&details);
	wsg_buf_release(&rest);
	return refused;
}
