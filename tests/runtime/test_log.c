/* SPDX-License-Identifier: MIT */
/* Log lines, each in a process of its own: the environment is read once. */
#include "internal.h"
#include "test.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
	const char *name;
	const char *format, *threshold; /* of the environment */
	enum wsg_level level;
	const char *message;
	const char *line; /* behind the time; NULL: none */
} cases[] = {
	{ "text", NULL, NULL, WSG_INFO, "hello", " INFO r-1 c= chat hello\n" },
	{ "text, two lines", NULL, NULL, WSG_WARN, "a\nb\x1b[0m",
	  " WARN r-1 c= chat a b [0m\n" },
	{ "below", NULL, NULL, WSG_DEBUG, "hello", NULL },
	{ "text has no levels to filter by", "Text", "ERROR", WSG_WARN, "x",
	  NULL },
	{ "json", "JSON", NULL, WSG_INFO, "say \"hi\"\n",
	  "\",\"level\":\"INFO\",\"message\":\"say \\\"hi\\\"\\n\","
	  "\"requestId\":\"r-1\",\"connectionId\":\"c=\","
	  "\"routeKey\":\"chat\"}\n" },
	{ "json, debug", "JSON", "DEBUG", WSG_DEBUG, "x",
	  "\",\"level\":\"DEBUG\",\"message\":\"x\",\"requestId\":\"r-1\","
	  "\"connectionId\":\"c=\",\"routeKey\":\"chat\"}\n" },
	{ "json, not UTF-8", "JSON", NULL, WSG_ERROR, "a\xff\xc3\xa9",
	  "\",\"level\":\"ERROR\",\"message\":\"a???\",\"requestId\":\"r-1\","
	  "\"connectionId\":\"c=\",\"routeKey\":\"chat\"}\n" },
};

static void set(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static void child(size_t i)
{
	char text[] = "{\"requestContext\":{\"routeKey\":\"chat\","
		      "\"connectionId\":\"c=\"}}";
	struct wsg_event event;
	const char *error;

	set("AWS_LAMBDA_LOG_FORMAT", cases[i].format);
	set("AWS_LAMBDA_LOG_LEVEL", cases[i].threshold);
	if (!wsg_event_init(&event) ||
	    !wsg_event_read(&event, text, strlen(text), &error))
		_exit(1);
	event.invocation.id = wsg_str("r-1");
	wsg_log_event(&event);
	wsg_log(cases[i].level, "%s", cases[i].message);
	_exit(0);
}

/* What a child writes to standard error. */
static void run(size_t i, char *line, size_t size)
{
	int ends[2], status;
	size_t len = 0;
	ssize_t got;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		dup2(ends[1], STDERR_FILENO);
		child(i);
	}
	close(ends[1]);
	while ((got = read(ends[0], line + len, size - 1 - len)) > 0)
		len += (size_t)got;
	line[len] = '\0';
	close(ends[0]);
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
}

static void writes_lines(void **unused)
{
	char line[2 * WSG_LOG_MAX];
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(cases); i++) {
		const char *behind;

		run(i, line, sizeof(line));
		if (!cases[i].line) {
			if (line[0])
				fail_msg("%s: %s", cases[i].name, line);
			continue;
		}
		/* 2026-01-02T03:04:05.678Z */
		behind = strchr(line, 'Z');
		if (!behind || strcmp(behind + 1, cases[i].line) != 0)
			fail_msg("%s: %s", cases[i].name, line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
