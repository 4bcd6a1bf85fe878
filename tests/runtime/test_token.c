/* SPDX-License-Identifier: MIT */
/* Tokens taken apart, and their claims judged. */
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
		cmocka_unit_test(base64url), cmocka_unit_test(headers),
		cmocka_unit_test(shapes),    cmocka_unit_test(claims),
		cmocka_unit_test(scopes),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
