/* SPDX-License-Identifier: MIT */
/* console.c - the requests below /_wsgen, and who may make them. */
#include "console.h"

#include "feed.h"
#include "page.h"
#include "state.h"

#include "../base/mem.h"
#include "../base/text.h"
#include "../gateway.h"

#include <arpa/inet.h>
#include <stdlib.h>

struct console {
	struct loop *loop;
	const struct config *config;
	struct feed *feed;
};

/*
 * Nothing from elsewhere, no code in the page, nobody may frame it. Sockets may
 * go anywhere, since each API has its port and the user names addresses.
 */
#define HEADERS                                                            \
	"Content-Security-Policy: default-src 'none'; script-src 'self'; " \
	"style-src 'self'; img-src 'self'; connect-src 'self' ws: wss:; "  \
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "    \
	"require-trusted-types-for 'script'; trusted-types 'none'\r\n"     \
	"X-Content-Type-Options: nosniff\r\n"                              \
	"Referrer-Policy: no-referrer\r\n"                                 \
	"Cross-Origin-Opener-Policy: same-origin\r\n"                      \
	"Cross-Origin-Resource-Policy: same-origin\r\n"                    \
	"Cache-Control: no-store\r\n"

struct console *console_new(struct loop *loop, struct trace *trace)
{
	struct console *console = mem_alloc(sizeof(*console));

	console->loop = loop;
	console->feed = feed_new(loop, trace);
	return console;
}

void console_free(struct console *console)
{
	if (!console)
		return;
	feed_free(console->feed);
	free(console);
}

void console_show(struct console *console, const struct config *config)
{
	console->config = config;
}

/* "127.0.0.1:3001" to "127.0.0.1", "[::1]:3001" to "::1". */
static struct wsg_str without_port(struct wsg_str host)
{
	struct wsg_str rest;

	if (!host.len || *host.ptr != '[')
		return text_cut(host, ':', &rest);
	host.ptr++;
	host.len--;
	return text_cut(host, ']', &rest);
}

/*
 * Whether the Host is this machine by its address. A name could be anybody's
 * whose DNS points here, and a page from there would then be of our origin.
 */
static bool is_by_address(struct wsg_str host)
{
	unsigned char address[16];
	char name[64];

	host = without_port(host);
	if (text_alike(host, wsg_str("localhost")))
		return true;
	if (!host.len || host.len >= sizeof(name))
		return false;
	memcpy(name, host.ptr, host.len);
	name[host.len] = '\0';
	return inet_pton(AF_INET, name, address) == 1 ||
	       inet_pton(AF_INET6, name, address) == 1;
}

/* Browsers name the page that asks; what is no browser does not. */
bool console_admits(const struct http_request *request)
{
	static const char scheme[] = "http://";
	const size_t len = sizeof(scheme) - 1;
	struct wsg_str host = http_header(request, "Host");
	struct wsg_str origin = http_header(request, "Origin");

	if (!is_by_address(host))
		return false;
	if (!origin.ptr)
		return true;
	if (origin.len < len || memcmp(origin.ptr, scheme, len))
		return false;
	origin.ptr += len;
	origin.len -= len;
	return text_alike(origin, host);
}

static void reply(struct exchange *exchange, int status, const char *type,
		  struct wsg_str body)
{
	struct wsg_buf headers = { 0 };

	wsg_buf_printf(&headers, HEADERS "Content-Type: %s\r\n", type);
	if (headers.failed)
		mem_exhausted();
	exchange_reply(exchange, status,
		       (struct wsg_str){ headers.ptr, headers.len }, body);
	wsg_buf_release(&headers);
}

static void reply_text(struct exchange *exchange, int status, const char *text)
{
	reply(exchange, status, "text/plain; charset=utf-8", wsg_str(text));
}

static void reply_state(struct console *console, struct exchange *exchange)
{
	struct wsg_buf body = { 0 };

	state_put(&body, console->config, loop_clock(console->loop));
	if (body.failed)
		mem_exhausted();
	reply(exchange, 200, "application/json",
	      (struct wsg_str){ body.ptr, body.len });
	wsg_buf_release(&body);
}

static const struct page_file *find_file(struct wsg_str name)
{
	if (wsg_str_is(name, "/"))
		name.len = 0;
	for (size_t i = 0; i < page_files_count; i++)
		if (wsg_str_is(name, page_files[i].name))
			return &page_files[i];
	return NULL;
}

void console_request(struct console *console, struct exchange *exchange)
{
	const struct http_request *request = exchange->request;
	const size_t prefix = sizeof(GATEWAY_PREFIX) - 1;
	struct wsg_str name = { request->path.ptr + prefix,
				request->path.len - prefix };
	const struct page_file *file = find_file(name);

	if (!console_admits(request))
		reply_text(exchange, 403, "Not from this page's own origin\n");
	else if (!wsg_str_is(request->method, "GET") &&
		 !wsg_str_is(request->method, "HEAD"))
		reply_text(exchange, 405, "GET, please\n");
	else if (wsg_str_is(name, "/feed"))
		feed_open(console->feed, exchange);
	else if (wsg_str_is(name, "/state") && console->config)
		reply_state(console, exchange);
	else if (file)
		reply(exchange, 200, file->type,
		      (struct wsg_str){ (const char *)file->bytes, file->len });
	else
		reply_text(exchange, 404, "Nothing is here\n");
}
