/* SPDX-License-Identifier: MIT */
/*
 * Making calls of the @connections API. Those that AWS has no room for just
 * now are made again in rounds, with a pause in between that grows and is drawn
 * by lot, so that functions which were refused together do not come back
 * together.
 */
#include "calls.h"

#include "patience.h"
#include "sha256.h"

#include <wsgen/registry.h>

#include <stdlib.h>

/* Rounds in which an error of the server's own is tried again. */
#define SERVER_ERRORS_MAX 4

#define PAUSE_MS 50
#define ANSWER_MAX ((size_t)64 << 10)
#define LOGGED_MAX 5 /* failures that a call for many says a line about */

/* A clock that is further off than this is why AWS refuses a signature. */
#define SKEW_MS 240000

/* Calls on their way. */
struct round {
	const struct wsg_calls *calls;
	struct wsg_outside *outside;
	struct wsg_endpoint endpoint;
	char body_sha256[WSG_SHA256_HEX_LEN + 1];
	struct wsg_buf target, host;

	/* Those to be called; the ones to call again move to the front. */
	size_t *pending;
	size_t count, at, again;
	unsigned number;
	bool clock_was_set;
	unsigned logged;
};

static void release_outside(struct wsg_kept *kept)
{
	struct wsg_outside *outside = (struct wsg_outside *)kept;

	wsg_net_free(outside->net);
	wsg_buf_release(&outside->body);
	free(outside);
}

struct wsg_outside *wsg_outside_of(struct wsg_event *event)
{
	struct wsg_outside *outside;

	if (event->kept)
		return (struct wsg_outside *)event->kept;
	outside = calloc(1, sizeof(*outside));
	if (outside) {
		outside->kept.release = release_outside;
		outside->net = wsg_net_new();
	}
	if (!outside || !outside->net) {
		wsg_log(WSG_ERROR, "out of memory");
		free(outside);
		return NULL;
	}
	event->kept = &outside->kept;
	return outside;
}

static bool put_signature(struct round *round, struct wsg_buf *head)
{
	const struct wsg_endpoint *endpoint = &round->endpoint;
	struct wsg_sigv4_header host = {
		{ WSG_LIT("host") },
		{ round->host.ptr, round->host.len },
	};
	struct wsg_sigv4_request request = {
		.method = wsg_str(round->calls->method),
		.path = { round->target.ptr, round->target.len },
		.headers = &host,
		.headers_count = 1,
		.body_sha256 = round->body_sha256,
	};
	struct wsg_sigv4_signer signer = {
		.credentials = endpoint->credentials,
		.region = endpoint->region,
		.service = { WSG_LIT("execute-api") },
		.time_s = (wsg_now_ms() + round->outside->skew_ms) / 1000,
		.key = &round->outside->key,
	};

	return wsg_sigv4_sign(&request, &signer, head);
}

static bool next(void *arg, struct wsg_buf *head, struct wsg_str *body,
		 size_t *tag)
{
	struct round *round = arg;
	const struct wsg_calls *calls = round->calls;

	if (round->at == round->count)
		return false;
	*tag = round->pending[round->at++];
	*body = calls->body;
	wsg_buf_clear(&round->target);
	wsg_buf_text(&round->target, round->endpoint.path);
	wsg_buf_text(&round->target, "/@connections/");
	wsg_sigv4_encode(&round->target, calls->ids[*tag], 0);
	wsg_buf_printf(head, "%s %s HTTP/1.1\r\nHost: %s\r\n", calls->method,
		       round->target.ptr, round->host.ptr);
	if (calls->body.len || !strcmp(calls->method, "POST"))
		wsg_buf_printf(head, "Content-Length: %zu\r\n",
			       calls->body.len);
	if (round->endpoint.credentials.key_id.len &&
	    !put_signature(round, head))
		head->failed = true;
	wsg_buf_text(head, "\r\n");
	head->failed |= round->target.failed;
	return true;
}

/* The name of an error, which may have an address behind it. */
static struct wsg_str error_type(const struct wsg_response *response)
{
	struct wsg_str type = wsg_response_header(response, "x-amzn-errortype");
	const char *colon = type.len ? memchr(type.ptr, ':', type.len) : NULL;

	if (colon)
		type.len = (size_t)(colon - type.ptr);
	return type;
}

static enum wsg_sent judge(const struct wsg_response *response)
{
	struct wsg_str type = error_type(response);

	if (response->status >= 200 && response->status < 300)
		return WSG_SENT;
	if (response->status == 410 || wsg_str_is(type, "GoneException"))
		return WSG_GONE;
	if (response->status == 413 ||
	    wsg_str_is(type, "PayloadTooLargeException"))
		return WSG_TOO_LARGE;
	if (response->status == 429 ||
	    wsg_str_is(type, "LimitExceededException"))
		return WSG_THROTTLED;
	if (response->status == 401 || response->status == 403)
		return WSG_FORBIDDEN;
	return WSG_SEND_FAILED;
}

/*
 * IAM's refusal says who may not do what. A refused signature's message is left
 * alone: it repeats what was signed, the session's token too.
 */
static void log_failure(struct round *round,
			const struct wsg_response *response)
{
	struct wsg_str type = error_type(response), key, message = { NULL, 0 };
	char text[1024];
	struct wsg_json json;

	if (round->logged++ >= LOGGED_MAX)
		return;
	if (wsg_str_is(type, "AccessDeniedException") &&
	    response->body.len < sizeof(text)) {
		memcpy(text, response->body.ptr, response->body.len);
		text[response->body.len] = '\0';
		wsg_json_init(&json, text, response->body.len);
		wsg_json_object(&json);
		while (wsg_json_key(&json, &key)) {
			if (wsg_str_is(key, "message") ||
			    wsg_str_is(key, "Message"))
				wsg_json_string(&json, &message);
			else
				wsg_json_skip(&json);
		}
	}
	wsg_log(WSG_ERROR, "%s @connections: %d %.*s%s%.*s",
		round->calls->method, response->status, WSG_FMT(type),
		message.len ? ": " : "", WSG_FMT(message));
}

/* Whether a refusal came of a clock that is wrong, which is then put right. */
static bool clock_is_off(struct round *round,
			 const struct wsg_response *response)
{
	int64_t date_ms, off_ms;

	if (round->clock_was_set || !wsg_response_date(response, &date_ms))
		return round->clock_was_set && round->number == 0;
	off_ms = date_ms - (wsg_now_ms() + round->outside->skew_ms);
	if (off_ms > -SKEW_MS && off_ms < SKEW_MS)
		return false;
	wsg_log(WSG_WARN, "the clock is off by %lld seconds: signing as AWS's",
		(long long)(off_ms / 1000));
	round->outside->skew_ms += off_ms;
	round->clock_was_set = true;
	return true;
}

static bool worth_another(struct round *round,
			  const struct wsg_response *response,
			  enum wsg_sent result)
{
	if (result == WSG_THROTTLED)
		return true;
	if (result == WSG_FORBIDDEN)
		return clock_is_off(round, response);
	return result == WSG_SEND_FAILED && response->status >= 500 &&
	       round->number + 1 < SERVER_ERRORS_MAX;
}

static void done(void *arg, size_t tag, const struct wsg_response *response,
		 const char *error)
{
	struct round *round = arg;
	const struct wsg_calls *calls = round->calls;
	enum wsg_sent *result = &calls->results[tag];

	if (!response) {
		*result = WSG_SEND_FAILED;
		if (round->logged++ < LOGGED_MAX)
			wsg_log(WSG_ERROR, "%s @connections at %s: %s",
				calls->method, round->endpoint.origin.host,
				error);
		return;
	}
	*result = judge(response);
	if (*result == WSG_SENT && calls->take &&
	    !calls->take(calls->arg, response))
		*result = WSG_SEND_FAILED;
	if (worth_another(round, response, *result))
		round->pending[round->again++] = tag;
	else if (*result == WSG_FORBIDDEN || *result == WSG_SEND_FAILED)
		log_failure(round, response);
}

static void make_rounds(struct round *round, int64_t deadline_ms)
{
	struct wsg_job job = {
		.origin = &round->endpoint.origin,
		.parallel = WSG_LINKS_MAX,
		.deadline_ms = deadline_ms,
		.body_max = ANSWER_MAX,
		.next = next,
		.done = done,
		.arg = round,
	};

	for (;;) {
		round->at = round->again = 0;
		wsg_net_run(round->outside->net, &job);
		if (round->at < round->count)
			wsg_log(WSG_ERROR,
				"%s @connections: no time for %zu of %zu",
				round->calls->method, round->count - round->at,
				round->count);
		round->count = round->again;
		round->number++;
		if (!round->count ||
		    !wsg_patience_pause(round->number, PAUSE_MS, deadline_ms))
			return;
	}
}

static bool start(struct wsg_event *event, struct round *round, size_t *one)
{
	size_t count = round->calls->count, i;

	round->outside = wsg_outside_of(event);
	if (!round->outside || !wsg_endpoint_find(event, &round->endpoint))
		return false;
	round->pending = one;
	if (count > 1)
		round->pending =
			wsg_arena_raw(event->arena, count * sizeof(size_t));
	wsg_origin_put_host(&round->host, &round->endpoint.origin);
	if (!round->pending || round->host.failed) {
		wsg_log(WSG_ERROR, "out of memory");
		return false;
	}
	for (i = 0; i < count; i++) {
		if (round->calls->ids[i].len)
			round->pending[round->count++] = i;
	}
	if (round->count < count)
		wsg_log(WSG_ERROR, "a connection's id is empty");
	wsg_sha256_hex_of(round->body_sha256, round->calls->body);
	return true;
}

size_t wsg_calls_refuse(enum wsg_sent *results, size_t count,
			enum wsg_sent result)
{
	size_t i;

	for (i = 0; i < count; i++)
		results[i] = result;
	return 0;
}

/* So many have turned out to be. */
static void tell_gone(struct wsg_event *event, const struct wsg_calls *calls,
		      size_t count)
{
	struct wsg_str *ids = wsg_arena_raw(event->arena, count * sizeof(*ids));
	size_t i, at = 0;

	if (!ids) {
		wsg_log(WSG_ERROR, "out of memory");
		return;
	}
	for (i = 0; i < calls->count; i++) {
		if (calls->results[i] == WSG_GONE)
			ids[at++] = calls->ids[i];
	}
	event->registry->hooks->gone(event, ids, count, calls->set);
}

size_t wsg_calls_make(struct wsg_event *event, const struct wsg_calls *calls)
{
	struct round round = { .calls = calls };
	size_t one = 0, sent = 0, gone = 0, i;

	/* Until something else becomes of them. */
	wsg_calls_refuse(calls->results, calls->count, WSG_SEND_FAILED);
	if (calls->count && start(event, &round, &one))
		make_rounds(&round, wsg_patience_end(event));
	wsg_buf_release(&round.target);
	wsg_buf_release(&round.host);
	for (i = 0; i < calls->count; i++) {
		sent += calls->results[i] == WSG_SENT;
		gone += calls->results[i] == WSG_GONE;
	}
	if (event->registry && gone)
		tell_gone(event, calls, gone);
	return sent;
}
