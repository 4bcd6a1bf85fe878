/* SPDX-License-Identifier: MIT */
/* manage.c - the @connections API: post to a connection, look at it, end it. */
#include "../base/date.h"
#include "../base/mem.h"
#include "../base/mend.h"
#include "../base/text.h"
#include "parts.h"

#include <wsgen/json.h>

#include <stdio.h>

/* Data of PostToConnection, by its model. */
#define MANAGE_DATA_MAX API_MESSAGE_MAX
#define MANAGE_ID_MAX 128

/* One call. */
struct errand {
	struct api *api;
	struct exchange *exchange;
	const struct api_stage *stage;
	char id_text[MANAGE_ID_MAX + 1];
	struct wsg_str id;
	/* Its own: the request is gone once it is answered. */
	char method[16];
};

/* Begins with /@connections/, the @ encoded or not; *rest is behind it. */
static bool below(struct wsg_str path, struct wsg_str *rest)
{
	static const char *const prefixes[] = { "/@connections/",
						"/%40connections/" };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		size_t len = strlen(prefixes[i]);

		if (path.len < len || memcmp(path.ptr, prefixes[i], len))
			continue;
		*rest = (struct wsg_str){ path.ptr + len, path.len - len };
		return true;
	}
	return false;
}

bool manage_is_path(struct wsg_str rest)
{
	return below(rest, &rest);
}

/* The id, percent-decoded. False if it is longer than any is, or none. */
static bool decode_id(struct errand *errand, struct wsg_str wire)
{
	struct wsg_buf text = { .limit = MANAGE_ID_MAX };
	bool decoded = text_percent_read(&text, wire, false) && !text.failed;

	if (decoded) {
		if (text.len)
			memcpy(errand->id_text, text.ptr, text.len);
		errand->id = (struct wsg_str){ errand->id_text, text.len };
	}
	wsg_buf_release(&text);
	return decoded;
}

static void tell(const struct errand *errand, int status, const char *why,
		 struct wsg_str text)
{
	struct trace_event event = api_event(errand->api, TRACE_MANAGED, NULL);
	char note[128];

	snprintf(note, sizeof(note), "%s%s%s", errand->method,
		 why[0] ? ": " : "", why);
	if (errand->stage)
		event.stage = errand->stage->config->name;
	event.connection_id = errand->id;
	event.status = status;
	event.text = text;
	event.note = wsg_str(note);
	/* 410 is everyday. */
	event.bad = status >= 400 && status != 410;
	trace_tell(errand->api->options.trace, &event);
}

/* What is posted. */
static struct wsg_str data_of(const struct errand *errand)
{
	const struct wsg_str nothing = { NULL, 0 };

	return strcmp(errand->method, "POST") ? nothing
					      : errand->exchange->request->body;
}

static void fail(struct errand *errand, int status, const char *error_type,
		 const char *message, const char *why)
{
	tell(errand, status, why, data_of(errand));
	exchange_reply_message(errand->exchange, status, error_type, message);
}

/* Nothing in the body: SDKs take the error's name from the header. */
static void gone(struct errand *errand, const char *why)
{
	static const char headers[] = "x-amzn-ErrorType: GoneException\r\n";

	tell(errand, 410, why, data_of(errand));
	exchange_reply(errand->exchange, 410, wsg_str(headers),
		       (struct wsg_str){ NULL, 0 });
}

static void succeed(struct errand *errand, int status, const char *headers,
		    struct wsg_str body)
{
	tell(errand, status, "", body.len ? body : data_of(errand));
	exchange_reply(errand->exchange, status, wsg_str(headers), body);
}

static void post(struct errand *errand, struct connection *connection)
{
	struct wsg_str data = errand->exchange->request->body;

	switch (connection_send(connection, data, (struct wsg_str){ NULL, 0 },
				"post")) {
	case WS_SENT:
		succeed(errand, 200, "", (struct wsg_str){ NULL, 0 });
		break;
	case WS_FULL:
		fail(errand, 429, "LimitExceededException", "Too Many Requests",
		     "the client reads too slowly");
		break;
	case WS_OVER:
		gone(errand, "it is closing");
		break;
	}
}

static void get(struct errand *errand, const struct connection *connection)
{
	const struct caller *caller = &connection->caller;
	struct wsg_buf body = { 0 };

	wsg_buf_printf(&body, "{\"connectedAt\":\"%s\"",
		       date_iso(caller->connected_ms).text);
	wsg_buf_text(&body, ",\"identity\":{\"sourceIp\":");
	wsg_json_put_string(&body, caller->source_ip);
	wsg_buf_text(&body, ",\"userAgent\":");
	if (caller->user_agent.ptr)
		mend_put(&body, caller->user_agent);
	else
		wsg_buf_text(&body, "null");
	wsg_buf_printf(&body, "},\"lastActiveAt\":\"%s\"}",
		       date_iso(connection->active_us / 1000).text);
	if (body.failed)
		mem_exhausted();
	succeed(errand, 200, "Content-Type: application/json\r\n",
		(struct wsg_str){ body.ptr, body.len });
	wsg_buf_release(&body);
}

/* What may be wrong with the data, whoever it is for. */
static bool check_data(struct errand *errand)
{
	struct wsg_str data = errand->exchange->request->body;

	if (data.len > MANAGE_DATA_MAX) {
		/* UNSURE(post-too-large): the text. */
		fail(errand, 413, "PayloadTooLargeException",
		     "Message too long: more than 131072 bytes",
		     "more than 128 KB");
		return false;
	}
	if (!data.len) {
		/*
		 * UNSURE(post-empty): the model requires Data, so it may not be
		 * empty.
		 */
		fail(errand, 400, "BadRequestException", "Data is required",
		     "no data");
		return false;
	}
	if (!utf8_is_text(data)) {
		/* UNSURE(post-utf-8): it has to leave as a text frame. */
		fail(errand, 400, "BadRequestException",
		     "Data is not UTF-8, and text frames cannot carry it",
		     "not UTF-8");
		return false;
	}
	return true;
}

static bool is_known_method(const char *method)
{
	return !strcmp(method, "POST") || !strcmp(method, "GET") ||
	       !strcmp(method, "DELETE");
}

/* UNSURE(fault-order): the order in which faults are found. */
static bool check_call(struct errand *errand)
{
	struct api *api = errand->api;
	struct fault *fault = api->options.fault;
	const char *refused;

	if (!errand->stage) {
		fail(errand, 403, "ForbiddenException", "Forbidden",
		     "the path begins with no stage");
		return false;
	}
	if (!is_known_method(errand->method)) {
		fail(errand, 403, "MissingAuthenticationTokenException",
		     "Missing Authentication Token", "no such method");
		return false;
	}
	refused = iam_admits(api, errand->exchange, errand->stage->config->name,
			     errand->id);
	if (refused) {
		/* Which has answered it. */
		tell(errand, 403, refused, (struct wsg_str){ NULL, 0 });
		return false;
	}
	if (!api_admits(api, errand->stage, NULL)) {
		fail(errand, 429, "LimitExceededException", "Too Many Requests",
		     "throttled");
		return false;
	}
	if (!id_is_well_formed(errand->id)) {
		char message[MANAGE_ID_MAX + 32];

		snprintf(message, sizeof(message), "Invalid connectionId: %.*s",
			 WSG_FMT(errand->id));
		fail(errand, 400, "BadRequestException", message,
		     "no connection's id");
		return false;
	}
	if (!strcmp(errand->method, "POST") && !check_data(errand))
		return false;
	if (fault && fault_hits(fault, fault->gone)) {
		gone(errand, "--fault");
		return false;
	}
	return true;
}

void manage_request(struct api *api, const struct api_stage *stage,
		    struct wsg_str rest, struct exchange *exchange)
{
	struct errand errand = {
		.api = api,
		.exchange = exchange,
		.stage = stage,
	};
	struct connection *connection;

	snprintf(errand.method, sizeof(errand.method), "%.*s",
		 WSG_FMT(exchange->request->method));
	wsg_arena_reset(api->arena);
	below(rest, &rest);
	if (!decode_id(&errand, rest)) {
		fail(&errand, 400, "BadRequestException",
		     "Invalid connectionId", "no connection's id");
		return;
	}
	if (!check_call(&errand))
		return;
	connection = map_get(&api->connections, errand.id);
	if (connection &&
	    !wsg_str_equal(connection->caller.stage, stage->config->name))
		connection = NULL;
	if (!connection) {
		gone(&errand, "nobody has that id");
		return;
	}
	if (!strcmp(errand.method, "POST")) {
		post(&errand, connection);
	} else if (!strcmp(errand.method, "GET")) {
		get(&errand, connection);
	} else {
		/* UNSURE(delete-code): what the client receives. */
		connection_close(connection, CLOSE_NORMAL, "",
				 "Connection Closed Normally");
		succeed(&errand, 204, "", (struct wsg_str){ NULL, 0 });
	}
}
