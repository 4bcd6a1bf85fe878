/* SPDX-License-Identifier: MIT */
/*
 * From an event of API Gateway to a typed struct, against cJSON doing the same.
 * Ratios of one run; the best of several rounds, since a busy machine only ever
 * makes things slower.
 */
#include "chat.h"
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#if HAVE_CJSON
#include <cjson/cJSON.h>
#endif

#define ROUNDS 400

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* A member that no shape knows, of about len bytes: to be skipped. */
static void add_history(struct wsg_buf *body, size_t len)
{
	size_t end = body->len + len;

	body->len--; /* the closing brace */
	wsg_buf_text(body, ",\"history\":[");
	while (body->len < end)
		wsg_buf_text(body, "{\"from\":\"ada\",\"at\":1768910103453,"
				   "\"text\":\"The quick brown fox jumps "
				   "over the lazy dog, and back again.\","
				   "\"seen\":[true,null]},");
	wsg_buf_text(body, "null]}");
}

/*
 * A message as AWS delivers it, about 800 bytes and its text, which takes
 * text_len bytes.
 */
static void make_event(struct wsg_buf *event, size_t text_len,
		       size_t history_len)
{
	struct chat_send_message msg = { .room = wsg_str("lobby") };
	struct wsg_arena *arena = wsg_arena_new();
	struct wsg_buf body = { 0 }, text = { 0 };
	struct wsg_invalid why;
	size_t i;

	for (i = 0; i < text_len; i++)
		wsg_buf_text(&text, i % 80 == 79 ? "\"" : "x");
	msg.text = (struct wsg_str){ text.ptr, text.len };
	msg.has_seq = true;
	msg.seq = 1234567890123;
	if (!arena ||
	    !wsg_encode(&chat_shape_send_message, &msg, arena, &body, &why))
		exit(1);
	if (history_len)
		add_history(&body, history_len);
	wsg_buf_text(event,
		     "{\"requestContext\":{\"routeKey\":\"sendMessage\","
		     "\"authorizer\":{\"user\":\"ada\",\"tenant\":\"acme\","
		     "\"principalId\":\"ada@example.com\"},"
		     "\"messageId\":\"R1knPc2ntjMCFIA=\","
		     "\"eventType\":\"MESSAGE\","
		     "\"extendedRequestId\":\"R1knPH17NjMFftw=\","
		     "\"requestTime\":\"20/Jan/2026:11:55:00 +0000\","
		     "\"messageDirection\":\"IN\",\"stage\":\"prod\","
		     "\"connectedAt\":1768910100419,"
		     "\"requestTimeEpoch\":1768910103453,"
		     "\"identity\":{\"userAgent\":\"Mozilla/5.0 (X11; Linux "
		     "x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
		     "Chrome/118.0.0.0 Safari/537.36\","
		     "\"sourceIp\":\"198.51.100.154\"},"
		     "\"requestId\":\"R1knPH17NjMFftw=\","
		     "\"domainName\":\"gy415nuibc.execute-api.eu-west-1."
		     "amazonaws.com\",\"connectionId\":\"R1kmxc2VNjMCFIA=\","
		     "\"apiId\":\"gy415nuibc\"},\"isBase64Encoded\":false,"
		     "\"body\":");
	wsg_json_put_string(event, (struct wsg_str){ body.ptr, body.len });
	wsg_buf_text(event, "}");
	wsg_buf_release(&body);
	wsg_buf_release(&text);
	wsg_arena_free(arena);
}

static size_t ours(struct wsg_event *event, char *text, size_t len)
{
	struct chat_send_message msg;
	const char *error;

	if (!wsg_event_read(event, text, len, &error) ||
	    !chat_read_send_message(event, &msg))
		exit(1);
	return msg.text.len + wsg_connection_id(event).len;
}

#if HAVE_CJSON
static size_t theirs(const char *text)
{
	cJSON *event = cJSON_Parse(text);
	cJSON *context =
		cJSON_GetObjectItemCaseSensitive(event, "requestContext");
	cJSON *body = cJSON_Parse(cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(event, "body")));
	const char *room = cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(body, "room"));
	const char *said = cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(body, "text"));
	const char *id = cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(context, "connectionId"));
	cJSON *seq = cJSON_GetObjectItemCaseSensitive(body, "seq");
	size_t sum;

	if (!room || !said || !id || !cJSON_IsNumber(seq))
		exit(1);
	sum = strlen(said) + strlen(id);
	cJSON_Delete(event);
	cJSON_Delete(body);
	return sum;
}
#endif

enum rival { COPY, OURS, THEIRS, RIVALS };

/* Nanoseconds for one of times, of the copy that all need as well. */
static double run(enum rival rival, struct wsg_event *event, char *copy,
		  const struct wsg_buf *sample, size_t times)
{
	double start = now_ns();
	size_t i, sum = 0;

	for (i = 0; i < times; i++) {
		memcpy(copy, sample->ptr, sample->len + 1);
		sum += (unsigned char)copy[i % sample->len];
		if (rival == OURS)
			sum += ours(event, copy, sample->len);
#if HAVE_CJSON
		if (rival == THEIRS)
			sum += theirs(copy);
#endif
	}
	if (!sum)
		exit(1);
	return (now_ns() - start) / (double)times;
}

/* The best of many rounds, in which all take turns. */
static void measure(const struct wsg_buf *sample, double best[RIVALS])
{
	size_t times = 200000 / sample->len + 1;
	char *copy = malloc(sample->len + 1);
	struct wsg_event event;
	enum rival rival;
	int round;

	if (!copy || !wsg_event_init(&event))
		exit(1);
	for (rival = COPY; rival < RIVALS; rival++)
		best[rival] = 1e18;
	for (round = 0; round < ROUNDS; round++) {
		for (rival = COPY; rival < RIVALS; rival++) {
			double took = run(rival, &event, copy, sample, times);

			if (took < best[rival])
				best[rival] = took;
		}
	}
	wsg_event_release(&event);
	free(copy);
}

static void compare(const char *name, struct wsg_buf *sample, double limit)
{
	double best[RIVALS], mine, other;

	measure(sample, best);
	mine = best[OURS] - best[COPY];
	other = best[THEIRS] - best[COPY];
	printf("%-24s %6zu bytes %9.0f ns", name, sample->len, mine);
	if (HAVE_CJSON)
		printf("   cJSON %9.0f ns   ratio %.3f (<= %.2f) %s\n", other,
		       mine / other, limit,
		       mine <= limit * other ? "ok" : "MISSED");
	else
		printf("   cJSON not run: no libcjson here\n");
	wsg_buf_release(sample);
}

int main(void)
{
	struct wsg_buf sample = { 0 };

	make_event(&sample, 500, 0);
	compare("event to struct", &sample, 0.16);
	make_event(&sample, 4000, 0);
	compare("event, 4 KB text", &sample, 0.16);
	/* 0.6 of yyjson's time, of which the others are 0.7. */
	make_event(&sample, 500, 64000);
	compare("event, 64 KB body", &sample, 0.137);
	return 0;
}
