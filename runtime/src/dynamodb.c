/* SPDX-License-Identifier: MIT */
/* Calls of DynamoDB; see dynamodb.h. */
#include "dynamodb.h"

#include "http_client.h"
#include "patience.h"

#include <wsgen/sigv4.h>

#include <assert.h>
#include <stdlib.h>

/* A single try: an answer takes milliseconds, or it does not come. */
#define TRY_MS 3000

#define PAUSE_MS 25

/* A clock that is further off than this is why AWS refuses a signature. */
#define SKEW_MS 240000

/* A page is 1 MB of what is stored, which JSON may write out longer. */
#define ANSWER_MAX ((size_t)8 << 20)

struct wsg_dynamodb {
	struct wsg_net *net;
	struct wsg_sigv4_key key;
	int64_t skew_ms; /* how far AWS's clock is ahead of ours */
};

/* A call, and what became of the last try. */
struct
try {
	struct wsg_dynamodb_call *call;
	int status;	   /* 0: no answer */
	const char *error; /* then why */
	int64_t date_ms;   /* when it was answered; 0: not said */
	struct wsg_str type, message;
};

/* Calls on their way, and where to. */
struct round {
	struct wsg_dynamodb *dynamodb;
	struct wsg_buf host;
	struct wsg_origin origin;
	struct wsg_str region;
	struct wsg_credentials credentials;

	/* Those to be made; the ones to make again move to the front. */
	struct try tries[WSG_DYNAMODB_MAX];
	size_t count, at;
	bool clock_was_set;
	bool failed;
};

struct wsg_dynamodb *wsg_dynamodb_new(void)
{
	struct wsg_dynamodb *dynamodb = calloc(1, sizeof(*dynamodb));

	if (!dynamodb)
		return NULL;
	dynamodb->net = wsg_net_new();
	if (dynamodb->net)
		return dynamodb;
	free(dynamodb);
	return NULL;
}

void wsg_dynamodb_free(struct wsg_dynamodb *dynamodb)
{
	if (!dynamodb)
		return;
	wsg_net_free(dynamodb->net);
	free(dynamodb);
}

void wsg_dynamodb_release(struct wsg_dynamodb_call *calls, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		wsg_buf_release(&calls[i].body);
		wsg_buf_release(&calls[i].answer);
	}
}

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

static bool find_origin(struct round *round)
{
	struct wsg_str url = variable("AWS_ENDPOINT_URL_DYNAMODB"), path;
	struct wsg_str region = round->region;
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
	found = !made.failed && wsg_origin_read(url, &round->origin, &path) &&
		!path.len;
	if (!found)
		wsg_log(WSG_ERROR, "AWS_ENDPOINT_URL_DYNAMODB is no http:// or "
				   "https:// URL without a path");
	wsg_buf_release(&made);
	return found;
}

static bool find_database(struct round *round)
{
	round->region = variable("AWS_REGION");
	if (!round->region.len)
		round->region = variable("AWS_DEFAULT_REGION");
	round->credentials = (struct wsg_credentials){
		.key_id = variable("AWS_ACCESS_KEY_ID"),
		.secret = variable("AWS_SECRET_ACCESS_KEY"),
		.token = variable("AWS_SESSION_TOKEN"),
	};
	if (!is_region(round->region) || !round->credentials.key_id.len) {
		wsg_log(WSG_ERROR, "no DynamoDB without AWS_REGION and "
				   "AWS_ACCESS_KEY_ID");
		return false;
	}
	if (!find_origin(round))
		return false;
	wsg_origin_put_host(&round->host, &round->origin);
	if (round->host.failed)
		wsg_log(WSG_ERROR, "out of memory");
	return !round->host.failed;
}

/* --- one try -------------------------------------------------------------- */

static struct wsg_str body_of(const struct wsg_dynamodb_call *call)
{
	return (struct wsg_str){ call->body.ptr, call->body.len };
}

static bool put_signature(const struct round *round, struct wsg_str target,
			  struct wsg_str body, struct wsg_buf *head)
{
	const struct wsg_sigv4_header headers[] = {
		{ { WSG_LIT("host") }, { round->host.ptr, round->host.len } },
		{ { WSG_LIT("content-type") },
		  { WSG_LIT("application/x-amz-json-1.0") } },
		{ { WSG_LIT("x-amz-target") }, target },
	};
	const struct wsg_sigv4_request request = {
		.method = { WSG_LIT("POST") },
		.path = { WSG_LIT("/") },
		.headers = headers,
		.headers_count = sizeof(headers) / sizeof(headers[0]),
		.body = body,
	};
	const struct wsg_sigv4_signer signer = {
		.credentials = round->credentials,
		.region = round->region,
		.service = { WSG_LIT("dynamodb") },
		.time_s = (wsg_now_ms() + round->dynamodb->skew_ms) / 1000,
		.key = &round->dynamodb->key,
	};

	return wsg_sigv4_sign(&request, &signer, head);
}

static bool next(void *arg, struct wsg_buf *head, struct wsg_str *body,
		 size_t *tag)
{
	struct round *round = arg;
	const struct wsg_dynamodb_call *call;
	struct wsg_buf target = { 0 };

	if (round->at == round->count)
		return false;
	*tag = round->at++;
	call = round->tries[*tag].call;
	*body = body_of(call);
	wsg_buf_printf(&target, "DynamoDB_20120810.%s", call->operation);
	wsg_buf_printf(head,
		       "POST / HTTP/1.1\r\nHost: %s\r\n"
		       "Content-Type: application/x-amz-json-1.0\r\n"
		       "X-Amz-Target: DynamoDB_20120810.%s\r\n"
		       "Content-Length: %zu\r\n",
		       round->host.ptr, call->operation, body->len);
	if (target.failed ||
	    !put_signature(round, (struct wsg_str){ target.ptr, target.len },
			   *body, head))
		head->failed = true;
	wsg_buf_text(head, "\r\n");
	wsg_buf_release(&target);
	return true;
}

static void done(void *arg, size_t tag, const struct wsg_response *response,
		 const char *error)
{
	struct round *round = arg;
	struct try *try = &round->tries[tag];
	struct wsg_buf *answer = &try->call->answer;

	try->error = error;
	if (!response)
		return;
	try->status = response->status;
	if (!wsg_response_date(response, &try->date_ms))
		try->date_ms = 0;
	wsg_buf_str(answer, response->body);
	if (!answer->len)
		wsg_buf_text(answer, "{}");
	if (answer->failed) {
		try->status = 0;
		try->error = "out of memory";
	}
}

/* com.amazonaws.dynamodb.v20120810#ThrottlingException, and why. */
static void read_error(struct try *try)
{
	struct wsg_buf *answer = &try->call->answer;
	struct wsg_json json;
	struct wsg_str key;
	const char *hash;

	try->type = try->message = (struct wsg_str){ NULL, 0 };
	wsg_json_init(&json, answer->ptr, answer->len);
	wsg_json_object(&json);
	while (wsg_json_key(&json, &key)) {
		if (wsg_str_is(key, "__type"))
			wsg_json_string(&json, &try->type);
		else if (wsg_str_is(key, "message") ||
			 wsg_str_is(key, "Message"))
			wsg_json_string(&json, &try->message);
		else
			wsg_json_skip(&json);
	}
	hash = try->type.len ? memchr(try->type.ptr, '#', try->type.len) : NULL;
	if (hash) {
		try->type.len -= (size_t)(hash + 1 - try->type.ptr);
		try->type.ptr = hash + 1;
	}
}

static bool is_busy(const struct try *try)
{
	static const char *const types[] = {
		"ProvisionedThroughputExceededException",
		"RequestLimitExceeded",
		"ThrottlingException",
		"ThrottledException",
		"InternalServerError",
	};
	size_t i;

	if (!try->status || try->status >= 500 || try->status == 429)
		return true;
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (wsg_str_is(try->type, types[i]))
			return true;
	}
	return false;
}

/*
 * Whether a refusal came of a clock that is wrong, which is then put right.
 * Others of the same round were signed by it, too.
 */
static bool clock_is_off(struct round *round, const struct try *try,
			 bool was_set_before)
{
	struct wsg_dynamodb *dynamodb = round->dynamodb;
	int64_t off_ms = try->date_ms - (wsg_now_ms() + dynamodb->skew_ms);

	if (!wsg_str_is(try->type, "InvalidSignatureException") ||
	    was_set_before)
		return false;
	if (round->clock_was_set)
		return true;
	if (!try->date_ms || (off_ms > -SKEW_MS && off_ms < SKEW_MS))
		return false;
	wsg_log(WSG_WARN, "the clock is off by %lld seconds: signing as AWS's",
		(long long)(off_ms / 1000));
	dynamodb->skew_ms += off_ms;
	round->clock_was_set = true;
	return true;
}

/*
 * What is wrong with a signature or a token is not logged: it would repeat what
 * was signed.
 */
static void log_failure(const struct try *try, const char *end)
{
	static const char *const told[] = {
		"AccessDeniedException",
		"ResourceNotFoundException",
		"ValidationException",
	};
	const char *operation = try->call->operation;
	struct wsg_str message = { NULL, 0 };
	size_t i;

	if (!try->status) {
		wsg_log(WSG_ERROR, "DynamoDB %s: %s%s", operation,
			try->error ? try->error : "no time for it", end);
		return;
	}
	for (i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		if (wsg_str_is(try->type, told[i]))
			message = try->message;
	}
	wsg_log(WSG_ERROR, "DynamoDB %s: %d %.*s%s%.*s%s", operation,
		try->status, WSG_FMT(try->type), message.len ? ": " : "",
		WSG_FMT(message), end);
}

/* --- as often as it takes ------------------------------------------------- */

/* Whether the call of a try has to be made again. */
static bool judge(struct round *round, struct try *try, bool clock_was_set)
{
	try->call->done = try->status == 200;
	if (try->call->done)
		return false;
	if (try->status)
		read_error(try);
	if (wsg_str_is(try->type, "ConditionalCheckFailedException"))
		return false;
	if (is_busy(try) || clock_is_off(round, try, clock_was_set))
		return true;
	log_failure(try, "");
	round->failed = true;
	return false;
}

/* All that are left, once; those to be made again are left then. */
static void make_round(struct round *round, int64_t deadline_ms)
{
	struct wsg_job job = {
		.origin = &round->origin,
		.parallel = WSG_LINKS_MAX,
		.deadline_ms = wsg_clock_ms() + TRY_MS,
		.body_max = ANSWER_MAX,
		.next = next,
		.done = done,
		.arg = round,
	};
	bool clock_was_set = round->clock_was_set;
	size_t i, again = 0;

	if (job.deadline_ms > deadline_ms)
		job.deadline_ms = deadline_ms;
	for (i = 0; i < round->count; i++) {
		round->tries[i] = (struct try){ .call = round->tries[i].call };
		wsg_buf_clear(&round->tries[i].call->answer);
	}
	round->at = 0;
	wsg_net_run(round->dynamodb->net, &job);
	for (i = 0; i < round->count; i++) {
		if (judge(round, &round->tries[i], clock_was_set))
			round->tries[again++] = round->tries[i];
	}
	round->count = again;
}

bool wsg_dynamodb_make(struct wsg_dynamodb *dynamodb,
		       const struct wsg_event *event,
		       struct wsg_dynamodb_call *calls, size_t count)
{
	struct round round = { .dynamodb = dynamodb };
	int64_t deadline_ms = wsg_patience_end(event);
	unsigned number = 0;

	assert(count <= WSG_DYNAMODB_MAX);
	for (; round.count < count; round.count++) {
		calls[round.count].done = false;
		round.tries[round.count].call = &calls[round.count];
	}
	round.failed = !find_database(&round);
	while (!round.failed && round.count) {
		make_round(&round, deadline_ms);
		if (round.count &&
		    !wsg_patience_pause(++number, PAUSE_MS, deadline_ms)) {
			log_failure(&round.tries[0], ", up to the deadline");
			round.failed = true;
		}
	}
	wsg_buf_release(&round.host);
	return !round.failed;
}
