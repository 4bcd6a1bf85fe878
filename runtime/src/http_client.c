/* SPDX-License-Identifier: MIT */
/*
 * The HTTP client's jobs: links get requests, poll() says which go on, and
 * what comes of each is handed back. See http_client.h.
 */
#include "http_client.h"

#include "link.h"

#include <poll.h>
#include <stdlib.h>

/* What connecting to one of several addresses may take. */
#define CONNECT_MS 3000

struct wsg_net {
	struct wsg_resolver resolver;
	struct wsg_tls_trust *trust;
	struct wsg_link links[WSG_LINKS_MAX];
};

/* A job on its way. */
struct run {
	struct wsg_net *net;
	const struct wsg_job *job;
	bool resolved;
	struct wsg_addresses addresses;
	const char *error; /* why there are none */
	bool more;	   /* there may be requests that were not started */
	unsigned active;
};

struct wsg_net *wsg_net_new(void)
{
	struct wsg_net *net = calloc(1, sizeof(*net));
	size_t i;

	for (i = 0; net && i < WSG_LINKS_MAX; i++) {
		net->links[i].fd = -1;
		net->links[i].trust = &net->trust;
	}
	return net;
}

bool wsg_net_trust_public(struct wsg_net *net, const char **error)
{
	if (!net->trust)
		net->trust = wsg_tls_trust_public(error);
	return net->trust != NULL;
}

void wsg_net_free(struct wsg_net *net)
{
	size_t i;

	if (!net)
		return;
	for (i = 0; i < WSG_LINKS_MAX; i++) {
		wsg_link_close(&net->links[i]);
		wsg_buf_release(&net->links[i].head);
		free(net->links[i].in.ptr);
	}
	if (net->trust)
		wsg_tls_trust_free(net->trust);
	free(net);
}

struct wsg_resolver *wsg_net_resolver(struct wsg_net *net)
{
	return &net->resolver;
}

void wsg_net_age(struct wsg_net *net, int64_t ms)
{
	size_t i;

	for (i = 0; i < WSG_LINKS_MAX; i++)
		net->links[i].idle_since_ms -= ms;
}

static bool is_busy(const struct wsg_link *link)
{
	return link->state != WSG_LINK_CLOSED && link->state != WSG_LINK_IDLE;
}

static bool same_origin(const struct wsg_origin *a, const struct wsg_origin *b)
{
	return a->tls == b->tls && a->port == b->port &&
	       !strcmp(a->host, b->host);
}

/*
 * A link for the next request: one that is kept and alive, else one that is
 * closed, else one that is kept for somebody else. Never NULL while fewer are
 * active than there are links.
 */
static struct wsg_link *pick(struct wsg_net *net,
			     const struct wsg_origin *origin)
{
	struct wsg_link *closed = NULL, *other = NULL;
	size_t i;

	for (i = 0; i < WSG_LINKS_MAX; i++) {
		struct wsg_link *link = &net->links[i];

		if (is_busy(link))
			continue;
		if (link->state == WSG_LINK_CLOSED) {
			closed = closed ? closed : link;
		} else if (!same_origin(&link->origin, origin)) {
			other = other ? other : link;
		} else if (wsg_link_alive(link)) {
			return link;
		} else {
			wsg_link_close(link);
			closed = closed ? closed : link;
		}
	}
	return closed ? closed : other;
}

/* Connect to the next address, until one of them takes it. */
static void connect_next(struct run *run, struct wsg_link *link)
{
	int64_t now = wsg_clock_ms(), until = run->job->deadline_ms;
	size_t count;

	if (!run->resolved) {
		run->resolved = true;
		if (!wsg_resolve(&run->net->resolver, run->job->origin->host,
				 run->job->deadline_ms, &run->addresses,
				 &run->error))
			run->addresses.count = 0;
		now = wsg_clock_ms();
	}
	count = run->addresses.count;
	if (!count) {
		wsg_link_close(link);
		link->state = WSG_LINK_FAILED;
		link->error = run->error;
		return;
	}
	do {
		if (link->address + 1 < count && until > now + CONNECT_MS)
			until = now + CONNECT_MS;
		wsg_link_connect(link, &run->addresses.items[link->address++],
				 until);
	} while (link->state == WSG_LINK_FAILED && link->address < count);
	if (link->state == WSG_LINK_SENDING)
		wsg_link_step(link);
}

static void settle(struct run *run, struct wsg_link *link);

/* The next request into a link; false if there is none. */
static bool start_next(struct run *run)
{
	const struct wsg_job *job = run->job;
	struct wsg_link *link = pick(run->net, job->origin);

	wsg_buf_clear(&link->head);
	link->body = (struct wsg_str){ NULL, 0 };
	if (!job->next(job->arg, &link->head, &link->body, &link->tag))
		return false;
	run->active++;
	link->body_max = job->body_max;
	link->address = 0;
	if (link->head.failed) {
		wsg_link_close(link);
		link->state = WSG_LINK_FAILED;
		link->error = "out of memory";
	} else if (link->state == WSG_LINK_IDLE &&
		   same_origin(&link->origin, job->origin)) {
		wsg_link_reuse(link);
		wsg_link_step(link);
	} else {
		link->origin = *job->origin;
		connect_next(run, link);
	}
	settle(run, link);
	return true;
}

/* What came of a link that was just worked on. */
static void settle(struct run *run, struct wsg_link *link)
{
	const struct wsg_job *job = run->job;

	/*
	 * Closed by the other side while nobody looked: that says nothing
	 * about the request, which it has not answered.
	 */
	if (link->state == WSG_LINK_FAILED && link->kept &&
	    !wsg_link_answered(link)) {
		link->address = 0;
		connect_next(run, link);
	}
	if (link->state == WSG_LINK_DONE) {
		link->state = link->fd >= 0 ? WSG_LINK_IDLE : WSG_LINK_CLOSED;
		link->idle_since_ms = wsg_now_ms();
		run->active--;
		job->done(job->arg, link->tag, &link->response, NULL);
	} else if (link->state == WSG_LINK_FAILED) {
		link->state = WSG_LINK_CLOSED;
		run->active--;
		job->done(job->arg, link->tag, NULL, link->error);
	}
}

/* One link has waited: go on, or give up. */
static void work_on(struct run *run, struct wsg_link *link, bool ready,
		    int64_t now)
{
	bool connecting = link->state == WSG_LINK_CONNECTING;

	if (ready) {
		wsg_link_step(link);
	} else if (now >= run->job->deadline_ms ||
		   (connecting && now >= link->connect_until_ms)) {
		wsg_link_close(link);
		link->kept = false;
		link->state = WSG_LINK_FAILED;
		link->error = connecting ? "connecting timed out" : "timed out";
	}
	if (connecting && link->state == WSG_LINK_FAILED &&
	    link->address < run->addresses.count && now < run->job->deadline_ms)
		connect_next(run, link);
	settle(run, link);
}

static int64_t time_left(const struct run *run, int64_t now)
{
	int64_t until = run->job->deadline_ms, left;
	size_t i;

	for (i = 0; i < WSG_LINKS_MAX; i++) {
		const struct wsg_link *link = &run->net->links[i];

		if (link->state == WSG_LINK_CONNECTING &&
		    link->connect_until_ms < until)
			until = link->connect_until_ms;
	}
	left = until - now;
	return left < 0 ? 0 : left > 60000 ? 60000 : left;
}

/* Wait for any of the links that are at work, and work on those. */
static void wait_and_work(struct run *run)
{
	struct pollfd pollers[WSG_LINKS_MAX];
	struct wsg_link *links[WSG_LINKS_MAX];
	nfds_t count = 0, i;
	int64_t now;

	for (i = 0; i < WSG_LINKS_MAX; i++) {
		struct wsg_link *link = &run->net->links[i];

		if (!is_busy(link))
			continue;
		links[count] = link;
		pollers[count++] = (struct pollfd){ .fd = link->fd,
						    .events = link->wants };
	}
	now = wsg_clock_ms();
	/* When it fails nothing is ready, and the time goes on. */
	poll(pollers, count, (int)time_left(run, now));
	now = wsg_clock_ms();
	for (i = 0; i < count; i++)
		work_on(run, links[i], pollers[i].revents != 0, now);
}

void wsg_net_run(struct wsg_net *net, const struct wsg_job *job)
{
	struct run run = { .net = net, .job = job, .more = true };
	unsigned parallel = job->parallel;

	if (parallel < 1 || parallel > WSG_LINKS_MAX)
		parallel = WSG_LINKS_MAX;
	do {
		while (run.more && run.active < parallel &&
		       wsg_clock_ms() < job->deadline_ms)
			run.more = start_next(&run);
		if (run.active)
			wait_and_work(&run);
	} while (run.active || (run.more && wsg_clock_ms() < job->deadline_ms));
}
