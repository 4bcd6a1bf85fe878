/* SPDX-License-Identifier: MIT */
/* tls.h on OpenSSL. */
#include "../tls.h"

#include "roots.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define SESSIONS_MAX 4
#define HOST_SIZE 254
#define ERROR_SIZE 160

/* The session that a host gave last; the next connection to it resumes it. */
struct session {
	char host[HOST_SIZE];
	SSL_SESSION *session;
};

struct wsg_tls_trust {
	SSL_CTX *context;
	BIO_METHOD *socket; /* see below */
	struct session sessions[SESSIONS_MAX];
	size_t oldest;
};

struct wsg_tls {
	SSL *ssl;
	struct wsg_tls_trust *trust;
	int fd;
	bool failed;
	char host[HOST_SIZE];
	char error[ERROR_SIZE];
};

/*
 * OpenSSL's own socket BIO writes with write(), and a peer that went away
 * would end the process with SIGPIPE. This one asks for no signal.
 */
static int socket_write(BIO *bio, const char *bytes, int len)
{
	const struct wsg_tls *tls = BIO_get_data(bio);
	ssize_t done = send(tls->fd, bytes, (size_t)len, MSG_NOSIGNAL);

	BIO_clear_retry_flags(bio);
	if (done < 0 && (errno == EAGAIN || errno == EINTR))
		BIO_set_retry_write(bio);
	return (int)done;
}

static int socket_read(BIO *bio, char *bytes, int len)
{
	const struct wsg_tls *tls = BIO_get_data(bio);
	ssize_t done = recv(tls->fd, bytes, (size_t)len, 0);

	BIO_clear_retry_flags(bio);
	if (done < 0 && (errno == EAGAIN || errno == EINTR))
		BIO_set_retry_read(bio);
	return (int)done;
}

static long socket_control(BIO *bio, int command, long number, void *pointer)
{
	(void)bio;
	(void)number;
	(void)pointer;
	return command == BIO_CTRL_FLUSH;
}

static BIO_METHOD *socket_method(void)
{
	BIO_METHOD *method = BIO_meth_new(
		BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");

	if (method && BIO_meth_set_write(method, socket_write) &&
	    BIO_meth_set_read(method, socket_read) &&
	    BIO_meth_set_ctrl(method, socket_control))
		return method;
	BIO_meth_free(method);
	return NULL;
}

static struct session *find_session(struct wsg_tls_trust *trust,
				    const char *host)
{
	size_t i;

	for (i = 0; i < SESSIONS_MAX; i++) {
		if (trust->sessions[i].session &&
		    !strcmp(trust->sessions[i].host, host))
			return &trust->sessions[i];
	}
	return NULL;
}

/* OpenSSL has a new session: keep it; returning 1 means that it is ours. */
static int keep_session(SSL *ssl, SSL_SESSION *session)
{
	struct wsg_tls *tls = SSL_get_app_data(ssl);
	struct wsg_tls_trust *trust = tls->trust;
	struct session *slot = find_session(trust, tls->host);

	if (!slot) {
		slot = &trust->sessions[trust->oldest];
		trust->oldest = (trust->oldest + 1) % SESSIONS_MAX;
	}
	SSL_SESSION_free(slot->session);
	slot->session = session;
	memcpy(slot->host, tls->host, sizeof(slot->host));
	return 1;
}

static bool trust_built_in(SSL_CTX *context)
{
	X509_STORE *store = SSL_CTX_get_cert_store(context);
	size_t i;

	for (i = 0; i < wsg_tls_roots_count; i++) {
		const unsigned char *der = wsg_tls_roots[i].der;
		X509 *root = d2i_X509(NULL, &der, (long)wsg_tls_roots[i].len);
		bool added = root && X509_STORE_add_cert(store, root);

		X509_free(root);
		if (!added)
			return false;
	}
	return wsg_tls_roots_count > 0;
}

/* What Lambda's own system has first, then other systems' bundles. */
static bool trust_system(SSL_CTX *context)
{
	static const char *const files[] = {
		"/etc/pki/tls/certs/ca-bundle.crt",
		"/etc/ssl/certs/ca-certificates.crt",
		"/etc/ssl/cert.pem",
	};
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (SSL_CTX_load_verify_file(context, files[i]))
			return true;
	}
	ERR_clear_error();
	return false;
}

static bool load_roots(SSL_CTX *context, bool anyone, const char **error)
{
	const char *file = getenv("WSG_CA_FILE");

	if (file && *file) {
		*error = "the certificates in WSG_CA_FILE cannot be read";
		return SSL_CTX_load_verify_file(context, file);
	}
	*error = "the system has no certificates: set WSG_CA_FILE";
	if (anyone)
		return trust_system(context);
	*error = "no roots are built in: set WSG_CA_FILE";
	return trust_built_in(context);
}

static SSL_CTX *make_context(bool anyone, const char **error)
{
	SSL_CTX *context;

	/* Nobody's openssl.cnf, and no strings to load for it. */
	OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	context = SSL_CTX_new(TLS_client_method());
	*error = "OpenSSL does not start";
	if (!context)
		return NULL;
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
					  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
					  SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_session_cache_mode(
		context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(context, keep_session);
	if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) &&
	    load_roots(context, anyone, error))
		return context;
	SSL_CTX_free(context);
	return NULL;
}

static struct wsg_tls_trust *trust_new(bool anyone, const char **error)
{
	struct wsg_tls_trust *trust = calloc(1, sizeof(*trust));

	if (!trust)
		return NULL;
	trust->socket = socket_method();
	trust->context = trust->socket ? make_context(anyone, error) : NULL;
	if (trust->context)
		return trust;
	wsg_tls_trust_free(trust);
	return NULL;
}

struct wsg_tls_trust *wsg_tls_trust_public(const char **error)
{
	*error = "out of memory";
	return trust_new(true, error);
}

void wsg_tls_trust_free(struct wsg_tls_trust *trust)
{
	size_t i;

	if (!trust)
		return;
	for (i = 0; i < SESSIONS_MAX; i++)
		SSL_SESSION_free(trust->sessions[i].session);
	SSL_CTX_free(trust->context);
	BIO_meth_free(trust->socket);
	free(trust);
}

/* Whom the certificate must be for: a name, which SNI says too, or a number. */
static bool expect_host(SSL *ssl, const char *host)
{
	unsigned char number[16];

	if (inet_pton(AF_INET, host, number) == 1 ||
	    inet_pton(AF_INET6, host, number) == 1)
		return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host);
	SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
				       X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
	return SSL_set1_host(ssl, host) && SSL_set_tlsext_host_name(ssl, host);
}

static bool start(struct wsg_tls *tls)
{
	struct session *last = find_session(tls->trust, tls->host);
	BIO *bio;

	tls->ssl = SSL_new(tls->trust->context);
	bio = tls->ssl ? BIO_new(tls->trust->socket) : NULL;
	if (!bio)
		return false;
	BIO_set_data(bio, tls);
	BIO_set_init(bio, 1);
	SSL_set_bio(tls->ssl, bio, bio);
	SSL_set_app_data(tls->ssl, tls);
	SSL_set_connect_state(tls->ssl);
	if (last)
		SSL_set_session(tls->ssl, last->session);
	return expect_host(tls->ssl, tls->host);
}

struct wsg_tls *wsg_tls_open(struct wsg_tls_trust **trust, int fd,
			     const char *host, const char **error)
{
	struct wsg_tls *tls;

	*error = "out of memory";
	if (!*trust)
		*trust = trust_new(false, error);
	if (!*trust)
		return NULL;
	tls = calloc(1, sizeof(*tls));
	if (!tls)
		return NULL;
	tls->trust = *trust;
	tls->fd = fd;
	snprintf(tls->host, sizeof(tls->host), "%s", host);
	if (start(tls))
		return tls;
	wsg_tls_close(tls);
	return NULL;
}

static void explain(struct wsg_tls *tls, const char *what, const char *why)
{
	snprintf(tls->error, sizeof(tls->error), "%s%s%s", what,
		 why ? ": " : "", why ? why : "");
}

/* What a call that did not go through means. */
static ssize_t outcome(struct wsg_tls *tls, int result)
{
	int code = SSL_get_error(tls->ssl, result);
	long verified = SSL_get_verify_result(tls->ssl);
	const char *reason;

	if (code == SSL_ERROR_WANT_READ)
		return WSG_TLS_READ;
	if (code == SSL_ERROR_WANT_WRITE)
		return WSG_TLS_WRITE;
	if (code == SSL_ERROR_ZERO_RETURN)
		return 0;
	tls->failed = true;
	reason = ERR_reason_error_string(ERR_get_error());
	if (verified != X509_V_OK)
		explain(tls, "the server's certificate is refused",
			X509_verify_cert_error_string(verified));
	else if (!SSL_is_init_finished(tls->ssl))
		explain(tls, "no TLS with the server",
			reason ? reason : "the connection ended");
	else
		explain(tls, "the TLS connection broke", reason);
	return WSG_TLS_FAILED;
}

ssize_t wsg_tls_read(struct wsg_tls *tls, void *bytes, size_t len)
{
	size_t done = 0;
	int result;

	if (tls->failed)
		return WSG_TLS_FAILED;
	ERR_clear_error();
	result = SSL_read_ex(tls->ssl, bytes, len, &done);
	return result > 0 ? (ssize_t)done : outcome(tls, result);
}

ssize_t wsg_tls_write(struct wsg_tls *tls, const void *bytes, size_t len)
{
	size_t done = 0;
	int result;

	if (tls->failed)
		return WSG_TLS_FAILED;
	ERR_clear_error();
	result = SSL_write_ex(tls->ssl, bytes, len, &done);
	return result > 0 ? (ssize_t)done : outcome(tls, result);
}

const char *wsg_tls_error(const struct wsg_tls *tls)
{
	return tls->error;
}

void wsg_tls_close(struct wsg_tls *tls)
{
	if (tls->ssl && !tls->failed && SSL_is_init_finished(tls->ssl))
		SSL_shutdown(tls->ssl);
	SSL_free(tls->ssl);
	ERR_clear_error();
	free(tls);
}
