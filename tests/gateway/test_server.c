/* SPDX-License-Identifier: MIT */
/* The server over loopback: conversations as a table, and how many there are.
 */
#include "site.h"

#include <sys/resource.h>

static const struct server_user patient = {
	.request = on_request,
	.abandoned = on_abandoned,
	.body_max = BODY_MAX,
};

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

/* One more than there may be is told so, until one of them leaves. */
static void test_full(void **state)
{
	static const struct server_user small = {
		.request = on_request,
		.abandoned = on_abandoned,
		.body_max = BODY_MAX,
		.connections_max = 3,
	};
	struct site site;
	int fds[4], last;

	(void)state;
	site_init(&site, &small);
	for (size_t i = 0; i < COUNT(fds); i++) {
		fds[i] = client(&site);
		run(&site, 2000);
	}
	assert_int_equal(server_count(site.server), 3);
	assert_true(hear(&site, fds[3]));
	test_text("full", test_str(&site.answer),
		  text("HTTP/1.1 503 Service Unavailable\r\n"
		       "Content-Length: 0\r\n" CLOSE END));
	close(fds[0]);
	run(&site, SETTLE_US);
	last = client(&site);
	run(&site, SETTLE_US);
	assert_int_equal(server_count(site.server), 3);
	wsg_buf_clear(&site.answer);
	assert_false(hear(&site, last));
	for (size_t i = 1; i < COUNT(fds); i++)
		close(fds[i]);
	close(last);
	site_release(&site);
}

/*
 * Whoever comes when there are no descriptors left makes the server wait, and
 * not for ever. (Valgrind, whose limits are its own, drops the first client.)
 */
static void test_no_descriptors(void **state)
{
	struct rlimit before, few;
	struct site site;
	int first, second;

	(void)state;
	site_init(&site, &patient);
	first = client(&site);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = (struct rlimit){ (rlim_t)first + 1, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	run(&site, SETTLE_US);
	assert_int_equal(server_count(site.server), 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	second = client(&site);
	say(second, text("GET / HTTP/1.1\r\n" HOST END));
	run(&site, 150000);
	hear(&site, second);
	test_text("later", test_str(&site.answer), text(OK("6") END "GET / "));
	close(first);
	close(second);
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
		cmocka_unit_test(test_long_body),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_no_descriptors),
		cmocka_unit_test(test_listening),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
