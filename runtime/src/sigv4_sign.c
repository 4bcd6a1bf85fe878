/* SPDX-License-Identifier: MIT */
/* Signing a request, in its headers or in its query; see wsgen/sigv4.h. */
#include "sigv4.h"

#include "internal.h"

/* A request's parts, which must outlive the result. */
static bool gather(struct wsg_sigv4_parts *parts,
		   const struct wsg_sigv4_request *request,
		   const struct wsg_sigv4_signer *signer)
{
	size_t i;

	parts->method = request->method;
	parts->path = request->path;
	parts->query = request->query;
	parts->body = request->body;
	parts->body_sha256 = request->body_sha256;
	parts->keep_path = signer->keep_path;
	parts->region = signer->region;
	parts->service = signer->service;
	parts->secret = signer->credentials.secret;
	parts->key = signer->key;
	parts->headers_count = 0;
	for (i = 0; i < request->headers_count; i++) {
		if (!wsg_sigv4_add(parts, request->headers[i].name,
				   request->headers[i].value))
			return false;
	}
	return wsg_sigv4_print_time(parts->time, signer->time_s);
}

/* The buffers of one signature. */
struct work {
	struct wsg_buf canonical, to_sign, scratch;
	char signature[WSG_SHA256_HEX_LEN + 1];
};

static void work_release(struct work *work)
{
	wsg_buf_release(&work->canonical);
	wsg_buf_release(&work->to_sign);
	wsg_buf_release(&work->scratch);
}

static bool compute(const struct wsg_sigv4_parts *parts, struct work *work)
{
	return wsg_sigv4_compute(parts, &work->canonical, &work->to_sign,
				 &work->scratch, work->signature);
}

/* What was not written whole is taken back. */
static bool finish(struct wsg_buf *out, size_t start, bool done)
{
	if (done && !out->failed)
		return true;
	out->len = start;
	out->failed = false;
	if (out->ptr)
		out->ptr[start] = '\0';
	return false;
}

static void put_line(struct wsg_buf *out, const char *name,
		     struct wsg_str value)
{
	wsg_buf_text(out, name);
	wsg_buf_text(out, ": ");
	wsg_buf_str(out, value);
	wsg_buf_text(out, "\r\n");
}

static void put_signed(struct wsg_buf *out, const struct wsg_sigv4_parts *parts,
		       const struct wsg_sigv4_signer *signer,
		       const char *body_hash, const char *signature)
{
	put_line(out, "X-Amz-Date", wsg_str(parts->time));
	if (signer->credentials.token.len)
		put_line(out, "X-Amz-Security-Token",
			 signer->credentials.token);
	if (signer->body_header)
		put_line(out, "X-Amz-Content-Sha256", wsg_str(body_hash));
	wsg_buf_text(out, "Authorization: " WSG_SIGV4_ALGORITHM " Credential=");
	wsg_buf_str(out, signer->credentials.key_id);
	wsg_buf_text(out, "/");
	wsg_sigv4_put_scope(out, parts);
	wsg_buf_text(out, ", SignedHeaders=");
	wsg_sigv4_put_names(out, parts);
	wsg_buf_text(out, ", Signature=");
	wsg_buf_text(out, signature);
	wsg_buf_text(out, "\r\n");
}

bool wsg_sigv4_sign(const struct wsg_sigv4_request *request,
		    const struct wsg_sigv4_signer *signer, struct wsg_buf *out)
{
	struct wsg_str token = signer->credentials.token;
	char body_hash[WSG_SHA256_HEX_LEN + 1];
	struct wsg_sigv4_parts parts;
	struct work work = { .signature = "" };
	size_t start = out->len;
	bool done = gather(&parts, request, signer) &&
		    wsg_sigv4_add(&parts, wsg_str("x-amz-date"),
				  wsg_str(parts.time));

	if (done && token.len)
		done = wsg_sigv4_add(&parts, wsg_str("x-amz-security-token"),
				     token);
	if (done && signer->body_header) {
		wsg_sha256_hex_of(body_hash, request->body);
		done = wsg_sigv4_add(&parts, wsg_str("x-amz-content-sha256"),
				     wsg_str(body_hash));
	}
	if (done) {
		wsg_sigv4_sort(&parts);
		done = compute(&parts, &work);
	}
	if (done)
		put_signed(out, &parts, signer, body_hash, work.signature);
	work_release(&work);
	return finish(out, start, done);
}

static bool is_ours(struct wsg_str name)
{
	static const char *const names[] = {
		"X-Amz-Algorithm",	"X-Amz-Credential",
		"X-Amz-Date",		"X-Amz-Expires",
		"X-Amz-Signature",	"X-Amz-SignedHeaders",
		"X-Amz-Security-Token",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (wsg_str_is(name, names[i]))
			return true;
	}
	return false;
}

/* Whether a parameter of a signature is there, which no second one may join. */
static bool is_signed(struct wsg_str query, struct wsg_buf *scratch)
{
	while (query.len) {
		const char *next = memchr(query.ptr, '&', query.len);
		size_t len = next ? (size_t)(next - query.ptr) : query.len;
		const char *equals = memchr(query.ptr, '=', len);
		struct wsg_str name = { query.ptr, len };

		if (equals)
			name.len = (size_t)(equals - query.ptr);
		wsg_buf_clear(scratch);
		wsg_sigv4_decode(scratch, name);
		if (is_ours((struct wsg_str){ scratch->ptr, scratch->len }))
			return true;
		if (!next)
			return false;
		query = (struct wsg_str){ next + 1, query.len - len - 1 };
	}
	return false;
}

/* The query as it is signed, from the parameters in front on. */
static void put_parameters(struct wsg_buf *out,
			   const struct wsg_sigv4_parts *parts,
			   const struct wsg_sigv4_signer *signer,
			   unsigned expires_s, struct wsg_buf *scratch)
{
	wsg_buf_str(out, parts->query);
	if (parts->query.len)
		wsg_buf_text(out, "&");
	wsg_buf_text(out, "X-Amz-Algorithm=" WSG_SIGV4_ALGORITHM
			  "&X-Amz-Credential=");
	wsg_sigv4_encode(out, signer->credentials.key_id, 0);
	wsg_buf_text(out, "%2F");
	wsg_buf_clear(scratch);
	wsg_sigv4_put_scope(scratch, parts);
	wsg_sigv4_encode(out, (struct wsg_str){ scratch->ptr, scratch->len },
			 0);
	wsg_buf_printf(out, "&X-Amz-Date=%s&X-Amz-Expires=%u", parts->time,
		       expires_s);
	if (signer->credentials.token.len) {
		wsg_buf_text(out, "&X-Amz-Security-Token=");
		wsg_sigv4_encode(out, signer->credentials.token, 0);
	}
	wsg_buf_text(out, "&X-Amz-SignedHeaders=");
	wsg_buf_clear(scratch);
	wsg_sigv4_put_names(scratch, parts);
	wsg_sigv4_encode(out, (struct wsg_str){ scratch->ptr, scratch->len },
			 0);
	out->failed |= scratch->failed;
}

bool wsg_sigv4_presign(const struct wsg_sigv4_request *request,
		       const struct wsg_sigv4_signer *signer,
		       unsigned expires_s, struct wsg_buf *out)
{
	struct wsg_sigv4_parts parts;
	struct work work = { .signature = "" };
	size_t start = out->len;
	bool done = expires_s && expires_s <= WSG_SIGV4_EXPIRES_MAX_S &&
		    !is_signed(request->query, &work.scratch) &&
		    gather(&parts, request, signer);

	if (done) {
		wsg_sigv4_sort(&parts);
		put_parameters(out, &parts, signer, expires_s, &work.scratch);
		parts.query.ptr = out->ptr + start;
		parts.query.len = out->len - start;
		done = !out->failed && compute(&parts, &work);
	}
	if (done) {
		wsg_buf_text(out, "&X-Amz-Signature=");
		wsg_buf_text(out, work.signature);
	}
	work_release(&work);
	return finish(out, start, done);
}
