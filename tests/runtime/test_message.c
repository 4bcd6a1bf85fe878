/* SPDX-License-Identifier: MIT */
/*
 * The decoder and the encoder, over the shapes of the example: what goes in,
 * and what is said of what does not.
 */
#include "chat.h"
#include "test.h"

#include <math.h>
#include <stdlib.h>

static struct wsg_arena *arena;
static char *text; /* of the last decode: messages point into it */

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
	free(text);
	text = NULL;
	return 0;
}

static bool decode(const struct wsg_shape *shape, const char *json, void *msg,
		   struct wsg_invalid *why)
{
	size_t len = strlen(json);

	free(text);
	text = malloc(len + 1);
	assert_non_null(text);
	memcpy(text, json, len + 1);
	return wsg_decode(shape, text, len, arena, msg, why);
}

#define AUTHOR "{\"name\":\"ada\"}"
#define EVERYTHING(more)                                                    \
	"{\"text\":\"h\\u00e9\\n\",\"code\":\"abc\",\"yes\":true,"          \
	"\"small\":-5,\"big\":9223372036854775807,\"port\":65535,"          \
	"\"id\":18446744073709551615,\"ratio\":0.5,\"image\":\"aGVsbG8=\"," \
	"\"at\":\"2026-01-02T03:04:05.678Z\",\"extra\":{\"a\" : [1]},"      \
	"\"mood\":\"sad\",\"author\":{\"name\":\"ada\",\"admin\":true},"    \
	"\"tags\":[\"a\",\"b\"],\"authors\":[" AUTHOR "," AUTHOR "],"       \
	"\"rows\":[[1,2],[],[3]],\"labels\":{\"x\":\"y\",\"\":\"\"},"       \
	"\"default\":7" more "}"

static void decodes_everything(void **unused)
{
	struct chat_everything msg;
	struct wsg_invalid why;

	(void)unused;
	if (!decode(&chat_shape_everything, EVERYTHING(""), &msg, &why))
		fail_msg("%.*s: %.*s", WSG_FMT(why.field), WSG_FMT(why.reason));
	assert_true(wsg_str_is(msg.text, "h\xc3\xa9\n"));
	assert_true(wsg_str_is(msg.code, "abc"));
	assert_true(msg.yes);
	assert_int_equal(msg.small, -5);
	assert_true(msg.has_big && msg.big == INT64_MAX);
	assert_int_equal(msg.port, 65535);
	assert_true(msg.id == UINT64_MAX);
	assert_true(msg.ratio >= 0.5 && msg.ratio <= 0.5);
	assert_true(wsg_str_is(msg.image, "hello"));
	assert_true(msg.at == 1767323045678);
	assert_true(msg.has_extra && wsg_str_is(msg.extra, "{\"a\" : [1]}"));
	assert_int_equal(msg.mood, CHAT_EVERYTHING_MOOD_SAD);
	assert_true(wsg_str_is(msg.author.name, "ada") && msg.author.admin);
	assert_false(msg.has_editor);
	assert_int_equal(msg.tags_count, 2);
	assert_true(wsg_str_is(msg.tags[1], "b"));
	assert_true(msg.has_authors);
	assert_int_equal(msg.authors_count, 2);
	assert_true(wsg_str_is(msg.authors[1].name, "ada"));
	assert_false(msg.authors[1].admin);
	assert_int_equal(msg.rows_count, 3);
	assert_int_equal(msg.rows[0].value_count, 2);
	assert_int_equal(msg.rows[0].value[1], 2);
	assert_int_equal(msg.rows[1].value_count, 0);
	assert_int_equal(msg.rows[2].value[0], 3);
	assert_int_equal(msg.labels_count, 2);
	assert_true(wsg_str_is(msg.labels[0].key, "x"));
	assert_true(wsg_str_is(msg.labels[0].value, "y"));
	assert_int_equal(msg.default_, 7);
	assert_true(wsg_str_is(msg.lang, "en"));
}

/* What the encoder writes, the decoder reads, and it is written the same. */
static void survives_a_round_trip(void **unused)
{
	struct wsg_buf first = { 0 }, second = { 0 };
	struct chat_everything msg;
	struct wsg_invalid why;

	(void)unused;
	assert_true(decode(&chat_shape_everything, EVERYTHING(""), &msg, &why));
	assert_true(
		wsg_encode(&chat_shape_everything, &msg, arena, &first, &why));
	assert_true(decode(&chat_shape_everything, first.ptr, &msg, &why));
	assert_true(
		wsg_encode(&chat_shape_everything, &msg, arena, &second, &why));
	assert_string_equal(first.ptr, second.ptr);
	assert_non_null(strstr(first.ptr, "\"extra\":{\"a\" : [1]}"));
	assert_non_null(strstr(first.ptr, "\"image\":\"aGVsbG8=\""));
	assert_null(strstr(first.ptr, "editor"));
	wsg_buf_release(&first);
	wsg_buf_release(&second);
}

#define LONG32 "01234567890123456789012345678901"

static const struct {
	const char *name;
	const struct wsg_shape *shape;
	const char *json;
	const char *field; /* NULL: it fits */
	const char *reason;
} refusals[] = {
	{ "no body", &chat_shape_author, "", "$",
	  "not JSON: ends in the middle" },
	{ "not an object", &chat_shape_author, "[]", "$",
	  "expected an object, not an array" },
	{ "null", &chat_shape_author, "null", "$",
	  "expected an object, not null" },
	{ "syntax", &chat_shape_author, "{\"name\":\"a\",}", "$",
	  "not JSON: expected a key" },
	{ "syntax in a field", &chat_shape_author, "{\"name\":\"a\\q\"}",
	  "$.name", "not JSON: not an escape" },
	{ "two values", &chat_shape_author, "{\"name\":\"a\"}{}", "$",
	  "not JSON: more than one value" },
	{ "fits", &chat_shape_author, "{\"name\":\"a\"}", NULL, NULL },
	{ "default is null", &chat_shape_author,
	  "{\"name\":\"a\",\"admin\":null}", NULL, NULL },
	{ "unknown member", &chat_shape_author,
	  "{\"x\":[{}],\"name\":\"a\",\"y\":1}", NULL, NULL },
	{ "unknown member, broken", &chat_shape_author,
	  "{\"x\":[{],\"name\":\"a\"}", "$.x", "not JSON: expected a key" },
	{ "missing", &chat_shape_author, "{}", "$.name", "missing" },
	{ "required null", &chat_shape_author, "{\"name\":null}", "$.name",
	  "expected a string, not null" },
	{ "wrong type", &chat_shape_author, "{\"name\":1}", "$.name",
	  "expected a string, not a number" },
	{ "wrong bool", &chat_shape_author, "{\"name\":\"a\",\"admin\":\"no\"}",
	  "$.admin", "expected true or false, not a string" },
	{ "too short", &chat_shape_author, "{\"name\":\"\"}", "$.name",
	  "shorter than 1 byte" },
	{ "64 bytes", &chat_shape_author, "{\"name\":\"" LONG32 LONG32 "\"}",
	  NULL, NULL },
	{ "65 bytes", &chat_shape_author, "{\"name\":\"" LONG32 LONG32 "x\"}",
	  "$.name", "longer than 64 bytes" },
	{ "64 bytes, escaped", &chat_shape_author,
	  "{\"name\":\"" LONG32 "0123456789012345678901234567890\\u0041\"}",
	  NULL, NULL },
	{ "twice", &chat_shape_author, "{\"name\":\"a\",\"name\":\"b\"}",
	  "$.name", "given twice" },
	{ "strict", &chat_shape_everything, EVERYTHING(",\"x y\":1"),
	  "$['x y']", "not a member" },
	{ "page", &chat_shape_page,
	  "{\"messages\":[{\"text\":\"\",\"from\":" AUTHOR "},"
	  "{\"text\":\"\",\"from\":{\"name\":3}}],\"more\":true}",
	  "$.messages[1].from.name", "expected a string, not a number" },
	{ "limit", &chat_shape_history_message,
	  "{\"room\":\"r\",\"limit\":101}", "$.limit", "greater than 100" },
	{ "no limit at all", &chat_shape_history_message,
	  "{\"room\":\"r\",\"limit\":0}", "$.limit", "less than 1" },
	{ "negative limit", &chat_shape_history_message,
	  "{\"room\":\"r\",\"limit\":-1}", "$.limit", "out of range" },
	{ "half a limit", &chat_shape_history_message,
	  "{\"room\":\"r\",\"limit\":1.5}", "$.limit", "not a whole number" },
	{ "int64 too large", &chat_shape_send_message,
	  "{\"room\":\"r\",\"text\":\"\",\"seq\":9223372036854775808}", "$.seq",
	  "out of range" },
};

/* Members of Everything, one at a time, in place of what fits. */
static const struct {
	const char *member, *value;
	const char *field;
	const char *reason;
} members[] = {
	{ "code", "\"ABC\"", "$.code", "does not match ^[a-z]+$" },
	{ "small", "-6", "$.small", "less than -5" },
	{ "small", "6", "$.small", "greater than 5" },
	{ "small", "3000000000", "$.small", "greater than 5" },
	{ "port", "0", "$.port", "less than 1" },
	{ "ratio", "1.5", "$.ratio", "greater than 1" },
	{ "ratio", "-0.1", "$.ratio", "less than 0" },
	{ "ratio", "1e999", "$.ratio", "out of range" },
	{ "image", "\"aGVsbG8\"", "$.image", "not base64" },
	{ "image", "\"aGVsbG9=\"", "$.image", "not base64" },
	{ "image", "\"aG Vsb8=\"", "$.image", "not base64" },
	{ "at", "\"2026-02-29T00:00:00Z\"", "$.at", "not an RFC 3339 time" },
	{ "at", "\"2026-01-02 03:04:05Z\"", "$.at", "not an RFC 3339 time" },
	{ "mood", "\"angry\"", "$.mood", "not one of happy, sad" },
	{ "mood", "\"\"", "$.mood", "not one of happy, sad" },
	{ "author", "{}", "$.author.name", "missing" },
	{ "tags", "[\"" LONG32 "\",\"\",\"\",\"" LONG32 "x\"]", "$.tags[3]",
	  "longer than 32 bytes" },
	{ "tags", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]", "$.tags[0]",
	  "expected a string, not a number" },
	{ "tags",
	  "[\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\","
	  "\"\",\"\",\"\",\"\"]",
	  "$.tags", "more than 16 items" },
	{ "tags", "{}", "$.tags", "expected an array, not an object" },
	{ "authors", "[]", "$.authors", "fewer than 1 item" },
	{ "rows", "[[1],[1,2,3,4,5,6,7,8,9]]", "$.rows[1]",
	  "more than 8 items" },
	{ "rows", "[[1],[2,2147483648]]", "$.rows[1][1]",
	  "greater than 2147483647" },
	{ "labels", "{\"a\":\"\",\"b\":\"01234567890123456\"}", "$.labels.b",
	  "longer than 16 bytes" },
	{ "default", "-1", "$.default", "out of range" },
	{ "default", "4294967296", "$.default", "greater than 4294967295" },
	{ "extra", "{\"a\":}", "$.extra", "not JSON: expected a value" },
};

static void check(const char *name, const struct wsg_shape *shape,
		  const char *json, const char *field, const char *reason)
{
	struct chat_everything msg; /* the largest of them */
	struct wsg_invalid why;
	bool fits;

	assert_true(shape->size <= sizeof(msg));
	fits = decode(shape, json, &msg, &why);
	if (!fits && !field)
		fail_msg("%s: %.*s: %.*s", name, WSG_FMT(why.field),
			 WSG_FMT(why.reason));
	if (fits && field)
		fail_msg("%s: taken", name);
	if (!fits &&
	    (!wsg_str_is(why.field, field) || !wsg_str_is(why.reason, reason)))
		fail_msg("%s: %.*s: %.*s", name, WSG_FMT(why.field),
			 WSG_FMT(why.reason));
	if (!fits && why.offset > strlen(json))
		fail_msg("%s: at byte %zu", name, why.offset);
}

static void says_what_is_wrong(void **unused)
{
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(refusals); i++)
		check(refusals[i].name, refusals[i].shape, refusals[i].json,
		      refusals[i].field, refusals[i].reason);
}

/* Everything, with another value for one member. */
static void replace(char *to, size_t size, const char *member,
		    const char *value)
{
	static const char whole[] = EVERYTHING("");
	char key[40];
	const char *at, *end;
	int depth = 0;

	snprintf(key, sizeof(key), "\"%s\":", member);
	at = strstr(whole, key);
	assert_non_null(at);
	/* "author" is also where "authors" starts, but for the quote. */
	for (end = at + strlen(key); *end; end++) {
		if (*end == '[' || *end == '{')
			depth++;
		if ((*end == ']' || *end == '}') && depth-- == 0)
			break;
		if (*end == ',' && !depth)
			break;
	}
	snprintf(to, size, "%.*s%s%s%s", (int)(at - whole), whole, key, value,
		 end);
}

static void says_which_member_is_wrong(void **unused)
{
	char json[2048];
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(members); i++) {
		replace(json, sizeof(json), members[i].member,
			members[i].value);
		check(json, &chat_shape_everything, json, members[i].field,
		      members[i].reason);
	}
}

/* No prefix of a message is one, and none is read past its end. */
static void refuses_every_prefix(void **unused)
{
	static const char whole[] = EVERYTHING("");
	struct chat_everything msg;
	struct wsg_invalid why;
	size_t len;

	(void)unused;
	for (len = 0; len < sizeof(whole) - 1; len++) {
		char *copy = malloc(len + 1);

		assert_non_null(copy);
		memcpy(copy, whole, len);
		copy[len] = '\0';
		if (wsg_decode(&chat_shape_everything, copy, len, arena, &msg,
			       &why))
			fail_msg("%zu bytes were taken", len);
		free(copy);
		wsg_arena_reset(arena);
	}
}

static const struct {
	const char *text;
	int64_t ms; /* -1: refused */
} times[] = {
	{ "1970-01-01T00:00:00Z", 0 },
	{ "1970-01-01t00:00:00z", 0 },
	{ "1969-12-31T23:59:59.999Z", -1000 + 999 },
	{ "2000-02-29T12:00:00+02:00", 951818400000 },
	{ "2026-01-02T03:04:05.6789Z", 1767323045678 },
	{ "2026-01-02T03:04:05.6Z", 1767323045600 },
	{ "9999-12-31T23:59:59Z", 253402300799000 },
	{ "0000-01-01T00:00:00Z", -62167219200000 },
	{ "1970-01-01T00:00:00-00:30", 1800000 },
};

static const char *const bad_times[] = {
	"",
	"1970-01-01",
	"1970-01-01T00:00:00",
	"1970-13-01T00:00:00Z",
	"1970-00-01T00:00:00Z",
	"1970-01-00T00:00:00Z",
	"1970-01-01T24:00:00Z",
	"1970-01-01T00:60:00Z",
	"1970-01-01T00:00:61Z",
	"1970-01-01T00:00:00.Z",
	"1970-01-01T00:00:00+1:00",
	"1970-01-01T00:00:00+24:00",
	"1970-01-01T00:00:00Zx",
	"1900-02-29T00:00:00Z",
	"70-01-01T00:00:00Z",
};

static void reads_times(void **unused)
{
	struct chat_everything msg;
	struct wsg_invalid why;
	char json[2048], value[64];
	size_t i;

	(void)unused;
	for (i = 0; i < COUNT(times); i++) {
		snprintf(value, sizeof(value), "\"%s\"", times[i].text);
		replace(json, sizeof(json), "at", value);
		if (!decode(&chat_shape_everything, json, &msg, &why) ||
		    msg.at != times[i].ms)
			fail_msg("%s", value);
	}
	for (i = 0; i < COUNT(bad_times); i++) {
		snprintf(value, sizeof(value), "\"%s\"", bad_times[i]);
		replace(json, sizeof(json), "at", value);
		check(value, &chat_shape_everything, json, "$.at",
		      "not an RFC 3339 time");
	}
}

static void refuses_to_encode(const char *name, const struct wsg_shape *shape,
			      const void *msg, const char *field,
			      const char *reason)
{
	struct wsg_buf out = { 0 };
	struct wsg_invalid why;

	wsg_buf_text(&out, "before");
	if (wsg_encode(shape, msg, arena, &out, &why))
		fail_msg("%s: written", name);
	if (!wsg_str_is(why.field, field) || !wsg_str_is(why.reason, reason))
		fail_msg("%s: %.*s: %.*s", name, WSG_FMT(why.field),
			 WSG_FMT(why.reason));
	assert_int_equal(out.len, strlen("before"));
	assert_false(out.failed);
	wsg_buf_release(&out);
}

static void holds_to_the_bounds(void **unused)
{
	struct chat_author author = { 0 }, invalid = {
		.name = { WSG_LIT("\xff") },
	};
	struct chat_page page = { 0 };
	struct chat_everything all;
	struct wsg_invalid why;

	(void)unused;
	refuses_to_encode("empty name", &chat_shape_author, &author, "$.name",
			  "shorter than 1 byte");
	refuses_to_encode("UTF-8", &chat_shape_author, &invalid, "$.name",
			  "not UTF-8");
	page.messages_count = 31;
	refuses_to_encode("too many", &chat_shape_page, &page, "$.messages",
			  "more than 30 items");
	assert_true(decode(&chat_shape_everything, EVERYTHING(""), &all, &why));
	all.mood = 0;
	refuses_to_encode("no mood", &chat_shape_everything, &all, "$.mood",
			  "not set");
	all.mood = CHAT_EVERYTHING_MOOD_SAD;
	all.ratio = NAN;
	refuses_to_encode("NaN", &chat_shape_everything, &all, "$.ratio",
			  "not a number of JSON");
	all.ratio = 1;
	all.at = INT64_MAX;
	refuses_to_encode("far future", &chat_shape_everything, &all, "$.at",
			  "out of range");
	all.at = 0;
	all.extra = wsg_str("{");
	refuses_to_encode("no JSON", &chat_shape_everything, &all, "$.extra",
			  "not JSON");
}

/* The largest message is as large as its macro says, to the byte. */
static void knows_the_largest_size(void **unused)
{
	static char worst[4096]; /* each byte takes 6: \u0000 */
	struct chat_author author = { { worst, 64 }, false };
	struct chat_send_message msg = {
		.room = { worst, 64 },
		.text = { worst, sizeof(worst) },
		.has_seq = true,
		.seq = INT64_MIN,
	};
	struct wsg_buf out = { 0 };
	struct wsg_invalid why;

	(void)unused;
	assert_true(wsg_encode(&chat_shape_author, &author, arena, &out, &why));
	assert_int_equal(out.len, CHAT_AUTHOR_MAX_SIZE);
	wsg_buf_clear(&out);
	assert_true(
		wsg_encode(&chat_shape_send_message, &msg, arena, &out, &why));
	assert_int_equal(out.len, CHAT_SEND_MESSAGE_MAX_SIZE);
	wsg_buf_release(&out);
}

/* [{},{},... into large structs must end in an error, not in all memory. */
static void bounds_its_memory(void **unused)
{
	static const struct wsg_field item = {
		.type = WSG_JSON,
	};
	static const struct wsg_field fields[] = {
		{
			.key = { "list", 4 },
			.type = WSG_ARRAY,
			.offset = 0,
			.count = sizeof(void *),
			.item = &item,
			.item_size = 4096,
		},
	};
	static const struct wsg_shape shape = {
		.name = "list",
		.fields = fields,
		.fields_count = 1,
		.size = 2 * sizeof(void *),
	};
	struct {
		const void *list;
		size_t list_count;
	} msg;
	struct wsg_buf json = { 0 };
	struct wsg_invalid why;
	int i;

	(void)unused;
	wsg_buf_text(&json, "{\"list\":[0");
	for (i = 0; i < 60000; i++)
		wsg_buf_text(&json, ",0");
	wsg_buf_text(&json, "]}");
	assert_false(wsg_decode(&shape, json.ptr, json.len, arena, &msg, &why));
	assert_true(wsg_str_is(why.reason, "too large"));
	wsg_buf_release(&json);
}

/* A message that is its one member's value, not an object around it. */
static void may_be_bare(void **unused)
{
	struct numbers {
		const int32_t *items;
		size_t count;
	} msg;
	static const struct wsg_field item = { .type = WSG_INT32 };
	static const struct wsg_field fields[] = {
		{ .key = { "items", 5 },
		  .type = WSG_ARRAY,
		  .offset = offsetof(struct numbers, items),
		  .items = { 1, 3 },
		  .count = offsetof(struct numbers, count),
		  .item = &item,
		  .item_size = sizeof(int32_t) },
	};
	static const struct wsg_shape shape = { .name = "numbers",
						.fields = fields,
						.fields_count = 1,
						.size = sizeof(struct numbers),
						.bare = true };
	static const char *const wrong[] = { "{}",	"[]",	 "[1,2,3,4]",
					     "[\"1\"]", "[1] 2", "" };
	struct wsg_invalid why;
	struct wsg_buf out = { 0 };

	(void)unused;
	assert_true(decode(&shape, "[1, 2]", &msg, &why));
	assert_int_equal(msg.count, 2);
	assert_true(wsg_encode(&shape, &msg, arena, &out, &why));
	assert_int_equal(out.len, 5);
	assert_memory_equal(out.ptr, "[1,2]", 5);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (decode(&shape, wrong[i], &msg, &why))
			fail_msg("took %s", wrong[i]);
	msg = (struct numbers){ NULL, 0 };
	assert_false(wsg_encode(&shape, &msg, arena, &out, &why));
	wsg_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_everything),
		cmocka_unit_test(survives_a_round_trip),
		cmocka_unit_test(says_what_is_wrong),
		cmocka_unit_test(says_which_member_is_wrong),
		cmocka_unit_test(refuses_every_prefix),
		cmocka_unit_test(reads_times),
		cmocka_unit_test(may_be_bare),
		cmocka_unit_test(holds_to_the_bounds),
		cmocka_unit_test(knows_the_largest_size),
		cmocka_unit_test(bounds_its_memory),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
