/* SPDX-License-Identifier: MIT */
/* message.c - a client's message: its route, its function, what comes back. */
#include "../base/mem.h"
#include "answer.h"
#include "model.h"
#include "parts.h"

#include <stdio.h>
#include <stdlib.h>

struct message {
	struct task task;
	struct connection *connection;	 /* NULL: it has gone */
	struct message *next, *previous; /* of the connection's */
	struct id request_id;
	size_t bytes;
	bool two_way;
	bool waiting; /* for those before it: --serial */
	char route[]; /* its key: a reload may come meanwhile */
};

/*
 * The spaces are AWS's: one behind "message": and none behind the others. The
 * connection stays open.
 */
static void send_error(struct connection *connection, const char *what,
		       const struct id *request_id, struct wsg_str route)
{
	char text[256];
	int len = snprintf(text, sizeof(text),
			   "{\"message\": \"%s\", \"connectionId\":\"%s\", "
			   "\"requestId\":\"%s\"}",
			   what, connection->caller.connection_id.text,
			   request_id->text);

	connection_send(connection, (struct wsg_str){ text, (size_t)len },
			route, "error");
}

static void unlink_message(struct message *message)
{
	struct connection *connection = message->connection;

	if (!connection)
		return;
	if (message->next)
		message->next->previous = message->previous;
	else
		connection->messages_end = message->previous;
	if (message->previous)
		message->previous->next = message->next;
	else
		connection->messages = message->next;
	message->connection = NULL;
}

static void end(struct task *task)
{
	/* The task is the first member of its message. */
	struct message *message = (struct message *)task;
	struct connection *connection = message->connection;

	unlink_message(message);
	connection_done(task->api, connection, message->bytes);
	task_release(task);
	free(message);
}

void messages_orphan(struct connection *connection)
{
	struct message *message = connection->messages;
	struct message *next;

	for (; message; message = next) {
		next = message->next;
		unlink_message(message);
		/* Those that wait their turn need not be. */
		if (message->waiting)
			end(&message->task);
	}
}

static void note(const struct connection *connection,
		 const struct id *request_id, struct wsg_str route,
		 const char *text)
{
	const struct api *api = connection->api;
	struct trace_event event =
		api_event(api, TRACE_NOTE, &connection->caller);

	event.request_id = wsg_str(request_id->text);
	event.route = route;
	event.text = wsg_str(text);
	event.bad = true;
	trace_tell(api->options.trace, &event);
}

/* What was answered cannot be sent: say so, here and to the client. */
static void send_failure(struct message *message, const char *why)
{
	struct wsg_str route = wsg_str(message->route);

	note(message->connection, &message->request_id, route, why);
	send_error(message->connection, "Internal server error",
		   &message->request_id, route);
}

/*
 * UNSURE(message-status): whether statusCode means anything; taken: no, on
 * either kind.
 */
static void reply(struct message *message, const struct lambda_answer *answer)
{
	struct connection *connection = message->connection;
	struct wsg_str route = wsg_str(message->route);
	struct message_answer said;

	wsg_arena_reset(message->task.api->arena);
	answer_message(message->task.api->arena, answer->payload, &said);
	if (said.status >= 400)
		note(connection, &message->request_id, route,
		     "the answer's statusCode counts in metrics and nowhere "
		     "else");
	if (!message->two_way)
		return;
	/* UNSURE(odd-replies): what AWS does with each of these three. */
	if (!said.is_object)
		send_failure(message, "the answer is no JSON object");
	else if (said.body.len > API_MESSAGE_MAX)
		send_failure(message, "the answer's body is past 128 KB");
	else if (!utf8_is_text(said.body))
		send_failure(message, "the answer's body is not UTF-8");
	else if (said.has_body)
		connection_send(connection, said.body, route, "reply");
	/* UNSURE(no-body): no body, no frame. */
}

static bool start(struct message *message);

static void answered(struct task *task, const struct lambda_answer *answer)
{
	struct message *message = (struct message *)task;
	struct connection *connection = message->connection;
	struct message *next = NULL;

	if (connection && !answer)
		/* UNSURE(message-timeout): or Internal server error. */
		send_error(connection, "Endpoint request timed out",
			   &message->request_id, wsg_str(message->route));
	else if (connection && answer->outcome == LAMBDA_DONE)
		reply(message, answer);
	else if (connection)
		send_error(connection, "Internal server error",
			   &message->request_id, wsg_str(message->route));
	if (connection && task->api->options.serial)
		next = message->next;
	end(task);
	/* One that cannot be begun makes way for the one behind it. */
	while (next && next->waiting) {
		struct message *after = next->next;

		if (start(next))
			break;
		next = after;
	}
}

/* Begin; false, and it has failed, if the route has gone while it waited. */
static bool start(struct message *message)
{
	struct api *api = message->task.api;
	struct connection *connection = message->connection;
	const struct api_stage *stage =
		edition_stage(api->edition, connection->caller.stage);
	const struct api_route *route =
		stage ? stage_find(stage, wsg_str(message->route)) : NULL;

	message->waiting = false;
	if (route && route->function) {
		task_call(&message->task, route->function,
			  route->config->timeout_ms);
		return true;
	}
	send_error(connection, "Internal server error", &message->request_id,
		   wsg_str(message->route));
	end(&message->task);
	return false;
}

static void invoke(struct connection *connection, const struct api_stage *stage,
		   const struct api_route *route, const struct id *request_id,
		   struct wsg_str text)
{
	struct wsg_str key = route->config->key;
	struct message *message = mem_alloc(sizeof(*message) + key.len + 1);
	struct occasion occasion = {
		.request_id = *request_id,
		.now_ms = api_now_ms(connection->api),
		.route = key,
	};
	struct id message_id = id_of_message(&connection->api->secrets,
					     &connection->caller.connection_id);

	task_init(&message->task, connection->api);
	message->task.done = answered;
	message->task.drop = end;
	memcpy(message->route, key.ptr, key.len);
	message->request_id = *request_id;
	message->two_way = route->config->two_way;
	message->bytes = text.len;
	connection->caller.stage_variables = stage->config->variables;
	event_message(&message->task.event, &connection->caller, &occasion,
		      &message_id, text);
	connection->caller.stage_variables = NULL;
	message->connection = connection;
	message->waiting =
		connection->messages && connection->api->options.serial;
	message->previous = connection->messages_end;
	if (connection->messages_end)
		connection->messages_end->next = message;
	else
		connection->messages = message;
	connection->messages_end = message;
	connection_busy(connection, message->bytes);
	if (!message->waiting)
		start(message);
}

/*
 * The route for a text, or NULL; *why is what led to it. What the expression
 * comes to cannot be $connect or $disconnect: those are kinds of events.
 */
static struct api_route *choose(struct api *api, const struct api_stage *stage,
				struct wsg_str text, const char **why)
{
	struct api_route *route = NULL;
	struct wsg_str selected = { NULL, 0 };

	wsg_buf_clear(&api->text);
	switch (selection_evaluate(api->edition->selection, text, &api->text,
				   &selected)) {
	case SELECTED_KEY:
		if (!wsg_str_is(selected, "$connect") &&
		    !wsg_str_is(selected, "$disconnect"))
			route = stage_find(stage, selected);
		*why = route ? "selected" : "no route has that key";
		break;
	case SELECTED_NOT_JSON:
		*why = "not JSON";
		break;
	case SELECTED_NO_TEXT:
		*why = "what selects is no text";
		break;
	}
	return route ? route : stage_route(stage, "$default");
}

static void tell_received(const struct connection *connection,
			  struct wsg_str text, struct wsg_str route,
			  const struct id *request_id, const char *why)
{
	const struct api *api = connection->api;
	struct trace_event event =
		api_event(api, TRACE_RECEIVED, &connection->caller);

	event.request_id = wsg_str(request_id->text);
	event.route = route;
	event.text = text;
	event.note = wsg_str(why);
	trace_tell(api->options.trace, &event);
}

/* The spaces are AWS's here, too, and they are others. */
static void send_bad_body(struct connection *connection, struct wsg_str route)
{
	char text[256];
	const struct id *mine = &connection->caller.connection_id;
	int len = snprintf(text, sizeof(text),
			   "{\"message\" : \"Bad request body\", "
			   "\"connectionId\": \"%s\", \"messageId\": \"%s\"}",
			   mine->text,
			   id_of_message(&connection->api->secrets, mine).text);

	connection_send(connection, (struct wsg_str){ text, (size_t)len },
			route, "error");
}

/* Whether the body is what the route's model wants; if not, it was answered. */
static bool check_body(struct connection *connection,
		       const struct config_route *route,
		       const struct id *request_id, struct wsg_str text)
{
	struct api *api = connection->api;
	struct wsg_buf why = { 0 };
	const struct json *body;
	const char *error;
	bool fits = false;

	if (!route->model)
		return true;
	wsg_arena_reset(api->arena);
	body = json_parse(api->arena, text, &error);
	if (body)
		fits = model_fits(route->model, body, api->arena, &why);
	if (why.failed)
		mem_exhausted();
	if (!fits) {
		note(connection, request_id, route->key,
		     body ? why.ptr : "the body is not JSON");
		send_bad_body(connection, route->key);
	}
	wsg_buf_release(&why);
	return fits;
}

/* UNSURE(mock-reply): what a two-way route's mock would say. Here: nothing. */
static void integrate(struct connection *connection,
		      const struct api_route *route,
		      const struct id *request_id)
{
	struct wsg_arena *arena = connection->api->arena;
	struct wsg_str key = route->config->key;
	const char *why = "";
	int status;

	wsg_arena_reset(arena);
	status = integration_status(arena, route->config, &why);
	if (status >= 200 && status <= 299)
		return;
	note(connection, request_id, key, why);
	send_error(connection, "Internal server error", request_id, key);
}

/* Hand a text on to its route, or say why not. */
static void handle(struct connection *connection, struct wsg_str text)
{
	struct api *api = connection->api;
	const struct api_stage *stage =
		edition_stage(api->edition, connection->caller.stage);
	struct id request_id = id_new(&api->secrets);
	struct wsg_str key = { NULL, 0 };
	struct api_route *route = NULL;
	const char *why = "the stage is no more";

	if (stage)
		route = choose(api, stage, text, &why);
	if (route)
		key = route->config->key;
	tell_received(connection, text, key, &request_id, why);
	if (!stage || !route)
		send_error(connection, "Forbidden", &request_id, key);
	else if (!api_admits(api, stage, route))
		/* UNSURE(throttled-text): the text. */
		send_error(connection, "Too Many Requests", &request_id, key);
	else if (route->config->api_key && !connection->caller.api_key.len)
		/* UNSURE(message-key): what a key means behind $connect. */
		send_error(connection, "Forbidden", &request_id, key);
	else if (!check_body(connection, route->config, &request_id, text))
		return;
	else if (route->function)
		invoke(connection, stage, route, &request_id, text);
	else
		integrate(connection, route, &request_id);
}

void message_received(struct connection *connection, struct wsg_str text)
{
	struct fault *fault = connection->api->options.fault;

	handle(connection, text);
	if (fault && fault_hits(fault, fault->drop))
		ws_socket_cut(&connection->socket);
}
