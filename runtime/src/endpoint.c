/* SPDX-License-Identifier: MIT */
/*
 * Where the @connections API of an event is, and who calls it. Never by the
 * event's domainName: with a custom domain that is the wrong host.
 */
#include "calls.h"

#include <stdio.h>
#include <stdlib.h>

static struct wsg_str variable(const char *name)
{
	return wsg_str(getenv(name));
}

static struct wsg_str region(void)
{
	struct wsg_str found = variable("AWS_REGION");

	return found.len ? found : variable("AWS_DEFAULT_REGION");
}

static bool starts_with(struct wsg_str text, const char *start)
{
	size_t len = strlen(start);

	return text.len >= len && !memcmp(text.ptr, start, len);
}

/* Ids and regions are a label of the host name, and nothing more. */
static bool is_label(struct wsg_str text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') &&
		    (c < '0' || c > '9') && c != '-')
			return false;
	}
	return text.len > 0;
}

/* https://{apiId}.execute-api.{region}.{suffix}/{stage} */
static void put_url(struct wsg_buf *out, const struct wsg_event *event)
{
	struct wsg_str where = region();

	wsg_buf_text(out, "https://");
	wsg_buf_str(out, wsg_api_id(event));
	wsg_buf_text(out, ".execute-api.");
	wsg_buf_str(out, where);
	wsg_buf_text(out, starts_with(where, "cn-") ? ".amazonaws.com.cn/"
						    : ".amazonaws.com/");
	wsg_sigv4_encode(out, wsg_stage(event), 0);
}

static bool take_url(struct wsg_endpoint *endpoint, struct wsg_str url)
{
	struct wsg_str path;

	if (!wsg_origin_read(url, &endpoint->origin, &path) ||
	    path.len >= sizeof(endpoint->path))
		return false;
	if (path.len)
		memcpy(endpoint->path, path.ptr, path.len);
	endpoint->path[path.len] = '\0';
	return true;
}

bool wsg_endpoint_find(const struct wsg_event *event,
		       struct wsg_endpoint *endpoint)
{
	struct wsg_str set = variable("WSG_ENDPOINT");
	struct wsg_buf url = { 0 };
	bool found;

	endpoint->region = region();
	endpoint->credentials.key_id = variable("AWS_ACCESS_KEY_ID");
	endpoint->credentials.secret = variable("AWS_SECRET_ACCESS_KEY");
	endpoint->credentials.token = variable("AWS_SESSION_TOKEN");
	if (set.len) {
		if (take_url(endpoint, set))
			return true;
		wsg_log(WSG_ERROR,
			"WSG_ENDPOINT is no http:// or https:// URL");
		return false;
	}
	if (!event->maps || !is_label(wsg_api_id(event)) ||
	    !wsg_stage(event).len || !is_label(endpoint->region)) {
		wsg_log(WSG_ERROR, "nowhere to send to: the event names no "
				   "API, or AWS_REGION is not set");
		return false;
	}
	put_url(&url, event);
	found = !url.failed &&
		take_url(endpoint, (struct wsg_str){ url.ptr, url.len });
	if (!found)
		wsg_log(WSG_ERROR, "nowhere to send to: %s",
			url.failed ? "out of memory" : url.ptr);
	wsg_buf_release(&url);
	return found;
}
