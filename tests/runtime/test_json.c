/* SPDX-License-Identifier: MIT */
/*
 * The JSON reader and writer: what RFC 8259 takes (y), what it does not (n),
 * and what it leaves open, with what we made of it (i+, i-).
 */
#include "internal.h"
#include "json_cases.h"
#include "test.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>

/* Read any value by pulling, which unescapes; wsg_json_skip does not. */
static bool pull(struct wsg_json *json)
{
	struct wsg_str text;
	double number;
	bool flag;

	switch (wsg_json_peek(json)) {
	case WSG_JSON_NONE:
		return wsg_json_skip(json);
	case WSG_JSON_NULL:
		return wsg_json_null(json);
	case WSG_JSON_BOOL:
		return wsg_json_bool(json, &flag);
	case WSG_JSON_NUMBER:
		return wsg_json_number(json, &number);
	case WSG_JSON_STRING:
		return wsg_json_string(json, &text);
	case WSG_JSON_ARRAY:
		if (!wsg_json_array(json))
			return false;
		while (wsg_json_item(json))
			pull(json);
		return !json->error;
	case WSG_JSON_OBJECT:
		if (!wsg_json_object(json))
			return false;
		while (wsg_json_key(json, &text))
			pull(json);
		return !json->error;
	}
	return false;
}

/* A copy on the heap of just the size, so that a sanitizer sees the edges. */
static bool accepts(const char *text, size_t len,
		    bool (*read)(struct wsg_json *))
{
	char *copy = malloc(len + 1);
	struct wsg_json json;
	bool taken;

	assert_non_null(copy);
	memcpy(copy, text, len);
	copy[len] = '\0';
	wsg_json_init(&json, copy, len);
	read(&json);
	taken = wsg_json_end(&json);
	if (taken == (json.error != NULL))
		fail_msg("%s: error and result differ", text);
	free(copy);
	return taken;
}

static void check(const char *kind, const char *text, size_t len)
{
	bool expected = kind[0] == 'y' || (kind[0] == 'i' && kind[1] == '+');
	/* Numbers too large for a double can be skipped, but not be read. */
	bool skipped = expected || !strcmp(kind, "i-");

	if (accepts(text, len, pull) != expected)
		fail_msg("%s case, pulled: %s", kind, text);
	if (accepts(text, len, wsg_json_skip) != skipped)
		fail_msg("%s case, skipped: %s", kind, text);
}

static void takes_what_it_should(void **unused)
{
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(json_cases); i++)
		check(json_cases[i].kind, json_cases[i].text,
		      json_cases[i].len ? json_cases[i].len
					: strlen(json_cases[i].text));
}

/* The same cases, in an array with a string of each length before it. */
static void does_not_depend_on_place(void **unused)
{
	size_t i, pad;
	char text[512];

	(void)unused;
	for (i = 0; i < COUNT(json_cases); i++) {
		if (json_cases[i].len || json_cases[i].kind[0] == 'i' ||
		    strlen(json_cases[i].text) > 100)
			continue;
		for (pad = 0; pad < 40; pad++) {
			int len = snprintf(text, sizeof(text), "[\"%.*s\",%s]",
					   (int)pad,
					   "0123456789012345678901234567890123"
					   "456789",
					   json_cases[i].text);

			/* What was too much, or nothing, may be fine here. */
			if (json_cases[i].kind[1] == '1')
				continue;
			check(json_cases[i].kind, text, (size_t)len);
		}
	}
}

/* The text as a JSON string, with escapes for the few or for all of ASCII. */
static char *quote(const char *text, size_t len, bool all, size_t *quoted_len)
{
	char *quoted = malloc(6 * len + 3), *to = quoted;
	size_t i;

	assert_non_null(quoted);
	*to++ = '"';
	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x20 || (all && c < 0x80))
			to += sprintf(to, "\\u%04x", (unsigned)c);
		else if (c == '"' || c == '\\' || c == '/')
			to += sprintf(to, "\\%c", c);
		else
			*to++ = text[i];
	}
	*to++ = '"';
	*to = '\0';
	*quoted_len = (size_t)(to - quoted);
	return quoted;
}

/* As accepts, when the text comes in a string and is marked while unescaped. */
static bool accepts_marked(const char *text, size_t len, bool all, size_t room,
			   bool (*read)(struct wsg_json *))
{
	size_t quoted_len;
	char *quoted = quote(text, len, all, &quoted_len);
	uint32_t *offsets = malloc((room + 1) * sizeof(*offsets));
	struct wsg_marks marks = { .next = offsets, .last = offsets + room };
	struct wsg_json json;
	struct wsg_str inner;
	bool taken;

	assert_non_null(offsets);
	wsg_json_init(&json, quoted, quoted_len);
	taken = wsg_json_string_marked(&json, &inner, &marks);
	if (taken) {
		*marks.next = WSG_JSON_UNMARKED;
		quoted[1 + inner.len] = '\0';
		wsg_json_init(&json, quoted + 1, inner.len);
		json.marks = offsets;
		json.trusted = true;
		read(&json);
		taken = wsg_json_end(&json);
	}
	free(offsets);
	free(quoted);
	return taken;
}

/* The same cases as JSON in JSON, with as many marks as there is room for. */
static void reads_by_marks(void **unused)
{
	static const size_t rooms[] = { 0, 1, 2, 3, 1000 };
	size_t i, j;

	(void)unused;
	for (i = 0; i < COUNT(json_cases); i++) {
		const char *kind = json_cases[i].kind;
		const char *text = json_cases[i].text;
		size_t len =
			json_cases[i].len ? json_cases[i].len : strlen(text);
		bool pulled = kind[0] == 'y' || !strcmp(kind, "i+");
		bool skipped = pulled || !strcmp(kind, "i-");

		for (j = 0; j < 2 * COUNT(rooms); j++) {
			size_t room = rooms[j / 2];
			bool all = j % 2;

			if (accepts_marked(text, len, all, room, pull) !=
			    pulled)
				fail_msg("%s case, %zu marks, pulled: %s", kind,
					 room, text);
			if (accepts_marked(text, len, all, room,
					   wsg_json_skip) != skipped)
				fail_msg("%s case, %zu marks, skipped: %s",
					 kind, room, text);
		}
	}
}

/* What comes out is what is read without marks, too. */
static void unescapes_by_marks(void **unused)
{
	static const char text[] =
		"[\"a\\\"b\\\\c/d\\/e, 0123456789abcdef0123456789\\n\\u00e9"
		"\",\"\",\"\xc3\xa9\\\"\"]";
	static const char *const strings[] = {
		"a\"b\\c/d/e, 0123456789abcdef0123456789\n\xc3\xa9",
		"",
		"\xc3\xa9\"",
	};
	size_t room, i;

	(void)unused;
	for (room = 0; room < 40; room++) {
		size_t len;
		char *quoted = quote(text, strlen(text), room % 2, &len);
		uint32_t offsets[41];
		struct wsg_marks marks = { .next = offsets,
					   .last = offsets + room };
		struct wsg_json json;
		struct wsg_str value;

		wsg_json_init(&json, quoted, len);
		assert_true(wsg_json_string_marked(&json, &value, &marks));
		*marks.next = WSG_JSON_UNMARKED;
		wsg_json_init(&json, quoted + 1, value.len);
		quoted[1 + value.len] = '\0';
		json.marks = offsets;
		json.trusted = true;
		wsg_json_array(&json);
		for (i = 0; i < COUNT(strings); i++) {
			if (!wsg_json_item(&json) ||
			    !wsg_json_string(&json, &value) ||
			    !wsg_str_is(value, strings[i]))
				fail_msg("%zu marks: string %zu", room, i);
		}
		assert_false(wsg_json_item(&json));
		if (!wsg_json_end(&json))
			fail_msg("%zu marks: %s", room, json.error);
		free(quoted);
	}
}

static void checks_every_byte(void **unused)
{
	static const char escapes[] = "\"\\/bfnrt";
	char text[8];
	int c;

	(void)unused;
	for (c = 0; c < 256; c++) {
		bool plain = c >= 0x20 && c < 0x80 && c != '"' && c != '\\';

		snprintf(text, sizeof(text), "\"a%c0\"", c);
		check(plain ? "y" : "n", text, 5);
		snprintf(text, sizeof(text), "\"a\\%c0\"", c);
		check(c && strchr(escapes, c) ? "y" : "n", text, 6);
	}
}

static void nests_so_deep(void **unused)
{
	char text[2 * WSG_JSON_DEPTH_MAX + 3];
	size_t depth;

	(void)unused;
	for (depth = WSG_JSON_DEPTH_MAX; depth < WSG_JSON_DEPTH_MAX + 2;
	     depth++) {
		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		text[2 * depth] = '\0';
		check(depth == WSG_JSON_DEPTH_MAX ? "y" : "n", text, 2 * depth);
	}
}

/* Every code point, escaped and not; surrogates are none. */
static void unescapes_every_code_point(void **unused)
{
	uint32_t code;

	(void)unused;
	for (code = 0; code <= 0x10ffff; code += code < 0x3000 ? 1 : 61) {
		char utf8[5] = "", text[32];
		struct wsg_json json;
		struct wsg_str value;
		size_t len = test_utf8(utf8, code);
		bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
		bool read;

		if (code < 0x10000)
			snprintf(text, sizeof(text), "\"x\\u%04xy\"", code);
		else
			snprintf(text, sizeof(text), "\"x\\u%04x\\u%04Xy\"",
				 0xd800 + ((code - 0x10000) >> 10),
				 0xdc00 + ((code - 0x10000) & 0x3ff));
		wsg_json_init(&json, text, strlen(text));
		read = wsg_json_string(&json, &value);
		if (read == is_surrogate)
			fail_msg("U+%04X: %s", code,
				 read ? "taken" : "refused");
		if (!read)
			continue;
		if (value.len != len + 2 ||
		    memcmp(value.ptr + 1, utf8, len) != 0)
			fail_msg("U+%04X: wrong bytes", code);
	}
}

static const struct {
	const char *text;
	const char *error; /* NULL: value is what comes out */
	int64_t value;
} int64s[] = {
	{ "0", NULL, 0 },
	{ "-0", NULL, 0 },
	{ "9223372036854775807", NULL, INT64_MAX },
	{ "-9223372036854775808", NULL, INT64_MIN },
	{ "9007199254740993", NULL, 9007199254740993 },
	{ "9223372036854775808", "out of range", 0 },
	{ "-9223372036854775809", "out of range", 0 },
	{ "99999999999999999999999", "out of range", 0 },
	{ "1.0", "not a whole number", 0 },
	{ "1e2", "not a whole number", 0 },
	{ "\"1\"", "expected a number", 0 },
	{ "+1", "expected a number", 0 },
	{ "-", "ends in the middle", 0 },
	{ "01", "a number starts with 0", 0 },
};

static void reads_int64(void **unused)
{
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(int64s); i++) {
		struct wsg_json json;
		int64_t value = 0;
		char text[64];

		strcpy(text, int64s[i].text);
		wsg_json_init(&json, text, strlen(text));
		wsg_json_int64(&json, &value);
		if (value != int64s[i].value ||
		    !test_same(json.error, int64s[i].error))
			fail_msg("%s: %" PRId64 ", %s", int64s[i].text, value,
				 json.error ? json.error : "no error");
	}
}

static const struct {
	const char *text;
	const char *error;
	uint64_t value;
} uint64s[] = {
	{ "0", NULL, 0 },
	{ "-0", NULL, 0 },
	{ "18446744073709551615", NULL, UINT64_MAX },
	{ "18446744073709551616", "out of range", 0 },
	{ "-1", "out of range", 0 },
	{ "0.5", "not a whole number", 0 },
};

static void reads_uint64(void **unused)
{
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(uint64s); i++) {
		struct wsg_json json;
		uint64_t value = 0;
		char text[64];

		strcpy(text, uint64s[i].text);
		wsg_json_init(&json, text, strlen(text));
		wsg_json_uint64(&json, &value);
		if (value != uint64s[i].value ||
		    !test_same(json.error, uint64s[i].error))
			fail_msg("%s: %" PRIu64 ", %s", uint64s[i].text, value,
				 json.error ? json.error : "no error");
	}
}

static const char *const numbers[] = {
	"0",
	"-0",
	"1.5",
	"-1.5e3",
	"1e22",
	"1e23",
	"123456789012345678",
	"0.1",
	"0.30000000000000004",
	"1.7976931348623157e308",
	"2.2250738585072014e-308",
	"5e-324",
	"4.9e-325",
	"9007199254740993",
	"1e-22",
	"3.14159265358979323846264338327950288",
	"1e-400",
	"1234567890.0987654321",
	"0.000001",
};

/* As strtod in the C locale, whatever locale the handler has set. */
static void reads_numbers(void **unused)
{
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(numbers); i++) {
		double expected = strtod(numbers[i], NULL), value = -1;
		struct wsg_buf out = { 0 };
		struct wsg_json json;
		char text[64];

		strcpy(text, numbers[i]);
		wsg_json_init(&json, text, strlen(text));
		if (!wsg_json_number(&json, &value) || value != expected ||
		    signbit(value) != signbit(expected))
			fail_msg("%s: %.17g", numbers[i], value);
		wsg_json_put_number(&out, value);
		if (out.failed || strtod(out.ptr, NULL) != expected)
			fail_msg("%s: written as %s", numbers[i], out.ptr);
		wsg_buf_release(&out);
	}
}

static void writes(void **unused)
{
	struct wsg_buf out = { 0 };

	(void)unused;
	wsg_json_put_object(&out);
	wsg_json_put_key(&out, wsg_str("a"));
	wsg_json_put_array(&out);
	wsg_json_put_int64(&out, INT64_MIN);
	wsg_json_put_uint64(&out, UINT64_MAX);
	wsg_json_put_number(&out, 0.1);
	wsg_json_put_number(&out, 100);
	wsg_json_put_bool(&out, true);
	wsg_json_put_null(&out);
	wsg_json_put_array_end(&out);
	wsg_json_put_key(&out, wsg_str("b\"\\"));
	wsg_json_put_string(&out,
			    (struct wsg_str){ "\0\x1f\n\x7f\xc3\xa9/", 7 });
	wsg_json_put_key(&out, wsg_str("c"));
	wsg_json_put_object(&out);
	wsg_json_put_object_end(&out);
	wsg_json_put_key(&out, wsg_str("d"));
	wsg_json_put_raw(&out, wsg_str("{\"x\": [1]}"));
	wsg_json_put_object_end(&out);
	assert_false(out.failed);
	assert_string_equal(out.ptr,
			    "{\"a\":[-9223372036854775808,"
			    "18446744073709551615,0.1,100,true,null],"
			    "\"b\\\"\\\\\":\"\\u0000\\u001f\\n\x7f\xc3\xa9/\","
			    "\"c\":{},\"d\":{\"x\": [1]}}");
	wsg_buf_release(&out);
}

static void refuses_to_write(void **unused)
{
	struct wsg_buf out = { 0 };

	(void)unused;
	wsg_json_put_string(&out, wsg_str("\xff"));
	assert_true(out.failed);
	wsg_buf_clear(&out);
	wsg_json_put_number(&out, NAN);
	assert_true(out.failed);
	wsg_buf_clear(&out);
	wsg_json_put_raw(&out, wsg_str("{\"a\":}"));
	assert_true(out.failed);
	wsg_buf_clear(&out);
	wsg_json_put_raw(&out, wsg_str("1,2"));
	assert_true(out.failed);
	wsg_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_it_should),
		cmocka_unit_test(does_not_depend_on_place),
		cmocka_unit_test(reads_by_marks),
		cmocka_unit_test(unescapes_by_marks),
		cmocka_unit_test(checks_every_byte),
		cmocka_unit_test(nests_so_deep),
		cmocka_unit_test(unescapes_every_code_point),
		cmocka_unit_test(reads_int64),
		cmocka_unit_test(reads_uint64),
		cmocka_unit_test(reads_numbers),
		cmocka_unit_test(writes),
		cmocka_unit_test(refuses_to_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
