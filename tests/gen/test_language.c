/* SPDX-License-Identifier: MIT */
/* The tables of the language, and what is worked out from them alone. */
#include "unit.h"

#include "language.h"
#include "model.h"

static const struct lang_key timeout = {
	.name = "timeout", .kind = LANG_DURATION, .min = 1000, .max = 900000
};
static const struct lang_key memory = {
	.name = "memory", .kind = LANG_SIZE, .unit = "MB", .fallback = "256 MB"
};
static const struct lang_key burst = { .name = "burst",
				       .kind = LANG_INT,
				       .max = 1e9 };

static void test_numbers(void **state)
{
	static const struct {
		const char *name;
		const struct lang_key *key;
		enum doc_kind kind;
		const char *text;
		long long value; /* or, when why is set, unused */
		const char *why;
	} cases[] = {
		{ "bare seconds", &timeout, DOC_NUMBER, "10", 10000, NULL },
		{ "seconds", &timeout, DOC_STRING, "10s", 10000, NULL },
		{ "milliseconds", &timeout, DOC_STRING, "1500ms", 1500, NULL },
		{ "a fraction", &timeout, DOC_STRING, "1.5s", 1500, NULL },
		{ "minutes", &timeout, DOC_STRING, "5m", 300000, NULL },
		{ "a space", &timeout, DOC_STRING, "2 m", 120000, NULL },
		{ "too long", &timeout, DOC_STRING, "1d", 0,
		  "must be from 1s to 900s, not '1d'" },
		{ "too short", &timeout, DOC_STRING, "50ms", 0,
		  "must be from 1s to 900s, not '50ms'" },
		{ "not a unit", &timeout, DOC_STRING, "10y", 0,
		  "must be a duration such as 50ms, 10s, 5m, 2h or 7d, "
		  "not '10y'" },
		{ "negative", &timeout, DOC_NUMBER, "-1", 0,
		  "must be a duration such as 50ms, 10s, 5m, 2h or 7d, "
		  "not '-1'" },
		{ "exponent", &timeout, DOC_NUMBER, "1e1", 0,
		  "must be a duration such as 50ms, 10s, 5m, 2h or 7d, "
		  "not '1e1'" },
		{ "megabytes", &memory, DOC_STRING, "512 MB", 512, NULL },
		{ "bare megabytes", &memory, DOC_NUMBER, "512", 512, NULL },
		{ "kilobytes", &memory, DOC_STRING, "2048 KB", 2, NULL },
		{ "half a megabyte", &memory, DOC_STRING, "512 KB", 0,
		  "must be a size such as 256 MB, not '512 KB'" },
		{ "whole", &burst, DOC_NUMBER, "200", 200, NULL },
		{ "not whole", &burst, DOC_NUMBER, "2.5", 0,
		  "must be a whole number, not '2.5'" },
		{ "huge", &burst, DOC_NUMBER, "1e300", 0,
		  "must be a whole number, not '1e300'" },
		{ "text", &burst, DOC_STRING, "many", 0,
		  "must be a whole number, not 'many'" },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct doc *value = doc_string(&arena, cases[i].text);
		struct number number = { 0 };
		const char *why = NULL;
		bool good;

		value->kind = cases[i].kind;
		good = lang_scalar(&arena, cases[i].key, value, &number, &why);
		CHECK(cases[i].name, good == !cases[i].why);
		CHECK(cases[i].name, number.set == good);
		if (good)
			CHECK(cases[i].name, number.value == cases[i].value);
		else
			CHECK_TEXT(cases[i].name, why, cases[i].why);
	}
	arena_release(&arena);
}

static void test_hints(void **state)
{
	static const struct {
		const struct lang_section *section;
		const char *key, *hint;
	} cases[] = {
		{ &lang_route, "handlr", "did you mean 'handler'?" },
		{ &lang_route, "returnResponse",
		  "SST calls this 'returnResponse'; here it is 'reply'" },
		{ &lang_domain, "isExternalDomain",
		  "SST calls this 'isExternalDomain'; here it is "
		  "`dns: false`" },
		{ &lang_gateway, "DisableExecuteApiEndpoint",
		  "CloudFormation calls this 'DisableExecuteApiEndpoint'; "
		  "here it is `executeApiEndpoint: false`" },
		{ &lang_function, "onError",
		  "the Serverless Framework calls this 'onError'; here it is "
		  "'deadLetter'" },
		{ &lang_spec, "route", "did you mean 'routes'?" },
		{ &lang_route, "zzzzzzzz", NULL },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *hint =
			lang_hint(&arena, cases[i].section, cases[i].key);

		if (cases[i].hint)
			CHECK_TEXT(cases[i].key, hint, cases[i].hint);
		else
			CHECK(cases[i].key, hint == NULL);
	}
	arena_release(&arena);
}

/* --- the tables themselves ---------------------------------------------------
 */

static void check_section(const struct lang_section *section, int depth);

/* What every row owes the reader, the schema and `wsgen explain`. */
static void check_key(const struct lang_section *section,
		      const struct lang_key *key, int depth)
{
	bool wants_section =
		key->kind == LANG_SECTION || key->kind == LANG_NAMED ||
		(key->kind == LANG_LIST && key->item == LANG_SECTION);
	size_t doc_len = key->doc ? strlen(key->doc) : 0;

	CHECK(key->name, doc_len > 0 && doc_len <= 100);
	CHECK(key->name, key->doc[doc_len - 1] != '.');
	CHECK(key->name, key->offset == LANG_NOWHERE ||
				 (size_t)key->offset < section->size);
	CHECK(key->name, wants_section == (key->section != NULL) ||
				 (key->kind == LANG_RAW && key->section));
	CHECK(key->name, (key->kind == LANG_CHOICE) == (key->allowed != NULL));
	CHECK(key->name, key->kind != LANG_NAME || key->of);
	CHECK(key->name, key->kind != LANG_SIZE || key->unit);
	CHECK(key->name, key->min <= key->max);
	if (key->section && depth < 6)
		check_section(key->section, depth + 1);
}

static void check_section(const struct lang_section *section, int depth)
{
	CHECK("a section", section->name && section->doc);
	if (section->text_key)
		CHECK(section->name, lang_find(section, section->text_key));
	if (section->bool_key)
		CHECK(section->name, lang_find(section, section->bool_key));
	for (size_t i = 0; i < section->count; i++) {
		for (size_t k = 0; k < i; k++)
			CHECK(section->keys[i].name,
			      strcmp(section->keys[i].name,
				     section->keys[k].name) != 0);
		check_key(section, &section->keys[i], depth);
	}
}

static void test_tables(void **state)
{
	(void)state;
	check_section(&lang_spec, 0);
	check_section(&lang_api, 0);
	check_section(&lang_statement, 0);
}

static void test_defaults(void **state)
{
	struct arena arena = { 0 };
	struct function function = {
		.memory_mb = { .set = true, .value = 512, .loc = { .line = 1 } }
	};

	(void)state;
	lang_defaults_into(&arena, &lang_function, &function);
	CHECK("a value stays", function.memory_mb.value == 512);
	CHECK("a duration", function.timeout_ms.value == 10000);
	CHECK_TEXT("a choice", function.architecture.s, "x86_64");
	CHECK("nothing to fill in", !function.role);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_hints),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_defaults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
