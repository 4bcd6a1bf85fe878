/* SPDX-License-Identifier: MIT */
/* gateway.c - everything together, and what happens when it changes. */
#include "gateway.h"

#include "api/api.h"
#include "base/mem.h"
#include "base/random.h"
#include "base/text.h"
#include "clock_control.h"
#include "console/console.h"
#include "control.h"
#include "dynamodb/dynamodb.h"
#include "ready.h"
#include "record.h"
#include "signals.h"
#include "terminal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define EXIT_SPEC 1
#define EXIT_SYSTEM 3

/* Past what a post may hold, so that @connections refuses it in its own way,
 * and short of what would fill the memory. */
#define BODY_MAX ((size_t)1 << 20)

/* With --port 0, how often ports that follow each other are looked for. */
#define PORT_TRIES 200

/* Where they are: below the ports that systems give to clients, of which many
 * stay taken for a minute after each connection. */
#define PORT_GUESS 16384
#define PORT_GUESSES 16000

/* A port and the API that it serves. */
struct port {
	struct server *server;
	struct api *api;
	char *name; /* of the API */
};

struct gateway {
	const struct options *options;
	struct loop *loop;
	struct trace trace;
	struct terminal *terminal;
	struct console *console;
	struct record *record;
	struct signals signals;
	struct fault fault;
	struct account account;
	struct config *config;
	struct credentials *credentials;
	struct lambda *lambda;
	struct dynamodb *dynamodb;
	int dynamodb_port;
	struct control *control;
	struct port *ports;
	size_t ports_count;
	int first_port;
	char *reach; /* the host that functions and people use */
};

static bool is_ours(const struct exchange *exchange)
{
	struct wsg_str path = exchange->request->path;
	size_t len = strlen(GATEWAY_PREFIX);

	return path.len >= len && !memcmp(path.ptr, GATEWAY_PREFIX, len) &&
	       (path.len == len || path.ptr[len] == '/');
}

/* The server does not move when ports do: the port's number finds it. */
static struct port *port_of(struct exchange *exchange)
{
	struct gateway *gateway = server_owner(exchange->server);

	for (size_t i = 0; i < gateway->ports_count; i++)
		if (gateway->ports[i].server == exchange->server)
			return &gateway->ports[i];
	return NULL;
}

static void requested(struct exchange *exchange)
{
	struct gateway *gateway = server_owner(exchange->server);
	struct port *port = port_of(exchange);

	if (wsg_str_is(exchange->request->path, GATEWAY_PREFIX "/clock") &&
	    console_admits(exchange->request))
		clock_request(gateway->loop, exchange);
	else if (is_ours(exchange))
		console_request(gateway->console, exchange);
	else if (port && port->api)
		api_request(port->api, exchange);
	else
		exchange_reply_message(exchange, 403, "ForbiddenException",
				       "Forbidden");
}

static void abandoned(struct exchange *exchange)
{
	api_abandoned(exchange);
}

static const struct server_user server_user = {
	.request = requested,
	.abandoned = abandoned,
	.body_max = BODY_MAX,
};

/* How a client of this machine gets to it. */
static char *reachable(const char *host)
{
	struct wsg_buf text = { 0 };

	if (!strcmp(host, "0.0.0.0"))
		host = "127.0.0.1";
	else if (!strcmp(host, "::"))
		host = "::1";
	wsg_buf_printf(&text, strchr(host, ':') ? "[%s]" : "%s", host);
	if (text.failed)
		mem_exhausted();
	return text.ptr;
}

static bool exists(const char *path)
{
	return !access(path, F_OK);
}

/* .env, then --env: the last one counts. */
static bool read_given(const struct gateway *gateway, struct wsg_arena *arena,
		       struct config_options *config, struct wsg_buf *why)
{
	const struct options *options = gateway->options;
	struct config_variable *from_file = NULL;
	struct config_variable *all;
	struct wsg_buf beside = { 0 };
	const char *file = options->env_file;
	size_t count = 0;
	bool read = true;

	wsg_buf_printf(&beside, "%s/../.env", options->build);
	if (beside.failed)
		mem_exhausted();
	if (!file && exists(beside.ptr))
		file = beside.ptr;
	if (file)
		read = config_read_env(arena, file, &from_file, &count, why);
	wsg_buf_release(&beside);
	if (!read)
		return false;
	all = mem_in(arena, (count + options->given_count) * sizeof(*all));
	if (count)
		memcpy(all, from_file, count * sizeof(*all));
	if (options->given_count)
		memcpy(all + count, options->given,
		       options->given_count * sizeof(*all));
	config->given = all;
	config->given_count = count + options->given_count;
	return true;
}

static struct config *read_config(const struct gateway *gateway,
				  struct wsg_buf *why)
{
	struct wsg_arena *arena = wsg_arena_new();
	struct config *config = NULL;
	struct config_options options = {
		.build = gateway->options->build,
		.port = gateway->first_port,
		.host = wsg_str(gateway->reach),
	};

	if (!arena)
		mem_exhausted();
	if (read_given(gateway, arena, &options, why))
		config = config_read(&options, why);
	wsg_arena_free(arena);
	return config;
}

/* Open ports until there are as many as APIs. */
static bool open_ports(struct gateway *gateway, size_t count,
		       struct wsg_buf *why)
{
	const struct options *options = gateway->options;

	gateway->ports = mem_resize(gateway->ports,
				    (count + 1) * sizeof(*gateway->ports));
	while (gateway->ports_count < count) {
		int number = gateway->first_port + (int)gateway->ports_count;
		struct port *port = &gateway->ports[gateway->ports_count];

		*port = (struct port){ 0 };
		port->server = server_new(gateway->loop, options->host, number,
					  &server_user, gateway);
		if (!port->server) {
			wsg_buf_printf(
				why, "%s:%d: %s%s\n", options->host, number,
				errno == EADDRINUSE ? "the port is in "
						      "use"
						    : strerror(errno),
				errno == EADDRINUSE ? "; --port takes another"
						    : "");
			return false;
		}
		gateway->ports_count++;
	}
	return true;
}

static void close_ports(struct gateway *gateway, size_t keep)
{
	while (gateway->ports_count > keep) {
		struct port *port = &gateway->ports[gateway->ports_count - 1];

		/* Handshakes still under way are told by the server. */
		server_free(port->server);
		api_free(port->api);
		free(port->name);
		gateway->ports_count--;
	}
}

static struct api *make_api(struct gateway *gateway,
			    const struct config_api *config,
			    struct wsg_buf *why)
{
	const struct options *options = gateway->options;
	const struct api_options api = {
		.loop = gateway->loop,
		.trace = &gateway->trace,
		.fault = options->has_fault ? &gateway->fault : NULL,
		.lambda = gateway->lambda,
		.credentials = gateway->credentials,
		.account = &gateway->account,
		.keys = options->api_keys,
		.keys_count = options->api_keys_count,
		.sign_check = options->sign_check,
		.serial = options->serial,
		.host = gateway->reach,
		.dynamodb_port = &gateway->dynamodb_port,
	};

	return api_new(&api, gateway->config, config, why);
}

/* The API of that name, taken away from the port that it had. */
static struct api *take_api(struct port *ports, size_t count,
			    struct wsg_str name)
{
	for (size_t i = 0; i < count; i++) {
		struct api *api = ports[i].api;

		if (!api || !wsg_str_is(name, ports[i].name))
			continue;
		ports[i].api = NULL;
		free(ports[i].name);
		ports[i].name = NULL;
		return api;
	}
	return NULL;
}

/*
 * What gateway->config says is served from here on, which has been checked; the
 * ports are open. Each API keeps its connections, whichever port it has now.
 */
static bool serve(struct gateway *gateway, const struct wsg_str *swap,
		  size_t swap_count, struct wsg_buf *why)
{
	const struct config *config = gateway->config;
	size_t before = gateway->ports_count;
	struct port *old = mem_alloc((before + 1) * sizeof(*old));
	bool served = true;

	for (size_t i = 0; i < before; i++) {
		old[i] = gateway->ports[i];
		gateway->ports[i].api = NULL;
		gateway->ports[i].name = NULL;
	}
	for (size_t i = 0; i < config->apis_count && served; i++) {
		struct port *port = &gateway->ports[i];
		const struct config_api *api = &config->apis[i];

		port->api = take_api(old, before, api->name);
		port->name = mem_copy(api->name);
		if (port->api)
			served = api_reload(port->api, config, api, swap,
					    swap_count, why);
		else
			served = (port->api = make_api(gateway, api, why));
	}
	for (size_t i = 0; i < before; i++) {
		api_free(old[i].api);
		free(old[i].name);
	}
	free(old);
	close_ports(gateway, config->apis_count);
	return served;
}

/* The tables of connections: begun once somebody has some. */
static bool open_tables(struct gateway *gateway, const struct config *config,
			struct wsg_buf *why)
{
	struct wsg_buf path = { 0 };
	struct dynamodb_options options = {
		.loop = gateway->loop,
		.trace = &gateway->trace,
		.credentials = gateway->credentials,
		.config = config,
		.sign_check = gateway->options->sign_check,
	};

	if (gateway->dynamodb) {
		dynamodb_reload(gateway->dynamodb, config);
		return true;
	}
	if (!config_has_tables(config))
		return true;
	wsg_buf_printf(&path, "%s/.wsgen/connections.sqlite", config->build);
	if (path.failed)
		mem_exhausted();
	if (!gateway->options->memory_store)
		options.path = path.ptr;
	gateway->dynamodb = dynamodb_new(&options, why);
	wsg_buf_release(&path);
	if (!gateway->dynamodb)
		return false;
	gateway->dynamodb_port = dynamodb_port(gateway->dynamodb);
	return true;
}

static int check(const struct config *config, struct wsg_buf *why)
{
	bool checked = true;

	if (!config->apis_count) {
		wsg_buf_text(why, "there is no API to serve\n");
		return EXIT_SPEC;
	}
	for (size_t i = 0; i < config->apis_count; i++)
		checked = api_check(&config->apis[i], why) && checked;
	return checked ? 0 : EXIT_SPEC;
}

/* Read the folder anew. False: *why, and all is as before. */
static bool reload(void *owner, const struct wsg_str *functions, size_t count,
		   struct wsg_buf *why)
{
	struct gateway *gateway = owner;
	struct config *old = gateway->config;
	struct config *config = read_config(gateway, why);
	size_t before = gateway->ports_count;

	if (!config)
		return false;
	if (check(config, why)) {
		config_free(config);
		return false;
	}
	if (!open_ports(gateway, config->apis_count, why) ||
	    !open_tables(gateway, config, why)) {
		close_ports(gateway, before);
		config_free(config);
		return false;
	}
	gateway->config = config;
	/* Cannot fail: everything has been checked. */
	serve(gateway, functions, count, why);
	console_show(gateway->console, config);
	trace_tell(&gateway->trace,
		   &(struct trace_event){ .kind = TRACE_NOTE,
					  .note = wsg_str("reloaded") });
	config_free(old);
	return true;
}

static void built(void *owner, struct wsg_str text, bool ok)
{
	struct gateway *gateway = owner;
	struct trace_event event = { .kind = TRACE_BUILD,
				     .text = text,
				     .status = ok ? 0 : 1,
				     .bad = !ok };

	trace_tell(&gateway->trace, &event);
}

/* What stood in the way, with the name of the program in front of each line. */
static void say_why(const struct wsg_buf *why)
{
	struct wsg_str rest = wsg_str(why->ptr ? why->ptr : "out of memory\n");

	/* It may hold what a spec does, which must not command the terminal. */
	while (rest.len) {
		struct wsg_str line = text_cut(rest, '\n', &rest);
		struct wsg_buf shown = { 0 };

		terminal_put_text(&shown, line, line.len);
		fprintf(stderr, "wsgen-gateway: %.*s\n", (int)shown.len,
			shown.ptr ? shown.ptr : "");
		wsg_buf_release(&shown);
	}
}

/* Whoever edits has to know why nothing changes. */
static bool reload_or_say(void *owner, const struct wsg_str *functions,
			  size_t count, struct wsg_buf *why)
{
	if (reload(owner, functions, count, why))
		return true;
	say_why(why);
	built(owner, (struct wsg_str){ why->ptr, why->len }, false);
	return false;
}

static void parent_ended(void *owner)
{
	struct gateway *gateway = owner;

	loop_quit(gateway->loop);
}

static void signalled(struct signals *signals, int number)
{
	(void)number;
	loop_quit(signals->loop);
}

/* A port that may be free, as may those that follow it. */
static int guess(void)
{
	uint32_t any;

	random_secret(&any, sizeof(any));
	return PORT_GUESS + (int)(any % PORT_GUESSES);
}

/* Read the folder and open its ports: names in it may stand for them. */
static int find_ports(struct gateway *gateway, struct wsg_buf *why)
{
	bool any = !gateway->options->port;

	gateway->first_port = gateway->options->port;
	for (int tries = 0;; tries++) {
		if (any)
			gateway->first_port = guess();
		config_free(gateway->config);
		wsg_buf_clear(why);
		gateway->config = read_config(gateway, why);
		if (!gateway->config)
			return EXIT_SPEC;
		if (open_ports(gateway, gateway->config->apis_count, why))
			return 0;
		close_ports(gateway, 0);
		if (!any || tries == PORT_TRIES)
			return EXIT_SYSTEM;
	}
}

static int begin(struct gateway *gateway, struct wsg_buf *why)
{
	static const struct control_user control_user = { reload_or_say, built,
							  parent_ended };
	const struct options *options = gateway->options;
	struct lambda_options lambda = {
		.loop = gateway->loop,
		.trace = &gateway->trace,
		.fault = options->has_fault ? &gateway->fault : NULL,
		.max_instances = options->max_instances,
		.memory_limit = true,
		.debug = options->debug,
	};
	int exit_code = find_ports(gateway, why);

	if (!exit_code)
		exit_code = check(gateway->config, why);
	if (exit_code)
		return exit_code;
	gateway->credentials = credentials_new(gateway->config->account);
	gateway->lambda = lambda_new(&lambda);
	if (options->record) {
		gateway->record =
			record_new(&gateway->trace, options->record, why);
		if (!gateway->record)
			return EXIT_SYSTEM;
	}
	if (!open_tables(gateway, gateway->config, why) ||
	    !serve(gateway, NULL, 0, why))
		return EXIT_SYSTEM;
	gateway->console = console_new(gateway->loop, &gateway->trace);
	console_show(gateway->console, gateway->config);
	if (options->control) {
		gateway->control =
			control_new(gateway->loop, &control_user, gateway);
		if (gateway->control)
			return 0;
		wsg_buf_printf(why, "--control: standard input: %s\n",
			       strerror(errno));
		return EXIT_SYSTEM;
	}
	return 0;
}

/* False: the recording could not be written whole, and *why says why. */
static bool end(struct gateway *gateway, struct wsg_buf *why)
{
	bool recorded;

	close_ports(gateway, 0);
	free(gateway->ports);
	console_free(gateway->console);
	dynamodb_free(gateway->dynamodb);
	lambda_free(gateway->lambda);
	control_free(gateway->control);
	recorded = record_end(gateway->record, why);
	credentials_free(gateway->credentials);
	config_free(gateway->config);
	terminal_free(gateway->terminal);
	signals_release(&gateway->signals);
	loop_free(gateway->loop);
	free(gateway->reach);
	return recorded;
}

/* Each client takes a descriptor: as many as may be had. */
static void raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	/* If it may not be, there are as many as before. */
	setrlimit(RLIMIT_NOFILE, &limit);
}

static int run(struct gateway *gateway, struct wsg_buf *why)
{
	int exit_code;

	raise_descriptors();
	if (!gateway->loop || !signals_init(&gateway->signals, gateway->loop)) {
		wsg_buf_printf(why, "%s\n", strerror(errno));
		return EXIT_SYSTEM;
	}
	gateway->trace.loop = gateway->loop;
	gateway->terminal = terminal_new(&gateway->trace, gateway->options);
	exit_code = begin(gateway, why);
	if (exit_code)
		return exit_code;
	ready_say(gateway->config, gateway->reach, gateway->options->quiet,
		  gateway->control);
	if (loop_run(gateway->loop))
		return 0;
	wsg_buf_printf(why, "waiting for events: %s\n", strerror(errno));
	return EXIT_SYSTEM;
}

int gateway_run(const struct options *options)
{
	struct gateway gateway = {
		.options = options,
		.fault = options->fault,
		.account = { .unlimited = options->no_account_limits },
		.signals = { .came = signalled },
		.loop = loop_new(options->clock_manual),
		.reach = reachable(options->host),
	};
	struct wsg_buf why = { 0 };
	int exit_code = run(&gateway, &why);

	if (!end(&gateway, &why) && !exit_code)
		exit_code = EXIT_SYSTEM;
	if (exit_code)
		say_why(&why);
	wsg_buf_release(&why);
	return exit_code;
}
