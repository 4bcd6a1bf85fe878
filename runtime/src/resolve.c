/* SPDX-License-Identifier: MIT */
/* Names to addresses without the C library's help; see resolve.h. */
#include "resolve.h"

#include "dns.h"
#include "internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#define SERVERS_MAX 3 /* as resolv.conf(5) has it */
#define ANSWER_MAX 65535
#define LINE_MAX_LEN 1024

/* How long AAAA may take after A has brought addresses. */
#define GRACE_MS 50

struct conf {
	struct wsg_address servers[SERVERS_MAX];
	size_t count;
	int timeout_ms;
	int attempts;
};

int64_t wsg_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool wsg_random(void *bytes, size_t len)
{
	return getrandom(bytes, len, 0) == (ssize_t)len;
}

bool wsg_address_parse(const char *text, struct wsg_address *to)
{
	char inner[INET6_ADDRSTRLEN];
	size_t len = strlen(text);

	to->v6 = false;
	if (inet_pton(AF_INET, text, to->bytes) == 1)
		return true;
	if (len > 2 && *text == '[' && text[len - 1] == ']' &&
	    len - 2 < sizeof(inner)) {
		memcpy(inner, text + 1, len - 2);
		inner[len - 2] = '\0';
		text = inner;
	}
	to->v6 = true;
	return inet_pton(AF_INET6, text, to->bytes) == 1;
}

socklen_t wsg_socket_address(const struct wsg_address *address, uint16_t port,
			     struct sockaddr_storage *to)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };

	if (address->v6) {
		v6.sin6_port = htons(port);
		memcpy(&v6.sin6_addr, address->bytes, 16);
		memcpy(to, &v6, sizeof(v6));
		return sizeof(v6);
	}
	v4.sin_port = htons(port);
	memcpy(&v4.sin_addr, address->bytes, 4);
	memcpy(to, &v4, sizeof(v4));
	return sizeof(v4);
}

static void add(struct wsg_addresses *to, const struct wsg_address *address)
{
	if (to->count < WSG_ADDRESSES_MAX)
		to->items[to->count++] = *address;
}

/* A line of /etc/hosts: a number, then its names. */
static void read_host(char *line, const char *host, struct wsg_addresses *to)
{
	struct wsg_address address;
	char *rest, *number, *name;

	line[strcspn(line, "#\r\n")] = '\0';
	number = strtok_r(line, " \t", &rest);
	if (!number || !wsg_address_parse(number, &address))
		return;
	while ((name = strtok_r(NULL, " \t", &rest))) {
		if (!strcasecmp(name, host)) {
			add(to, &address);
			return;
		}
	}
}

static bool from_hosts(const char *path, const char *host,
		       struct wsg_addresses *to)
{
	FILE *file = fopen(path ? path : "/etc/hosts", "re");
	char line[LINE_MAX_LEN];

	if (file) {
		while (fgets(line, sizeof(line), file))
			read_host(line, host, to);
		fclose(file);
	}
	return to->count > 0;
}

/* localhost, and what ends in .localhost, is here; RFC 6761. */
static bool from_localhost(const char *host, struct wsg_addresses *to)
{
	static const struct wsg_address here = { false, { 127, 0, 0, 1 } };
	static const struct wsg_address here6 = { true, { [15] = 1 } };
	size_t len = strlen(host), tail = strlen("localhost");

	if (len < tail || strcasecmp(host + len - tail, "localhost") != 0 ||
	    (len > tail && host[len - tail - 1] != '.'))
		return false;
	add(to, &here);
	add(to, &here6);
	return true;
}

/* A number from 1 to max behind name, or what it was before. */
static int option(const char *text, const char *name, int max, int before)
{
	size_t len = strlen(name);
	long value;

	if (strncmp(text, name, len) != 0)
		return before;
	value = strtol(text + len, NULL, 10);
	return value < 1 ? 1 : value > max ? max : (int)value;
}

static void read_conf_line(char *line, struct conf *conf)
{
	char *rest, *word = strtok_r(line, " \t\r\n", &rest);

	if (!word)
		return;
	if (!strcmp(word, "nameserver")) {
		word = strtok_r(NULL, " \t\r\n", &rest);
		if (word && conf->count < SERVERS_MAX &&
		    wsg_address_parse(word, &conf->servers[conf->count]))
			conf->count++;
	} else if (!strcmp(word, "options")) {
		while ((word = strtok_r(NULL, " \t\r\n", &rest))) {
			conf->timeout_ms = option(word, "timeout:", 30,
						  conf->timeout_ms / 1000) *
					   1000;
			conf->attempts =
				option(word, "attempts:", 5, conf->attempts);
		}
	}
}

static struct conf read_conf(const char *path)
{
	struct conf conf = { .timeout_ms = 2000, .attempts = 2 };
	FILE *file = fopen(path ? path : "/etc/resolv.conf", "re");
	char line[LINE_MAX_LEN];

	if (file) {
		while (fgets(line, sizeof(line), file))
			read_conf_line(line, &conf);
		fclose(file);
	}
	/* Without any, the machine itself is asked, as resolv.conf(5) says. */
	if (!conf.count)
		wsg_address_parse("127.0.0.1", &conf.servers[conf.count++]);
	return conf;
}

/* A try at one server: both questions, and what has come of them. */
struct
try {
	struct wsg_dns_query queries[2]; /* A, AAAA */
	enum wsg_dns_result results[2];
	struct wsg_addresses found[2];
	uint32_t ttl_s;
	const struct wsg_address *server;
	uint16_t port;
	int64_t deadline_ms;
};

static int open_socket(const struct try *try, int type)
{
	struct sockaddr_storage to;
	socklen_t len = wsg_socket_address(try->server, try->port, &to);
	int fd = socket(to.ss_family, type, 0);

	if (fd < 0)
		return -1;
	if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 ||
	    (connect(fd, (struct sockaddr *)&to, len) < 0 &&
	     errno != EINPROGRESS)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Wait until fd is ready; false when the time is up. */
static bool wait_for(int fd, short events, int64_t deadline_ms)
{
	struct pollfd poller = { .fd = fd, .events = events };
	int64_t left;
	int ready;

	do {
		left = deadline_ms - wsg_clock_ms();
		ready = poll(&poller, 1, left > 0 ? (int)left : 0);
	} while (ready < 0 && errno == EINTR);
	return ready > 0;
}

/* All of it, to or from a socket; false if that cannot be. */
static bool transfer(int fd, unsigned char *bytes, size_t len, bool send_it,
		     int64_t deadline_ms)
{
	while (len) {
		ssize_t done = -1;

		if (!wait_for(fd, send_it ? POLLOUT : POLLIN, deadline_ms))
			return false;
		done = send_it ? send(fd, bytes, len, MSG_NOSIGNAL)
			       : recv(fd, bytes, len, 0);
		if (done < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (done <= 0)
			return false;
		bytes += done;
		len -= (size_t)done;
	}
	return true;
}

/* One question over TCP, since its answer is too long for UDP. */
static enum wsg_dns_result ask_tcp(struct try *try, size_t which)
{
	struct wsg_dns_query *query = &try->queries[which];
	enum wsg_dns_result result = WSG_DNS_FAILED;
	unsigned char frame[2 + WSG_DNS_QUERY_MAX], *answer = NULL;
	int fd = open_socket(try, SOCK_STREAM);
	size_t len;

	if (fd < 0)
		return result;
	frame[0] = (unsigned char)(query->len >> 8);
	frame[1] = (unsigned char)query->len;
	memcpy(frame + 2, query->text, query->len);
	if (transfer(fd, frame, query->len + 2, true, try->deadline_ms) &&
	    transfer(fd, frame, 2, false, try->deadline_ms)) {
		len = (size_t)frame[0] << 8 | frame[1];
		answer = malloc(len + 1);
		if (answer &&
		    transfer(fd, answer, len, false, try->deadline_ms))
			result = wsg_dns_read(query, answer, len,
					      &try->found[which], &try->ttl_s);
	}
	free(answer);
	close(fd);
	/* Truncated even here, or an answer to something else. */
	if (result == WSG_DNS_TRUNCATED || result == WSG_DNS_STRANGE)
		return WSG_DNS_FAILED;
	return result;
}

static bool pending(const struct try *try)
{
	return try->results[0] == WSG_DNS_STRANGE ||
	       try->results[1] == WSG_DNS_STRANGE;
}

/* An answer to either question; anything else is waited past. */
static void take_answer(struct try *try, const unsigned char *answer,
			size_t len)
{
	size_t i;

	for (i = 0; i < 2; i++) {
		if (try->results[i] != WSG_DNS_STRANGE)
			continue;
		try->results[i] = wsg_dns_read(&try->queries[i], answer, len,
					       &try->found[i], &try->ttl_s);
		if (try->results[i] == WSG_DNS_TRUNCATED)
			try->results[i] = ask_tcp(try, i);
		if (try->results[i] != WSG_DNS_STRANGE)
			return;
	}
}

/* Ask one server both questions, and wait for what it says. */
static void ask_server(struct try *try)
{
	unsigned char *answer = malloc(ANSWER_MAX);
	int fd = open_socket(try, SOCK_DGRAM);
	int64_t until = try->deadline_ms;
	size_t i;

	for (i = 0; answer && fd >= 0 && i < 2; i++) {
		if (send(fd, try->queries[i].text, try->queries[i].len,
			 MSG_NOSIGNAL) < 0)
			try->results[i] = WSG_DNS_FAILED;
	}
	while (answer && fd >= 0 && pending(try) &&
	       wait_for(fd, POLLIN, until)) {
		ssize_t len = recv(fd, answer, ANSWER_MAX, 0);

		if (len < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (len < 0)
			break; /* nobody listens there */
		take_answer(try, answer, (size_t)len);
		if (try->found[0].count && until > wsg_clock_ms() + GRACE_MS)
			until = wsg_clock_ms() + GRACE_MS;
	}
	if (fd >= 0)
		close(fd);
	free(answer);
}

/* Ids and case that nobody can guess; plain the second time around. */
static bool start_try(struct try *try, const char *host, bool plain)
{
	static const uint16_t types[] = { WSG_DNS_A, WSG_DNS_AAAA };
	unsigned char letters[2][32];
	uint16_t ids[2];
	size_t i;

	if (!wsg_random(letters, sizeof(letters)) ||
	    !wsg_random(ids, sizeof(ids)))
		return false;
	ids[1] ^= ids[0] == ids[1];
	for (i = 0; i < 2; i++) {
		try->results[i] = WSG_DNS_STRANGE;
		try->found[i].count = 0;
		if (!wsg_dns_ask(&try->queries[i], host, types[i], ids[i],
				 plain ? NULL : letters[i]))
			return false;
	}
	try->ttl_s = WSG_RESOLVE_TTL_MAX_S;
	return true;
}

static bool take_found(const struct try *try, struct wsg_addresses *to)
{
	size_t i, j;

	for (i = 0; i < 2; i++) {
		for (j = 0; j < try->found[i].count; j++)
			add(to, &try->found[i].items[j]);
	}
	return to->count > 0;
}

static bool from_servers(struct wsg_resolver *resolver, const char *host,
			 int64_t deadline_ms, struct wsg_addresses *to,
			 uint32_t *ttl_s, const char **error)
{
	struct conf conf = read_conf(resolver->conf_path);
	struct try try = { .port = resolver->port ? resolver->port : 53 };
	int attempt;
	size_t i;

	*error = "no name server answers";
	for (attempt = 0; attempt < conf.attempts; attempt++) {
		for (i = 0; i < conf.count; i++) {
			if (wsg_clock_ms() >= deadline_ms)
				return false;
			if (!start_try(&try, host, attempt > 0)) {
				*error = "no name";
				return false;
			}
			try.server = &conf.servers[i];
			try.deadline_ms = wsg_clock_ms() + conf.timeout_ms;
			if (try.deadline_ms > deadline_ms)
				try.deadline_ms = deadline_ms;
			ask_server(&try);
			*ttl_s = try.ttl_s;
			if (take_found(&try, to))
				return true;
			if (try.results[0] == WSG_DNS_NO_NAME ||
			    try.results[1] == WSG_DNS_NO_NAME) {
				*error = "there is no such host";
				return false;
			}
			if (try.results[0] == WSG_DNS_ANSWERED &&
			    try.results[1] == WSG_DNS_ANSWERED) {
				*error = "the host has no address";
				return false;
			}
		}
	}
	return false;
}

/*
 * Between events Lambda may stop the machine, and with it every clock that
 * only counts. What ages meanwhile is kept by the time of day.
 */
static bool from_cache(const struct wsg_resolver *resolver, const char *host,
		       struct wsg_addresses *to)
{
	int64_t now = wsg_now_ms();
	size_t i;

	for (i = 0; i < WSG_RESOLVE_CACHED; i++) {
		const struct wsg_cached_host *cached = &resolver->cache[i];
		int64_t left = cached->until_ms - now;

		if (left > 0 && left <= WSG_RESOLVE_TTL_MAX_S * 1000 &&
		    !strcmp(cached->host, host)) {
			*to = cached->addresses;
			return true;
		}
	}
	return false;
}

static void remember(struct wsg_resolver *resolver, const char *host,
		     const struct wsg_addresses *addresses, uint32_t ttl_s)
{
	struct wsg_cached_host *cached = &resolver->cache[resolver->oldest];

	if (!ttl_s)
		return;
	memcpy(cached->host, host, strlen(host) + 1);
	cached->addresses = *addresses;
	cached->until_ms = wsg_now_ms() + (int64_t)ttl_s * 1000;
	resolver->oldest = (resolver->oldest + 1) % WSG_RESOLVE_CACHED;
}

bool wsg_resolve(struct wsg_resolver *resolver, const char *host,
		 int64_t deadline_ms, struct wsg_addresses *to,
		 const char **error)
{
	uint32_t ttl_s;

	to->count = 0;
	if (!*host || strlen(host) > WSG_HOST_MAX) {
		*error = "no name";
		return false;
	}
	if (wsg_address_parse(host, &to->items[0])) {
		to->count = 1;
		return true;
	}
	if (from_hosts(resolver->hosts_path, host, to) ||
	    from_localhost(host, to) || from_cache(resolver, host, to))
		return true;
	if (!from_servers(resolver, host, deadline_ms, to, &ttl_s, error))
		return false;
	remember(resolver, host, to, ttl_s);
	return true;
}
