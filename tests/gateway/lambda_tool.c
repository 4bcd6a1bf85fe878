/* SPDX-License-Identifier: MIT */
/*
 * lambda_tool.c - the Lambda service by itself, for test_lambda.py: commands
 * on standard input, a line each; what happens on standard output, a JSON
 * object each.
 *
 *	function KEY BOOTSTRAP TIMEOUT_MS MEMORY_MB [NAME=VALUE]...
 *	swap KEY BOOTSTRAP TIMEOUT_MS MEMORY_MB [NAME=VALUE]...
 *	remove KEY
 *	invoke KEY TAG EVENT
 *	load KEY CALLS AT_ONCE EVENT
 *	abandon TAG
 *	crash TAG
 *	count KEY
 */
#define _GNU_SOURCE
#include "base/mem.h"
#include "fault.h"
#include "lambda/lambda.h"

#include <wsgen/json.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define WORDS_MAX 64
#define LOAD_MAX 4096

struct tool;

struct named_call {
	struct lambda_call call;
	struct tool *tool;
	char tag[32];
	char *event;
	struct named_call *next;
};

struct load_call {
	struct lambda_call call;
	struct load *load;
};

struct load {
	struct load_call calls[LOAD_MAX];
	struct lambda_function *function;
	char *event;
	long left, pending, bad;
	double started, used;
};

struct tool {
	struct loop *loop;
	struct trace trace;
	struct trace_listener listener;
	struct lambda *lambda;
	struct loop_watch input;
	struct wsg_buf line;
	struct named_call *calls;
	struct load load;
	struct {
		char key[32];
		struct lambda_function *function;
	} functions[16];
};

static const char *const outcomes[] = {
	[LAMBDA_DONE] = "done",
	[LAMBDA_ERROR] = "error",
	[LAMBDA_TIMED_OUT] = "timed out",
	[LAMBDA_CRASHED] = "crashed",
	[LAMBDA_INIT_FAILED] = "init failed",
	[LAMBDA_TOO_LARGE] = "too large",
	[LAMBDA_THROTTLED] = "throttled",
	[LAMBDA_GONE] = "gone",
};

static void print(struct wsg_buf *out)
{
	if (out->failed)
		abort();
	printf("%s\n", out->ptr);
	fflush(stdout);
	wsg_buf_release(out);
}

static void put(struct wsg_buf *out, const char *key, struct wsg_str value)
{
	wsg_json_put_key(out, wsg_str(key));
	wsg_json_put_string(out, value);
}

static void put_int(struct wsg_buf *out, const char *key, int64_t value)
{
	wsg_json_put_key(out, wsg_str(key));
	wsg_json_put_int64(out, value);
}

static void hear(struct trace_listener *listener,
		 const struct trace_event *event)
{
	struct wsg_buf out = { 0 };

	(void)listener;
	trace_put(&out, event);
	print(&out);
}

static void on_done(struct lambda_call *call,
		    const struct lambda_answer *answer)
{
	struct named_call *named = (struct named_call *)call, **at;
	struct wsg_buf out = { 0 };

	wsg_json_put_object(&out);
	put(&out, "answer", wsg_str(named->tag));
	put(&out, "outcome", wsg_str(outcomes[answer->outcome]));
	put(&out, "id", wsg_str(call->request_id));
	put(&out, "payload", answer->payload);
	put(&out, "type", answer->error_type);
	put(&out, "message", answer->error_message);
	put_int(&out, "us", answer->duration_us);
	wsg_json_put_object_end(&out);
	print(&out);
	for (at = &named->tool->calls; *at != named; at = &(*at)->next)
		;
	*at = named->next;
	free(named->event);
	free(named);
}

/* Of this process: user and system together. */
static double used(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void on_load_done(struct lambda_call *call,
			 const struct lambda_answer *answer)
{
	struct load *load = ((struct load_call *)call)->load;
	struct wsg_buf out = { 0 };

	load->bad += answer->outcome != LAMBDA_DONE;
	if (load->left) {
		load->left--;
		lambda_invoke(load->function, call);
		return;
	}
	if (--load->pending)
		return;
	wsg_json_put_object(&out);
	put_int(&out, "load_us", (int64_t)((now() - load->started) * 1e6));
	put_int(&out, "cpu_us", (int64_t)((used() - load->used) * 1e6));
	put_int(&out, "bad", load->bad);
	wsg_json_put_object_end(&out);
	free(load->event);
	load->event = NULL;
	print(&out);
}

static struct lambda_function **slot(struct tool *tool, const char *key)
{
	size_t i = 0;

	while (tool->functions[i].key[0] && strcmp(tool->functions[i].key, key))
		i++;
	snprintf(tool->functions[i].key, sizeof(tool->functions[i].key), "%s",
		 key);
	return &tool->functions[i].function;
}

/* function or swap, and what follows it. */
static void make(struct tool *tool, char **words, size_t count)
{
	struct lambda_variable variables[WORDS_MAX];
	struct lambda_config config = {
		.key = wsg_str(words[1]),
		.name = wsg_str(words[1]),
		.bootstrap = words[2],
		.arn = wsg_str("arn:aws:lambda:us-east-1:123456789012:"
			       "function:it"),
		.region = wsg_str("us-east-1"),
		.timeout_ms = atol(words[3]),
		.memory_mb = (unsigned)atol(words[4]),
		.environment = variables,
		.environment_count = count - 5,
	};
	char folder[512];
	size_t i;

	snprintf(folder, sizeof(folder), "%s", words[2]);
	*strrchr(folder, '/') = '\0';
	config.folder = folder;
	for (i = 5; i < count; i++) {
		char *value = strchr(words[i], '=');

		*value++ = '\0';
		variables[i - 5] = (struct lambda_variable){ words[i], value };
	}
	*slot(tool, words[1]) =
		lambda_function(tool->lambda, &config, words[0][0] == 's');
}

static void invoke(struct tool *tool, const char *key, const char *tag,
		   const char *event)
{
	struct named_call *named = mem_alloc(sizeof(*named));

	snprintf(named->tag, sizeof(named->tag), "%s", tag);
	named->event = mem_copy(wsg_str(event));
	named->tool = tool;
	named->next = tool->calls;
	tool->calls = named;
	named->call.done = on_done;
	named->call.event = wsg_str(named->event);
	lambda_invoke(*slot(tool, key), &named->call);
}

static void start_load(struct tool *tool, const char *key, long calls,
		       long at_once, const char *event)
{
	struct load *load = &tool->load;
	long i;

	load->function = *slot(tool, key);
	load->event = mem_copy(wsg_str(event));
	load->left = calls - at_once;
	load->pending = at_once;
	load->bad = 0;
	load->started = now();
	load->used = used();
	for (i = 0; i < at_once; i++) {
		load->calls[i].load = load;
		load->calls[i].call.done = on_load_done;
		load->calls[i].call.event = wsg_str(load->event);
		lambda_invoke(load->function, &load->calls[i].call);
	}
}

static void abandon(struct tool *tool, const char *tag)
{
	struct named_call **at = &tool->calls, *named;

	while (strcmp((*at)->tag, tag))
		at = &(*at)->next;
	named = *at;
	*at = named->next;
	lambda_abandon(&named->call);
	free(named->event);
	free(named);
}

static void crash(struct tool *tool, const char *tag)
{
	struct named_call *named = tool->calls;

	while (strcmp(named->tag, tag))
		named = named->next;
	lambda_crash(&named->call);
}

static void count(struct tool *tool, const char *key)
{
	unsigned instances, busy, waiting;
	struct wsg_buf out = { 0 };

	lambda_count(*slot(tool, key), &instances, &busy, &waiting);
	wsg_json_put_object(&out);
	put_int(&out, "instances", instances);
	put_int(&out, "busy", busy);
	put_int(&out, "waiting", waiting);
	wsg_json_put_object_end(&out);
	print(&out);
}

static void obey(struct tool *tool, char *line)
{
	char *words[WORDS_MAX] = { NULL };
	bool has_event =
		!strncmp(line, "invoke ", 7) || !strncmp(line, "load ", 5);
	size_t most = !has_event ? WORDS_MAX : line[0] == 'i' ? 4 : 5;
	size_t words_count = 0;

	/* An event is the rest of its line, spaces and all. */
	while (words_count < most && line) {
		words[words_count++] = line;
		line = words_count == most ? NULL : strchr(line, ' ');
		if (line)
			*line++ = '\0';
	}
	if (!strcmp(words[0], "function") || !strcmp(words[0], "swap"))
		make(tool, words, words_count);
	else if (!strcmp(words[0], "remove"))
		lambda_remove(tool->lambda, *slot(tool, words[1]));
	else if (!strcmp(words[0], "invoke"))
		invoke(tool, words[1], words[2], words[3]);
	else if (!strcmp(words[0], "load"))
		start_load(tool, words[1], atol(words[2]), atol(words[3]),
			   words[4]);
	else if (!strcmp(words[0], "abandon"))
		abandon(tool, words[1]);
	else if (!strcmp(words[0], "crash"))
		crash(tool, words[1]);
	else if (!strcmp(words[0], "count"))
		count(tool, words[1]);
	else
		abort();
}

static void on_input(struct loop_watch *watch, unsigned events)
{
	struct tool *tool =
		(void *)((char *)watch - offsetof(struct tool, input));
	char text[65536];
	ssize_t len = read(watch->fd, text, sizeof(text));
	char *end;

	(void)events;
	if (len <= 0) {
		loop_quit(tool->loop);
		return;
	}
	wsg_buf_add(&tool->line, text, (size_t)len);
	while ((end = memchr(tool->line.ptr, '\n', tool->line.len))) {
		size_t used = (size_t)(end - tool->line.ptr) + 1;

		*end = '\0';
		obey(tool, tool->line.ptr);
		memmove(tool->line.ptr, tool->line.ptr + used,
			tool->line.len - used);
		tool->line.len -= used;
	}
}

static int count_files(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int files = 0;

	while (readdir(folder))
		files++;
	closedir(folder);
	return files;
}

/* usage: lambda_tool [max=N] [idle=MS] [memory=1] [debug=FN] [fault=TEXT]
 * [quiet=1] */
static bool read_options(struct lambda_options *options, int argc, char **argv,
			 bool *quiet)
{
	struct wsg_buf error = { 0 };
	int i;

	for (i = 1; i < argc; i++) {
		const char *value = strchr(argv[i], '=') + 1;

		switch (argv[i][0]) {
		case 'm':
			if (argv[i][1] == 'a')
				options->max_instances = (unsigned)atol(value);
			else
				options->memory_limit = true;
			break;
		case 'i':
			options->idle_ms = atol(value);
			break;
		case 'd':
			options->debug = wsg_str(value);
			break;
		case 'q':
			*quiet = true;
			break;
		case 'f':
			if (!fault_parse(options->fault, wsg_str(value),
					 &error))
				return false;
			break;
		}
	}
	return true;
}

int main(int argc, char **argv)
{
	static struct tool tool;
	struct fault fault = { .throttle = 0 };
	int files = count_files();
	struct lambda_options options = {
		.trace = &tool.trace,
		.fault = &fault,
		.max_instances = 8,
	};
	bool quiet = false;

	if (!read_options(&options, argc, argv, &quiet))
		return 2;
	tool.loop = loop_new(false);
	options.loop = tool.loop;
	tool.trace.loop = tool.loop;
	tool.listener = (struct trace_listener){
		.hear = hear,
		.kinds = 1u << TRACE_LOG | 1u << TRACE_FUNCTION |
			 1u << TRACE_INVOKED | 1u << TRACE_ANSWERED,
	};
	if (!quiet)
		trace_listen(&tool.trace, &tool.listener);
	tool.lambda = lambda_new(&options);
	tool.input = (struct loop_watch){ .fd = -1, .ready = on_input };
	fcntl(0, F_SETFL, O_NONBLOCK);
	if (!loop_watch(tool.loop, &tool.input, 0, LOOP_READ) ||
	    !loop_run(tool.loop))
		return 3;
	loop_unwatch(tool.loop, &tool.input);
	lambda_free(tool.lambda);
	loop_free(tool.loop);
	wsg_buf_release(&tool.line);
	printf("{\"files_left\":%d}\n", count_files() - files);
	return 0;
}
