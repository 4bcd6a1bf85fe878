/* SPDX-License-Identifier: MIT */
/*
 * Signs and checks what test_sigv4.py asks for: a JSON object on each line of
 * standard input, and one with the answer on standard output. It is built on
 * public headers alone, as the gateway is.
 */
#include <wsgen/json.h>
#include <wsgen/sigv4.h>

#include <stdio.h>
#include <stdlib.h>

struct task {
	struct wsg_str what; /* sign, presign, verify */
	struct wsg_sigv4_request request;
	struct wsg_sigv4_header headers[WSG_SIGV4_HEADERS_MAX + 8];
	struct wsg_sigv4_signer signer;
	int64_t expires_s;
};

static void read_headers(struct wsg_json *json, struct task *task)
{
	struct wsg_sigv4_header *header = task->headers;

	wsg_json_array(json);
	while (wsg_json_item(json)) {
		wsg_json_array(json);
		wsg_json_item(json);
		wsg_json_string(json, &header->name);
		wsg_json_item(json);
		wsg_json_string(json, &header->value);
		wsg_json_item(json);
		header++;
	}
	task->request.headers = task->headers;
	task->request.headers_count = (size_t)(header - task->headers);
}

static struct wsg_str *text_of(struct task *task, struct wsg_str key)
{
	const struct {
		const char *key;
		struct wsg_str *value;
	} texts[] = {
		{ "what", &task->what },
		{ "method", &task->request.method },
		{ "path", &task->request.path },
		{ "query", &task->request.query },
		{ "body", &task->request.body },
		{ "key_id", &task->signer.credentials.key_id },
		{ "secret", &task->signer.credentials.secret },
		{ "token", &task->signer.credentials.token },
		{ "region", &task->signer.region },
		{ "service", &task->signer.service },
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (wsg_str_is(key, texts[i].key))
			return texts[i].value;
	}
	return NULL;
}

static bool read_task(char *line, size_t len, struct task *task)
{
	struct wsg_json json;
	struct wsg_str key;

	wsg_json_init(&json, line, len);
	wsg_json_object(&json);
	while (wsg_json_key(&json, &key)) {
		struct wsg_str *text = text_of(task, key);

		if (text)
			wsg_json_string(&json, text);
		else if (wsg_str_is(key, "headers"))
			read_headers(&json, task);
		else if (wsg_str_is(key, "time"))
			wsg_json_int64(&json, &task->signer.time_s);
		else if (wsg_str_is(key, "expires"))
			wsg_json_int64(&json, &task->expires_s);
		else if (wsg_str_is(key, "keep_path"))
			wsg_json_bool(&json, &task->signer.keep_path);
		else if (wsg_str_is(key, "body_header"))
			wsg_json_bool(&json, &task->signer.body_header);
		else
			wsg_json_skip(&json);
	}
	return wsg_json_end(&json);
}

static bool find(void *arg, struct wsg_str key_id,
		 struct wsg_credentials *credentials)
{
	const struct task *task = arg;

	*credentials = task->signer.credentials;
	return wsg_str_equal(key_id, credentials->key_id);
}

static void put(struct wsg_buf *out, const char *key, const struct wsg_buf *buf)
{
	wsg_json_put_key(out, wsg_str(key));
	wsg_json_put_string(out, (struct wsg_str){ buf->ptr, buf->len });
}

static void verify(struct task *task, struct wsg_buf *out)
{
	static const char *const names[] = {
		"valid",       "missing", "malformed", "unknown key",
		"wrong scope", "expired", "mismatch",
	};
	struct wsg_sigv4_check check = { .in_query = false };
	struct wsg_sigv4_verifier verifier = {
		.find = find,
		.arg = task,
		.region = task->signer.region,
		.service = task->signer.service,
		.now_s = task->signer.time_s,
		.keep_path = task->signer.keep_path,
	};
	enum wsg_sigv4_result result =
		wsg_sigv4_verify(&task->request, &verifier, &check);

	wsg_json_put_key(out, wsg_str("result"));
	wsg_json_put_string(out, wsg_str(names[result]));
	put(out, "canonical", &check.canonical);
	put(out, "to_sign", &check.string_to_sign);
	wsg_sigv4_check_release(&check);
}

static void answer(struct task *task, struct wsg_buf *out)
{
	struct wsg_buf text = { 0 };
	bool done;

	wsg_json_put_object(out);
	if (wsg_str_is(task->what, "verify")) {
		verify(task, out);
	} else {
		done = wsg_str_is(task->what, "sign")
			       ? wsg_sigv4_sign(&task->request, &task->signer,
						&text)
			       : wsg_sigv4_presign(
					 &task->request, &task->signer,
					 (unsigned)task->expires_s, &text);
		wsg_json_put_key(out, wsg_str("done"));
		wsg_json_put_bool(out, done);
		put(out, "text", &text);
	}
	wsg_json_put_object_end(out);
	wsg_buf_release(&text);
}

int main(void)
{
	static struct task task;
	struct wsg_sigv4_key key = { .ready = false };
	struct wsg_buf out = { 0 };
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	while ((len = getline(&line, &size, stdin)) > 0) {
		task = (struct task){ .expires_s = 0 };
		/* All of them share the key's memory, whatever they need. */
		task.signer.key = &key;
		if (!read_task(line, (size_t)len, &task))
			return 1;
		wsg_buf_clear(&out);
		answer(&task, &out);
		printf("%s\n", out.ptr);
		fflush(stdout);
	}
	wsg_buf_release(&out);
	free(line);
	return 0;
}
