/* SPDX-License-Identifier: MIT */
/* Keys of every kind read, picked, and asked about tokens. */
#include "jwt_keys.h"
#include "test.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc_examples),
		cmocka_unit_test(rfc_8037),
		cmocka_unit_test(each_algorithm),
		cmocka_unit_test(keys_refused),
		cmocka_unit_test(exponents),
		cmocka_unit_test(sets),
		cmocka_unit_test(picking),
		cmocka_unit_test(secrets),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
