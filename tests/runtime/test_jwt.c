/* SPDX-License-Identifier: MIT */
/* Tokens taken apart, verified with keys of every kind, and judged. */
#include "jwt_keys.h"
#include "test.h"

#include <stdlib.h>

#define NOW 1700000000

static struct wsg_arena *arena;

static int setup(void **unused)
{
	(void)unused;
	arena = wsg_arena_new();
	return arena ? 0 : -1;
}

static int teardown(void **unused)
{
	(void)unused;
	wsg_arena_free(arena);
	return 0;
}

static void base64url(void **unused)
{
	static const struct {
		const char *text, *bytes; /* bytes NULL: refused */
	} cases[] = {
		{ "", "" },	      { "Zg", "f" },
		{ "Zm8", "fo" },      { "Zm9v", "foo" },
		{ "Zm9vYg", "foob" }, { "--__", "\xfb\xef\xff" },
		{ "Z", NULL },	      { "Zg==", NULL },
		{ "Zg=", NULL },      { "Zh", NULL },
		{ "Zm9", NULL },      { "Zm9v ", NULL },
		{ "Zm 9v", NULL },    { "Zm9v\n", NULL },
		{ "+_++", NULL },     { "//__", NULL },
		{ "Zm9vY", NULL },    { "Zm9v.", NULL },
	};
	size_t i, len;

	(void)unused;
	for (i = 0; i < COUNT(cases); i++) {
		char text[16];
		bool good;

		strcpy(text, cases[i].text);
		good = wsg_base64url_decode(text, strlen(text), &len);
		if (good != (cases[i].bytes != NULL) ||
		    (good && (len != strlen(cases[i].bytes) ||
			      memcmp(text, cases[i].bytes, len) != 0)))
			fail_msg("'%s'", cases[i].text);
	}
}

/* Headers, and what is wrong with them. */
static void headers(void **unused)
{
	static const struct {
		const char *header, *error; /* NULL: good */
	} cases[] = {
		{ "{\"alg\":\"ES256\"}", NULL },
		{ "{\"alg\":\"EdDSA\",\"kid\":\"a\",\"typ\":\"JWT\"}", NULL },
		{ " {\"kid\":\"\",\"x\":{\"alg\":1},\"alg\":\"HS512\"} ",
		  NULL },
		{ "{\"alg\":\"none\"}", "its algorithm is none that is known" },
		{ "{\"alg\":\"None\"}", "its algorithm is none that is known" },
		{ "{\"alg\":\"hs256\"}",
		  "its algorithm is none that is known" },
		{ "{\"alg\":\"RS1\"}", "its algorithm is none that is known" },
		{ "{\"alg\":\"\"}", "its algorithm is none that is known" },
		{ "{}", "its algorithm is none that is known" },
		{ "{\"alg\":\"ES256\\u0000\"}",
		  "its algorithm is none that is known" },
		{ "{\"alg\":\"ES256\",\"crit\":[]}", "its header has 'crit'" },
		{ "{\"crit\":[\"b64\"],\"b64\":false,\"alg\":\"ES256\"}",
		  "its header has 'crit'" },
		{ "{\"alg\":\"ES256\",\"alg\":\"ES256\"}",
		  "a member comes twice" },
		{ "{\"alg\":\"ES256\",\"\\u0061lg\":\"none\"}",
		  "a member comes twice" },
		{ "{\"alg\":\"ES256\",\"x\":1,\"x\":1}",
		  "a member comes twice" },
		{ "{\"alg\":256}", "expected a string" },
		{ "{\"alg\":\"ES256\",\"kid\":7}", "expected a string" },
		{ "[]", "expected an object" },
		{ "{\"alg\":\"ES256\"", "ends in the middle" },
		{ "{\"alg\":\"ES256\"}{}", "more than one value" },
	};
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(cases); i++) {
		struct wsg_buf text = { 0 };
		struct wsg_token token;
		const char *error = NULL;
		bool good;

		put_base64url(&text, cases[i].header, strlen(cases[i].header));
		wsg_buf_text(&text, ".e30.AAAA");
		good = wsg_token_read(arena,
				      (struct wsg_str){ text.ptr, text.len },
				      &token, &error);
		if (good != !cases[i].error ||
		    (!good && !test_same(error, cases[i].error)))
			fail_msg("%s: %s", cases[i].header,
				 good ? "good" : error);
		wsg_buf_release(&text);
	}
}

/* The whole: ES256 in front of the first dot. */
static void shapes(void **unused)
{
#define HEADER "eyJhbGciOiJFUzI1NiJ9"
	static const struct {
		const char *text, *error;
	} cases[] = {
		{ HEADER ".e30.AAAA", NULL },
		{ "", "it does not have three parts" },
		{ ".", "it does not have three parts" },
		{ "..", "it does not have three parts" },
		{ HEADER, "it does not have three parts" },
		{ HEADER ".e30", "it does not have three parts" },
		{ HEADER ".e30.", "it does not have three parts" },
		{ HEADER "..AAAA", "it does not have three parts" },
		{ ".e30.AAAA", "it does not have three parts" },
		{ HEADER ".e30.AAAA.", "it does not have three parts" },
		{ HEADER ".e30.AAAA.AAAA.AAAA",
		  "it does not have three parts" },
		{ HEADER ".e30=.AAAA", "it is not base64url" },
		{ HEADER ".e30.AAA=", "it is not base64url" },
		{ HEADER ".e3 0.AAAA", "it is not base64url" },
		{ HEADER ".e30.AAAA\n", "it is not base64url" },
		{ HEADER ".e31.AAAA", "it is not base64url" },
		{ " " HEADER ".e30.AAAA", "it is not base64url" },
	};
	struct wsg_token token;
	const char *error;
	char *large;
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(cases); i++) {
		error = NULL;
		if (wsg_token_read(arena, wsg_str(cases[i].text), &token,
				   &error))
			error = NULL;
		if (!test_same(error, cases[i].error))
			fail_msg("'%s': %s", cases[i].text,
				 error ? error : "good");
	}
	large = malloc(WSG_JWT_MAX + 2);
	memset(large, 'A', WSG_JWT_MAX + 1);
	memcpy(large, HEADER ".e30.", sizeof(HEADER ".e30.") - 1);
	for (i = WSG_JWT_MAX - 4; i <= WSG_JWT_MAX; i++) {
		if (i % 4 != (sizeof(HEADER ".e30.") - 1) % 4)
			continue;
		assert_true(wsg_token_read(arena, (struct wsg_str){ large, i },
					   &token, &error));
	}
	assert_false(wsg_token_read(arena,
				    (struct wsg_str){ large, WSG_JWT_MAX + 1 },
				    &token, &error));
	assert_string_equal(error, "it is larger than 16 KB");
	free(large);
#undef HEADER
}

static struct wsg_key_set read_set(const char *keys)
{
	struct wsg_buf text = { 0 };
	struct wsg_key_set set;
	const char *error;

	wsg_buf_printf(&text, "{\"keys\":[%s]}", keys);
	if (!wsg_key_set_read(&set, text.ptr, text.len, &error))
		fail_msg("%s: %s", text.ptr, error);
	wsg_buf_release(&text);
	return set;
}

static const char *verify(const struct wsg_key_set *set, const char *text)
{
	static const char *const verdicts[] = { "verified", "forged", "unknown",
						"no keys" };
	struct wsg_token token;
	const char *error;

	if (!wsg_token_read(arena, wsg_str(text), &token, &error))
		return error;
	return verdicts[wsg_key_set_verify(set, &token)];
}

/* The examples of RFC 7515 (A.1 to A.3). */
static void rfc_examples(void **unused)
{
#define CLAIMS                                                              \
	".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt" \
	"cGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
	static const char rsa[] =
		"{\"kty\":\"RSA\",\"n\":\"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_"
		"wWJc"
		"yQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yR"
		"T-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LO"
		"L-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg6"
		"65xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmo"
		"udF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ\","
		"\"e\":\"AQAB\"}";
	static const char ec[] =
		"{\"kty\":\"EC\",\"crv\":\"P-256\","
		"\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
		"\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}";
	static const char hs_token[] =
		"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9" CLAIMS
		"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
	static const char rs_token[] =
		"eyJhbGciOiJSUzI1NiJ9" CLAIMS
		"cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZm"
		"h7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKB"
		"YNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L"
		"07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6Bf"
		"I7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWk"
		"WywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
	static const char es_token[] =
		"eyJhbGciOiJFUzI1NiJ9" CLAIMS
		"DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8IS"
		"lSApmWQxfKTUJqPP3-Kg6NU1Q";
	char secret[] = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75"
			"aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
	struct wsg_key_set set;
	const char *error;
	size_t len;

	(void)unused;
	set = read_set(rsa);
	assert_string_equal(verify(&set, rs_token), "verified");
	wsg_key_set_release(&set);
	set = read_set(ec);
	assert_string_equal(verify(&set, es_token), "verified");
	assert_string_equal(verify(&set, rs_token), "unknown");
	wsg_key_set_release(&set);
	assert_true(wsg_base64url_decode(secret, strlen(secret), &len));
	assert_true(wsg_key_set_secret(&set, (struct wsg_str){ secret, len },
				       &error));
	assert_string_equal(verify(&set, hs_token), "verified");
	wsg_key_set_release(&set);
#undef CLAIMS
}

/* RFC 8037, A.4: what is signed there is no JSON. */
static void rfc_8037(void **unused)
{
	char x[] = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
	char signature[] = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcN"
			   "R4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
	static const char text[] = "eyJhbGciOiJFZERTQSJ9."
				   "RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
	struct wsg_jwk jwk = { .kty = { WSG_LIT("OKP") },
			       .crv = { WSG_LIT("Ed25519") } };
	size_t signature_len;
	struct wsg_key *key;
	const char *error;

	(void)unused;
	assert_true(wsg_base64url_decode(x, strlen(x), &jwk.x.len));
	jwk.x.ptr = x;
	assert_true(wsg_base64url_decode(signature, strlen(signature),
					 &signature_len));
	key = wsg_key_new(&jwk, &error);
	assert_non_null(key);
	assert_true(
		wsg_key_verify(key, WSG_EDDSA, wsg_str(text),
			       (struct wsg_str){ signature, signature_len }));
	signature[5] ^= 1;
	assert_false(
		wsg_key_verify(key, WSG_EDDSA, wsg_str(text),
			       (struct wsg_str){ signature, signature_len }));
	wsg_key_free(key);
}

static const struct {
	enum wsg_alg alg;
	const char *kind; /* NULL: a secret */
} algs[] = {
	{ WSG_RS256, "RSA" },	{ WSG_RS384, "RSA" },
	{ WSG_RS512, "RSA" },	{ WSG_PS256, "RSA" },
	{ WSG_PS384, "RSA" },	{ WSG_PS512, "RSA" },
	{ WSG_ES256, "P-256" }, { WSG_ES384, "P-384" },
	{ WSG_ES512, "P-521" }, { WSG_EDDSA, "Ed25519" },
	{ WSG_HS256, NULL },	{ WSG_HS384, NULL },
	{ WSG_HS512, NULL },
};

#define SECRET \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct wsg_key_set set_of(EVP_PKEY *key, const char *more)
{
	struct wsg_buf jwk = { 0 };
	struct wsg_key_set set;
	const char *error;

	if (!key) {
		assert_true(wsg_key_set_secret(&set, wsg_str(SECRET), &error));
		return set;
	}
	wsg_buf_text(&jwk, "{");
	put_jwk(&jwk, key);
	wsg_buf_printf(&jwk, "%s}", more);
	set = read_set(jwk.ptr);
	wsg_buf_release(&jwk);
	return set;
}

/* Every bit of the last bytes counts, and so does what is signed. */
static void tamper(const struct wsg_key_set *set, char *text, const char *name)
{
	char *dot = strrchr(text, '.'), *claims = strchr(text, '.') + 1;
	char was = *claims;

	*claims = was == 'e' ? 'f' : 'e';
	if (!strcmp(verify(set, text), "verified"))
		fail_msg("%s: other claims are verified", name);
	*claims = was;
	was = dot[5];
	dot[5] = was == 'A' ? 'B' : 'A';
	if (!strcmp(verify(set, text), "verified"))
		fail_msg("%s: another signature is verified", name);
	dot[5] = was;
	dot[5] = '\0';
	if (strcmp(verify(set, text), "forged") != 0)
		fail_msg("%s: half a signature: %s", name, verify(set, text));
	dot[5] = was;
}

static void each_algorithm(void **unused)
{
	size_t i, k;

	(void)unused;
	for (i = 0; i < COUNT(algs); i++) {
		const char *name = wsg_alg_name(algs[i].alg);
		EVP_PKEY *key =
			algs[i].kind ? make_key(algs[i].kind, 2048) : NULL;
		struct wsg_key_set set = set_of(key, "");
		struct wsg_buf text = { 0 };
		char header[64];

		snprintf(header, sizeof(header), "{\"alg\":\"%s\"}", name);
		put_token(&text, header, "{\"sub\":\"ada\"}", algs[i].alg, key,
			  SECRET);
		if (strcmp(verify(&set, text.ptr), "verified") != 0)
			fail_msg("%s: %s", name, verify(&set, text.ptr));
		tamper(&set, text.ptr, name);
		/* The same signature under another algorithm's name. */
		for (k = 0; k < COUNT(algs); k++) {
			if (k == i)
				continue;
			wsg_buf_clear(&text);
			snprintf(header, sizeof(header), "{\"alg\":\"%s\"}",
				 wsg_alg_name(algs[k].alg));
			put_token(&text, header, "{\"sub\":\"ada\"}",
				  algs[i].alg, key, SECRET);
			if (!strcmp(verify(&set, text.ptr), "verified"))
				fail_msg("%s passes for %s", name,
					 wsg_alg_name(algs[k].alg));
		}
		wsg_buf_release(&text);
		wsg_key_set_release(&set);
		EVP_PKEY_free(key);
	}
}

/* What a set does not use, and why it must not. */
#define X "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
static void keys_refused(void **unused)
{
	EVP_PKEY *rsa = make_key("RSA", 2048), *ec = make_key("P-256", 0);
	EVP_PKEY *small = make_key("RSA", 1024);
	const struct {
		const char *name;
		EVP_PKEY *key;
		const char *more;
		bool used;
	} cases[] = {
		{ "plain", rsa, "", true },
		{ "small", small, "", false },
		{ "for signatures", rsa, ",\"use\":\"sig\"", true },
		{ "for secrecy", rsa, ",\"use\":\"enc\"", false },
		{ "verifies", ec, ",\"key_ops\":[\"verify\"]", true },
		{ "signs", ec, ",\"key_ops\":[\"sign\"]", false },
		{ "its alg", ec, ",\"alg\":\"ES256\"", true },
		{ "another's alg", ec, ",\"alg\":\"ES384\"", false },
		{ "a secret's alg", rsa, ",\"alg\":\"HS256\"", false },
		{ "unknown alg", rsa, ",\"alg\":\"RSA-OAEP\"", false },
	};
	static const char *const texts[] = {
		"{\"kty\":\"oct\",\"k\":\"" SECRET "\"}",
		"{\"kty\":\"RSA\",\"n\":\"AQ\",\"e\":\"AQAB\"}",
		"{\"kty\":\"RSA\",\"e\":\"AQAB\"}",
		"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}",
		"{\"kty\":\"EC\",\"crv\":\"P-256\","
		"\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
		"\"y\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\"}",
		"{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AA\"}",
		"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}",
		"{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" X "\"}",
		"{\"kty\":\"dog\"}",
		"{}",
	};
	struct wsg_key_set set;
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(cases); i++) {
		set = set_of(cases[i].key, cases[i].more);
		if (set.count != cases[i].used)
			fail_msg("%s", cases[i].name);
		wsg_key_set_release(&set);
	}
	for (i = 0; i < COUNT(texts); i++) {
		set = read_set(texts[i]);
		if (set.count)
			fail_msg("%s", texts[i]);
		wsg_key_set_release(&set);
	}
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(ec);
	EVP_PKEY_free(small);
}

/* With an exponent of 1 anything would be its own signature. */
static void exponents(void **unused)
{
	static const struct {
		const char *e;
		bool used;
	} cases[] = { { "AQAB", true }, { "Aw", true },	 { "AQ", false },
		      { "AAE", false }, { "AA", false }, { "AAAAAQAB", true },
		      { "Ag", false },	{ "", false } };
	struct wsg_buf n = { 0 }, text = { 0 };
	EVP_PKEY *key = make_key("RSA", 2048);
	struct wsg_key_set set;
	size_t i;

	(void)unused;
	put_jwk(&n, key);
	*strstr(n.ptr, ",\"e\":") = '\0';
	for (i = 0; i < COUNT(cases); i++) {
		wsg_buf_clear(&text);
		wsg_buf_printf(&text, "{%s,\"e\":\"%s\"}", n.ptr, cases[i].e);
		set = read_set(text.ptr);
		if (set.count != cases[i].used)
			fail_msg("e %s", cases[i].e);
		wsg_key_set_release(&set);
	}
	wsg_buf_release(&n);
	wsg_buf_release(&text);
	EVP_PKEY_free(key);
}

static void sets(void **unused)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
		{ "{\"keys\":[]}", NULL },
		{ "{\"x\":1,\"keys\":[{\"kty\":\"dog\"}]}", NULL },
		{ "{}", "it has no 'keys'" },
		{ "[]", "expected an object" },
		{ "{\"keys\":{}}", "expected an array" },
		{ "{\"keys\":[1]}", "expected an object" },
		{ "{\"keys\":[],\"keys\":[]}", "a member comes twice" },
		{ "{\"keys\":[{\"kty\":\"EC\",\"kty\":\"EC\"}]}",
		  "a member comes twice" },
		{ "{\"keys\":[{\"kty\":1}]}", "expected a string" },
		{ "<html>", "expected an object" },
	};
	struct wsg_key_set set;
	char text[128];
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(cases); i++) {
		const char *error = NULL;

		strcpy(text, cases[i].text);
		if (wsg_key_set_read(&set, text, strlen(text), &error)) {
			error = NULL;
			wsg_key_set_release(&set);
		}
		if (!test_same(error, cases[i].error))
			fail_msg("%s: %s", cases[i].text,
				 error ? error : "good");
	}
}

/* Which key is meant, by kid and by alg. */
static void picking(void **unused)
{
	EVP_PKEY *one = make_key("P-256", 0), *two = make_key("P-256", 0);
	static const struct {
		const char *header, *verdict; /* signed by the second key */
	} cases[] = {
		{ "{\"alg\":\"ES256\",\"kid\":\"two\"}", "verified" },
		{ "{\"alg\":\"ES256\",\"kid\":\"one\"}", "forged" },
		{ "{\"alg\":\"ES256\",\"kid\":\"three\"}", "unknown" },
		{ "{\"alg\":\"ES256\",\"kid\":\"\"}", "unknown" },
		{ "{\"alg\":\"ES256\",\"kid\":\"two\\u0000\"}", "unknown" },
		{ "{\"alg\":\"ES256\"}", "verified" },
		{ "{\"alg\":\"HS256\",\"kid\":\"two\"}", "unknown" },
	};
	struct wsg_buf jwks = { 0 }, text = { 0 };
	struct wsg_key_set set;
	size_t i;

	(void)unused;
	wsg_buf_text(&jwks, "{\"kid\":\"one\",");
	put_jwk(&jwks, one);
	wsg_buf_text(&jwks, "},{\"kid\":\"two\",");
	put_jwk(&jwks, two);
	wsg_buf_text(&jwks, "}");
	set = read_set(jwks.ptr);
	for (i = 0; i < COUNT(cases); i++) {
		wsg_buf_clear(&text);
		put_token(&text, cases[i].header, "{}", WSG_ES256, two, NULL);
		if (!test_same(verify(&set, text.ptr), cases[i].verdict))
			fail_msg("%s: %s", cases[i].header,
				 verify(&set, text.ptr));
	}
	wsg_key_set_release(&set);
	wsg_buf_release(&jwks);
	wsg_buf_release(&text);
	EVP_PKEY_free(one);
	EVP_PKEY_free(two);
}

static void secrets(void **unused)
{
	static const struct {
		size_t len;
		enum wsg_alg alg;
		const char *verdict;
	} cases[] = {
		{ 31, WSG_HS256, "too short" }, { 32, WSG_HS256, "verified" },
		{ 32, WSG_HS384, "unknown" },	{ 47, WSG_HS384, "unknown" },
		{ 48, WSG_HS384, "verified" },	{ 63, WSG_HS512, "unknown" },
		{ 64, WSG_HS512, "verified" },
	};
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(cases); i++) {
		struct wsg_buf text = { 0 };
		char secret[65] = SECRET, header[64];
		const char *error, *verdict = "too short";
		struct wsg_key_set set;

		secret[cases[i].len] = '\0';
		snprintf(header, sizeof(header),
			 "{\"alg\":\"%s\",\"kid\":\"any\"}",
			 wsg_alg_name(cases[i].alg));
		put_token(&text, header, "{}", cases[i].alg, NULL, secret);
		if (wsg_key_set_secret(&set, wsg_str(secret), &error)) {
			verdict = verify(&set, text.ptr);
			wsg_key_set_release(&set);
		}
		if (!test_same(verdict, cases[i].verdict))
			fail_msg("%zu bytes, %s: %s", cases[i].len, header,
				 verdict);
		wsg_buf_release(&text);
	}
}

static void claims(void **unused)
{
	static const char *const audience[] = { "chat", "admin", NULL };
	static const struct wsg_jwt jwt = { .issuer = "https://i/",
					    .audience = audience };
#define ISS "{\"iss\":\"https://i/\","
#define OK ISS "\"aud\":\"chat\",\"exp\":1700000100"
	static const struct {
		const char *json, *error;
	} cases[] = {
		{ OK "}", NULL },
		{ OK ",\"nbf\":1700000000,\"iat\":1700000000.5}", NULL },
		{ ISS "\"aud\":[\"x\",\"admin\"],\"exp\":1.7000001e9}", NULL },
		{ ISS "\"client_id\":\"chat\",\"exp\":1700000100}", NULL },
		{ ISS
		  "\"aud\":\"x\",\"client_id\":\"chat\",\"exp\":1700000100}",
		  "it is for another audience" },
		{ ISS "\"aud\":[],\"client_id\":\"chat\",\"exp\":1700000100}",
		  "it is for another audience" },
		{ ISS "\"aud\":\"chat admin\",\"exp\":1700000100}",
		  "it is for another audience" },
		{ ISS "\"exp\":1700000100}", "it is for another audience" },
		{ ISS "\"aud\":\"chat\"}", "it has no 'exp'" },
		{ ISS "\"aud\":\"chat\",\"exp\":\"1700000100\"}",
		  "expected a number" },
		{ ISS "\"aud\":\"chat\",\"exp\":null}", "expected a number" },
		{ ISS "\"aud\":{\"chat\":1},\"exp\":1700000100}",
		  "expected an array" },
		{ ISS "\"aud\":[\"chat\",1],\"exp\":1700000100}",
		  "expected a string" },
		/* 60 seconds either way. */
		{ ISS "\"aud\":\"chat\",\"exp\":1699999941}", NULL },
		{ ISS "\"aud\":\"chat\",\"exp\":1699999940}",
		  "it has expired" },
		{ ISS "\"aud\":\"chat\",\"exp\":0}", "it has expired" },
		{ ISS "\"aud\":\"chat\",\"exp\":-1e300}", "it has expired" },
		{ OK ",\"nbf\":1700000059}", NULL },
		{ OK ",\"nbf\":1700000060}", "it is not good yet" },
		{ OK ",\"iat\":1700000059}", NULL },
		{ OK ",\"iat\":1700000060}", "it was issued in the future" },
		{ "{\"iss\":\"https://i\",\"aud\":\"chat\",\"exp\":1700000100}",
		  "it is another issuer's" },
		{ "{\"aud\":\"chat\",\"exp\":1700000100}",
		  "it is another issuer's" },
		{ "{\"iss\":[\"https://i/\"],\"exp\":1}", "expected a string" },
		{ OK ",\"exp\":1800000000}", "a member comes twice" },
		{ OK ",\"\\u0065xp\":1800000000}", "a member comes twice" },
		{ OK ",\"x\":1,\"x\":2}", "a member comes twice" },
		{ OK "},", "more than one value" },
		{ "[]", "expected an object" },
		{ "\"\"", "expected an object" },
		{ "Example", "expected an object" },
	};
	struct wsg_claims read;
	const char *none;
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(cases); i++) {
		const char *error = NULL;

		if (wsg_claims_read(arena, wsg_str(cases[i].json), &read,
				    &error) &&
		    wsg_claims_check(&read, &jwt, NOW, &error))
			error = NULL;
		if (!test_same(error, cases[i].error))
			fail_msg("%s: %s", cases[i].json,
				 error ? error : "good");
	}
	/* Without an issuer nobody's tokens are good. */
	wsg_claims_read(arena, wsg_str(cases[0].json), &read, &none);
	assert_false(
		wsg_claims_check(&read, &(struct wsg_jwt){ 0 }, NOW, &none));
#undef OK
#undef ISS
}

static void scopes(void **unused)
{
	static const char *const needed[] = { "read", "write", NULL };
	static const struct wsg_jwt jwt = { .scopes = needed };
	static const struct {
		const char *json;
		bool good;
	} cases[] = {
		{ "{\"scope\":\"read write\"}", true },
		{ "{\"scope\":\" other  write read \"}", true },
		{ "{\"scp\":[\"write\",\"read\"]}", true },
		{ "{\"scp\":\"read write\"}", true },
		{ "{\"scope\":\"read\",\"scp\":[\"write\"]}", true },
		{ "{\"scope\":\"read\"}", false },
		{ "{\"scope\":\"readwrite\"}", false },
		{ "{\"scope\":\"Read Write\"}", false },
		{ "{\"scp\":[\"read write\"]}", false },
		{ "{\"scope\":\"\"}", false },
		{ "{}", false },
	};
	const struct wsg_jwt none = { .scopes = NULL };
	struct wsg_claims read;
	const char *error;
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(cases); i++) {
		assert_true(wsg_claims_read(arena, wsg_str(cases[i].json),
					    &read, &error));
		if (wsg_claims_have_scopes(&read, &jwt) != cases[i].good)
			fail_msg("%s", cases[i].json);
		assert_true(wsg_claims_have_scopes(&read, &none));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base64url),
		cmocka_unit_test(headers),
		cmocka_unit_test(shapes),
		cmocka_unit_test(rfc_examples),
		cmocka_unit_test(rfc_8037),
		cmocka_unit_test(each_algorithm),
		cmocka_unit_test(keys_refused),
		cmocka_unit_test(exponents),
		cmocka_unit_test(sets),
		cmocka_unit_test(picking),
		cmocka_unit_test(secrets),
		cmocka_unit_test(claims),
		cmocka_unit_test(scopes),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
