/* SPDX-License-Identifier: MIT */
/*
 * bench_frame_lws.c - an echo with libwebsockets as its documentation has it:
 * what is received is kept until the socket can be written to.
 */
#define _GNU_SOURCE
#include <libwebsockets.h>

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MESSAGE_MAX 65536

struct session {
	size_t len;
	unsigned char *message; /* LWS_PRE bytes in front */
};

static int serve(struct lws *wsi, enum lws_callback_reasons reason, void *user,
		 void *in, size_t len)
{
	struct session *session = user;

	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		session->message = malloc(LWS_PRE + MESSAGE_MAX);
		session->len = 0;
		return !session->message;
	case LWS_CALLBACK_CLOSED:
		free(session->message);
		return 0;
	case LWS_CALLBACK_RECEIVE:
		if (lws_is_first_fragment(wsi))
			session->len = 0;
		if (len > MESSAGE_MAX - session->len)
			return -1;
		memcpy(session->message + LWS_PRE + session->len, in, len);
		session->len += len;
		if (lws_is_final_fragment(wsi))
			lws_callback_on_writable(wsi);
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return lws_write(wsi, session->message + LWS_PRE, session->len,
				 LWS_WRITE_TEXT) < (int)session->len
			       ? -1
			       : 0;
	default:
		return 0;
	}
}

/* It ends with its standard input. */
static void *wait_for_end(void *context)
{
	char byte;

	while (read(STDIN_FILENO, &byte, 1) > 0)
		continue;
	lws_cancel_service(context);
	_exit(0);
}

int main(void)
{
	static const struct lws_protocols protocols[] = {
		{ "echo", serve, sizeof(struct session), MESSAGE_MAX, 0, NULL,
		  0 },
		{ NULL, NULL, 0, 0, 0, NULL, 0 },
	};
	struct lws_context_creation_info info;
	struct lws_context *context;
	struct lws_vhost *vhost;
	pthread_t thread;

	memset(&info, 0, sizeof(info));
	info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	lws_set_log_level(LLL_ERR, NULL);
	context = lws_create_context(&info);
	if (!context)
		return 3;
	info.port = 0;
	info.iface = "127.0.0.1";
	info.protocols = protocols;
	vhost = lws_create_vhost(context, &info);
	if (!vhost)
		return 3;
	printf("%d\n", lws_get_vhost_listen_port(vhost));
	fflush(stdout);
	if (pthread_create(&thread, NULL, wait_for_end, context))
		return 3;
	while (lws_service(context, 0) >= 0)
		continue;
	lws_context_destroy(context);
	return 0;
}
