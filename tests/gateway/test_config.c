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
#include "config/names.h"

#define HEAD "{\"version\":1,\"name\":\"x\",\"messages\":[],"

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

/* --- what it becomes ------------------------------------------------------ */

static const char two_apis[] =
	"{\"version\":1,\"name\":\"shop\",\"messages\":[],\"functions\":["
	"{\"name\":\"fn\",\"id\":\"FnFunction\",\"bootstrap\":"
	"\"functions/fn/bootstrap\",\"timeoutMs\":3000,\"memoryMb\":256,"
	"\"logFormat\":\"json\",\"environment\":{"
	"\"PLAIN\":\"${x}\",\"NUMBER\":7,\"GONE\":{\"Ref\":\"AWS::NoValue\"},"
	"\"URL\":{\"Fn::Sub\":\"${chat.url}\"},"
	"\"CALLBACK\":{\"Fn::Sub\":\"${news.callbackUrl} ${news.stage}\"},"
	"\"IDS\":{\"Fn::Join\":[\" \",[{\"Ref\":\"NewsApi\"},"
	"{\"Fn::Sub\":\"${news}\"}]]},"
	"\"ARN\":{\"Fn::Sub\":\"${chat.arn}\"},"
	"\"FN\":{\"Fn::Sub\":\"${fn} ${fn.name} ${fn.arn}\"},"
	"\"FN_ID\":{\"Fn::GetAtt\":[\"FnFunction\",\"Arn\"]},"
	"\"ROUTE\":{\"Fn::Sub\":\"${chat.go.functionName}\"},"
	"\"CONNECT\":{\"Fn::Sub\":\"${chat.connect.functionArn}\"},"
	"\"STACK\":{\"Fn::Sub\":\"${AWS::StackName}-${StageName}\"},"
	"\"PSEUDO\":{\"Fn::Sub\":\"${AWS::Partition} ${AWS::AccountId} "
	"${AWS::URLSuffix}\"},"
	"\"TABLE\":{\"Ref\":\"Rooms\"},"
	"\"TABLE_ARN\":{\"Fn::Sub\":\"${Rooms.Arn}\"},"
	"\"OTHER\":{\"Fn::Sub\":\"${Kept} ${Kept.Arn}\"},"
	"\"SECRET\":{\"Fn::Sub\":\"${NobodyKnows}\"}}}],"
	"\"apis\":[{\"name\":\"chat\",\"id\":\"ChatApi\",\"type\":"
	"\"websocket\","
	"\"routeSelection\":\"$request.body.action\",\"apiKeySelection\":"
	"\"authorizer\",\"connections\":{\"table\":{\"Ref\":\"Rooms\"},"
	"\"ttlS\":60,\"topics\":true},\"stages\":[{\"name\":\"dev\","
	"\"throttle\":{\"rate\":5.5},\"variables\":{\"n\":1,\"r\":{\"Ref\":"
	"\"StageName\"}}},{\"name\":\"prod\"}],\"authorizers\":[{\"name\":"
	"\"a\","
	"\"functionArn\":{\"Fn::Sub\":\"arn:aws:lambda:${AWS::Region}:"
	"${AWS::AccountId}:function:fn\"},\"identity\":[\"route.request.header."
	"X\"]},{\"name\":\"b\",\"functionArn\":{\"Ref\":\"Nobody\"},"
	"\"identity\":[]}],\"routes\":[{\"key\":\"$connect\",\"function\":"
	"\"fn\",\"authorization\":\"custom\",\"authorizer\":\"b\",\"twoWay\":"
	"false,\"apiKey\":true},{\"key\":\"go\",\"function\":\"fn\","
	"\"authorization\":\"none\",\"twoWay\":true,\"apiKey\":false,"
	"\"timeoutMs\":50,\"throttle\":{\"rate\":1,\"burst\":2},\"message\":"
	"\"m\",\"reply\":\"r\"}]},{\"name\":\"news\",\"id\":\"NewsApi\","
	"\"type\":"
	"\"websocket\",\"routeSelection\":\"x\",\"stages\":[{\"name\":\"live\"}"
	"],"
	"\"connections\":{\"table\":{\"Fn::Sub\":\"${Kept}\"},\"ttlS\":60,"
	"\"topics\":false},\"authorizers\":[],\"routes\":[{\"key\":\"$"
	"default\","
	"\"integration\":{\"type\":\"mock\"},\"authorization\":\"iam\","
	"\"twoWay\":false,\"apiKey\":false}]}]}";

#define LAMBDA_ARN "arn:aws:lambda:us-east-1:123456789012:function:fn"

static const struct config_variable given[] = {
	{ { WSG_LIT("Kept") }, { WSG_LIT("old") } },
	{ { WSG_LIT("Kept") }, { WSG_LIT("kept") } },
	{ { WSG_LIT("SECRET") }, { WSG_LIT("hush") } },
};

/* With %s for the ids of `news`, twice, and of `chat`. */
static const char environment[] =
	"PLAIN=${x}\nNUMBER=7\nURL=ws://127.0.0.1:4000/dev\n"
	"CALLBACK=http://127.0.0.1:4001/live live\nIDS=%s %s\n"
	"ARN=arn:aws:execute-api:us-east-1:123456789012:%s\n"
	"FN=fn fn " LAMBDA_ARN "\nFN_ID=" LAMBDA_ARN "\nROUTE=fn\n"
	"CONNECT=" LAMBDA_ARN "\nSTACK=shop-dev\n"
	"PSEUDO=aws 123456789012 amazonaws.com\nTABLE=Rooms\n"
	"TABLE_ARN=arn:aws:dynamodb:us-east-1:123456789012:table/Rooms\n"
	"OTHER=kept arn:aws:dynamodb:us-east-1:123456789012:table/kept\n"
	"SECRET=hush\n";

static struct config *read_two_apis(struct wsg_str host)
{
	const struct config_options options = {
		.build = folder,
		.port = 4000,
		.host = host,
		.given = given,
		.given_count = sizeof(given) / sizeof(*given),
	};
	struct wsg_buf why = { 0 };
	struct config *config;

	write_file("gateway.json", two_apis);
	write_file("iam/fn.json", "{\"Version\":\"2012-10-17\"}");
	config = config_read(&options, &why);
	if (!config)
		fail_msg("%s", why.ptr);
	return config;
}

static void test_environment(void **state)
{
	struct config *config = read_two_apis(wsg_str("0.0.0.0"));
	const struct config_function *fn = &config->functions[0];
	struct wsg_buf got = { 0 };
	char wanted[2048];

	(void)state;
	for (size_t i = 0; i < fn->environment_count; i++)
		wsg_buf_printf(&got, "%.*s=%.*s\n",
			       WSG_FMT(fn->environment[i].name),
			       WSG_FMT(fn->environment[i].value));
	snprintf(wanted, sizeof(wanted), environment, config->apis[1].id.ptr,
		 config->apis[1].id.ptr, config->apis[0].id.ptr);
	assert_string_equal(got.ptr, wanted);
	wsg_buf_release(&got);
	config_free(config);
}

static void test_function(void **state)
{
	struct config *config = read_two_apis(wsg_str(""));
	const struct config_function *fn = &config->functions[0];
	char path[128];

	(void)state;
	assert_int_equal(config->functions_count, 1);
	assert_true(wsg_str_is(fn->arn, LAMBDA_ARN));
	assert_int_equal(fn->timeout_ms, 3000);
	assert_int_equal(fn->memory_mb, 256);
	assert_true(fn->log_json);
	snprintf(path, sizeof(path), "%s/functions/fn", folder);
	assert_string_equal(fn->folder, path);
	strcat(path, "/bootstrap");
	assert_string_equal(fn->bootstrap, path);
	assert_true(wsg_str_is(json_text(json_get(fn->policy, "Version")),
			       "2012-10-17"));
	config_free(config);
}

static void test_apis(void **state)
{
	struct config *config = read_two_apis(wsg_str("::1"));
	const struct config_api *chat = &config->apis[0];
	const struct config_api *news = &config->apis[1];
	const struct config_route *go = &chat->routes[1];
	struct wsg_buf text = { 0 };

	(void)state;
	assert_int_equal(chat->port, 4000);
	assert_int_equal(news->port, 4001);
	assert_true(chat->key_from_authorizer && !news->key_from_authorizer);
	assert_true(chat->topics && !news->topics);
	assert_true(wsg_str_is(chat->table, "Rooms"));
	assert_true(wsg_str_is(news->table, "kept"));
	assert_int_equal(chat->stages_count, 2);
	assert_true(chat->stages[0].throttle.rate == 5.5);
	assert_int_equal(chat->stages[0].throttle.burst, 5);
	assert_null(chat->stages[1].variables);
	json_put(&text, chat->stages[0].variables);
	assert_string_equal(text.ptr, "{\"n\":\"1\",\"r\":\"dev\"}");
	assert_ptr_equal(chat->authorizers[0].function, config->functions);
	assert_null(chat->authorizers[1].function);
	assert_ptr_equal(chat->routes[0].authorizer, &chat->authorizers[1]);
	assert_int_equal(chat->routes[0].authorization, CONFIG_CUSTOM);
	assert_int_equal(chat->routes[0].timeout_ms, 29000);
	assert_true(chat->routes[0].api_key && !chat->routes[0].two_way);
	assert_ptr_equal(go->function, config->functions);
	assert_true(go->two_way && go->timeout_ms == 50);
	assert_true(go->throttle.rate == 1 && go->throttle.burst == 2);
	assert_true(wsg_str_is(go->message, "m") && wsg_str_is(go->reply, "r"));
	assert_null(news->routes[0].function);
	assert_true(wsg_str_is(
		json_text(json_get(news->routes[0].integration, "type")),
		"mock"));
	assert_int_equal(news->routes[0].authorization, CONFIG_IAM);
	assert_true(wsg_str_is(names_get(config->names, wsg_str("chat.url")),
			       "ws://[::1]:4000/dev"));
	wsg_buf_release(&text);
	config_free(config);
}

/* Another's API keeps its id, by which permissions name it. */
static void test_existing(void **state)
{
	static const struct {
		const char *id, *given, *becomes; /* NULL: one of ours */
	} cases[] = {
		{ "\"a1b2c3d4e5\"", "", "a1b2c3d4e5" },
		{ "{\"Ref\":\"Theirs\"}", "", NULL },
		{ "{\"Fn::Sub\":\"${Theirs}\"}", "", NULL },
		{ "{\"Ref\":\"Theirs\"}", "z9", "z9" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct config_variable theirs = {
			{ WSG_LIT("Theirs") }, wsg_str(cases[i].given)
		};
		const struct config_options options = {
			.build = folder,
			.given = &theirs,
			.given_count = cases[i].given[0] != '\0',
		};
		struct wsg_buf text = { 0 }, why = { 0 };
		struct config *config;

		wsg_buf_printf(&text,
			       HEAD "\"functions\":[],\"apis\":[{\"name\":"
				    "\"x\",\"apiId\":%s,\"type\":"
				    "\"websocket\",\"routeSelection\":\"x\","
				    "\"stages\":[{\"name\":\"dev\"}],"
				    "\"authorizers\":[],\"routes\":[]}]}",
			       cases[i].id);
		write_file("gateway.json", text.ptr);
		config = config_read(&options, &why);
		if (!config)
			fail_msg("%s: %s", cases[i].id, why.ptr);
		if (cases[i].becomes
			    ? !wsg_str_is(config->apis[0].id, cases[i].becomes)
			    : config->apis[0].id.len != 10)
			fail_msg("%s: %s", cases[i].id, config->apis[0].id.ptr);
		if (cases[i].id[0] == '{' &&
		    !wsg_str_equal(names_get(config->names, wsg_str("Theirs")),
				   config->apis[0].id))
			fail_msg("%s: stands for another", cases[i].id);
		wsg_buf_release(&text);
		config_free(config);
	}
}

/* --- what is refused ------------------------------------------------------ */

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

static void test_given_bytes(void **state)
{
	const struct config_variable latin = { { WSG_LIT("Name") },
					       { WSG_LIT("caf\xe9") } };
	const struct config_options options = {
		.build = folder, .port = 3001, .given = &latin, .given_count = 1
	};
	struct wsg_buf why = { 0 };

	(void)state;
	write_file("gateway.json", HEAD "\"apis\":[],\"functions\":[]}");
	assert_null(config_read(&options, &why));
	assert_string_equal(why.ptr, "Name: the value given is not UTF-8\n");
	wsg_buf_release(&why);
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
		cmocka_unit_test(test_environment),
		cmocka_unit_test(test_function),
		cmocka_unit_test(test_apis),
		cmocka_unit_test(test_existing),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_given_bytes),
		cmocka_unit_test(test_bootstraps),
	};

	if (argc != 2)
		return 2;
	golden = argv[1];
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
