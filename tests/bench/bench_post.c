/* SPDX-License-Identifier: MIT */
/*
 * The first signed POST of a process to a server over TLS, and the ones after
 * it, against a floor that does the same with OpenSSL alone: no name to look
 * up, nothing to sign, a constant to send. Each sample is a process of its own;
 * the best of each counts.
 */
#include "internal.h"

#include <wsgen/connections.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 40
#define LATER 50 /* POSTs after the first one */

struct sample {
	double first_us, later_us;
};

static char certificate[] = "/tmp/bench-post-XXXXXX";
static struct sockaddr_in at = { .sin_family = AF_INET };

static double now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void need(bool done, const char *what)
{
	if (done)
		return;
	fprintf(stderr, "bench_post: %s\n", what);
	exit(1);
}

/* A certificate for 127.0.0.1 that vouches for itself, into a file too. */
static X509 *make_certificate(EVP_PKEY *key)
{
	X509 *made = X509_new();
	X509_EXTENSION *names = X509V3_EXT_conf_nid(
		NULL, NULL, NID_subject_alt_name, "IP:127.0.0.1");
	FILE *file = fopen(certificate, "w");

	X509_set_version(made, 2);
	X509_gmtime_adj(X509_getm_notBefore(made), -60);
	X509_gmtime_adj(X509_getm_notAfter(made), 3600);
	X509_set_pubkey(made, key);
	X509_add_ext(made, names, -1);
	X509_EXTENSION_free(names);
	need(X509_sign(made, key, EVP_sha256()) > 0 && file &&
		     PEM_write_X509(file, made) && !fclose(file),
	     "no certificate");
	return made;
}

/* Answer requests of one write each, of one connection after the other. */
static void serve(int listener, SSL_CTX *context)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\n"
				     "Content-Length: 0\r\n\r\n";
	char request[16384];

	for (;;) {
		int fd = accept(listener, NULL, NULL), on = 1;
		SSL *ssl = SSL_new(context);

		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		SSL_set_fd(ssl, fd);
		if (SSL_accept(ssl) == 1) {
			while (SSL_read(ssl, request, sizeof(request)) > 0 &&
			       SSL_write(ssl, answer, sizeof(answer) - 1) > 0)
				;
		}
		SSL_free(ssl);
		close(fd);
	}
}

/*
 * The server's process alone makes the certificate: in this one, and so in the
 * ones that are measured, OpenSSL has done nothing yet.
 */
static void start_and_serve(int listener, int ready)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());

	SSL_CTX_use_certificate(context, make_certificate(key));
	need(SSL_CTX_use_PrivateKey(context, key) == 1, "no key");
	signal(SIGPIPE, SIG_IGN);
	need(write(ready, "", 1) == 1, "nobody waits");
	serve(listener, context);
}

static pid_t start_server(void)
{
	int listener = socket(AF_INET, SOCK_STREAM, 0), ends[2];
	socklen_t len = sizeof(at);
	pid_t child;
	char byte;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	need(listener >= 0 && !bind(listener, (struct sockaddr *)&at, len) &&
		     !listen(listener, 16) &&
		     !getsockname(listener, (struct sockaddr *)&at, &len) &&
		     !pipe(ends) && mkstemp(certificate) >= 0,
	     "no socket");
	child = fork();
	if (!child)
		start_and_serve(listener, ends[1]);
	close(listener);
	close(ends[1]);
	need(read(ends[0], &byte, 1) == 1, "no server");
	close(ends[0]);
	return child;
}

static void post_plainly(SSL *ssl)
{
	static const char request[] =
		"POST /dev/@connections/c%3D HTTP/1.1\r\nHost: 127.0.0.1\r\n"
		"Content-Length: 5\r\n\r\nhello";
	char answer[1024];

	need(SSL_write(ssl, request, sizeof(request) - 1) > 0 &&
		     SSL_read(ssl, answer, sizeof(answer)) > 0,
	     "the floor fails");
}

static struct sample run_floor(void)
{
	struct sample sample;
	double start = now_us();
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1, i;
	SSL_CTX *context;
	SSL *ssl;

	OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	context = SSL_CTX_new(TLS_client_method());
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	need(SSL_CTX_load_verify_file(context, certificate) == 1 &&
		     !connect(fd, (struct sockaddr *)&at, sizeof(at)),
	     "the floor does not connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	ssl = SSL_new(context);
	SSL_set_fd(ssl, fd);
	need(SSL_connect(ssl) == 1, "the floor has no TLS");
	post_plainly(ssl);
	sample.first_us = now_us() - start;
	start = now_us();
	for (i = 0; i < LATER; i++)
		post_plainly(ssl);
	sample.later_us = (now_us() - start) / LATER;
	return sample;
}

static void post(struct wsg_event *event)
{
	need(wsg_send(event, wsg_str("c="), wsg_str("hello")) == WSG_SENT,
	     "nothing was sent");
}

static struct sample run_ours(void)
{
	struct wsg_event event;
	struct sample sample;
	double start;
	int i;

	need(wsg_event_init(&event), "no event");
	start = now_us();
	post(&event);
	sample.first_us = now_us() - start;
	start = now_us();
	for (i = 0; i < LATER; i++)
		post(&event);
	sample.later_us = (now_us() - start) / LATER;
	wsg_event_release(&event);
	return sample;
}

/* In a process of its own, where nothing is warm. */
static void measure(struct sample (*run)(void), struct sample *best)
{
	struct sample sample;
	int ends[2], status;
	pid_t child;

	need(!pipe(ends), "no pipe");
	child = fork();
	if (!child) {
		sample = run();
		_exit(write(ends[1], &sample, sizeof(sample)) < 0);
	}
	close(ends[1]);
	need(read(ends[0], &sample, sizeof(sample)) == sizeof(sample),
	     "no sample");
	close(ends[0]);
	waitpid(child, &status, 0);
	if (sample.first_us < best->first_us)
		best->first_us = sample.first_us;
	if (sample.later_us < best->later_us)
		best->later_us = sample.later_us;
}

int main(void)
{
	struct sample floor = { 1e9, 1e9 }, ours = { 1e9, 1e9 };
	pid_t server = start_server();
	char endpoint[64];
	int i;

	snprintf(endpoint, sizeof(endpoint), "https://127.0.0.1:%d/dev",
		 ntohs(at.sin_port));
	setenv("WSG_ENDPOINT", endpoint, 1);
	setenv("WSG_CA_FILE", certificate, 1);
	setenv("AWS_REGION", "us-east-1", 1);
	setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", 1);
	setenv("AWS_SECRET_ACCESS_KEY", "secret", 1);
	for (i = 0; i < ROUNDS; i++) {
		measure(run_floor, &floor);
		measure(run_ours, &ours);
	}
	kill(server, SIGTERM);
	waitpid(server, NULL, 0);
	unlink(certificate);
	printf("first signed POST over TLS: %.2f ms, %.2f x the floor (%.2f "
	       "ms)\n",
	       ours.first_us / 1e3, ours.first_us / floor.first_us,
	       floor.first_us / 1e3);
	printf("later ones: %.0f us, %.2f x the floor (%.0f us)\n",
	       ours.later_us, ours.later_us / floor.later_us, floor.later_us);
	return 0;
}
