/* SPDX-License-Identifier: MIT */
/*
 * The function that test_loop.py runs against its Runtime API: one route for
 * each thing that a handler may do to the loop. FUNCTION in the environment
 * chooses among several.
 */
#include <wsgen/runtime.h>

#include <signal.h>
#include <stdlib.h>

static enum wsg_result echo(struct wsg_event *event)
{
	wsg_buf_str(wsg_reply_text(event), wsg_body(event));
	return WSG_OK;
}

static enum wsg_result tell(struct wsg_event *event)
{
	struct wsg_buf *out = wsg_reply_text(event);
	const char *trace = getenv("_X_AMZN_TRACE_ID");
	int64_t left = wsg_remaining_ms(event);

	wsg_buf_printf(out, "%.*s|", WSG_FMT(wsg_invocation_id(event)));
	wsg_buf_printf(out, "%.*s|", WSG_FMT(wsg_function_arn(event)));
	wsg_buf_printf(out, "%.*s|", WSG_FMT(wsg_trace_id(event)));
	wsg_buf_printf(out, "%s|", trace ? trace : "unset");
	wsg_buf_printf(out, "%.*s|", WSG_FMT(wsg_client_context(event)));
	wsg_buf_printf(out, "%.*s|", WSG_FMT(wsg_cognito_identity(event)));
	wsg_buf_printf(out, "%s", left > 0 && left < 60000 ? "soon" : "never");
	return WSG_OK;
}

static enum wsg_result fail(struct wsg_event *event)
{
	(void)event;
	return WSG_FAILED;
}

static enum wsg_result crash(struct wsg_event *event)
{
	(void)event;
	raise(SIGSEGV);
	return WSG_OK;
}

static enum wsg_result stop(struct wsg_event *event)
{
	(void)event;
	raise(SIGTERM);
	return WSG_OK;
}

static const struct wsg_route routes[] = {
	{ { WSG_LIT("echo") }, echo }, { { WSG_LIT("tell") }, tell },
	{ { WSG_LIT("fail") }, fail }, { { WSG_LIT("crash") }, crash },
	{ { WSG_LIT("stop") }, stop },
};

static const struct wsg_route *find(struct wsg_str key)
{
	size_t i;

	for (i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		if (wsg_str_equal(routes[i].key, key))
			return &routes[i];
	}
	return NULL;
}

/* As many bytes as the event says, between quotes. */
static enum wsg_result fill(struct wsg_event *event, struct wsg_buf *out)
{
	size_t len;
	long count = strtol(wsg_raw(event, &len), NULL, 10);

	wsg_buf_text(out, "\"");
	if (count > 2 && wsg_buf_reserve(out, (size_t)count)) {
		memset(out->ptr + out->len, 'x', (size_t)count - 2);
		out->len += (size_t)count - 2;
	}
	wsg_buf_text(out, "\"");
	return WSG_OK;
}

static enum wsg_result start(void)
{
	wsg_log(WSG_INFO, "started");
	return WSG_OK;
}

static enum wsg_result start_badly(void)
{
	return WSG_FAILED;
}

static void end(void)
{
	wsg_log(WSG_INFO, "ended");
}

int main(void)
{
	const char *kind = getenv("FUNCTION");
	struct wsg_function function = {
		.name = "test",
		.find = find,
		.init = start,
		.shutdown = end,
	};

	if (kind && !strcmp(kind, "raw"))
		function.raw = fill;
	if (kind && !strcmp(kind, "bad"))
		function.init = start_badly;
	return wsg_run(&function);
}
