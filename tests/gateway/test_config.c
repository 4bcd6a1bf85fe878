/* SPDX-License-Identifier: MIT */
/*
 * test_config.c - gateway.json as structs: what wsgen writes is read, what
 * nobody should have written is refused with a line that says where.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"

static const char *golden; /* tests/golden */
static char folder[64];	   /* a build folder of our own */

static void write_file(const char *name, const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static int make_folder(void **state)
{
	char path[128];

	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/wsgen-config-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/iam", folder);
	return mkdir(path, 0700);
}

static int remove_folder(void **state)
{
	static const char *const names[] = { "gateway.json", "iam/fn.json",
					     "iam", ".env" };
	char path[128];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		remove(path);
	}
	return rmdir(folder);
}

/* --- what wsgen writes ---------------------------------------------------- */

static const struct config_variable golden_given[] = {
	{ { WSG_LIT("Kept") }, { WSG_LIT("rooms") } },
	{ { WSG_LIT("Things") }, { WSG_LIT("things") } },
	{ { WSG_LIT("Notes") }, { WSG_LIT("notes") } },
	{ { WSG_LIT("Notes.Arn") }, { WSG_LIT("arn:notes") } },
	{ { WSG_LIT("Owner") }, { WSG_LIT("me") } },
	{ { WSG_LIT("Pool") }, { WSG_LIT("pool-1") } },
	{ { WSG_LIT("Client") }, { WSG_LIT("client-1") } },
	{ { WSG_LIT("Secret") }, { WSG_LIT("hush") } },
};

static void read_golden(const char *name)
{
	char path[4096];
	struct stat status;
	struct wsg_buf why = { 0 };
	struct config *config;
	const struct config_options options = {
		.build = path,
		.port = 3001,
		.given = golden_given,
		.given_count = sizeof(golden_given) / sizeof(*golden_given),
	};

	snprintf(path, sizeof(path), "%s/%s/out/gateway.json", golden, name);
	if (stat(path, &status) != 0)
		return;
	snprintf(path, sizeof(path), "%s/%s/out", golden, name);
	config = config_read(&options, &why);
	if (!config)
		fail_msg("%s: %s", name, why.ptr);
	for (size_t i = 0; i < config->functions_count; i++)
		if (!config->functions[i].bootstrap ||
		    !config->functions[i].arn.len)
			fail_msg("%s: function %zu", name, i);
	config_free(config);
	wsg_buf_release(&why);
}

static void test_golden(void **state)
{
	DIR *dir = opendir(golden);
	struct dirent *entry;
	size_t count = 0;

	(void)state;
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		read_golden(entry->d_name);
		count++;
	}
	closedir(dir);
	assert_true(count > 20);
}

/* --- what is refused ------------------------------------------------------ */

#define HEAD "{\"version\":1,\"name\":\"x\",\"messages\":[],"
#define FN(more)                                                          \
	"\"functions\":[{\"name\":\"fn\",\"id\":\"Fn\",\"bootstrap\":"    \
	"\"functions/fn/bootstrap\",\"timeoutMs\":3000,\"memoryMb\":128," \
	"\"environment\":{" more "}}]"
#define API(routes)                                                         \
	"\"apis\":[{\"name\":\"chat\",\"id\":\"ChatApi\",\"type\":"         \
	"\"websocket\",\"routeSelection\":\"$request.body.action\","        \
	"\"stages\":[{\"name\":\"dev\"}],\"authorizers\":[{\"name\":\"a\"," \
	"\"function\":\"fn\",\"identity\":[]}],\"routes\":[" routes "]}]"
#define ROUTE(more) \
	"{\"key\":\"go\",\"twoWay\":false,\"apiKey\":false," more "}"
#define NO_AUTH "\"authorization\":\"none\""

static const struct {
	const char *name, *json, *why; /* `@` in why: gateway.json's path */
} refused[] = {
	{ "empty", "", "@: not JSON: ends in the middle\n" },
	{ "a list", "[]", "@: has to hold an object\n" },
	{ "no version", "{}",
	  "@: version: has to be 1: wsgen and the gateway have to be of one "
	  "release\n" },
	{ "next version", "{\"version\":2}",
	  "@: version: has to be 1: wsgen and the gateway have to be of one "
	  "release\n" },
	{ "nothing else", "{\"version\":1}",
	  "@: name: is not there\n@: messages: is not there\n"
	  "@: functions: is not there\n@: apis: is not there\n" },
	{ "wrong types",
	  "{\"version\":1,\"name\":1,\"messages\":{},\"functions\":null,"
	  "\"apis\":true}",
	  "@: name: has to be a text, not a number\n"
	  "@: messages: has to be a list, not an object\n"
	  "@: functions: has to be a list, not null\n"
	  "@: apis: has to be a list, not true or false\n" },
	{ "no objects", HEAD "\"functions\":[1],\"apis\":[[]]}",
	  "@: functions[0]: has to be an object\n"
	  "@: apis[0]: has to be an object\n" },
	{ "bare objects", HEAD "\"functions\":[{}],\"apis\":[]}",
	  "@: functions[0].name: is not there\n"
	  "@: functions[0].id: is not there\n"
	  "@: functions[0].timeoutMs: is not there\n"
	  "@: functions[0].memoryMb: is not there\n"
	  "@: functions[0].bootstrap: is not there\n"
	  "@: functions[0].environment: is not there\n" },
	{ "a function's bounds",
	  HEAD "\"apis\":[],\"functions\":[{\"name\":\"../fn\",\"id\":\"F n\","
	       "\"bootstrap\":\"functions/../../bootstrap\",\"timeoutMs\":999,"
	       "\"memoryMb\":1e9,\"logFormat\":\"xml\",\"environment\":[]}]}",
	  "@: functions[0].name: has to be at most 255 letters, digits, '-' "
	  "and '_'\n"
	  "@: functions[0].id: has to be at most 255 letters, digits, '-' and "
	  "'_'\n"
	  "@: functions[0].timeoutMs: has to be a whole number from 1000 to "
	  "900000\n"
	  "@: functions[0].memoryMb: has to be a whole number from 128 to "
	  "10240\n"
	  "@: functions[0].logFormat: has to be 'json' or 'text'\n"
	  "@: functions[0].bootstrap: has to be a path below the folder that "
	  "ends in '/bootstrap', not 'functions/../../bootstrap'\n"
	  "@: functions[0].environment: has to be an object, not a list\n" },
	{ "a route to nowhere",
	  HEAD FN("") "," API(
		  ROUTE(NO_AUTH) "," ROUTE(NO_AUTH ",\"function\":\"of\"")) "}",
	  "@: apis[0].routes[0].function: is not there\n"
	  "@: apis[0].routes[1].function: 'of' is none of the functions\n"
	  "@: apis[0].routes[1].key: 'go' is there twice\n" },
	{ "a route's bounds",
	  HEAD FN("") "," API(
		  ROUTE("\"function\":\"fn\",\"authorization\":\"custom\","
			"\"authorizer\":\"b\",\"timeoutMs\":30000,"
			"\"throttle\":{\"rate\":-1,\"burst\":0.5}")) "}",
	  "@: apis[0].routes[0].timeoutMs: has to be a whole number from 50 to "
	  "29000\n"
	  "@: apis[0].routes[0].authorizer: 'b' is none of the API's\n"
	  "@: apis[0].routes[0].throttle: has a rate that is not from 0 to "
	  "1000000000\n"
	  "@: apis[0].routes[0].burst: has to be a whole number from 0 to "
	  "2147483647\n" },
	{ "an unknown authorization",
	  HEAD FN("") "," API(ROUTE("\"function\":\"fn\",\"authorization\":"
				    "\"jwt\"")) "}",
	  "@: apis[0].routes[0].authorization: has to be 'none', 'iam' or "
	  "'custom'\n" },
	{ "unresolved",
	  HEAD FN("\"A\":{\"Fn::Sub\":\"${X}-${Y.Arn}\"},\"B\":{"
		  "\"Fn::FindInMap\":[]},\"C\":{\"Ref\":\"X\"}") "," API("") "}",
	  "function 'fn', variable 'A': nothing here says what ${X} is: --env "
	  "X=... does\n"
	  "function 'fn', variable 'A': nothing here says what ${Y.Arn} is: "
	  "--env Y.Arn=... does\n"
	  "function 'fn', variable 'B': Fn::FindInMap has no value here: --env "
	  "B=... gives one\n"
	  "function 'fn', variable 'C': nothing here says what ${X} is: --env "
	  "X=... does\n" },
	{ "names of variables",
	  HEAD FN("\"A=B\":\"\",\"\":\"\",\"N\":\"a\\u0000b\"") "," API("") "}",
	  "@: functions[0].environment: 'A=B' is no name for a variable\n"
	  "@: functions[0].environment: '' is no name for a variable\n"
	  "function 'fn', variable 'N': holds a NUL\n" },
};

/* why with our folder's path in place of each `@`. */
static char *expected(const char *why)
{
	struct wsg_buf out = { 0 };

	for (; *why; why++) {
		if (*why == '@')
			wsg_buf_printf(&out, "%s/gateway.json", folder);
		else
			wsg_buf_add(&out, why, 1);
	}
	return out.ptr;
}

static void test_refused(void **state)
{
	const struct config_options options = { .build = folder, .port = 3001 };

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		char *why = expected(refused[i].why);
		struct wsg_buf got = { 0 };

		write_file("gateway.json", refused[i].json);
		if (config_read(&options, &got))
			fail_msg("%s: not refused", refused[i].name);
		if (strcmp(got.ptr, why) != 0)
			fail_msg("%s:\n%s", refused[i].name, got.ptr);
		wsg_buf_release(&got);
		free(why);
	}
}

/* A file from elsewhere cannot name paths outside of the folder. */
static void test_bootstraps(void **state)
{
	static const char *const paths[] = {
		"/bin/bootstrap",	   "../bootstrap",
		"functions/./bootstrap",   "functions//bootstrap",
		"functions/fn/bootstrap/", "bootstrap",
		"functions/fn/sh",	   "a/../bootstrap",
	};
	const struct config_options options = { .build = folder, .port = 3001 };

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		struct wsg_buf text = { 0 }, why = { 0 };

		wsg_buf_printf(&text,
			       HEAD "\"apis\":[],\"functions\":[{\"name\":"
				    "\"fn\",\"id\":\"Fn\",\"bootstrap\":\"%s\","
				    "\"timeoutMs\":3000,\"memoryMb\":128,"
				    "\"environment\":{}}]}",
			       paths[i]);
		write_file("gateway.json", text.ptr);
		if (config_read(&options, &why))
			fail_msg("%s: not refused", paths[i]);
		assert_non_null(strstr(why.ptr, "bootstrap: has to be a path"));
		wsg_buf_release(&text);
		wsg_buf_release(&why);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_bootstraps),
	};

	if (argc != 2)
		return 2;
	golden = argv[1];
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
