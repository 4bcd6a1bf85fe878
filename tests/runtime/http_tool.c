/* SPDX-License-Identifier: MIT */
/*
 * Sends what test_http_client.py asks for on standard input, a job a line, and
 * prints what came of each request, then a line with "end".
 *
 * TOOL_HOSTS in the environment stands for /etc/hosts.
 *
 * usage: http_tool, lines of: COUNT PARALLEL TIMEOUT_MS BODY_MAX URL BODY_SIZE,
 * or of: age MS, which prints nothing
 */
#include "http_client.h"

#include <stdio.h>
#include <stdlib.h>

struct work {
	struct wsg_origin origin;
	struct wsg_str path;
	struct wsg_str body;
	size_t count;
	size_t started;
};

static bool next(void *arg, struct wsg_buf *head, struct wsg_str *body,
		 size_t *tag)
{
	struct work *work = arg;

	if (work->started == work->count)
		return false;
	wsg_buf_text(head, "POST ");
	wsg_buf_str(head, work->path.len ? work->path : wsg_str("/"));
	wsg_buf_text(head, " HTTP/1.1\r\nHost: ");
	wsg_origin_put_host(head, &work->origin);
	wsg_buf_printf(head, "\r\nContent-Length: %zu\r\nTag: %zu\r\n\r\n",
		       work->body.len, work->started);
	*body = work->body;
	*tag = work->started++;
	return true;
}

static void done(void *arg, size_t tag, const struct wsg_response *response,
		 const char *error)
{
	struct wsg_str first;

	(void)arg;
	if (!response) {
		printf("%zu error %s\n", tag, error);
		return;
	}
	first = response->body;
	first.len = first.len < 40 ? first.len : 40;
	printf("%zu %d %zu '%.*s' '%.*s'\n", tag, response->status,
	       response->body.len, WSG_FMT(first),
	       WSG_FMT(wsg_response_header(response, "X-Test")));
}

static void run(struct wsg_net *net, char *line)
{
	struct work work = { .started = 0 };
	struct wsg_job job = { .origin = &work.origin, .arg = &work };
	size_t body_size;
	char url[1024];
	char *body;
	int timeout_ms;

	if (sscanf(line, "%zu %u %d %zu %1023s %zu", &work.count, &job.parallel,
		   &timeout_ms, &job.body_max, url, &body_size) != 6)
		exit(2);
	body = malloc(body_size + 1);
	memset(body, 'x', body_size);
	work.body = (struct wsg_str){ body, body_size };
	job.deadline_ms = wsg_clock_ms() + timeout_ms;
	job.next = next;
	job.done = done;
	if (wsg_origin_read(wsg_str(url), &work.origin, &work.path))
		wsg_net_run(net, &job);
	else
		printf("no URL\n");
	printf("end\n");
	fflush(stdout);
	free(body);
}

int main(void)
{
	struct wsg_net *net = wsg_net_new();
	char line[2048];

	if (net)
		wsg_net_resolver(net)->hosts_path = getenv("TOOL_HOSTS");
	while (net && fgets(line, sizeof(line), stdin)) {
		if (!strncmp(line, "age ", 4))
			wsg_net_age(net, atol(line + 4));
		else
			run(net, line);
	}
	wsg_net_free(net);
	return 0;
}
