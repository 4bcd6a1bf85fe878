/* SPDX-License-Identifier: MIT */
/*
 * What single keys of a spec become in C. That it compiles, links and answers
 * is the golden cases' to show.
 */
#include "unit.h"

#include "emitted.h"

#define START "name: chat\nroutes:\n  "
#define DEFAULT START "$default: src/a.on_default\n"

/* text has to be in the file or, with `without`, must not be there. */
static const struct {
	const char *name, *spec, *file, *text, *without;
} cases[] = {
	{ "a handler", DEFAULT, "chat.h",
	  "enum wsg_result on_default(struct chat_default_call *call);\n",
	  "struct chat_closes" },
	{ "$connect has no call", START "$connect: src/a.on_connect\n",
	  "chat.h", "on_connect(struct wsg_connect *client);\n", "_call" },
	{ "sends are typed by route",
	  START "a: { handler: s.f, sends: [M] }\n  b: s.g\n"
		"messages: { M: { x: bool } }\n",
	  "chat.h",
	  "struct chat_a_call {\n\tstruct wsg_event *event;\n\tstruct {\n"
	  "\t\tstruct chat_sends_m m;\n\t} sends;\n};\n\n"
	  "struct chat_b_call {\n\tstruct wsg_event *event;\n};\n",
	  NULL },
	{ "a function without sends links none",
	  START "a: { handler: s.f, sends: [M], function: {} }\n  b: s.g\n"
		"messages: { M: { x: bool } }\n",
	  "functions/chat/main.c", "route_b", "wsg_send_message" },
	{ "onInvalid: handler",
	  START "a: { handler: s.f, message: M, onInvalid: handler }\n"
		"messages: { M: { x: bool } }\n",
	  "functions/chat/main.c",
	  "\tif (!chat_read_m(event, &msg))\n"
	  "\t\treturn f(&call, NULL, wsg_invalid(event));\n"
	  "\treturn f(&call, &msg, NULL);\n",
	  NULL },
	{ "one-way logs", START "a: { handler: s.f, message: { x: bool } }\n",
	  "functions/chat/main.c", "return wsg_log_invalid(event);",
	  "wsg_reply_invalid" },
	{ "two-way replies",
	  START "a: { handler: s.f, message: { x: bool }, reply: true }\n",
	  "functions/chat/main.c", "return wsg_reply_invalid(event);",
	  "wsg_log_invalid" },
	{ "routes that share a handler", START "a: s.f\n  b: s.f\n", "chat.h",
	  "f(struct chat_a_call *call);", "chat_b_call" },
	{ "a keyword as a field",
	  START "a: { handler: s.f, message: { int: int32? } }\n", "chat.h",
	  "\tbool has_int;\n\tint32_t int_; /* \"int\" */\n", NULL },
	{ "the lowest int64",
	  START "a: { handler: s.f, message: "
		"{ x: int64(-9223372036854775808..5) } }\n",
	  "chat.c", ".ints = { INT64_MIN, 5 },", "-9223372036854775808" },
	{ "an open end of a number",
	  START "a: { handler: s.f, message: { x: number(..2) } }\n", "chat.c",
	  "#include <math.h>", NULL },
	{ "a comment cannot be left",
	  START "a: { handler: s.f, doc: \"x */ int y; /* z\" }\n", "chat.h",
	  "/* a: x * / int y; / * z */\n", "*/ int" },
	{ "a string cannot be left", START "'\"?\?/%s\\': s.f\n",
	  "functions/chat/main.c",
	  "{ .key = { \"\\\"?\\?/%s\\\\\", 7 }, .handle = route_s },", NULL },
	{ "no switch past 32 routes",
	  START "a0: s.f\n  a1: s.f\n  a2: s.f\n  a3: s.f\n  a4: s.f\n"
		"  a5: s.f\n  a6: s.f\n  a7: s.f\n  a8: s.f\n  a9: s.f\n"
		"  b0: s.f\n  b1: s.f\n  b2: s.f\n  b3: s.f\n  b4: s.f\n"
		"  b5: s.f\n  b6: s.f\n  b7: s.f\n  b8: s.f\n  b9: s.f\n"
		"  c0: s.f\n  c1: s.f\n  c2: s.f\n  c3: s.f\n  c4: s.f\n"
		"  c5: s.f\n  c6: s.f\n  c7: s.f\n  c8: s.f\n  c9: s.f\n"
		"  d0: s.f\n  d1: s.f\n  d2: s.f\n",
	  "functions/chat/main.c", "wsg_route_find(&routes_index, key)",
	  "switch" },
	{ "a stub's reply is valid",
	  START "a: { handler: s.f, reply: { x: string(2..), y: bool, "
		"z: enum(q|r), n: \"int32(3..)[1..]\", o: string(1..)? } }\n",
	  "stubs/s.c",
	  "\tstatic int32_t its_n[1];\n\n\t(void)call;\n"
	  "\treply->x = wsg_str(\"xx\");\n"
	  "\treply->z = CHAT_A_REPLY_Z_Q;\n"
	  "\treply->n = its_n;\n\treply->n_count = 1;\n\tits_n[0] = 3;\n",
	  "reply->o" },
	{ "APIs share messages",
	  "name: shop\napis:\n"
	  "  a: { routes: { x: { handler: s.f, message: M } } }\n"
	  "  b: { routes: { x: { handler: s.g, message: M } } }\n"
	  "messages: { M: { x: bool } }\n",
	  "b.h",
	  "enum wsg_result g(struct b_x_call *call, "
	  "const struct shop_m *msg);\n",
	  "struct shop_m {" },
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct compile c;
		const char *text;

		CHECK(cases[i].name,
		      emitted_compile(&c, cases[i].spec, "c,stubs"));
		text = emitted_file(&c, cases[i].file);
		if (!text || !strstr(text, cases[i].text))
			fail_msg("%s: %s lacks\n%s\n%s", cases[i].name,
				 cases[i].file, cases[i].text,
				 text ? text : "(no such file)");
		if (cases[i].without && strstr(text, cases[i].without))
			fail_msg("%s: %s has %s", cases[i].name, cases[i].file,
				 cases[i].without);
		compile_release(&c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
