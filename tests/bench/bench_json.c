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

/* A message as AWS delivers it, about 1.5 KB; its text takes text_len bytes. */
static void make_event(struct wsg_buf *event, size_t text_len)
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

/* Nanoseconds for one, at best; the copy both need is taken out. */
static double measure(bool is_ours, const struct wsg_buf *sample)
{
	size_t times = 200000 / sample->len + 1, i, sum = 0;
	char *copy = malloc(sample->len + 1);
	struct wsg_event event;
	double best = 1e18, copying = 1e18;
	int round;

	if (!copy || !wsg_event_init(&event))
		exit(1);
	for (round = 0; round < ROUNDS; round++) {
		double start = now_ns(), took;

		for (i = 0; i < times; i++) {
			memcpy(copy, sample->ptr, sample->len + 1);
			sum += (unsigned char)copy[i % sample->len];
		}
		took = (now_ns() - start) / (double)times;
		copying = took < copying ? took : copying;
		start = now_ns();
		for (i = 0; i < times; i++) {
			memcpy(copy, sample->ptr, sample->len + 1);
			if (is_ours)
				sum += ours(&event, copy, sample->len);
#if HAVE_CJSON
			else
				sum += theirs(copy);
#endif
		}
		took = (now_ns() - start) / (double)times;
		best = took < best ? took : best;
	}
	if (!sum)
		exit(1);
	wsg_event_release(&event);
	free(copy);
	return best - copying;
}

static void compare(const char *name, size_t text_len, double limit)
{
	struct wsg_buf sample = { 0 };
	double mine, other;

	make_event(&sample, text_len);
	mine = measure(true, &sample);
	printf("%-24s %6zu bytes %9.0f ns", name, sample.len, mine);
#if HAVE_CJSON
	other = measure(false, &sample);
	printf("   cJSON %9.0f ns   ratio %.3f (<= %.2f) %s\n", other,
	       mine / other, limit, mine <= limit * other ? "ok" : "MISSED");
#else
	(void)other;
	(void)limit;
	printf("   cJSON not run: no libcjson here\n");
#endif
	wsg_buf_release(&sample);
}

int main(void)
{
	compare("event to struct", 500, 0.16);
	compare("event, 4 KB text", 4000, 0.16);
	return 0;
}
