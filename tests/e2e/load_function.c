/* SPDX-License-Identifier: MIT */
/*
 * load_function.c - what the gateway is loaded with: a function that says what
 * it was sent, at once or after a while, and one that ends instead.
 */
#include <wsgen/runtime.h>

#include <stdlib.h>
#include <time.h>

#define HOLD_NS (20 * 1000000L)

static enum wsg_result nothing(struct wsg_event *event)
{
	(void)event;
	return WSG_OK;
}

static enum wsg_result echo(struct wsg_event *event)
{
	wsg_buf_str(wsg_reply_text(event), wsg_body(event));
	return WSG_OK;
}

static enum wsg_result hold(struct wsg_event *event)
{
	const struct timespec while_ = { .tv_nsec = HOLD_NS };

	nanosleep(&while_, NULL);
	return echo(event);
}

static enum wsg_result end(struct wsg_event *event)
{
	(void)event;
	_Exit(3);
}

static const struct wsg_route routes[] = {
	{ { WSG_LIT("$connect") }, nothing },
	{ { WSG_LIT("$disconnect") }, nothing },
	{ { WSG_LIT("echo") }, echo },
	{ { WSG_LIT("hold") }, hold },
	{ { WSG_LIT("end") }, end },
	{ { WSG_LIT("rest") }, hold },
	{ { WSG_LIT("tell") }, nothing },
};

static const struct wsg_route *find(struct wsg_str key)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(*routes); i++) {
		if (wsg_str_equal(routes[i].key, key))
			return &routes[i];
	}
	return NULL;
}

int main(void)
{
	return wsg_run(&(struct wsg_function){ .name = "load", .find = find });
}
