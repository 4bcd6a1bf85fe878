/* SPDX-License-Identifier: MIT */
/* The calls of the Lambda Runtime API, over one connection that is kept. */
#include "internal.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* For the signal handler: the socket that is being waited on, and the news. */
static volatile sig_atomic_t waiting_fd = -1;
static volatile sig_atomic_t stopping;

static void on_sigterm(int number)
{
	(void)number;
	stopping = 1;
	/* Whoever waits for the next event wakes up to the end of the stream.
	 */
	if (waiting_fd >= 0)
		shutdown(waiting_fd, SHUT_RDWR);
}

bool wsg_lambda_stopping(void)
{
	return stopping != 0;
}

void wsg_lambda_watch(void)
{
	struct sigaction action = { .sa_flags = 0 };

	action.sa_handler = on_sigterm;
	sigemptyset(&action.sa_mask);
	sigaction(SIGTERM, &action, NULL);
}

bool wsg_lambda_init(struct wsg_lambda *api, const char *address)
{
	*api = (struct wsg_lambda){ .fd = -1 };
	if (strlen(address) >= sizeof(api->address) || !strchr(address, ':'))
		return false;
	memcpy(api->address, address, strlen(address) + 1);
	return true;
}

static void hang_up(struct wsg_lambda *api)
{
	waiting_fd = -1;
	if (api->fd >= 0)
		close(api->fd);
	api->fd = -1;
}

void wsg_lambda_release(struct wsg_lambda *api)
{
	hang_up(api);
	free(api->event.ptr);
	free(api->answer.ptr);
	wsg_buf_release(&api->head);
	*api = (struct wsg_lambda){ .fd = -1 };
}

/* Head and body in as few calls as it takes. False: the other end is gone. */
static bool send_all(int fd, struct wsg_str head, struct wsg_str body)
{
	struct iovec parts[2] = { { (void *)head.ptr, head.len },
				  { (void *)body.ptr, body.len } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	size_t left = head.len + body.len;

	while (left) {
		ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);
		size_t done, i;

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		done = (size_t)sent;
		left -= done;
		for (i = 0; i < 2; i++) {
			size_t part = done < parts[i].iov_len
					      ? done
					      : parts[i].iov_len;

			parts[i].iov_base = (char *)parts[i].iov_base + part;
			parts[i].iov_len -= part;
			done -= part;
		}
	}
	return true;
}

static bool dial(struct wsg_lambda *api)
{
	if (api->fd >= 0)
		return true;
	api->fd = wsg_dial(api->address);
	if (api->fd >= 0)
		return true;
	wsg_log(WSG_ERROR, "no connection to the Runtime API at %s: %s",
		api->address, strerror(errno));
	return false;
}

/*
 * Send api->head and body, and read the answer. A connection that was kept may
 * have been closed meanwhile: then once more, over a new one.
 */
static bool call(struct wsg_lambda *api, struct wsg_str body,
		 struct wsg_inbox *inbox, struct wsg_http *answer)
{
	/* SIGTERM ends the wait for an event, and nothing else. */
	bool wait = inbox == &api->event;
	struct wsg_str head = { api->head.ptr, api->head.len };
	bool kept = api->fd >= 0;

	for (;; kept = false) {
		if (!dial(api))
			return false;
		waiting_fd = wait ? api->fd : -1;
		/* It may have come just before. */
		if (wait && stopping)
			shutdown(api->fd, SHUT_RDWR);
		/* A refusal may come before all is sent: read it anyway. */
		send_all(api->fd, head, body);
		if (wsg_http_read(api->fd, inbox, answer)) {
			waiting_fd = -1;
			if (answer->close)
				hang_up(api);
			return true;
		}
		hang_up(api);
		if (!kept || inbox->len || stopping)
			return false;
	}
}

static void start_head(struct wsg_lambda *api, const char *method,
		       const char *path)
{
	wsg_buf_clear(&api->head);
	wsg_buf_text(&api->head, method);
	wsg_buf_text(&api->head, " /2018-06-01/runtime/");
	wsg_buf_text(&api->head, path);
	wsg_buf_text(&api->head, " HTTP/1.1\r\nHost: ");
	wsg_buf_text(&api->head, api->address);
	wsg_buf_text(&api->head, "\r\nUser-Agent: wsgen\r\n");
}

static int64_t parse_ms(struct wsg_str text)
{
	int64_t value = 0;
	size_t i;

	for (i = 0; i < text.len && i < 18; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return 0;
		value = value * 10 + (text.ptr[i] - '0');
	}
	return value;
}

static void read_invocation(const struct wsg_inbox *inbox,
			    const struct wsg_http *answer,
			    struct wsg_invocation *to)
{
	to->id =
		wsg_http_header(inbox, answer, "Lambda-Runtime-Aws-Request-Id");
	to->deadline_ms = parse_ms(
		wsg_http_header(inbox, answer, "Lambda-Runtime-Deadline-Ms"));
	to->function_arn = wsg_http_header(
		inbox, answer, "Lambda-Runtime-Invoked-Function-Arn");
	to->trace_id =
		wsg_http_header(inbox, answer, "Lambda-Runtime-Trace-Id");
	to->client_context =
		wsg_http_header(inbox, answer, "Lambda-Runtime-Client-Context");
	to->cognito_identity = wsg_http_header(
		inbox, answer, "Lambda-Runtime-Cognito-Identity");
}

int wsg_lambda_next(struct wsg_lambda *api, char **text, size_t *len,
		    struct wsg_invocation *invocation)
{
	struct wsg_http answer;

	start_head(api, "GET", "invocation/next");
	wsg_buf_text(&api->head, "\r\n");
	if (!call(api, wsg_str(""), &api->event, &answer))
		return 0;
	read_invocation(&api->event, &answer, invocation);
	*text = api->event.ptr + answer.body;
	*len = answer.body_len;
	return answer.status;
}

int wsg_lambda_post(struct wsg_lambda *api, const char *path,
		    const char *error_type, struct wsg_str body)
{
	struct wsg_http answer;

	start_head(api, "POST", path);
	wsg_buf_printf(&api->head,
		       "Content-Type: application/json\r\n"
		       "Content-Length: %zu\r\n",
		       body.len);
	if (error_type)
		wsg_buf_printf(&api->head,
			       "Lambda-Runtime-Function-Error-Type: %s\r\n",
			       error_type);
	wsg_buf_text(&api->head, "\r\n");
	if (!call(api, body, &api->answer, &answer))
		return 0;
	return answer.status;
}
