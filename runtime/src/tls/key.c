/* SPDX-License-Identifier: MIT */
/* Keys of tokens on OpenSSL; see token.h. */
#include "../token.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <stdlib.h>

#define RSA_BITS_MIN 2048
#define RSA_BITS_MAX 8192
#define ED25519_LEN 32

enum kind { RSA_KEY, EC_KEY_OF, ED25519_KEY, SECRET };

struct wsg_key {
	enum kind kind;
	EVP_PKEY *pkey;	    /* but for a secret */
	enum wsg_alg curve; /* of EC: the one algorithm that has it */
	size_t field_len;   /* of EC: half of a signature */
	unsigned char *secret;
	size_t secret_len;
};

/* What each algorithm is made of. */
static const struct {
	enum kind kind;
	bool pss;
	const char *digest;
	size_t digest_len;
} parts[] = {
	[WSG_RS256] = { RSA_KEY, false, "SHA256", 32 },
	[WSG_RS384] = { RSA_KEY, false, "SHA384", 48 },
	[WSG_RS512] = { RSA_KEY, false, "SHA512", 64 },
	[WSG_PS256] = { RSA_KEY, true, "SHA256", 32 },
	[WSG_PS384] = { RSA_KEY, true, "SHA384", 48 },
	[WSG_PS512] = { RSA_KEY, true, "SHA512", 64 },
	[WSG_ES256] = { EC_KEY_OF, false, "SHA256", 32 },
	[WSG_ES384] = { EC_KEY_OF, false, "SHA384", 48 },
	[WSG_ES512] = { EC_KEY_OF, false, "SHA512", 64 },
	[WSG_EDDSA] = { ED25519_KEY, false, NULL, 0 },
	[WSG_HS256] = { SECRET, false, "SHA256", 32 },
	[WSG_HS384] = { SECRET, false, "SHA384", 48 },
	[WSG_HS512] = { SECRET, false, "SHA512", 64 },
};

static const struct {
	const char *crv, *group;
	size_t field_len;
	enum wsg_alg alg;
} curves[] = {
	{ "P-256", "prime256v1", 32, WSG_ES256 },
	{ "P-384", "secp384r1", 48, WSG_ES384 },
	{ "P-521", "secp521r1", 66, WSG_ES512 },
};

static const unsigned char *bytes_of(struct wsg_str str)
{
	return (const unsigned char *)(str.len ? str.ptr : "");
}

/* A public key out of what builder holds. */
static EVP_PKEY *public_key(const char *type, OSSL_PARAM_BLD *builder)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *pkey = NULL;

	if (params && context && EVP_PKEY_fromdata_init(context) > 0)
		EVP_PKEY_fromdata(context, &pkey, EVP_PKEY_PUBLIC_KEY, params);
	EVP_PKEY_CTX_free(context);
	OSSL_PARAM_free(params);
	return pkey;
}

static EVP_PKEY *rsa_public(const struct wsg_jwk *jwk)
{
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	BIGNUM *n = BN_bin2bn(bytes_of(jwk->n), (int)jwk->n.len, NULL);
	BIGNUM *e = BN_bin2bn(bytes_of(jwk->e), (int)jwk->e.len, NULL);
	EVP_PKEY *pkey = NULL;

	if (builder && n && e &&
	    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) &&
	    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e))
		pkey = public_key("RSA", builder);
	OSSL_PARAM_BLD_free(builder);
	BN_free(n);
	BN_free(e);
	return pkey;
}

/*
 * An even modulus or exponent, or an exponent of 1, is no key of RSA: with the
 * last, anything is its own signature.
 */
static bool rsa_key(struct wsg_key *key, const struct wsg_jwk *jwk,
		    const char **error)
{
	struct wsg_str n = jwk->n, e = jwk->e;
	int bits;

	*error = "no RSA key";
	if (!n.len || n.len > RSA_BITS_MAX / 8 + 1 || !e.len || e.len > 8 ||
	    !(n.ptr[n.len - 1] & 1) || !(e.ptr[e.len - 1] & 1))
		return false;
	while (e.len > 1 && !*e.ptr)
		e = (struct wsg_str){ e.ptr + 1, e.len - 1 };
	if (e.len == 1 && *e.ptr == 1)
		return false;
	key->pkey = rsa_public(jwk);
	if (!key->pkey)
		return false;
	*error = "an RSA key that is not of 2048 to 8192 bits";
	bits = EVP_PKEY_get_bits(key->pkey);
	return bits >= RSA_BITS_MIN && bits <= RSA_BITS_MAX;
}

static EVP_PKEY *ec_public(const char *group, struct wsg_str point)
{
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	EVP_PKEY *pkey = NULL;

	if (builder &&
	    OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME,
					    group, 0) &&
	    OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY,
					     point.ptr, point.len))
		pkey = public_key("EC", builder);
	OSSL_PARAM_BLD_free(builder);
	return pkey;
}

/* Whether the point is on its curve, and not at infinity. */
static bool is_sound(EVP_PKEY *pkey)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	bool sound = context && EVP_PKEY_public_check(context) == 1;

	EVP_PKEY_CTX_free(context);
	return sound;
}

static bool ec_key(struct wsg_key *key, const struct wsg_jwk *jwk,
		   const char **error)
{
	unsigned char point[1 + 2 * 66] = { 4 }; /* not compressed */
	size_t i, len;

	for (i = 0; i < sizeof(curves) / sizeof(curves[0]); i++) {
		if (!wsg_str_is(jwk->crv, curves[i].crv))
			continue;
		*error = "no point of its curve";
		len = curves[i].field_len;
		if (jwk->x.len != len || jwk->y.len != len)
			return false;
		memcpy(point + 1, jwk->x.ptr, len);
		memcpy(point + 1 + len, jwk->y.ptr, len);
		key->curve = curves[i].alg;
		key->field_len = len;
		key->pkey = ec_public(
			curves[i].group,
			(struct wsg_str){ (char *)point, 1 + 2 * len });
		return key->pkey && is_sound(key->pkey);
	}
	*error = "a curve that is not known";
	return false;
}

static bool ed25519_key(struct wsg_key *key, const struct wsg_jwk *jwk,
			const char **error)
{
	*error = "no Ed25519 key";
	if (!wsg_str_is(jwk->crv, "Ed25519") || jwk->x.len != ED25519_LEN)
		return false;
	key->pkey = EVP_PKEY_new_raw_public_key_ex(
		NULL, "ED25519", NULL, bytes_of(jwk->x), jwk->x.len);
	return key->pkey != NULL;
}

static bool secret_key(struct wsg_key *key, const struct wsg_jwk *jwk,
		       const char **error)
{
	*error = "a secret shorter than 32 bytes, which SHA-256 has";
	if (jwk->k.len < parts[WSG_HS256].digest_len)
		return false;
	*error = "out of memory";
	key->secret = malloc(jwk->k.len);
	if (!key->secret)
		return false;
	memcpy(key->secret, jwk->k.ptr, jwk->k.len);
	key->secret_len = jwk->k.len;
	return true;
}

static bool make_key(struct wsg_key *key, const struct wsg_jwk *jwk,
		     const char **error)
{
	static const struct {
		const char *kty;
		enum kind kind;
		bool (*make)(struct wsg_key *key, const struct wsg_jwk *jwk,
			     const char **error);
	} types[] = {
		{ "RSA", RSA_KEY, rsa_key },
		{ "EC", EC_KEY_OF, ec_key },
		{ "OKP", ED25519_KEY, ed25519_key },
		{ "oct", SECRET, secret_key },
	};
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (!wsg_str_is(jwk->kty, types[i].kty))
			continue;
		key->kind = types[i].kind;
		return types[i].make(key, jwk, error);
	}
	*error = "a kind of key that is not known";
	return false;
}

struct wsg_key *wsg_key_new(const struct wsg_jwk *jwk, const char **error)
{
	struct wsg_key *key = calloc(1, sizeof(*key));

	*error = "out of memory";
	if (key && make_key(key, jwk, error))
		return key;
	wsg_key_free(key);
	ERR_clear_error();
	return NULL;
}

void wsg_key_free(struct wsg_key *key)
{
	if (!key)
		return;
	EVP_PKEY_free(key->pkey);
	if (key->secret)
		OPENSSL_cleanse(key->secret, key->secret_len);
	free(key->secret);
	free(key);
}

bool wsg_key_fits(const struct wsg_key *key, enum wsg_alg alg)
{
	if (alg == WSG_ALG_NONE || parts[alg].kind != key->kind)
		return false;
	if (key->kind == EC_KEY_OF)
		return key->curve == alg;
	return key->kind != SECRET || key->secret_len >= parts[alg].digest_len;
}

static bool verify_hmac(const struct wsg_key *key, enum wsg_alg alg,
			struct wsg_str text, struct wsg_str signature)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	size_t len = 0;

	if (signature.len != parts[alg].digest_len ||
	    !EVP_Q_mac(NULL, "HMAC", NULL, parts[alg].digest, NULL, key->secret,
		       key->secret_len, bytes_of(text), text.len, digest,
		       sizeof(digest), &len))
		return false;
	return len == signature.len &&
	       !CRYPTO_memcmp(digest, signature.ptr, len);
}

/* r and s one after the other, as a DER sequence; its length, 0 if it fails. */
static size_t ec_to_der(const struct wsg_key *key, struct wsg_str signature,
			unsigned char **der)
{
	const unsigned char *bytes = bytes_of(signature);
	ECDSA_SIG *pair = ECDSA_SIG_new();
	BIGNUM *r, *s;
	int len = 0;

	if (!pair || signature.len != 2 * key->field_len) {
		ECDSA_SIG_free(pair);
		return 0;
	}
	r = BN_bin2bn(bytes, (int)key->field_len, NULL);
	s = BN_bin2bn(bytes + key->field_len, (int)key->field_len, NULL);
	if (r && s && ECDSA_SIG_set0(pair, r, s)) {
		len = i2d_ECDSA_SIG(pair, der);
	} else {
		BN_free(r);
		BN_free(s);
	}
	ECDSA_SIG_free(pair);
	return len > 0 ? (size_t)len : 0;
}

static bool set_pss(EVP_PKEY_CTX *context, const char *digest)
{
	return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) >
		       0 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(context,
						RSA_PSS_SALTLEN_DIGEST) > 0 &&
	       EVP_PKEY_CTX_set_rsa_mgf1_md_name(context, digest, NULL) > 0;
}

static bool verify_digest(const struct wsg_key *key, enum wsg_alg alg,
			  struct wsg_str text, const unsigned char *signature,
			  size_t len)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pkey = NULL; /* the context's own */
	bool good;

	good = context &&
	       EVP_DigestVerifyInit_ex(context, &pkey, parts[alg].digest, NULL,
				       NULL, key->pkey, NULL) > 0 &&
	       (!parts[alg].pss || set_pss(pkey, parts[alg].digest)) &&
	       EVP_DigestVerify(context, signature, len, bytes_of(text),
				text.len) == 1;
	EVP_MD_CTX_free(context);
	return good;
}

bool wsg_key_verify(const struct wsg_key *key, enum wsg_alg alg,
		    struct wsg_str text, struct wsg_str signature)
{
	unsigned char *der = NULL;
	size_t len;
	bool good;

	if (!wsg_key_fits(key, alg))
		return false;
	if (key->kind == SECRET)
		return verify_hmac(key, alg, text, signature);
	if (key->kind == EC_KEY_OF) {
		len = ec_to_der(key, signature, &der);
		good = len && verify_digest(key, alg, text, der, len);
		OPENSSL_free(der);
	} else {
		good = verify_digest(key, alg, text, bytes_of(signature),
				     signature.len);
	}
	ERR_clear_error();
	return good;
}
