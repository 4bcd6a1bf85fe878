/* SPDX-License-Identifier: MIT */
/* replay.c - recorded events for the functions, and their answers compared. */
#include "replay.h"

#include "api/function.h"
#include "base/mem.h"
#include "base/text.h"
#include "config/file.h"
#include "difference.h"
#include "dynamodb/dynamodb.h"
#include "net/server.h"
#include "record.h"
#include "terminal.h"

#include <stdio.h>
#include <stdlib.h>

#define EXIT_DIFFERS 1
#define EXIT_SYSTEM 3
#define BODY_MAX ((size_t)1 << 20)

/* An invocation, as it was. */
struct step {
	const struct json *invoked, *answered;
};

/* A @connections call, as it was: text was posted, or what GET answered. */
struct errand {
	struct wsg_str method, connection_id, text;
	int status;
	bool made;
};

struct replay {
	const struct options *options;
	struct wsg_arena *arena;
	struct config *config;
	struct loop *loop;
	struct trace trace;
	struct terminal *terminal; /* with --verbose */
	struct lambda *lambda;
	struct lambda_function **functions; /* as config has them; or NULL */
	struct dynamodb *dynamodb;
	struct server *server; /* stands in for @connections */
	struct step *steps;
	size_t steps_count, at;
	struct errand *errands;
	size_t errands_count;
	struct lambda_call call;
	size_t different;
};

/* --- The recording -------------------------------------------------------- */

static struct step *find_step(struct replay *replay, struct wsg_str request_id)
{
	for (size_t i = replay->steps_count; i--;) {
		const struct json *invoked = replay->steps[i].invoked;

		if (wsg_str_equal(json_text(json_get(invoked, "requestId")),
				  request_id))
			return &replay->steps[i];
	}
	return NULL;
}

static void add_errand(struct replay *replay, const struct json *event)
{
	struct wsg_str rest;
	struct wsg_str note = json_text(json_get(event, "note"));

	replay->errands =
		mem_resize(replay->errands, (replay->errands_count + 1) *
						    sizeof(*replay->errands));
	replay->errands[replay->errands_count++] = (struct errand){
		.method = text_cut(note, ':', &rest),
		.connection_id = json_text(json_get(event, "connectionId")),
		.text = json_text(json_get(event, "text")),
		.status = (int)json_int(json_get(event, "status"), 0),
	};
}

static void add_event(struct replay *replay, const struct json *event)
{
	struct wsg_str kind = json_text(json_get(event, "kind"));
	struct step *step;

	if (wsg_str_is(kind, "invoked")) {
		replay->steps = mem_resize(replay->steps, (replay->steps_count +
							   1) * sizeof(*step));
		replay->steps[replay->steps_count++] =
			(struct step){ event, NULL };
	} else if (wsg_str_is(kind, "answered")) {
		step = find_step(replay,
				 json_text(json_get(event, "requestId")));
		if (step)
			step->answered = event;
	} else if (wsg_str_is(kind, "managed")) {
		add_errand(replay, event);
	}
}

static bool read_recording(struct replay *replay, struct wsg_str text,
			   struct wsg_buf *why)
{
	const char *path = replay->options->replay;
	struct wsg_str line = text_cut(text, '\n', &text);
	size_t number = 1;

	if (!wsg_str_is(line, RECORD_HEAD)) {
		wsg_buf_printf(why, "%s: this is no recording of --record\n",
			       path);
		return false;
	}
	while (text.len) {
		const char *wrong = "no object";
		const struct json *event;

		line = text_cut(text, '\n', &text);
		number++;
		if (!line.len)
			continue;
		event = json_parse(replay->arena, line, &wrong);
		/* Without the end of its line: the gateway was, too. */
		if (!event && !text.ptr) {
			fprintf(stderr,
				"wsgen-gateway: %s:%zu: cut off here; what is "
				"before it is played\n",
				path, number);
			return true;
		}
		if (!event || event->type != WSG_JSON_OBJECT) {
			wsg_buf_printf(why, "%s:%zu: %s\n", path, number,
				       wrong);
			return false;
		}
		add_event(replay, event);
	}
	return true;
}

/* --- @connections, as they were ------------------------------------------- */

/* The id at the end of /replay/@connections/ID. */
static bool connection_of(struct wsg_str path, struct wsg_buf *id)
{
	size_t start = path.len;

	while (start && path.ptr[start - 1] != '/')
		start--;
	return text_percent_read(
		id, (struct wsg_str){ path.ptr + start, path.len - start },
		false);
}

static bool is_post(struct wsg_str method)
{
	return wsg_str_is(method, "POST");
}

static struct errand *find_errand(struct replay *replay,
				  const struct http_request *request,
				  struct wsg_str connection_id)
{
	for (size_t i = 0; i < replay->errands_count; i++) {
		struct errand *errand = &replay->errands[i];

		if (!errand->made &&
		    wsg_str_equal(errand->method, request->method) &&
		    wsg_str_equal(errand->connection_id, connection_id) &&
		    (!is_post(request->method) ||
		     wsg_str_equal(errand->text, request->body)))
			return errand;
	}
	return NULL;
}

static void print_line(const char *start, struct wsg_str text)
{
	struct wsg_buf line = { 0 };

	wsg_buf_text(&line, start);
	terminal_put_text(&line, text, REPLAY_SHOWN_MAX);
	if (line.failed)
		mem_exhausted();
	puts(line.ptr);
	wsg_buf_release(&line);
}

static void differs(struct replay *replay, const char *what,
		    struct wsg_str expected, struct wsg_str found)
{
	replay->different++;
	print_line("differs: ", wsg_str(what));
	if (expected.len)
		print_line("  - ", expected);
	if (found.len)
		print_line("  + ", found);
}

static void answer_errand(struct exchange *exchange,
			  const struct errand *errand)
{
	static const char gone[] = "x-amzn-ErrorType: GoneException\r\n";
	static const char json[] = "Content-Type: application/json\r\n";
	const struct wsg_str nothing = { NULL, 0 };
	bool is_get = wsg_str_is(errand->method, "GET");

	if (errand->status == 410)
		exchange_reply(exchange, 410, wsg_str(gone), nothing);
	else if (is_get)
		exchange_reply(exchange, errand->status, wsg_str(json),
			       errand->text);
	else
		exchange_reply(exchange, errand->status, nothing, nothing);
}

static void requested(struct exchange *exchange)
{
	struct replay *replay = server_owner(exchange->server);
	const struct http_request *request = exchange->request;
	const struct wsg_str nothing = { NULL, 0 };
	struct wsg_buf id = { 0 };
	struct errand *errand;
	char what[128];

	connection_of(request->path, &id);
	errand = find_errand(replay, request,
			     (struct wsg_str){ id.ptr, id.len });
	if (errand) {
		errand->made = true;
		answer_errand(exchange, errand);
	} else {
		snprintf(what, sizeof(what), "%.*s to %.*s, which was not made",
			 WSG_FMT(request->method), (int)id.len,
			 id.ptr ? id.ptr : "");
		differs(replay, what, nothing, request->body);
		exchange_reply(exchange, 200, nothing, nothing);
	}
	wsg_buf_release(&id);
}

/* --- Invocations, one after another --------------------------------------- */

static const struct config_function *find_function(const struct replay *replay,
						   struct wsg_str name)
{
	for (size_t i = 0; i < replay->config->functions_count; i++)
		if (wsg_str_equal(replay->config->functions[i].name, name))
			return &replay->config->functions[i];
	return NULL;
}

/* Made for its first invocation, and kept for those that follow. */
static struct lambda_function *made(struct replay *replay,
				    const struct config_function *function)
{
	struct lambda_function **place =
		&replay->functions[function - replay->config->functions];
	char connections[64], tables[64];
	struct function_around around = {
		.key_id = "replay",
		.secret = "replay",
		.token = "replay",
		.endpoint = connections,
		.tables = replay->dynamodb ? tables : NULL,
	};
	struct lambda_config config;

	if (*place)
		return *place;
	snprintf(connections, sizeof(connections), "http://127.0.0.1:%d/replay",
		 server_port(replay->server));
	if (replay->dynamodb)
		snprintf(tables, sizeof(tables), "http://127.0.0.1:%d",
			 dynamodb_port(replay->dynamodb));
	config = function_config(replay->arena, replay->config, function,
				 &around);
	config.key = function->name;
	*place = lambda_function(replay->lambda, &config, false);
	return *place;
}

/* As JSON, or NULL. */
static const struct json *tree_of(struct replay *replay, struct wsg_str text)
{
	const char *wrong;

	return text.len ? json_parse(replay->arena, text, &wrong) : NULL;
}

static void print_value(const char *start, const struct json *value)
{
	struct wsg_buf text = { 0 };

	if (!value)
		return;
	json_put(&text, value);
	if (text.failed)
		mem_exhausted();
	print_line(start, (struct wsg_str){ text.ptr, text.len });
	wsg_buf_release(&text);
}

/* Whether it is the same payload; if not, where it is another is printed. */
static bool same_payload(struct replay *replay, const char *what,
			 struct wsg_str expected, struct wsg_str found)
{
	struct difference difference = { 0 };
	const struct json *a, *b;
	bool same = false;

	if (wsg_str_equal(expected, found))
		return true;
	a = tree_of(replay, expected);
	b = tree_of(replay, found);
	if (!a || !b) {
		differs(replay, what, expected, found);
		return false;
	}
	if (difference_find(&difference, replay->arena, a, b)) {
		replay->different++;
		print_line("differs: ", wsg_str(what));
		if (difference.path.len > 1)
			print_line("  at ",
				   (struct wsg_str){ difference.path.ptr,
						     difference.path.len });
		print_value("  - ", difference.a);
		print_value("  + ", difference.b);
	} else {
		same = true;
	}
	wsg_buf_release(&difference.path);
	return same;
}

static void next_step(struct replay *replay);

/* "invocation 3, of chat, route join" */
static void name_step(struct replay *replay, const struct step *step,
		      struct wsg_buf *what)
{
	const struct json *event =
		tree_of(replay, json_text(json_get(step->invoked, "text")));
	struct wsg_str route = json_text(
		json_get(json_get(event, "requestContext"), "routeKey"));

	wsg_buf_printf(what, "invocation %zu, of %.*s", replay->at + 1,
		       WSG_FMT(json_text(json_get(step->invoked, "function"))));
	if (route.len)
		wsg_buf_printf(what, ", route %.*s", WSG_FMT(route));
	if (what->failed)
		mem_exhausted();
}

static struct wsg_str failure(struct replay *replay, struct wsg_str message)
{
	struct wsg_buf text = { 0 };
	struct wsg_str kept;

	wsg_buf_printf(&text, "failed: %.*s", WSG_FMT(message));
	if (text.failed)
		mem_exhausted();
	kept = mem_copy_in(replay->arena,
			   (struct wsg_str){ text.ptr, text.len });
	wsg_buf_release(&text);
	return kept;
}

static void done(struct lambda_call *call, const struct lambda_answer *answer)
{
	struct replay *replay =
		(struct replay *)((char *)call - offsetof(struct replay, call));
	const struct step *step = &replay->steps[replay->at];
	struct wsg_str expected = json_text(json_get(step->answered, "text"));
	bool was_bad = json_bool(json_get(step->answered, "bad"), false);
	bool is_bad = answer->outcome != LAMBDA_DONE;
	struct wsg_buf what = { 0 };
	bool same;

	name_step(replay, step, &what);
	if (was_bad != is_bad) {
		same = false;
		differs(replay, what.ptr, expected,
			is_bad ? failure(replay, answer->error_message)
			       : answer->payload);
	} else {
		same = is_bad || same_payload(replay, what.ptr, expected,
					      answer->payload);
	}
	if (same && !replay->options->quiet)
		print_line("same: ", wsg_str(what.ptr));
	wsg_buf_release(&what);
	replay->at++;
	next_step(replay);
}

/* The function to call next, or NULL: all is done. */
static const struct config_function *next_function(struct replay *replay)
{
	for (; replay->at < replay->steps_count; replay->at++) {
		const struct step *step = &replay->steps[replay->at];
		struct wsg_str name =
			json_text(json_get(step->invoked, "function"));
		const struct config_function *function =
			find_function(replay, name);

		if (function && step->answered)
			return function;
		/* One without an answer was cut off by the recording's end. */
		if (!function)
			differs(replay, "a function that is no more", name,
				(struct wsg_str){ NULL, 0 });
	}
	return NULL;
}

static void next_step(struct replay *replay)
{
	const struct config_function *function = next_function(replay);

	if (!function) {
		loop_quit(replay->loop);
		return;
	}
	replay->call = (struct lambda_call){
		.done = done,
		.event = json_text(
			json_get(replay->steps[replay->at].invoked, "text")),
	};
	lambda_invoke(made(replay, function), &replay->call);
}

/* --- The whole ------------------------------------------------------------ */

static bool read_config(struct replay *replay, struct wsg_buf *why)
{
	const struct options *options = replay->options;
	const struct config_options config = {
		.build = options->build,
		.port = OPTIONS_PORT,
		.host = wsg_str("127.0.0.1"),
		.given = options->given,
		.given_count = options->given_count,
	};

	replay->config = config_read(&config, why);
	return replay->config;
}

static bool begin(struct replay *replay, struct wsg_buf *why)
{
	static const struct server_user user = { .request = requested,
						 .body_max = BODY_MAX };
	struct lambda_options lambda = { .max_instances = 1 };
	struct dynamodb_options tables = { 0 };

	replay->loop = loop_new(false);
	replay->trace.loop = replay->loop;
	if (replay->options->verbose)
		replay->terminal =
			terminal_new(&replay->trace, replay->options);
	replay->server =
		server_new(replay->loop, "127.0.0.1", 0, &user, replay);
	if (!replay->server) {
		wsg_buf_text(why, "no port for @connections\n");
		return false;
	}
	lambda.loop = tables.loop = replay->loop;
	lambda.trace = tables.trace = &replay->trace;
	tables.config = replay->config;
	replay->lambda = lambda_new(&lambda);
	replay->functions = mem_alloc(replay->config->functions_count *
				      sizeof(*replay->functions));
	if (!config_has_tables(replay->config))
		return true;
	replay->dynamodb = dynamodb_new(&tables, why);
	return replay->dynamodb;
}

static void end(struct replay *replay)
{
	if (replay->lambda)
		lambda_free(replay->lambda);
	dynamodb_free(replay->dynamodb);
	terminal_free(replay->terminal);
	if (replay->server)
		server_free(replay->server);
	if (replay->loop)
		loop_free(replay->loop);
	if (replay->config)
		config_free(replay->config);
	wsg_arena_free(replay->arena);
	free(replay->functions);
	free(replay->steps);
	free(replay->errands);
}

static int judge(struct replay *replay)
{
	size_t played = 0;

	for (size_t i = 0; i < replay->steps_count; i++)
		played += replay->steps[i].answered != NULL;
	for (size_t i = 0; i < replay->errands_count; i++) {
		const struct errand *errand = &replay->errands[i];
		char what[128];

		/* What was refused before a connection was looked for. */
		if (errand->made || !errand->connection_id.len)
			continue;
		snprintf(what, sizeof(what),
			 "%.*s to %.*s is not made any more",
			 WSG_FMT(errand->method),
			 WSG_FMT(errand->connection_id));
		differs(replay, what, errand->text,
			(struct wsg_str){ NULL, 0 });
	}
	printf("%zu invocations, %zu @connections calls: %zu differ\n", played,
	       replay->errands_count, replay->different);
	return replay->different ? EXIT_DIFFERS : 0;
}

int replay_run(const struct options *options)
{
	struct replay replay = { .options = options };
	struct wsg_buf text = { 0 }, why = { 0 };
	int exit_code = EXIT_SYSTEM;

	replay.arena = wsg_arena_new();
	if (!replay.arena)
		mem_exhausted();
	if (file_read(options->replay, REPLAY_MAX, &text, &why) != FILE_READ) {
		if (!why.len)
			wsg_buf_printf(&why, "%s: there is no such file\n",
				       options->replay);
	} else if (read_recording(&replay,
				  (struct wsg_str){ text.ptr, text.len },
				  &why) &&
		   read_config(&replay, &why) && begin(&replay, &why)) {
		next_step(&replay);
		if (replay.at < replay.steps_count && !loop_run(replay.loop))
			wsg_buf_text(&why, "waiting failed\n");
		else
			exit_code = judge(&replay);
	}
	if (why.len)
		fprintf(stderr, "wsgen-gateway: %s", why.ptr);
	end(&replay);
	wsg_buf_release(&text);
	wsg_buf_release(&why);
	return exit_code;
}
