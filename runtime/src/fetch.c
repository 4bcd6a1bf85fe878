/* SPDX-License-Identifier: MIT */
/* One request, one answer: what keys of tokens are got with. */
#include "http_client.h"
#include "token.h"

#include <wsgen/sigv4.h>

#include <stdlib.h>
#include <strings.h>

struct fetch {
	struct wsg_origin origin;
	struct wsg_str path;
	const char *method;
	struct wsg_str headers; /* lines, each with its \r\n */
	struct wsg_str body;

	bool started;
	struct wsg_buf *answer;
	const char *error;
};

static bool next(void *arg, struct wsg_buf *head, struct wsg_str *body,
		 size_t *tag)
{
	struct fetch *fetch = arg;

	if (fetch->started)
		return false;
	fetch->started = true;
	wsg_buf_text(head, fetch->method);
	wsg_buf_text(head, " ");
	wsg_buf_str(head, fetch->path.len ? fetch->path : wsg_str("/"));
	wsg_buf_text(head, " HTTP/1.1\r\nHost: ");
	wsg_origin_put_host(head, &fetch->origin);
	wsg_buf_text(head, "\r\nAccept: application/json\r\n");
	wsg_buf_str(head, fetch->headers);
	if (fetch->body.len)
		wsg_buf_printf(head, "Content-Length: %zu\r\n",
			       fetch->body.len);
	wsg_buf_text(head, "\r\n");
	*body = fetch->body;
	*tag = 0;
	return true;
}

static void done(void *arg, size_t tag, const struct wsg_response *response,
		 const char *error)
{
	struct fetch *fetch = arg;

	(void)tag;
	fetch->error = error;
	if (!response)
		return;
	if (response->status != 200) {
		wsg_log(WSG_WARN, "%s answered with status %d",
			fetch->origin.host, response->status);
		fetch->error = "the status is not 200";
		return;
	}
	fetch->error = NULL;
	wsg_buf_str(fetch->answer, response->body);
	if (fetch->answer->failed)
		fetch->error = "out of memory";
}

/*
 * One for AWS and one for the rest of the world. They are kept, as is what
 * OpenSSL read for them: that is more than a fetch is.
 */
static struct wsg_net *nets[2];

static bool is_aws(const char *host)
{
	static const char *const names[] = { ".amazonaws.com",
					     ".amazonaws.com.cn" };
	size_t i, len = strlen(host), end;

	for (i = 0; i < 2; i++) {
		end = strlen(names[i]);
		if (len > end && !strcasecmp(host + len - end, names[i]))
			return true;
	}
	return false;
}

static bool run(struct fetch *fetch, int64_t budget_ms, const char **error)
{
	struct wsg_job job = {
		.origin = &fetch->origin,
		.parallel = 1,
		.deadline_ms = wsg_clock_ms() + budget_ms,
		.body_max = WSG_JWKS_MAX,
		.next = next,
		.done = done,
		.arg = fetch,
	};
	bool anyone = !is_aws(fetch->origin.host);
	struct wsg_net **net = &nets[anyone];

	*error = "out of memory";
	if (!*net)
		*net = wsg_net_new();
	if (!*net ||
	    (anyone && fetch->origin.tls && !wsg_net_trust_public(*net, error)))
		return false;
	fetch->error = "no time left";
	wsg_net_run(*net, &job);
	*error = fetch->error;
	return !fetch->error;
}

void wsg_fetch_forget(void)
{
	wsg_net_free(nets[0]);
	wsg_net_free(nets[1]);
	nets[0] = nets[1] = NULL;
}

static bool is_this_machine(const char *host)
{
	return !strcmp(host, "127.0.0.1") || !strcmp(host, "::1") ||
	       !strcasecmp(host, "localhost");
}

bool wsg_fetch(const char *url, int64_t budget_ms, struct wsg_buf *body,
	       const char **error)
{
	struct fetch fetch = { .method = "GET", .answer = body };

	*error = "this is no URL";
	if (!wsg_origin_read(wsg_str(url), &fetch.origin, &fetch.path))
		return false;
	*error = "keys that come over http can be anybody's";
	if (!fetch.origin.tls && !is_this_machine(fetch.origin.host))
		return false;
	return run(&fetch, budget_ms, error);
}

/* The endpoint, as the AWS SDKs find it. */
static bool find_ssm(struct fetch *fetch, const char *region)
{
	const char *url = getenv("AWS_ENDPOINT_URL_SSM");
	struct wsg_buf usual = { 0 };
	bool found;

	if (!url || !*url)
		url = getenv("AWS_ENDPOINT_URL");
	if (!url || !*url) {
		wsg_buf_printf(&usual, "https://ssm.%s.amazonaws.com%s", region,
			       !strncmp(region, "cn-", 3) ? ".cn" : "");
		url = usual.failed ? "" : usual.ptr;
	}
	found = wsg_origin_read(wsg_str(url), &fetch->origin, &fetch->path);
	/* What stays of the path is the URL's, which may go now. */
	fetch->path = wsg_str("/");
	wsg_buf_release(&usual);
	return found;
}

static bool sign(struct fetch *fetch, const char *region, struct wsg_buf *lines)
{
	struct wsg_buf host = { 0 };
	struct wsg_sigv4_header headers[] = {
		{ { WSG_LIT("Host") }, { NULL, 0 } },
		{ { WSG_LIT("Content-Type") },
		  { WSG_LIT("application/x-amz-json-1.1") } },
		{ { WSG_LIT("X-Amz-Target") },
		  { WSG_LIT("AmazonSSM.GetParameter") } },
	};
	struct wsg_sigv4_request request = {
		.method = wsg_str(fetch->method),
		.path = fetch->path,
		.headers = headers,
		.headers_count = sizeof(headers) / sizeof(headers[0]),
		.body = fetch->body,
	};
	struct wsg_sigv4_signer signer = {
		.credentials = { wsg_str(getenv("AWS_ACCESS_KEY_ID")),
				 wsg_str(getenv("AWS_SECRET_ACCESS_KEY")),
				 wsg_str(getenv("AWS_SESSION_TOKEN")) },
		.region = wsg_str(region),
		.service = wsg_str("ssm"),
		.time_s = wsg_now_ms() / 1000,
	};
	bool signed_;
	size_t i;

	wsg_origin_put_host(&host, &fetch->origin);
	headers[0].value = (struct wsg_str){ host.ptr, host.len };
	for (i = 1; i < request.headers_count; i++)
		wsg_buf_printf(lines, "%.*s: %.*s\r\n",
			       WSG_FMT(headers[i].name),
			       WSG_FMT(headers[i].value));
	signed_ = !host.failed && wsg_sigv4_sign(&request, &signer, lines);
	wsg_buf_release(&host);
	return signed_ && !lines->failed;
}

/* {"Parameter":{"Value":"..."}} */
static bool read_value(struct wsg_buf *answer, struct wsg_buf *value)
{
	struct wsg_str key, text = { NULL, 0 };
	struct wsg_json json;

	wsg_json_init(&json, answer->ptr, answer->len);
	wsg_json_object(&json);
	while (wsg_json_key(&json, &key)) {
		if (!wsg_str_is(key, "Parameter")) {
			wsg_json_skip(&json);
			continue;
		}
		wsg_json_object(&json);
		while (wsg_json_key(&json, &key)) {
			if (wsg_str_is(key, "Value"))
				wsg_json_string(&json, &text);
			else
				wsg_json_skip(&json);
		}
	}
	if (!wsg_json_end(&json) || !text.ptr)
		return false;
	wsg_buf_str(value, text);
	return !value->failed;
}

bool wsg_fetch_parameter(const char *name, int64_t budget_ms,
			 struct wsg_buf *value, const char **error)
{
	const char *region = getenv("AWS_REGION");
	struct wsg_buf body = { 0 }, lines = { 0 }, answer = { 0 };
	struct fetch fetch = { .method = "POST", .answer = &answer };
	bool good = false;

	wsg_json_put_object(&body);
	wsg_json_put_key(&body, wsg_str("Name"));
	wsg_json_put_string(&body, wsg_str(name));
	wsg_json_put_key(&body, wsg_str("WithDecryption"));
	wsg_json_put_bool(&body, true);
	wsg_json_put_object_end(&body);
	fetch.body = (struct wsg_str){ body.ptr, body.len };
	if (!region || !find_ssm(&fetch, region)) {
		*error = "AWS_REGION is not set, or the endpoint is no URL";
	} else if (body.failed || !sign(&fetch, region, &lines)) {
		*error = "the request could not be signed";
	} else {
		fetch.headers = (struct wsg_str){ lines.ptr, lines.len };
		good = run(&fetch, budget_ms, error);
	}
	if (good && !read_value(&answer, value)) {
		*error = "the answer holds no parameter";
		good = false;
	}
	wsg_buf_release(&body);
	wsg_buf_release(&lines);
	wsg_buf_release(&answer);
	return good;
}
