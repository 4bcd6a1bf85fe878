/* SPDX-License-Identifier: MIT */
/*
 * The server and clients that do not do their part: slow ones, silent ones, and
 * those that are gone before they were answered.
 */
#include "site.h"

static const struct server_times quick = { 60, 60, 90, 60, 60 };
static const struct server_times quick_to_read = { 9999, 9999, 9999, 500, 60 };

static const struct server_user patient = {
	.request = on_request,
	.abandoned = on_abandoned,
	.body_max = BODY_MAX,
};

static const struct server_user hasty = {
	.request = on_request,
	.abandoned = on_abandoned,
	.body_max = BODY_MAX,
	.times = &quick,
};

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

	static const struct server_user waiting = {
		.request = on_request,
		.abandoned = on_abandoned,
		.body_max = BODY_MAX,
		.times = &quick_to_read,
	};

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_slow_request),
		cmocka_unit_test(test_slow_reader),
		cmocka_unit_test(test_leaving),
		cmocka_unit_test(test_lingering),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
