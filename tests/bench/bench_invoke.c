/* SPDX-License-Identifier: MIT */
/*
 * Invocations a second, of a generated function and of the floor program, over
 * a Runtime API that has the next event ready at once. The two take turns, the
 * best round of each counts. Also the time from exec to the first /next, and
 * whether memory grows from event to event.
 *
 * usage: bench_invoke FLOOR FUNCTION
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 7
#define COLD_ROUNDS 300
#define COLD_US 500.0
#define WARM_EVENTS 10000
#define WINDOW 50 /* invocations; the quietest window of all counts */

extern char **environ;

static char event[1 << 20];
static size_t event_len;
static int listener;
static char address[64];

static double now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static double least(double a, double b)
{
	return a < b ? a : b;
}

static void start_listening(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	listener = socket(AF_INET, SOCK_STREAM, 0);
	if (listener < 0 || bind(listener, (struct sockaddr *)&at, len) ||
	    listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&at, &len))
		exit(1);
	snprintf(address, sizeof(address), "127.0.0.1:%d", ntohs(at.sin_port));
	setenv("AWS_LAMBDA_RUNTIME_API", address, 1);
}

/* A message whose text takes text_len bytes, with head and all. */
static void make_event(size_t text_len)
{
	static char body[1 << 19];
	size_t i, len;

	len = (size_t)sprintf(body,
			      "{\"requestContext\":{\"routeKey\":"
			      "\"sendMessage\",\"messageId\":\"R1knPc2ntj=\","
			      "\"eventType\":\"MESSAGE\",\"stage\":\"prod\","
			      "\"requestTime\":\"20/Jan/2026:11:55:00 +0000\","
			      "\"connectedAt\":1768910100419,"
			      "\"requestTimeEpoch\":1768910103453,"
			      "\"identity\":{\"userAgent\":\"Mozilla/5.0 (X11; "
			      "Linux x86_64) Chrome/118.0.0.0\",\"sourceIp\":"
			      "\"198.51.100.154\"},\"requestId\":\"R1knPH17=\","
			      "\"domainName\":\"gy415nuibc.execute-api.eu-west-"
			      "1.amazonaws.com\",\"connectionId\":\"R1kmxc2V=\""
			      ",\"apiId\":\"gy415nuibc\"},\"isBase64Encoded\":"
			      "false,\"body\":\"{\\\"room\\\":\\\"lobby\\\","
			      "\\\"extra\\\":[");
	/* 4,096 bytes is the most that text may hold: the rest is skipped. */
	while (text_len > 4000) {
		body[len++] = '\\';
		body[len++] = '"';
		for (i = 0; i < 96; i++)
			body[len++] = 'y';
		len += (size_t)sprintf(body + len, "\\\",");
		text_len -= 100;
	}
	len += (size_t)sprintf(body + len, "0],\\\"text\\\":\\\"");
	for (i = 0; i < text_len; i++)
		body[len++] = 'x';
	len += (size_t)sprintf(body + len, "\\\"}\"}");
	event_len = (size_t)sprintf(
		event,
		"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
		"Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739\r\n"
		"Lambda-Runtime-Deadline-Ms: 4102444800000\r\n"
		"Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c\r\n"
		"Content-Length: %zu\r\n\r\n",
		len);
	memcpy(event + event_len, body, len);
	event_len += len;
}

/* A request, body and all; what functions send is small. */
static int receive(int fd, char *in, size_t size)
{
	size_t len = 0;

	for (;;) {
		ssize_t got = recv(fd, in + len, size - 1 - len, 0);
		char *head_end, *length;

		if (got <= 0)
			return 0;
		len += (size_t)got;
		in[len] = '\0';
		head_end = strstr(in, "\r\n\r\n");
		if (!head_end)
			continue;
		length = strstr(in, "Content-Length: ");
		if (!length || in + len >= head_end + 4 + atoi(length + 16))
			return 1;
	}
}

static void send_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t sent = send(fd, data, len, MSG_NOSIGNAL);

		if (sent <= 0)
			exit(1);
		data += sent;
		len -= (size_t)sent;
	}
}

/*
 * Start the program and wait for its first /next; its connection. Spawned, as a
 * fork would copy our page tables.
 */
static int start(const char *program, pid_t *pid)
{
	char *argv[] = { (char *)program, NULL };
	char in[4096];
	int fd, on = 1;

	if (posix_spawn(pid, program, NULL, NULL, argv, environ))
		exit(1);
	fd = accept(listener, NULL, NULL);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (!receive(fd, in, sizeof(in)))
		exit(1);
	return fd;
}

static void stop(int fd, pid_t pid)
{
	kill(pid, SIGKILL);
	close(fd);
	waitpid(pid, NULL, 0);
}

/* One event, up to the next time that the program asks for one. */
static void invoke(int fd)
{
	static const char done[] = "HTTP/1.1 202 Accepted\r\n"
				   "Content-Length: 16\r\n\r\n"
				   "{\"status\":\"OK\"}\n";
	char in[4096];

	send_all(fd, event, event_len);
	if (!receive(fd, in, sizeof(in)) || !strstr(in, "/response ") ||
	    !strstr(in, "200}"))
		exit(1);
	send_all(fd, done, sizeof(done) - 1);
	if (!receive(fd, in, sizeof(in)))
		exit(1);
}

/* Microseconds an invocation. */
static double run(const char *program, int times)
{
	double best = 1e18, window;
	pid_t pid;
	int fd = start(program, &pid), i;

	window = now_us();
	for (i = 1; i <= times; i++) {
		invoke(fd);
		if (i % WINDOW == 0) {
			best = least(best, now_us() - window);
			window = now_us();
		}
	}
	stop(fd, pid);
	return best / WINDOW;
}

static void compare(const char *name, char **programs, size_t text_len,
		    int times, double limit)
{
	double floor = 1e18, ours = 1e18;
	int round;

	make_event(text_len);
	for (round = 0; round < ROUNDS; round++) {
		floor = least(floor, run(programs[0], times));
		ours = least(ours, run(programs[1], times));
	}
	printf("%-24s %6zu bytes %8.1f us   floor %8.1f us   ratio %.3f "
	       "(<= %.2f) %s\n",
	       name, event_len, ours, floor, ours / floor, limit,
	       ours <= limit * floor ? "ok" : "MISSED");
}

/* Microseconds from exec to the first /next. */
static double run_cold(const char *program)
{
	double begin = now_us(), took;
	pid_t pid;
	int fd = start(program, &pid);

	took = now_us() - begin;
	stop(fd, pid);
	return took;
}

static void compare_cold(char **programs)
{
	double floor = 1e18, ours = 1e18;
	int round;

	for (round = 0; round < COLD_ROUNDS; round++) {
		floor = least(floor, run_cold(programs[0]));
		ours = least(ours, run_cold(programs[1]));
	}
	printf("%-24s exec to /next %8.0f us   floor %8.0f us   ratio %.3f "
	       "(<= %.0f us) %s\n",
	       "cold start", ours, floor, ours / floor, COLD_US,
	       ours <= COLD_US ? "ok" : "MISSED");
}

/* KB of a process that are in memory; 0 where there is no /proc. */
static long resident(pid_t pid)
{
	long pages = 0;
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
	file = fopen(path, "r");
	if (!file)
		return 0;
	if (fscanf(file, "%*s %ld", &pages) != 1)
		pages = 0;
	fclose(file);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* KB after a tenth of the events, small ones and large ones, and after all. */
static void run_warm(const char *program, long *early, long *late)
{
	pid_t pid;
	int fd = start(program, &pid), i;

	for (i = 1; i <= WARM_EVENTS; i++) {
		if (i % 100 == 1)
			make_event(i % 200 == 1 ? 110000 : 700);
		invoke(fd);
		if (i == WARM_EVENTS / 10)
			*early = resident(pid);
	}
	*late = resident(pid);
	stop(fd, pid);
}

static void compare_warm(char **programs)
{
	long floor_early, floor, early, late;

	run_warm(programs[0], &floor_early, &floor);
	run_warm(programs[1], &early, &late);
	printf("%-24s %6d events %9ld KB   ", "memory, warm", WARM_EVENTS,
	       late);
	if (!floor || !early || !late) {
		printf("not run: no /proc here\n");
		return;
	}
	printf("floor %8ld KB   ratio %.3f, grown by %ld KB (<= 0) %s\n", floor,
	       (double)late / (double)floor, late - early,
	       late <= early ? "ok" : "MISSED");
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: %s FLOOR FUNCTION\n", argv[0]);
		return 2;
	}
	start_listening();
	compare("invocation", argv + 1, 700, 8000, 1.15);
	compare("invocation, 128 KB", argv + 1, 110000, 2000, 2.0);
	compare_cold(argv + 1);
	compare_warm(argv + 1);
	return 0;
}
