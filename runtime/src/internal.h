/* SPDX-License-Identifier: MIT */
/*
 * internal.h - what the runtime's files share and nobody else sees. Each of
 * them includes this first: it asks for POSIX.
 */
#ifndef WSGEN_INTERNAL_H
#define WSGEN_INTERNAL_H

#ifndef _XOPEN_SOURCE
#define _XOPEN_SOURCE 700
#endif

#include <wsgen/event.h>
#include <wsgen/json.h>
#include <wsgen/log.h>
#include <wsgen/message.h>
#include <wsgen/runtime.h>

#include <stdint.h>

/* What API Gateway takes as one message. */
#define WSG_MESSAGE_MAX ((size_t)128 << 10)

/* What Lambda takes as an answer: 6 MB and a little. */
#define WSG_ANSWER_MAX ((size_t)6291556)

/*
 * What one event may make us allocate. A message of 128 KB cannot need more
 * unless it was made to: [{},{},{},... into a large struct.
 */
#define WSG_ARENA_MAX ((size_t)64 << 20)

/* As wsg_arena_alloc, but not zeroed. */
void *wsg_arena_raw(struct wsg_arena *arena, size_t size);

/*
 * The same memory with room for more; moved if it has to. What is added is not
 * zeroed. old may be NULL if old_size is 0.
 */
void *wsg_arena_grow(struct wsg_arena *arena, void *old, size_t old_size,
		     size_t size);

/* A copy with a NUL after it; ptr NULL when there is no memory. */
struct wsg_str wsg_arena_copy(struct wsg_arena *arena, struct wsg_str str);

struct wsg_str wsg_arena_printf(struct wsg_arena *arena, const char *format,
				...) WSG_PRINTF_LIKE(2, 3);

/*
 * Notes on a string as it is unescaped: offsets from base at which the escapes
 * in it went. If it holds JSON in turn, these are the marks of a wsg_json,
 * since quotes and all that cannot be plain had to be escaped.
 */
struct wsg_marks {
	uint32_t *next; /* where the next offset goes */
	uint32_t *last; /* no room from there on, but for the end of the list */
	const char *base;
};

/*
 * From the backslash at p on to what ends the string: unescaped where it
 * stands, *to being where that ends; or only checked. NULL: json->error is set.
 * *high as in scan.h. Each escape leaves a mark, unless marks is NULL.
 */
char *wsg_json_unescape(struct wsg_json *json, char *p, char **to,
			uint32_t *high, struct wsg_marks *marks);
char *wsg_json_skip_escapes(struct wsg_json *json, char *p, uint32_t *high);

/* As wsg_json_string, with notes. */
bool wsg_json_string_marked(struct wsg_json *json, struct wsg_str *value,
			    struct wsg_marks *marks);

/* Whether bytes are UTF-8 without surrogates or overlong forms. */
bool wsg_utf8_valid(const char *ptr, size_t len);

/* Code point as UTF-8 at to; how many bytes that took. */
size_t wsg_utf8_put(char *to, uint32_t code);

/*
 * Read the code point at *at, which must be valid UTF-8, and step over it.
 */
uint32_t wsg_utf8_next(const char **at);

/* A number of valid JSON as a double; false if it is too large for one. */
bool wsg_number_parse(char *text, size_t len, double *value);

/* The shortest text that reads as the same number, and its length. */
#define WSG_NUMBER_MAX 32
size_t wsg_number_print(char text[WSG_NUMBER_MAX], double value);

/* Decode standard base64 where it stands; false if it is not that. */
bool wsg_base64_decode(char *text, size_t len, size_t *decoded);

/* Decode base64url where it stands: no padding, nothing in between. */
bool wsg_base64url_decode(char *text, size_t len, size_t *decoded);

void wsg_base64_put(struct wsg_buf *out, struct wsg_str bytes);

/* RFC 3339, any offset; digits past milliseconds are dropped. */
bool wsg_time_parse(struct wsg_str text, int64_t *ms);

/* 2026-01-02T03:04:05.678Z; false outside of the years 0 to 9999. */
#define WSG_TIME_LEN 24
bool wsg_time_print(char text[WSG_TIME_LEN + 1], int64_t ms);

int64_t wsg_now_ms(void);

/* As wsg_decode, with marks; then the text must be UTF-8. NULL: unknown. */
bool wsg_decode_marked(const struct wsg_shape *shape, char *json, size_t len,
		       const uint32_t *marks, struct wsg_arena *arena,
		       void *msg, struct wsg_invalid *why);

/* As wsg_decode; scalars may also come as strings, as authorizers' do. */
bool wsg_decode_lenient(const struct wsg_shape *shape, char *json, size_t len,
			struct wsg_arena *arena, void *msg,
			struct wsg_invalid *why);

/* A member of an object: a string unescaped, anything else as its JSON. */
struct wsg_pair {
	struct wsg_str key;
	struct wsg_str value;
	enum wsg_json_type type;
};

/*
 * An object of the event, read when somebody asks. In a multi-value map each
 * value is a pair of its own.
 */
struct wsg_pairs {
	struct wsg_str raw; /* as it stands in the event; read in place */
	bool read;
	struct wsg_pair *items;
	size_t count;
	size_t size;
};

/* The next of a comma list, trimmed; false behind the last. */
bool wsg_next_offer(struct wsg_str *list, struct wsg_str *offer);

struct wsg_connect {
	struct wsg_event *event;
	int status; /* that the handler rejects with; 0: none */
	struct wsg_str subprotocol;
};

struct wsg_disconnect {
	struct wsg_event *event;
};

struct wsg_authorize {
	struct wsg_event *event;
	bool allowed;
	struct wsg_str principal;
	struct wsg_str usage_key;
	struct wsg_buf allow;	/* resources, as a list of JSON strings */
	struct wsg_buf deny;	/* the same */
	struct wsg_buf context; /* the members of an object */
};

/* What the Runtime API says about an invocation, in its headers. */
struct wsg_invocation {
	struct wsg_str id;
	int64_t deadline_ms;
	struct wsg_str function_arn;
	struct wsg_str trace_id;
	struct wsg_str client_context;
	struct wsg_str cognito_identity;
};

/* The maps of an event, behind a pointer so that reading them is const. */
struct wsg_event_maps {
	struct wsg_pairs context;
	struct wsg_pairs identity;
	struct wsg_pairs authorizer;
	struct wsg_pairs headers;
	struct wsg_pairs multi_headers;
	struct wsg_pairs query;
	struct wsg_pairs multi_query;
	struct wsg_pairs stage_variables;

	struct wsg_str *joins; /* topics, for when $connect has let it in */
	size_t joins_count;
};

/*
 * What is kept from event to event for those that send: connections and keys.
 * Whoever first needs it makes it, so that only they have it linked.
 */
struct wsg_kept {
	void (*release)(struct wsg_kept *kept);
};

struct wsg_event {
	struct wsg_arena *arena;
	struct wsg_invocation invocation;
	char *text; /* the whole event, text[len] is a NUL */
	size_t len;

	struct wsg_str type; /* REQUEST for an authorizer */
	struct wsg_str method_arn;
	struct wsg_str body; /* with a NUL behind it */
	const uint32_t
		*body_marks; /* as long as it stands as it came; or NULL */
	bool keeps_body;     /* for wsg_session, as reading changes it */
	struct wsg_str kept_body;
	struct wsg_str route_key;
	struct wsg_event_maps *maps;

	struct wsg_connect connect;
	struct wsg_disconnect disconnect;
	struct wsg_authorize authorize;

	struct wsg_invalid invalid;
	const struct wsg_registry *registry; /* NULL: no connections kept */
	bool is_invalid;
	bool two_way;	      /* the route has a reply */
	struct wsg_buf reply; /* its body */

	struct wsg_kept *kept;	 /* NULL until something is */
	struct wsg_kept *stored; /* the same of the registry's store */
};

/* Memory of an event that is used again for the next. */
bool wsg_event_init(struct wsg_event *event);
void wsg_event_release(struct wsg_event *event);

/*
 * Take an event apart. text[len] must be writable; the text is the event's
 * from then on. False: *error is a phrase that says why.
 */
bool wsg_event_read(struct wsg_event *event, char *text, size_t len,
		    const char **error);

/* Start a new event, for functions that want it unread. */
void wsg_event_start(struct wsg_event *event, char *text, size_t len);

/* The members of an object that stands at raw; false if it is none. */
bool wsg_pairs_read(struct wsg_pairs *pairs, struct wsg_arena *arena);
const struct wsg_pair *wsg_pairs_find(struct wsg_pairs *pairs,
				      struct wsg_arena *arena,
				      const char *name);

/* What went wrong with an invocation, for Lambda and for the log. */
struct wsg_fault {
	const char *type; /* Function.Failed */
	struct wsg_str message;
};

/*
 * Let the function answer the event, into out. False: *fault says why there
 * is no answer.
 */
bool wsg_answer(const struct wsg_function *function, struct wsg_event *event,
		char *text, size_t len, struct wsg_buf *out,
		struct wsg_fault *fault);

/* The answer of an authorizer, and of $connect. */
void wsg_authorize_answer(struct wsg_authorize *client, bool allow,
			  struct wsg_buf *out);
void wsg_connect_answer(struct wsg_connect *client, enum wsg_result result,
			struct wsg_buf *out);

/* {"errorMessage": ...}, as Lambda wants it. */
void wsg_fault_write(const struct wsg_fault *fault, struct wsg_buf *out);

/* The event that log lines name from now on; NULL for none. */
void wsg_log_event(const struct wsg_event *event);
const struct wsg_event *wsg_log_current(void);
bool wsg_log_is_json(void);

/* Crashes leave a line that names route and request. */
void wsg_crash_init(void);

/* Bytes that came in over a socket. */
struct wsg_inbox {
	char *ptr;
	size_t len;
	size_t size;
};

/*
 * A connection to the Runtime API. The event and what its headers say live in
 * its inbox until the next one is asked for; answers to posts have their own.
 */
struct wsg_lambda {
	char address[256]; /* host:port */
	int fd;		   /* -1: not connected */
	struct wsg_inbox event;
	struct wsg_inbox answer;
	struct wsg_buf head; /* of the request */
};

/* False: the address is not host:port. Nothing is connected yet. */
bool wsg_lambda_init(struct wsg_lambda *api, const char *address);
void wsg_lambda_release(struct wsg_lambda *api);

/*
 * Wait for an event. The result is its HTTP status, 0 if there is no answer;
 * with 200, text[len] may be written to.
 */
int wsg_lambda_next(struct wsg_lambda *api, char **text, size_t *len,
		    struct wsg_invocation *invocation);

/*
 * Post body to path, `invocation/<id>/response`. error_type goes into a header
 * unless it is NULL. The result is the HTTP status, 0 if there is none.
 */
int wsg_lambda_post(struct wsg_lambda *api, const char *path,
		    const char *error_type, struct wsg_str body);

/* SIGTERM has come; it also ends a wsg_lambda_next that waits. */
bool wsg_lambda_stopping(void);
void wsg_lambda_watch(void);

/* A connected TCP socket to host:port, -1 if that fails; errno says why. */
int wsg_dial(const char *address);

/* An HTTP answer, whole. Offsets are into the inbox. */
struct wsg_http {
	int status;
	size_t head_len;
	size_t body; /* where it starts */
	size_t body_len;
	bool close; /* the server will */
};

/*
 * Read an answer from fd. False: the connection ended, or it is not HTTP; then
 * inbox->len says whether anything came at all.
 */
bool wsg_http_read(int fd, struct wsg_inbox *inbox, struct wsg_http *answer);

/* A header of an answer that was read, none if it is not there. */
struct wsg_str wsg_http_header(const struct wsg_inbox *inbox,
			       const struct wsg_http *answer, const char *name);

#endif
