/* SPDX-License-Identifier: MIT */
/* ready.c - where to find what. */
#include "ready.h"

#include "base/mem.h"
#include "gateway.h"

#include <stdio.h>

static void put_member(struct wsg_buf *json, const char *name,
		       struct wsg_str value)
{
	wsg_json_put_key(json, wsg_str(name));
	wsg_json_put_string(json, value);
}

/* Where a stage is: a line for people, an object for the parent. */
static void put_stage(const struct config_api *api,
		      const struct config_stage *stage, const char *reach,
		      struct wsg_buf *lines, struct wsg_buf *json)
{
	struct wsg_buf url = { 0 };
	struct wsg_buf console = { 0 };

	wsg_buf_printf(&url, "ws://%s:%d/%.*s", reach, api->port,
		       WSG_FMT(stage->name));
	wsg_buf_printf(&console, "http://%s:%d" GATEWAY_PREFIX, reach,
		       api->port);
	if (url.failed || console.failed)
		mem_exhausted();
	wsg_buf_printf(lines, "%.*s  %s\n", WSG_FMT(api->name), url.ptr);
	wsg_json_put_object(json);
	put_member(json, "name", api->name);
	put_member(json, "url", wsg_str(url.ptr));
	put_member(json, "console", wsg_str(console.ptr));
	wsg_json_put_object_end(json);
	wsg_buf_release(&url);
	wsg_buf_release(&console);
}

void ready_say(const struct config *config, const char *reach, bool quiet,
	       struct control *control)
{
	struct wsg_buf lines = { 0 };
	struct wsg_buf json = { 0 };

	wsg_json_put_object(&json);
	put_member(&json, "event", wsg_str("ready"));
	wsg_json_put_key(&json, wsg_str("apis"));
	wsg_json_put_array(&json);
	for (size_t i = 0; i < config->apis_count; i++)
		for (size_t j = 0; j < config->apis[i].stages_count; j++)
			put_stage(&config->apis[i], &config->apis[i].stages[j],
				  reach, &lines, &json);
	wsg_json_put_array_end(&json);
	wsg_json_put_object_end(&json);
	wsg_buf_printf(&lines, "console  http://%s:%d" GATEWAY_PREFIX "\n",
		       reach, config->apis[0].port);
	if (lines.failed || json.failed)
		mem_exhausted();
	if (!quiet)
		fputs(lines.ptr, stderr);
	if (control)
		control_say(control, (struct wsg_str){ json.ptr, json.len });
	wsg_buf_release(&lines);
	wsg_buf_release(&json);
}
