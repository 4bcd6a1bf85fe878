/* SPDX-License-Identifier: MIT */
/* See jwt_keys.h. */
#include "jwt_keys.h"

#include "test.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>

void put_base64url(struct wsg_buf *out, const void *bytes, size_t len)
{
	size_t from = out->len, i;

	wsg_base64_put(out, (struct wsg_str){ bytes, len });
	while (out->len > from && out->ptr[out->len - 1] == '=')
		out->ptr[--out->len] = '\0';
	for (i = from; i < out->len; i++) {
		if (out->ptr[i] == '+')
			out->ptr[i] = '-';
		else if (out->ptr[i] == '/')
			out->ptr[i] = '_';
	}
}

EVP_PKEY *make_key(const char *kind, unsigned bits)
{
	EVP_PKEY *key;

	if (!strcmp(kind, "RSA"))
		key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)bits);
	else if (!strcmp(kind, "Ed25519"))
		key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	else
		key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", kind);
	if (!key)
		fail_msg("no key of kind %s", kind);
	return key;
}

static void put_number(struct wsg_buf *out, EVP_PKEY *key, const char *name,
		       const char *member, int len)
{
	unsigned char bytes[1024];
	BIGNUM *number = NULL;

	assert_true(EVP_PKEY_get_bn_param(key, name, &number));
	if (!len)
		len = BN_num_bytes(number);
	assert_true(len <= (int)sizeof(bytes));
	BN_bn2binpad(number, bytes, len);
	BN_free(number);
	wsg_buf_printf(out, ",\"%s\":\"", member);
	put_base64url(out, bytes, (size_t)len);
	wsg_buf_text(out, "\"");
}

void put_jwk(struct wsg_buf *out, EVP_PKEY *key)
{
	unsigned char raw[32];
	size_t raw_len = sizeof(raw);
	int bits = EVP_PKEY_get_bits(key);

	if (EVP_PKEY_is_a(key, "RSA")) {
		wsg_buf_text(out, "\"kty\":\"RSA\"");
		put_number(out, key, OSSL_PKEY_PARAM_RSA_N, "n", 0);
		put_number(out, key, OSSL_PKEY_PARAM_RSA_E, "e", 0);
	} else if (EVP_PKEY_is_a(key, "EC")) {
		wsg_buf_printf(out, "\"kty\":\"EC\",\"crv\":\"P-%d\"", bits);
		put_number(out, key, OSSL_PKEY_PARAM_EC_PUB_X, "x",
			   (bits + 7) / 8);
		put_number(out, key, OSSL_PKEY_PARAM_EC_PUB_Y, "y",
			   (bits + 7) / 8);
	} else {
		EVP_PKEY_get_raw_public_key(key, raw, &raw_len);
		wsg_buf_text(out, "\"kty\":\"OKP\",\"crv\":\"Ed25519\","
				  "\"x\":\"");
		put_base64url(out, raw, raw_len);
		wsg_buf_text(out, "\"");
	}
}

/* DER to r and s of the same length, one after the other. */
static size_t ec_raw(EVP_PKEY *key, unsigned char *signature, size_t len)
{
	int field = (EVP_PKEY_get_bits(key) + 7) / 8;
	const unsigned char *der = signature;
	ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)len);

	assert_non_null(pair);
	BN_bn2binpad(ECDSA_SIG_get0_r(pair), signature, field);
	BN_bn2binpad(ECDSA_SIG_get0_s(pair), signature + field, field);
	ECDSA_SIG_free(pair);
	return 2 * (size_t)field;
}

static const char *digest_of(enum wsg_alg alg)
{
	const char *name = wsg_alg_name(alg);

	if (alg == WSG_EDDSA)
		return NULL;
	return !strcmp(name + 2, "256")	  ? "SHA256"
	       : !strcmp(name + 2, "384") ? "SHA384"
					  : "SHA512";
}

static size_t sign(unsigned char *signature, size_t size, enum wsg_alg alg,
		   EVP_PKEY *key, struct wsg_str text)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pkey = NULL;
	size_t len = size;

	assert_true(EVP_DigestSignInit_ex(context, &pkey, digest_of(alg), NULL,
					  NULL, key, NULL) > 0);
	if (alg == WSG_PS256 || alg == WSG_PS384 || alg == WSG_PS512) {
		EVP_PKEY_CTX_set_rsa_padding(pkey, RSA_PKCS1_PSS_PADDING);
		EVP_PKEY_CTX_set_rsa_pss_saltlen(pkey, RSA_PSS_SALTLEN_DIGEST);
	}
	assert_true(EVP_DigestSign(context, signature, &len,
				   (const unsigned char *)text.ptr,
				   text.len) > 0);
	EVP_MD_CTX_free(context);
	return EVP_PKEY_is_a(key, "EC") ? ec_raw(key, signature, len) : len;
}

void put_token(struct wsg_buf *out, const char *header, const char *claims,
	       enum wsg_alg alg, EVP_PKEY *key, const char *secret)
{
	unsigned char signature[1024];
	size_t from = out->len, len = 0;
	struct wsg_str text;

	put_base64url(out, header, strlen(header));
	wsg_buf_text(out, ".");
	put_base64url(out, claims, strlen(claims));
	text = (struct wsg_str){ out->ptr + from, out->len - from };
	if (key)
		len = sign(signature, sizeof(signature), alg, key, text);
	else
		EVP_Q_mac(NULL, "HMAC", NULL, digest_of(alg), NULL, secret,
			  strlen(secret), (const unsigned char *)text.ptr,
			  text.len, signature, sizeof(signature), &len);
	wsg_buf_text(out, ".");
	put_base64url(out, signature, len);
}
