/* SPDX-License-Identifier: MIT */
/*
 * connection.c - an open connection: what it may take, how long it lasts, and
 * what is done when it ends.
 */
#include "../base/mem.h"
#include "parts.h"

#include <stdlib.h>

static const struct frame_limits limits = {
	.frame_max = API_FRAME_MAX,
	.message_max = API_MESSAGE_MAX,
	.text_only = true,
};

static struct connection *of_socket(struct ws_socket *socket)
{
	return socket->owner;
}

/* $disconnect, which nobody waits for. */
struct departure {
	struct task task;
};

static void departure_end(struct task *task)
{
	task_release(task);
	/* The task is its departure's first member. */
	free(task);
}

static void departure_done(struct task *task,
			   const struct lambda_answer *answer)
{
	(void)answer;
	departure_end(task);
}

void connection_left(struct api *api, struct caller *caller, unsigned code,
		     struct wsg_str reason)
{
	const struct api_stage *stage =
		edition_stage(api->edition, caller->stage);
	const struct api_route *route =
		stage ? stage_route(stage, "$disconnect") : NULL;
	struct occasion occasion = {
		.request_id = id_new(&api->secrets),
		.now_ms = api_now_ms(api),
		.route = { WSG_LIT("$disconnect") },
	};
	struct departure *departure;

	if (!route || !route->function)
		return;
	departure = mem_alloc(sizeof(*departure));
	task_init(&departure->task, api);
	departure->task.done = departure_done;
	departure->task.drop = departure_end;
	caller->stage_variables = stage->config->variables;
	event_disconnect(&departure->task.event, caller, &occasion, code,
			 reason);
	caller->stage_variables = NULL;
	task_call(&departure->task, route->function, 0);
}

/* Nothing reaches it any more, and its id is gone from here on. */
static void shut(struct connection *connection)
{
	if (!connection->open)
		return;
	connection->open = false;
	map_take(&connection->api->connections,
		 wsg_str(connection->caller.connection_id.text));
	loop_stop(connection->api->options.loop, &connection->timer);
}

static void unpause(struct connection *connection)
{
	struct connection **at = &connection->api->paused;

	if (!connection->paused)
		return;
	connection->paused = false;
	while (*at != connection)
		at = &(*at)->next_paused;
	*at = connection->next_paused;
}

static void connection_free(struct connection *connection)
{
	struct api *api = connection->api;

	shut(connection);
	messages_orphan(connection);
	unpause(connection);
	ws_socket_release(&connection->socket);
	if (connection->next)
		connection->next->previous = connection->previous;
	if (connection->previous)
		connection->previous->next = connection->next;
	else
		api->everyone = connection->next;
	free(connection);
}

static void tell_closed(const struct connection *connection, unsigned code,
			struct wsg_str reason)
{
	const struct api *api = connection->api;
	struct trace_event event =
		api_event(api, TRACE_CLOSED, &connection->caller);

	event.status = (int)code;
	event.text = reason;
	trace_tell(api->options.trace, &event);
}

void connection_end(struct connection *connection)
{
	static const char reason[] = "Going away";

	ws_socket_close(&connection->socket, CLOSE_GOING_AWAY, reason);
	tell_closed(connection, CLOSE_GOING_AWAY, wsg_str(reason));
	connection_free(connection);
}

static void closed(struct ws_socket *socket, unsigned code,
		   struct wsg_str reason)
{
	struct connection *connection = of_socket(socket);

	shut(connection);
	if (connection->reason)
		reason = wsg_str(connection->reason);
	else if (code == CLOSE_NO_STATUS)
		reason = wsg_str("Client-side close frame status not set");
	tell_closed(connection, code, reason);
	connection_left(connection->api, &connection->caller, code, reason);
	connection_free(connection);
}

void connection_close(struct connection *connection, unsigned code,
		      const char *reason, const char *told)
{
	connection->reason = told;
	shut(connection);
	ws_socket_close(&connection->socket, code, reason);
}

static void received(struct ws_socket *socket, enum frame_opcode opcode,
		     struct wsg_str payload)
{
	struct connection *connection = of_socket(socket);

	(void)opcode; /* text: the limits let nothing else through */
	if (!connection->open)
		return;
	connection->active_us = api_now_us(connection->api);
	message_received(connection, payload);
}

static const struct ws_socket_user user = {
	.message = received,
	.closed = closed,
};

/* One timer for both limits. Being active moves nothing but a number; when it
 * fires, what is left of the idle time is waited for. */
static void wait(struct connection *connection)
{
	int64_t now = api_now_us(connection->api);
	int64_t idle = connection->active_us + API_IDLE_US;
	int64_t lifetime =
		connection->caller.connected_ms * 1000 + API_LIFETIME_US;
	int64_t until = idle < lifetime ? idle : lifetime;

	if (until > now)
		loop_start(connection->api->options.loop, &connection->timer,
			   until - now);
	else
		connection_close(connection, CLOSE_GOING_AWAY, "Going away",
				 NULL);
}

static void expired(struct loop_timer *timer)
{
	wait((struct connection *)((char *)timer -
				   offsetof(struct connection, timer)));
}

void connection_open(struct api *api, const struct caller *caller, int fd,
		     struct wsg_str first, struct wsg_str rest)
{
	struct connection *connection =
		mem_alloc(sizeof(*connection) + caller_size(caller));

	connection->api = api;
	caller_copy(&connection->caller, caller, connection->room);
	connection->active_us = api_now_us(api);
	connection->timer.fire = expired;
	connection->timer.clock = CLOCK_GATEWAY;
	if (!ws_socket_init(&connection->socket, api->options.loop, fd, &user,
			    connection, &limits, first, rest)) {
		connection_left(api, &connection->caller, CLOSE_ABNORMAL,
				(struct wsg_str){ NULL, 0 });
		free(connection);
		return;
	}
	connection->socket.frame_max = API_FRAME_MAX;
	connection->socket.pending_max = API_PENDING_MAX;
	connection->next = api->everyone;
	if (api->everyone)
		api->everyone->previous = connection;
	api->everyone = connection;
	connection->open = true;
	map_put(&api->connections,
		wsg_str(connection->caller.connection_id.text), connection);
	wait(connection);
}

enum ws_sent connection_send(struct connection *connection, struct wsg_str text,
			     struct wsg_str route, const char *note)
{
	struct api *api = connection->api;
	enum ws_sent sent = WS_OVER;
	struct trace_event event =
		api_event(api, TRACE_SENT, &connection->caller);

	if (connection->open)
		sent = ws_socket_send(&connection->socket, FRAME_TEXT, text);
	if (sent == WS_SENT)
		connection->active_us = api_now_us(api);
	event.text = text;
	event.route = route;
	event.note =
		wsg_str(sent == WS_SENT	  ? note
			: sent == WS_FULL ? "lost: the client reads too slowly"
					  : "lost: the connection is closed");
	event.bad = sent != WS_SENT;
	trace_tell(api->options.trace, &event);
	return sent;
}

/* Whether so much is being answered that no more should be read. */
static bool is_over(const struct connection *connection, unsigned share)
{
	const struct api *api = connection->api;

	return connection->busy >= API_BUSY_MAX / share ||
	       connection->busy_bytes >= API_BUSY_BYTES_MAX / share ||
	       api->busy_bytes >= API_ALL_BYTES_MAX / share;
}

void connection_busy(struct connection *connection, size_t bytes)
{
	struct api *api = connection->api;

	connection->busy++;
	connection->busy_bytes += bytes;
	api->busy_bytes += bytes;
	if (connection->paused || !is_over(connection, 1))
		return;
	connection->paused = true;
	connection->next_paused = api->paused;
	api->paused = connection;
	ws_socket_pause(&connection->socket);
}

static void resume(struct connection *connection)
{
	if (!connection->paused || is_over(connection, 2))
		return;
	unpause(connection);
	ws_socket_resume(&connection->socket);
}

void connection_done(struct api *api, struct connection *connection,
		     size_t bytes)
{
	bool was_over = api->busy_bytes >= API_ALL_BYTES_MAX / 2;
	struct connection *each;
	struct connection *next;

	api->busy_bytes -= bytes;
	if (connection) {
		connection->busy--;
		connection->busy_bytes -= bytes;
		resume(connection);
	}
	if (!was_over || api->busy_bytes >= API_ALL_BYTES_MAX / 2)
		return;
	for (each = api->paused; each; each = next) {
		next = each->next_paused;
		resume(each);
	}
}
