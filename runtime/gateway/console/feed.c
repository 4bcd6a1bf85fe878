/* SPDX-License-Identifier: MIT */
/* feed.c - events gathered for 50 ms, then sent to each page. */
#include "feed.h"

#include "history.h"
#include "live.h"

#include "../base/mem.h"
#include "../ws/handshake.h"
#include "../ws/socket.h"

#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

struct page {
	struct ws_socket socket;
	struct feed *feed;
	struct page *next;
	size_t missed;
};

struct feed {
	struct trace_listener listener; /* the first member */
	struct loop *loop;
	struct trace *trace;
	struct history history;
	struct live live;
	struct page *pages;
	size_t pages_count;
	struct loop_timer timer;
	struct wsg_buf batch; /* events, commas between */
	size_t missed;	      /* that did not fit the batch */
	int64_t second;	      /* that `kept` counts for */
	unsigned kept[2];     /* what is good, and what is bad */
};

/* A page says nothing that matters; what it sends is small. */
static const struct frame_limits limits = { 4096, 4096, true };

static void close_page(struct page *page)
{
	struct page **at = &page->feed->pages;

	while (*at != page)
		at = &(*at)->next;
	*at = page->next;
	page->feed->pages_count--;
	ws_socket_release(&page->socket);
	free(page);
}

static void on_message(struct ws_socket *socket, enum frame_opcode opcode,
		       struct wsg_str payload)
{
	(void)socket, (void)opcode, (void)payload;
}

static void on_closed(struct ws_socket *socket, unsigned code,
		      struct wsg_str reason)
{
	(void)code, (void)reason;
	close_page(socket->owner);
}

/* The first batch of a page also says who is connected already. */
static void send_batch(struct page *page, struct wsg_str events, size_t missed,
		       bool first)
{
	const struct live *live = &page->feed->live;
	struct wsg_buf text = { 0 };

	missed += page->missed;
	wsg_buf_text(&text, "{\"events\":[");
	wsg_buf_str(&text, events);
	wsg_buf_printf(&text, "],\"missed\":%zu,\"open\":%zu", missed,
		       live_count(live));
	if (first) {
		wsg_buf_text(&text, ",\"connections\":");
		live_put(&text, live);
	}
	wsg_buf_text(&text, "}");
	if (text.failed)
		mem_exhausted();
	page->missed = missed;
	if (ws_socket_send(&page->socket, FRAME_TEXT,
			   (struct wsg_str){ text.ptr, text.len }) == WS_SENT)
		page->missed = 0;
	else
		page->missed++;
	wsg_buf_release(&text);
}

static void flush(struct loop_timer *timer)
{
	struct feed *feed =
		(struct feed *)((char *)timer - offsetof(struct feed, timer));
	const struct wsg_str events = { feed->batch.ptr, feed->batch.len };

	for (struct page *page = feed->pages; page; page = page->next)
		send_batch(page, events, feed->missed, false);
	wsg_buf_clear(&feed->batch);
	feed->missed = 0;
}

/* Not in the middle of a character. */
static struct wsg_str cut(struct wsg_str text)
{
	if (text.len <= FEED_TEXT_MAX)
		return text;
	text.len = FEED_TEXT_MAX;
	while (text.len && ((unsigned char)text.ptr[text.len] & 0xc0) == 0x80)
		text.len--;
	return text;
}

/* While nobody looks, only so many a second are worth keeping. */
static bool is_worth_it(struct feed *feed, const struct trace_event *event)
{
	int64_t second;

	if (feed->pages)
		return true;
	/* A clock that is moved by hand may stand still. */
	second = loop_now_us(feed->loop, CLOCK_REAL) / 1000000;
	if (feed->second != second) {
		feed->second = second;
		feed->kept[0] = feed->kept[1] = 0;
	}
	return feed->kept[event->bad]++ < FEED_KEPT_PER_S;
}

/* The event as JSON, whose reader is told if not all of its text is there. */
static void put_event(struct wsg_buf *out, const struct trace_event *event)
{
	struct trace_event shown = *event;

	shown.text = cut(event->text);
	trace_put(out, &shown);
	if (out->failed || shown.text.len == event->text.len)
		return;
	out->len--;
	wsg_buf_text(out, ",\"cut\":true}");
}

static void hear(struct trace_listener *listener,
		 const struct trace_event *event)
{
	struct feed *feed = (struct feed *)listener;
	struct wsg_buf text = { 0 };

	live_hear(&feed->live, event);
	if (!is_worth_it(feed, event))
		return;
	put_event(&text, event);
	if (!text.failed)
		history_add(&feed->history,
			    (struct wsg_str){ text.ptr, text.len });
	if (text.failed || !feed->pages ||
	    feed->batch.len + text.len > FEED_BATCH_MAX) {
		feed->missed++;
	} else {
		if (feed->batch.len)
			wsg_buf_text(&feed->batch, ",");
		wsg_buf_add(&feed->batch, text.ptr, text.len);
	}
	if (feed->pages && !feed->timer.place)
		loop_start(feed->loop, &feed->timer, FEED_EVERY_MS * 1000);
	if (!feed->pages)
		feed->missed = 0;
	wsg_buf_release(&text);
}

struct feed *feed_new(struct loop *loop, struct trace *trace)
{
	struct feed *feed = mem_alloc(sizeof(*feed));

	feed->loop = loop;
	feed->trace = trace;
	feed->timer = (struct loop_timer){ .fire = flush, .clock = CLOCK_REAL };
	feed->listener.hear = hear;
	feed->listener.kinds = (1u << TRACE_KINDS) - 1;
	trace_listen(trace, &feed->listener);
	return feed;
}

void feed_free(struct feed *feed)
{
	if (!feed)
		return;
	trace_ignore(feed->trace, &feed->listener);
	loop_stop(feed->loop, &feed->timer);
	while (feed->pages)
		close_page(feed->pages);
	history_release(&feed->history);
	live_release(&feed->live);
	wsg_buf_release(&feed->batch);
	free(feed);
}

static void send_history(struct feed *feed, struct page *page)
{
	struct wsg_buf events = { 0 };

	for (size_t i = 0; i < feed->history.count; i++) {
		if (i)
			wsg_buf_text(&events, ",");
		wsg_buf_str(&events, history_at(&feed->history, i));
	}
	if (events.failed)
		mem_exhausted();
	send_batch(page, (struct wsg_str){ events.ptr, events.len }, 0, true);
	wsg_buf_release(&events);
}

void feed_open(struct feed *feed, struct exchange *exchange)
{
	static const struct ws_socket_user user = { on_message, on_closed };
	struct wsg_buf first = { 0 }, rest = { 0 };
	const char *message;
	struct page *page;
	int status = handshake_check(exchange->request, &message);
	int fd;

	if (!status && feed->pages_count == FEED_PAGES_MAX) {
		status = 503;
		message = "Too many consoles are open";
	}
	if (status) {
		exchange_reply_message(exchange, status, NULL, message);
		return;
	}
	/* What has gathered so far is in the history, which comes next. */
	if (feed->timer.place) {
		loop_stop(feed->loop, &feed->timer);
		flush(&feed->timer);
	}
	handshake_accept(exchange->request, (struct wsg_str){ 0 }, &first);
	fd = exchange_take(exchange, &rest);
	page = mem_alloc(sizeof(*page));
	page->feed = feed;
	if (ws_socket_init(&page->socket, feed->loop, fd, &user, page, &limits,
			   (struct wsg_str){ first.ptr, first.len },
			   (struct wsg_str){ rest.ptr, rest.len })) {
		page->socket.pending_max = FEED_PENDING_MAX;
		page->next = feed->pages;
		feed->pages = page;
		feed->pages_count++;
		send_history(feed, page);
	} else {
		free(page);
	}
	wsg_buf_release(&first);
	wsg_buf_release(&rest);
}
