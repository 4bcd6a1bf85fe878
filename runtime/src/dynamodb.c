/* SPDX-License-Identifier: MIT */
/* Calls of DynamoDB, one at a time; see dynamodb.h. */
#include "dynamodb.h"

#include "http_client.h"
#include "patience.h"

#include <wsgen/sigv4.h>

#include <stdlib.h>

/* A single try: an answer takes milliseconds, or it does not come. */
#define TRY_MS 3000

#define PAUSE_MS 25

/* A clock that is further off than this is why AWS refuses a signature. */
#define SKEW_MS 240000

/* A page is 1 MB of what is stored, which JSON may write out longer. */
#define ANSWER_MAX ((size_t)8 << 20)

/*
 * What is kept from event to event: a Lambda process serves one at a time, and
 * there is one DynamoDB.
 */
static struct {
	struct wsg_net *net;
	struct wsg_sigv4_key key;
	struct wsg_buf host;
	struct wsg_origin origin;
	struct wsg_str region;
	struct wsg_credentials credentials;
	int64_t skew_ms; /* how far AWS's clock is ahead of ours */
} database;

struct call {
	const char *operation;
	struct wsg_str body;
	struct wsg_buf *answer;
	bool started;
	int status;	   /* 0: no answer */
	const char *error; /* then why */
	int64_t date_ms;   /* when it was answered; 0: not said */
	bool clock_was_set;
	struct wsg_str type, message;
};

/* --- where it is ---------------------------------------------------------- */

static struct wsg_str variable(const char *name)
{
	return wsg_str(getenv(name));
}

/* Regions are a label of the host name, and nothing more. */
static bool is_region(struct wsg_str region)
{
	size_t i;

	for (i = 0; i < region.len; i++) {
		char c = region.ptr[i];

		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-')
			return false;
	}
	return region.len > 0;
}

static bool find_origin(void)
{
	struct wsg_str url = variable("AWS_ENDPOINT_URL_DYNAMODB"), path;
	struct wsg_str region = database.region;
	struct wsg_buf made = { 0 };
	const char *suffix = "amazonaws.com";
	bool found;

	if (region.len > 3 && !memcmp(region.ptr, "cn-", 3))
		suffix = "amazonaws.com.cn";
	if (!url.len) {
		wsg_buf_printf(&made, "https://dynamodb.%.*s.%s",
			       WSG_FMT(region), suffix);
		url = (struct wsg_str){ made.ptr, made.len };
	}
	found = !made.failed && wsg_origin_read(url, &database.origin, &path) &&
		!path.len;
	if (!found)
		wsg_log(WSG_ERROR, "AWS_ENDPOINT_URL_DYNAMODB is no http:// or "
				   "https:// URL without a path");
	wsg_buf_release(&made);
	return found;
}

static bool prepare(void)
{
	database.region = variable("AWS_REGION");
	if (!database.region.len)
		database.region = variable("AWS_DEFAULT_REGION");
	database.credentials = (struct wsg_credentials){
		.key_id = variable("AWS_ACCESS_KEY_ID"),
		.secret = variable("AWS_SECRET_ACCESS_KEY"),
		.token = variable("AWS_SESSION_TOKEN"),
	};
	if (!is_region(database.region) || !database.credentials.key_id.len) {
		wsg_log(WSG_ERROR, "no DynamoDB without AWS_REGION and "
				   "AWS_ACCESS_KEY_ID");
		return false;
	}
	if (!find_origin())
		return false;
	if (!database.net)
		database.net = wsg_net_new();
	wsg_buf_clear(&database.host);
	wsg_origin_put_host(&database.host, &database.origin);
	if (!database.net || database.host.failed) {
		wsg_log(WSG_ERROR, "out of memory");
		return false;
	}
	return true;
}

/* --- one try -------------------------------------------------------------- */

static bool put_signature(const struct call *call, struct wsg_str target,
			  struct wsg_buf *head)
{
	const struct wsg_sigv4_header headers[] = {
		{ { WSG_LIT("host") },
		  { database.host.ptr, database.host.len } },
		{ { WSG_LIT("content-type") },
		  { WSG_LIT("application/x-amz-json-1.0") } },
		{ { WSG_LIT("x-amz-target") }, target },
	};
	const struct wsg_sigv4_request request = {
		.method = { WSG_LIT("POST") },
		.path = { WSG_LIT("/") },
		.headers = headers,
		.headers_count = sizeof(headers) / sizeof(headers[0]),
		.body = call->body,
	};
	const struct wsg_sigv4_signer signer = {
		.credentials = database.credentials,
		.region = database.region,
		.service = { WSG_LIT("dynamodb") },
		.time_s = (wsg_now_ms() + database.skew_ms) / 1000,
		.key = &database.key,
	};

	return wsg_sigv4_sign(&request, &signer, head);
}

static bool next(void *arg, struct wsg_buf *head, struct wsg_str *body,
		 size_t *tag)
{
	struct call *call = arg;
	struct wsg_buf target = { 0 };

	if (call->started)
		return false;
	call->started = true;
	*tag = 0;
	*body = call->body;
	wsg_buf_printf(&target, "DynamoDB_20120810.%s", call->operation);
	wsg_buf_printf(head,
		       "POST / HTTP/1.1\r\nHost: %s\r\n"
		       "Content-Type: application/x-amz-json-1.0\r\n"
		       "X-Amz-Target: DynamoDB_20120810.%s\r\n"
		       "Content-Length: %zu\r\n",
		       database.host.ptr, call->operation, call->body.len);
	if (target.failed ||
	    !put_signature(call, (struct wsg_str){ target.ptr, target.len },
			   head))
		head->failed = true;
	wsg_buf_text(head, "\r\n");
	wsg_buf_release(&target);
	return true;
}

static void done(void *arg, size_t tag, const struct wsg_response *response,
		 const char *error)
{
	struct call *call = arg;

	(void)tag;
	call->error = error;
	if (!response)
		return;
	call->status = response->status;
	if (!wsg_response_date(response, &call->date_ms))
		call->date_ms = 0;
	wsg_buf_str(call->answer, response->body);
	if (!call->answer->len)
		wsg_buf_text(call->answer, "{}");
	if (call->answer->failed) {
		call->status = 0;
		call->error = "out of memory";
	}
}

/* com.amazonaws.dynamodb.v20120810#ThrottlingException, and why. */
static void read_error(struct call *call)
{
	struct wsg_json json;
	struct wsg_str key;
	const char *hash;

	call->type = call->message = (struct wsg_str){ NULL, 0 };
	wsg_json_init(&json, call->answer->ptr, call->answer->len);
	wsg_json_object(&json);
	while (wsg_json_key(&json, &key)) {
		if (wsg_str_is(key, "__type"))
			wsg_json_string(&json, &call->type);
		else if (wsg_str_is(key, "message") ||
			 wsg_str_is(key, "Message"))
			wsg_json_string(&json, &call->message);
		else
			wsg_json_skip(&json);
	}
	hash = call->type.len ? memchr(call->type.ptr, '#', call->type.len)
			      : NULL;
	if (hash) {
		call->type.len -= (size_t)(hash + 1 - call->type.ptr);
		call->type.ptr = hash + 1;
	}
}

static bool is_busy(const struct call *call)
{
	static const char *const types[] = {
		"ProvisionedThroughputExceededException",
		"RequestLimitExceeded",
		"ThrottlingException",
		"ThrottledException",
		"InternalServerError",
	};
	size_t i;

	if (!call->status || call->status >= 500 || call->status == 429)
		return true;
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (wsg_str_is(call->type, types[i]))
			return true;
	}
	return false;
}

/* Whether a refusal came of a clock that is wrong, which is then put right. */
static bool clock_is_off(struct call *call)
{
	int64_t off_ms = call->date_ms - (wsg_now_ms() + database.skew_ms);

	if (!wsg_str_is(call->type, "InvalidSignatureException") ||
	    call->clock_was_set || !call->date_ms ||
	    (off_ms > -SKEW_MS && off_ms < SKEW_MS))
		return false;
	wsg_log(WSG_WARN, "the clock is off by %lld seconds: signing as AWS's",
		(long long)(off_ms / 1000));
	database.skew_ms += off_ms;
	call->clock_was_set = true;
	return true;
}

/*
 * What is wrong with a signature or a token is not logged: it would repeat what
 * was signed.
 */
static void log_failure(const struct call *call, const char *end)
{
	static const char *const told[] = {
		"AccessDeniedException",
		"ResourceNotFoundException",
		"ValidationException",
	};
	struct wsg_str message = { NULL, 0 };
	size_t i;

	if (!call->status) {
		wsg_log(WSG_ERROR, "DynamoDB %s: %s%s", call->operation,
			call->error ? call->error : "no time for it", end);
		return;
	}
	for (i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		if (wsg_str_is(call->type, told[i]))
			message = call->message;
	}
	wsg_log(WSG_ERROR, "DynamoDB %s: %d %.*s%s%.*s%s", call->operation,
		call->status, WSG_FMT(call->type), message.len ? ": " : "",
		WSG_FMT(message), end);
}

/* --- as often as it takes ------------------------------------------------- */

bool wsg_dynamodb_call(const struct wsg_event *event, const char *operation,
		       struct wsg_str body, struct wsg_buf *answer)
{
	int64_t deadline_ms = wsg_patience_end(event);
	struct call call = { operation, body, answer, .status = 0 };
	struct wsg_job job = {
		.origin = &database.origin,
		.parallel = 1,
		.body_max = ANSWER_MAX,
		.next = next,
		.done = done,
		.arg = &call,
	};
	unsigned number = 0;

	if (!prepare())
		return false;
	do {
		job.deadline_ms = wsg_clock_ms() + TRY_MS;
		if (job.deadline_ms > deadline_ms)
			job.deadline_ms = deadline_ms;
		call.started = false;
		call.status = 0;
		wsg_buf_clear(answer);
		wsg_net_run(database.net, &job);
		if (call.status == 200)
			return true;
		if (call.status)
			read_error(&call);
		if (!is_busy(&call) && !clock_is_off(&call)) {
			log_failure(&call, "");
			return false;
		}
	} while (wsg_patience_pause(++number, PAUSE_MS, deadline_ms));
	log_failure(&call, ", up to the deadline");
	return false;
}
