/* SPDX-License-Identifier: MIT */
/*
 * The server over loopback: conversations as a table, then what needs more than
 * one: clients that are slow, many, or gone before they were answered.
 */
#include "test.h"

#include "net/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

#define BODY_MAX 300000
#define BIG 20000000 /* more than sockets hold */
#define HOST "Host: h\r\n"
#define END "\r\n"

/* Long enough for anything to happen that is going to. */
#define SETTLE_US 15000

static const struct server_times quick = { 60, 60, 90, 60, 60 };
static const struct server_times quick_to_read = { 9999, 9999, 9999, 500, 60 };

/* What the server's owner knows: it answers as the paths say. */
struct site {
	struct loop *loop;
	struct server *server;
	struct loop_timer later;
	struct loop_timer quit;
	int rounds; /* before that */
	struct exchange *waiting;
	size_t abandoned;
	int taken;
	struct wsg_buf rest;
	struct wsg_buf answer; /* of the client, the date taken out */
};

static struct wsg_str text(const char *of)
{
	return wsg_str(of);
}

/* What the request was, as a body. */
static void echo(struct exchange *exchange, bool last)
{
	const struct http_request *request = exchange->request;
	struct wsg_buf body = { 0 };
	struct wsg_str bytes;

	wsg_buf_str(&body, request->method);
	wsg_buf_text(&body, " ");
	wsg_buf_str(&body, request->target);
	wsg_buf_text(&body, " ");
	wsg_buf_str(&body, request->body);
	bytes = test_str(&body);
	if (last)
		exchange_reply_last(exchange, 200, text("A: b\r\n"), bytes);
	else
		exchange_reply(exchange, 200, text("A: b\r\n"), bytes);
	wsg_buf_release(&body);
}

static void answer_later(struct loop_timer *timer)
{
	struct site *site =
		(struct site *)((char *)timer - offsetof(struct site, later));
	struct exchange *exchange = site->waiting;

	site->waiting = NULL;
	if (wsg_str_is(exchange->request->path, "/taken-later"))
		site->taken = exchange_take(exchange, &site->rest);
	else
		echo(exchange, false);
}

static void big(struct exchange *exchange)
{
	size_t len = BIG;
	char *bytes = calloc(1, len);

	exchange_reply(exchange, 200, text(""), (struct wsg_str){ bytes, len });
	free(bytes);
}

static void on_request(struct exchange *exchange)
{
	struct site *site = server_owner(exchange->server);
	struct wsg_str path = exchange->request->path;

	test_text("address", exchange->address, text("127.0.0.1"));
	if (wsg_str_is(path, "/last")) {
		echo(exchange, true);
	} else if (wsg_str_is(path, "/later") ||
		   wsg_str_is(path, "/taken-later")) {
		assert_null(site->waiting);
		site->waiting = exchange;
		loop_start(site->loop, &site->later, 3000);
	} else if (wsg_str_is(path, "/never")) {
		exchange->owner = site;
	} else if (wsg_str_is(path, "/taken")) {
		site->taken = exchange_take(exchange, &site->rest);
	} else if (wsg_str_is(path, "/empty")) {
		exchange_reply(exchange, 204, text(""), text("no body"));
	} else if (wsg_str_is(path, "/gone")) {
		exchange_reply_message(exchange, 410, "GoneException",
				       "\"gone\"");
	} else if (wsg_str_is(path, "/big")) {
		big(exchange);
	} else if (wsg_str_is(path, "/free")) {
		server_free(site->server);
		site->server = NULL;
	} else {
		echo(exchange, false);
	}
}

static void on_abandoned(struct exchange *exchange)
{
	struct site *site = exchange->owner;

	site->abandoned++;
}

static void quit(struct loop_timer *timer)
{
	struct site *site =
		(struct site *)((char *)timer - offsetof(struct site, quit));

	if (site->rounds--)
		loop_start(site->loop, timer, 0);
	else
		loop_quit(site->loop);
}

static const struct server_user patient = { on_request, on_abandoned, BODY_MAX,
					    NULL };
static const struct server_user hasty = { on_request, on_abandoned, BODY_MAX,
					  &quick };

static void site_init(struct site *site, const struct server_user *user)
{
	*site = (struct site){ .loop = loop_new(false), .taken = -1 };
	site->later.fire = answer_later;
	site->quit.fire = quit;
	site->server = server_new(site->loop, "127.0.0.1", 0, user, site);
	assert_non_null(site->server);
	assert_ptr_equal(server_loop(site->server), site->loop);
}

static void site_release(struct site *site)
{
	server_free(site->server);
	loop_free(site->loop);
	wsg_buf_release(&site->answer);
	wsg_buf_release(&site->rest);
	if (site->taken >= 0)
		close(site->taken);
}

/* And for some rounds, however slow the machine is. */
static void run(struct site *site, int64_t for_us)
{
	site->rounds = 8;
	loop_start(site->loop, &site->quit, for_us);
	assert_true(loop_run(site->loop));
}

static int client(const struct site *site)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons((uint16_t)server_port(site->server)),
	};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(
		connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void say(int fd, struct wsg_str bytes)
{
	assert_int_equal(send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL),
			 bytes.len);
}

static void drop_dates(struct wsg_buf *buf)
{
	char *date;

	while (buf->ptr && (date = strstr(buf->ptr, "Date: "))) {
		char *end = strstr(date, "\r\n");

		assert_int_equal(end - date, 35);
		memmove(date, end + 2, strlen(end + 2) + 1);
		buf->len -= 37;
	}
}

/* Everything that there is to be read; true if that was all. */
static bool hear(struct site *site, int fd)
{
	char bytes[4096];
	ssize_t len;

	while ((len = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0)
		wsg_buf_add(&site->answer, bytes, (size_t)len);
	if (len < 0 && errno != EAGAIN)
		wsg_buf_printf(&site->answer, "(%s)", strerror(errno));
	wsg_buf_add(&site->answer, "", 0);
	drop_dates(&site->answer);
	return len == 0;
}

/* What was not read before the descriptor was taken still is to be read. */
static void hear_rest(const char *name, struct site *site)
{
	char bytes[64];
	ssize_t len;

	test_number(name, (int64_t)server_count(site->server), 0);
	len = recv(site->taken, bytes, sizeof(bytes), MSG_DONTWAIT);
	if (len > 0)
		wsg_buf_add(&site->rest, bytes, (size_t)len);
}

#define OK(len) "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: " len END
#define CLOSE "Connection: close\r\n"
#define BAD(status, phrase, len)                                               \
	"HTTP/1.1 " status " " phrase "\r\nContent-Type: application/json\r\n" \
	"Content-Length: " len "\r\n" CLOSE "\r\n{\"message\":\"" phrase "\"}"

static const struct {
	const char *name;
	const char *said[3]; /* one after the other */
	const char *heard;
	bool ended;
	const char *rest; /* of what was taken away */
} cases[] = {
	{ "one",
	  { "GET /a?b HTTP/1.1\r\n" HOST END },
	  OK("9") END "GET /a?b ",
	  false,
	  NULL },
	{ "one after the other",
	  { "GET /1 HTTP/1.1\r\n" HOST END, "GET /2 HTTP/1.1\r\n" HOST END,
	    "GET /3 HTTP/1.1\r\n" HOST END },
	  OK("7") END "GET /1 " OK("7") END "GET /2 " OK("7") END "GET /3 ",
	  false,
	  NULL },
	{ "all at once",
	  { "GET /1 HTTP/1.1\r\n" HOST END "GET /later HTTP/1.1\r\n" HOST END
	    "GET /later HTTP/1.1\r\n" HOST END "GET /4 HTTP/1.1\r\n" HOST END },
	  OK("7") END "GET /1 " OK("11") END "GET /later " OK("11") END
	  "GET /later " OK("7") END "GET /4 ",
	  false,
	  NULL },
	{ "behind one that takes long",
	  { "GET /later HTTP/1.1\r\n" HOST END, "GET /2 HTTP/1.1\r\n" HOST END,
	    "GET /3 HTTP/1.1\r\n" HOST END },
	  OK("11") END "GET /later " OK("7") END "GET /2 " OK("7") END
	  "GET /3 ",
	  false,
	  NULL },
	{ "in pieces",
	  { "POST /a HTTP/1.1\r\n" HOST "Content-Le", "ngth: 3\r\n\r\na",
	    "bc" },
	  OK("11") END "POST /a abc",
	  false,
	  NULL },
	{ "in chunks",
	  { "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n",
	    "\r\n3\r\nab", "c\r\n0\r\n\r\n" },
	  OK("11") END "POST /a abc",
	  false,
	  NULL },
	{ "expected",
	  { "POST /a HTTP/1.1\r\n" HOST
	    "Content-Length: 1\r\nExpect: 100-continue\r\n\r\n",
	    "a" },
	  "HTTP/1.1 100 Continue\r\n\r\n" OK("9") END "POST /a a",
	  false,
	  NULL },
	{ "expected, but there already",
	  { "POST /a HTTP/1.1\r\n" HOST
	    "Content-Length: 1\r\nExpect: 100-continue\r\n\r\na" },
	  OK("9") END "POST /a a",
	  false,
	  NULL },
	{ "expected, but too long",
	  { "POST /a HTTP/1.1\r\n" HOST
	    "Content-Length: 300001\r\nExpect: 100-continue\r\n\r\n" },
	  BAD("413", "Request Entity Too Large", "38"),
	  true,
	  NULL },
	{ "HEAD",
	  { "HEAD /a HTTP/1.1\r\n" HOST END },
	  OK("8") END,
	  false,
	  NULL },
	{ "204",
	  { "GET /empty HTTP/1.1\r\n" HOST END },
	  "HTTP/1.1 204 No Content\r\n\r\n",
	  false,
	  NULL },
	{ "message",
	  { "GET /gone HTTP/1.1\r\n" HOST END },
	  "HTTP/1.1 410 Gone\r\nContent-Type: application/json\r\n"
	  "x-amzn-ErrorType: GoneException\r\nContent-Length: 22\r\n\r\n"
	  "{\"message\":\"\\\"gone\\\"\"}",
	  false,
	  NULL },
	{ "close",
	  { "GET /a HTTP/1.1\r\n" HOST "connection: Close\r\n\r\n" },
	  OK("7") CLOSE END "GET /a ",
	  true,
	  NULL },
	{ "nothing behind the last one",
	  { "GET /a HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n"
	    "GET /b HTTP/1.1\r\n" HOST END },
	  OK("7") CLOSE END "GET /a ",
	  true,
	  NULL },
	{ "last",
	  { "GET /last HTTP/1.1\r\n" HOST END, "GET / HTTP/1.1" },
	  OK("10") CLOSE END "GET /last ",
	  true,
	  NULL },
	{ "1.0",
	  { "GET /a HTTP/1.0\r\n\r\n" },
	  OK("7") CLOSE END "GET /a ",
	  true,
	  NULL },
	{ "1.0, kept",
	  { "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" },
	  OK("7") "Connection: keep-alive\r\n" END "GET /a ",
	  false,
	  NULL },
	{ "no request",
	  { "\x16\x03\x01\x02" },
	  BAD("400", "Bad Request", "25"),
	  true,
	  NULL },
	{ "bad one behind a good one",
	  { "GET /a HTTP/1.1\r\n" HOST END " / HTTP/1.1\r\n\r\n" },
	  OK("7") END "GET /a " BAD("400", "Bad Request", "25"),
	  true,
	  NULL },
	{ "too long",
	  { "POST / HTTP/1.1\r\n" HOST "Content-Length: 9999999\r\n"
	    "\r\n",
	    "and more", "and more" },
	  BAD("413", "Request Entity Too Large", "38"),
	  true,
	  NULL },
	{ "not implemented",
	  { "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: br\r\n\r\n" },
	  BAD("501", "Not Implemented", "29"),
	  true,
	  NULL },
	{ "taken",
	  { "GET /taken HTTP/1.1\r\n" HOST END "rest" },
	  "",
	  false,
	  "rest" },
	{ "taken later",
	  { "GET /taken-later HTTP/1.1\r\n" HOST END "re", "st" },
	  "",
	  false,
	  "rest" },
	{ "taken behind another",
	  { "GET /later HTTP/1.1\r\n" HOST END
	    "GET /taken HTTP/1.1\r\n" HOST END "rest" },
	  OK("11") END "GET /later ",
	  false,
	  "rest" },
	{ "the server goes",
	  { "GET /free HTTP/1.1\r\n" HOST END },
	  "",
	  true,
	  NULL },
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct site site;
		bool ended;
		int fd;

		site_init(&site, &patient);
		fd = client(&site);
		for (size_t n = 0; n < 3 && cases[i].said[n]; n++) {
			/* Even what is not read any more. */
			say(fd, text(cases[i].said[n]));
			run(&site, n == 2 ? SETTLE_US : 2000);
		}
		run(&site, SETTLE_US);
		ended = hear(&site, fd);
		test_text(cases[i].name, test_str(&site.answer),
			  text(cases[i].heard));
		test_number(cases[i].name, ended, cases[i].ended);
		if (cases[i].rest)
			hear_rest(cases[i].name, &site);
		test_text(cases[i].name,
			  (struct wsg_str){ site.rest.ptr, site.rest.len },
			  text(cases[i].rest));
		close(fd);
		if (site.server && !cases[i].rest) {
			run(&site, SETTLE_US);
			test_number(cases[i].name,
				    (int64_t)server_count(site.server), 0);
		}
		site_release(&site);
	}
}

/* What a client says before it keeps quiet, and what that leads to. */
static const struct {
	const char *name;
	const char *said;
	const char *heard;
	bool ended; /* within quick's times */
} silences[] = {
	{ "nothing", "", "", true },
	{ "half a head", "GET / HT", BAD("408", "Request Timeout", "29"),
	  true },
	{ "half a body",
	  "POST / HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\na",
	  BAD("408", "Request Timeout", "29"), true },
	{ "idle", "GET / HTTP/1.1\r\n" HOST END, OK("6") END "GET / ", true },
	{ "half a second one", "GET / HTTP/1.1\r\n" HOST END "G",
	  OK("6") END "GET / " BAD("408", "Request Timeout", "29"), true },
	{ "waiting", "GET /never HTTP/1.1\r\n" HOST END, "", false },
	{ "does not leave", "GET /last HTTP/1.1\r\n" HOST END,
	  OK("10") CLOSE END "GET /last ", true },
};

static void test_silence(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(silences); i++) {
		struct site site;
		bool ended;
		int fd;

		site_init(&site, &hasty);
		fd = client(&site);
		say(fd, text(silences[i].said));
		run(&site, 250000);
		ended = hear(&site, fd);
		test_text(silences[i].name, test_str(&site.answer),
			  text(silences[i].heard));
		test_number(silences[i].name, ended, silences[i].ended);
		test_number(silences[i].name,
			    (int64_t)server_count(site.server),
			    !silences[i].ended);
		close(fd);
		site_release(&site);
	}
}

/* One byte now and then does not keep a connection. */
static void test_slow_request(void **state)
{
	struct site site;
	int fd;

	(void)state;
	site_init(&site, &hasty);
	fd = client(&site);
	for (int i = 0; i < 20; i++) {
		if (send(fd, "G", 1, MSG_NOSIGNAL) < 0)
			break;
		run(&site, 10000);
	}
	assert_int_equal(server_count(site.server), 0);
	close(fd);
	site_release(&site);
}

static void test_slow_reader(void **state)
{
	static const struct {
		const char *name;
		bool reads;
	} readers[] = { { "reads slowly", true }, { "does not read", false } };

	static const struct server_user waiting = { on_request, on_abandoned,
						    BODY_MAX, &quick_to_read };

	(void)state;
	for (size_t i = 0; i < COUNT(readers); i++) {
		struct site site;
		size_t heard = 0;
		int fd, size = 4096;

		site_init(&site, &waiting);
		fd = client(&site);
		if (!readers[i].reads)
			setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size,
				   sizeof(size));
		say(fd, text("GET /big HTTP/1.1\r\n" HOST END
			     "GET /a HTTP/1.1\r\n" HOST END));
		run(&site, SETTLE_US);
		for (int n = 0; n < 2000 && server_count(site.server); n++) {
			ssize_t len;

			wsg_buf_clear(&site.answer);
			wsg_buf_reserve(&site.answer, 65536);
			len = readers[i].reads ? recv(fd, site.answer.ptr,
						      65536, MSG_DONTWAIT)
					       : 0;
			heard += len > 0 ? (size_t)len : 0;
			/* The short one comes behind the whole of the long. */
			if (heard > BIG &&
			    !memcmp(site.answer.ptr + len - 7, "GET /a ", 7))
				break;
			run(&site, 1000);
		}
		test_number(readers[i].name, heard > BIG, readers[i].reads);
		test_number(readers[i].name, (int64_t)server_count(site.server),
			    readers[i].reads);
		close(fd);
		site_release(&site);
	}
}

/* How a client leaves before it was answered, and who hears of it. */
static const struct {
	const char *name;
	const char *said;
	bool reset, half;
	size_t abandoned;
	const char *heard;
} leaving[] = {
	{ "goes", "GET /never HTTP/1.1\r\n" HOST END, false, false, 1, NULL },
	{ "cuts it", "GET /never HTTP/1.1\r\n" HOST END, true, false, 1, NULL },
	{ "ends its side", "GET /never HTTP/1.1\r\n" HOST END, false, true, 1,
	  "" },
	{ "goes, nobody knows", "GET /later HTTP/1.1\r\n" HOST END, false,
	  false, 0, NULL },
	{ "cuts it, nobody knows", "GET /later HTTP/1.1\r\n" HOST END, true,
	  false, 0, NULL },
	{ "ends its side and waits", "GET /later HTTP/1.1\r\n" HOST END, false,
	  true, 0, OK("11") END "GET /later " },
	{ "ends its side behind two",
	  "GET /1 HTTP/1.1\r\n" HOST END "GET /later HTTP/1.1\r\n" HOST END
	  "GET /3 HTTP/1.1\r\n" HOST END,
	  false, true, 0,
	  OK("7") END "GET /1 " OK("11") END "GET /later " OK("7") END
	  "GET /3 " },
	{ "goes in the middle", "POST / HTTP/1.1\r\n" HOST, false, false, 0,
	  NULL },
};

static void test_leaving(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(leaving); i++) {
		struct linger cut = { 1, 0 };
		struct site site;
		int fd;

		site_init(&site, &patient);
		fd = client(&site);
		say(fd, text(leaving[i].said));
		if (leaving[i].half)
			shutdown(fd, SHUT_WR);
		run(&site, 1500);
		if (leaving[i].reset)
			setsockopt(fd, SOL_SOCKET, SO_LINGER, &cut,
				   sizeof(cut));
		if (!leaving[i].half)
			close(fd);
		run(&site, SETTLE_US);
		test_number(leaving[i].name, (int64_t)site.abandoned,
			    (int64_t)leaving[i].abandoned);
		if (leaving[i].half) {
			assert_true(hear(&site, fd));
			test_text(leaving[i].name, test_str(&site.answer),
				  text(leaving[i].heard));
			close(fd);
		}
		test_number(leaving[i].name, (int64_t)server_count(site.server),
			    0);
		site_release(&site);
	}
}

/* A client that is refused gets to read why, though it sends on and on. */
static void test_lingering(void **state)
{
	static char more[200000];
	struct site site;
	ssize_t len;
	int fd;

	(void)state;
	site_init(&site, &patient);
	fd = client(&site);
	say(fd,
	    text("POST / HTTP/1.1\r\n" HOST "Content-Length: 9999999\r\n\r\n"));
	for (int i = 0; i < 20; i++) {
		len = send(fd, more, sizeof(more), MSG_DONTWAIT | MSG_NOSIGNAL);
		assert_true(len > 0 || errno == EAGAIN);
		run(&site, 1000);
	}
	assert_true(hear(&site, fd));
	test_text("lingering", test_str(&site.answer),
		  text(BAD("413", "Request Entity Too Large", "38")));
	close(fd);
	run(&site, SETTLE_US);
	assert_int_equal(server_count(site.server), 0);
	site_release(&site);
}

static void test_long_body(void **state)
{
	struct wsg_buf request = { 0 };
	struct site site;
	size_t at = 0;
	int fd;

	(void)state;
	site_init(&site, &patient);
	wsg_buf_printf(&request,
		       "POST / HTTP/1.1\r\n" HOST "Content-Length: %d\r\n\r\n",
		       BODY_MAX);
	for (int i = 0; i < BODY_MAX; i++)
		wsg_buf_add(&request, &"0123456789"[i % 10], 1);
	fd = client(&site);
	while (at < request.len) {
		ssize_t len = send(fd, request.ptr + at, request.len - at,
				   MSG_DONTWAIT | MSG_NOSIGNAL);

		at += len > 0 ? (size_t)len : 0;
		run(&site, 1000);
		hear(&site, fd);
	}
	for (int i = 0; i < 100 && site.answer.len < BODY_MAX; i++) {
		run(&site, 1000);
		hear(&site, fd);
	}
	assert_true(site.answer.len > BODY_MAX);
	assert_memory_equal(site.answer.ptr + site.answer.len - BODY_MAX,
			    request.ptr + request.len - BODY_MAX, BODY_MAX);
	close(fd);
	wsg_buf_release(&request);
	site_release(&site);
}

/* Many come, some in the middle of something when the server goes. */
static void test_many(void **state)
{
	int fds[200];
	struct site site;

	(void)state;
	site_init(&site, &patient);
	for (size_t i = 0; i < COUNT(fds); i++) {
		fds[i] = client(&site);
		say(fds[i], text(i % 3 ? "GET /never HTTP/1.1\r\n" HOST END
				       : "GET /never"));
	}
	run(&site, SETTLE_US);
	assert_int_equal(server_count(site.server), COUNT(fds));
	server_free(site.server);
	site.server = NULL;
	assert_int_equal(site.abandoned, 133);
	for (size_t i = 0; i < COUNT(fds); i++)
		close(fds[i]);
	site_release(&site);
}

static void test_listening(void **state)
{
	static const struct {
		const char *host;
		int port;
		int error;
	} places[] = {
		{ "localhost", 0, EINVAL },
		{ "", 0, EINVAL },
		{ "127.0.0.1", -1, EINVAL },
		{ "127.0.0.1", 65536, EINVAL },
		{ "192.0.2.1", 0, EADDRNOTAVAIL },
	};
	struct site site;

	(void)state;
	site_init(&site, &patient);
	for (size_t i = 0; i < COUNT(places); i++) {
		errno = 0;
		assert_null(server_new(site.loop, places[i].host,
				       places[i].port, &patient, NULL));
		test_number(places[i].host, errno, places[i].error);
	}
	assert_null(server_new(site.loop, "127.0.0.1", server_port(site.server),
			       &patient, NULL));
	assert_int_equal(errno, EADDRINUSE);
	site_release(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_slow_request),
		cmocka_unit_test(test_slow_reader),
		cmocka_unit_test(test_leaving),
		cmocka_unit_test(test_lingering),
		cmocka_unit_test(test_long_body),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_listening),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
