/* SPDX-License-Identifier: MIT */
/* test_messages.c - messages from text to their plan. */
#include "message_work.h"
#include "plan/messages.h"

static const struct {
	const char *name, *text, *want;
} specs[] = {
	{ "none", "name: c\n", "" },
	{ "fields", "name: c\nmessages:\n  M: { a: string(1..2), b: int32? }\n",
	  "M: a string<1,2> b int32?" },
	{ "long form",
	  "name: c\nmessages:\n  M:\n    $doc: x\n    $strict: true\n"
	  "    a: { type: string?, doc: d, name: b, pattern: ^a$ }\n",
	  "M!: a string? ~^a$ as b (d)" },
	{ "a default is never absent",
	  "name: c\nmessages:\n  M: { a: { type: string?, default: en } }\n",
	  "M: a string=\"en\"" },
	{ "defaults of each type",
	  "name: c\nmessages:\n  M:\n    a: { type: bool, default: true }\n"
	  "    b: { type: int64, default: -9223372036854775808 }\n"
	  "    c: { type: number(0..1), default: 0.5 }\n"
	  "    d: { type: bytes(..3), default: YWJj }\n"
	  "    e: { type: timestamp, default: \"2024-02-29T00:00:00.5+01:00\" "
	  "}\n"
	  "    f: { type: \"enum(a|b)\", default: b }\n"
	  "    g: { type: \"int32[..2]\", default: [1, 2] }\n"
	  "    h: { type: map(bool), default: { x: true } }\n"
	  "    i: { type: N, default: { y: 1 } }\n"
	  "    j: { type: json, default: [null] }\n"
	  "    k: { type: \"string(2..)\", pattern: ^a+$, default: aa }\n"
	  "  N: { y: int32 }\n",
	  "M: a bool=true b int64=-9223372036854775808 c number<0,1>=0.5 d "
	  "bytes<,3>=\"YWJj\" e timestamp=\"2024-02-29T00:00:00.5+01:00\" f "
	  "enum'a''b'=\"b\" g list<,2> of int32=[1,2] h map of "
	  "bool={\"x\":true} i N={\"y\":1} j json=[null] k string<2,>=\"aa\" "
	  "~^a+$ / N: y int32" },
	{ "in place",
	  "name: c\nroutes:\n  go: { message: { a: bool }, reply: { b: bool } }"
	  "\nauthorizer:\n  type: lambda\n  context: { u: string }\n"
	  "session: { type: jwt, claims: { s: string } }\n",
	  "caller: u string / session: s string / go.message: a bool / "
	  "go.reply: b bool" },
	{ "in place, with apis",
	  "name: c\napis:\n  x: { routes: { go: { message: { a: bool } } } }\n"
	  "  y: { routes: { go: { message: { a: bool } } } }\n",
	  "x.go.message: a bool / y.go.message: a bool" },
	{ "a list may come round again",
	  "name: c\nmessages:\n  T: { kids: \"T[]\", m: \"map(T[])\" }\n",
	  "T: kids list of T m map of list of T" },

	{ "unknown key of a message",
	  "name: c\nmessages:\n  M: { $docc: x, a: bool }\n",
	  "3:8+5: a message has no key '$docc'; did you mean '$doc'?" },
	{ "unknown key of a field",
	  "name: c\nmessages:\n  M: { a: { type: bool, dock: x } }\n",
	  "3:25+4: a field has no key 'dock'; did you mean 'doc'?" },
	{ "wrong value of a key",
	  "name: c\nmessages:\n  M: { $strict: maybe, a: bool }\n",
	  "3:17+5: '$strict' must be true or false, not 'maybe'" },
	{ "no fields", "name: c\nmessages:\n  M:\n",
	  "3:3+1: message 'M' has no fields" },
	{ "only a doc", "name: c\nmessages:\n  M: { $doc: x }\n",
	  "3:3+1: message 'M' has no fields" },
	{ "no mapping", "name: c\nmessages:\n  M: string\n",
	  "3:6+6: message 'M' must be a mapping of fields to types" },
	{ "no type", "name: c\nmessages:\n  M: { a: { doc: x } }\n",
	  "3:8+1: field 'a' needs a 'type'; fields inside of fields are a "
	  "message of their own" },
	{ "type no text", "name: c\nmessages:\n  M: { a: { type: 5 } }\n",
	  "3:19+1: 'type' must be text, such as string(1..64)" },
	{ "empty field", "name: c\nmessages:\n  M:\n    a:\n",
	  "4:5+1: field 'a' needs a type, such as string(1..64)" },
	{ "list in YAML", "name: c\nmessages:\n  M: { a: [string] }\n",
	  "3:11+1: a list is written \"string[]\"" },
	{ "null default",
	  "name: c\nmessages:\n  M: { a: { type: bool, default: null } }\n",
	  "3:34+4: null is no default: a field that may be absent has a '?' "
	  "behind its type" },
	{ "name in C is a keyword",
	  "name: c\nmessages:\n  M: { a: { type: bool, name: int } }\n",
	  "3:31+3: field 'a' cannot be called 'int' in C: it is a keyword of "
	  "C" },
	{ "pattern on a number",
	  "name: c\nmessages:\n  M: { a: { type: int32, pattern: a } }\n",
	  "3:35+1: 'pattern' goes with string, not with int32" },
	{ "pattern is a list",
	  "name: c\nmessages:\n  M: { a: { type: string, pattern: [a] } }\n",
	  "3:36+1: 'pattern' must be text, a regular expression" },
	{ "bad pattern, at its place",
	  "name: c\nmessages:\n  M: { a: { type: string, pattern: 'a(b' } }\n",
	  "3:38+1: '(' is never closed by ')'" },
	{ "a type's name", "name: c\nmessages:\n  string: { a: bool }\n",
	  "3:3+6: 'string' is a type: a message needs another name" },
	{ "a name with a dot", "name: c\nmessages:\n  a.b: { a: bool }\n",
	  "3:3+3: the name of a message is a letter, then letters, digits and "
	  "'_', not 'a.b'" },
	{ "a name that starts with a digit",
	  "name: c\nmessages:\n  2b: { a: bool }\n",
	  "3:3+2: the name of a message is a letter, then letters, digits and "
	  "'_', not '2b'" },
	{ "body is a list", "name: c\nroutes: { go: { message: [a] } }\n",
	  "2:26+1: 'message' must be a message's name, or fields" },
	{ "body is no message",
	  "name: c\nroutes: { go: { message: \"string[]\" } }\n",
	  "2:26+10: 'message' must be a message, not 'string[]': give it a "
	  "field of that type" },
	{ "reply of any type",
	  "name: c\nroutes: { go: { reply: \"string[]\" } }\n",
	  "go.reply: items list of string" },
	{ "body that may be absent",
	  "name: c\nroutes: { go: { reply: \"M?\" } }\n",
	  "2:26+1: only a field may be absent: leave out '?'" },

	{ "unknown message of a route",
	  "name: c\nmessages:\n  Send: { a: bool }\nroutes:\n"
	  "  go: { message: Sned, reply: Nothing }\n",
	  "5:18+4: route 'go' takes message 'Sned', which is not declared; "
	  "3:3+4: note: did you mean 'Send'?; 5:31+7: route 'go' replies "
	  "message 'Nothing', which is not declared" },
	{ "unknown types of fields",
	  "name: c\nmessages:\n  Send: { a: \"Snd[]\", b: strng, c: integer "
	  "}\n",
	  "3:15+3: field 'a' of message 'Send' has type 'Snd', which is not "
	  "declared; 3:3+4: note: did you mean 'Send'?; 3:26+5: field 'b' of "
	  "message 'Send' has type 'strng', which is not declared; 3:26+5: "
	  "note: did you mean 'string'?; 3:36+7: field 'c' of message 'Send' "
	  "has type 'integer', which is not declared; 3:36+7: note: did you "
	  "mean 'int64'?" },
	{ "a message in itself",
	  "name: c\nmessages:\n  A: { b: B }\n  B: { c: map(C) }\n"
	  "  C: { a: A? }\n",
	  "5:11+1: message 'A' holds itself: A.b -> B.c -> C.a -> A; only a "
	  "list may do so" },

	{ "default of another type",
	  "name: c\nmessages:\n  M: { a: { type: string, default: 5 } }\n",
	  "3:36+1: the default of field 'a' must be text: put it in quotes" },
	{ "default out of bounds",
	  "name: c\nmessages:\n"
	  "  M: { a: { type: uint64(..9007199254740992), default: "
	  "9007199254740993 } }\n",
	  "3:56+16: the default of field 'a' is more than 9007199254740992" },
	{ "default too long",
	  "name: c\nmessages:\n"
	  "  M: { a: { type: string(..3), default: abcd } }\n",
	  "3:41+4: the default of field 'a' has 4 bytes, more than 3" },
	{ "default too short, inside",
	  "name: c\nmessages:\n"
	  "  M: { a: { type: \"string(2..)[]\", default: [ab, c] } }\n",
	  "3:50+1: the default of field 'a' has 1 bytes, fewer than 2" },
	{ "default with a fraction",
	  "name: c\nmessages:\n  M: { a: { type: int32, default: 1.5 } }\n",
	  "3:35+3: the default of field 'a' is not a whole number" },
	{ "default is no base64",
	  "name: c\nmessages:\n  M: { a: { type: bytes, default: YWJ } }\n",
	  "3:35+3: the default of field 'a' must be base64" },
	{ "default is base64 with a rest",
	  "name: c\nmessages:\n  M: { a: { type: bytes, default: YWI= } }\n",
	  NULL },
	{ "default is base64 with bits too many",
	  "name: c\nmessages:\n  M: { a: { type: bytes, default: YWJ= } }\n",
	  "3:35+4: the default of field 'a' must be base64" },
	{ "default is no time",
	  "name: c\nmessages:\n  M: { a: { type: timestamp, default: "
	  "2023-02-29T00:00:00Z } }\n",
	  "3:39+20: the default of field 'a' must be a time such as "
	  "2026-11-21T13:24:10Z" },
	{ "default is no value of the enum",
	  "name: c\nmessages:\n  M: { a: { type: \"enum(a|b)\", default: c } "
	  "}\n",
	  "3:41+1: the default of field 'a' must be one of a|b" },
	{ "default does not match",
	  "name: c\nmessages:\n  M: { a: { type: string, pattern: ^a$, "
	  "default: "
	  "b } }\n",
	  "3:50+1: the default of field 'a' does not match its pattern" },
	{ "default lacks a field",
	  "name: c\nmessages:\n  M: { a: { type: N, default: {} } }\n"
	  "  N: { b: bool }\n",
	  "3:31+1: the default of field 'a' lacks 'b'" },
	{ "default has too much",
	  "name: c\nmessages:\n  M: { a: { type: N, default: { b: true, x: 1 "
	  "} } "
	  "}\n  N: { b: bool }\n",
	  "3:31+1: the default of field 'a' has members that message 'N' "
	  "does not have" },

	{ "fields with one name in C",
	  "name: c\nmessages:\n  M: { userId: bool, user_id: bool }\n",
	  "3:22+7: field 'user_id' is 'user_id' in C, and so is field "
	  "'userId'; 3:8+6: note: field 'userId' stands here" },
	{ "a field and what says another is there",
	  "name: c\nmessages:\n  M: { seq: int32?, hasSeq: bool }\n",
	  "3:21+6: field 'hasSeq' is 'has_seq' in C, and so is what says that "
	  "field 'seq' is there; 3:8+3: note: what says that field 'seq' is "
	  "there stands here" },
	{ "a field and the count of another",
	  "name: c\nmessages:\n  M: { tags: \"bool[]\", tagsCount: int32 }\n",
	  "3:24+9: field 'tagsCount' is 'tags_count' in C, and so is the count "
	  "of field 'tags'; 3:8+4: note: the count of field 'tags' stands "
	  "here" },
	{ "a field without a name in C",
	  "name: c\nmessages:\n  M: { \"\xe6\x97\xa5\": bool }\n",
	  "3:8+5: field '\xe6\x97\xa5' has no letter or digit to make a C name "
	  "from; give it a 'name'" },
	{ "that field with a name",
	  "name: c\nmessages:\n  M: { \"\xe6\x97\xa5\": { type: bool, name: "
	  "day "
	  "} }\n",
	  NULL },
	{ "keywords are no trouble",
	  "name: c\nmessages:\n  M: { default: bool, int: bool }\n", NULL },
	{ "values with one name in C",
	  "name: c\nmessages:\n  M: { a: enum(x-y|x_y) }\n",
	  "3:20+3: warning: the value 'x_y' of field 'a' is 'C_M_A_X_Y_2' in "
	  "C, as an "
	  "earlier one is 'C_M_A_X_Y'" },
	{ "values of two fields with one name in C",
	  "name: c\nmessages:\n  M: { a: enum(x-y), aX: enum(y) }\n",
	  "3:31+1: the value 'y' of field 'aX' is 'C_M_A_X_Y' in C, and so is "
	  "the value 'x-y' of field 'a'; 3:16+3: note: the value 'x-y' of "
	  "field 'a' stands here; 3:31+1: note: one of the fields can have "
	  "another 'name' in C" },
	{ "values of two fields that have names",
	  "name: c\nmessages:\n  M: { a: enum(x-y), aX: { type: enum(y), "
	  "name: b } }\n",
	  NULL },
	{ "values without a letter",
	  "name: c\nmessages:\n  M: { a: enum(+|-|_|__) }\n", NULL },
	{ "messages with one name in C",
	  "name: c\nmessages:\n  SendIt: { a: bool }\n  send_it: { a: bool }\n",
	  "4:3+7: message 'send_it' is 'c_send_it' in C, and so is message "
	  "'SendIt'; 3:3+6: note: message 'SendIt' stands here" },
	{ "a message and one in place",
	  "name: c\nmessages:\n  GoMessage: { a: enum(x) }\nroutes:\n"
	  "  go: { message: { a: bool } }\n",
	  "5:18+1: message 'go.message' is 'c_go_message' in C, and so is "
	  "message 'GoMessage'; 3:3+9: note: message 'GoMessage' stands here" },
	{ "a message and an enum",
	  "name: c\nmessages:\n  aB: { x: bool }\n  A: { b: enum(x) }\n",
	  "4:8+1: the type of field 'b' is 'c_a_b' in C, and so is message "
	  "'aB'; 3:3+2: note: message 'aB' stands here" },
	{ "a message and an entry",
	  "name: c\nmessages:\n  A: { b: map(bool) }\n  aBEntry: { x: bool }\n",
	  "4:3+7: message 'aBEntry' is 'c_a_b_entry' in C, and so is the "
	  "type of field 'b'; 3:8+1: note: the type of field 'b' stands here" },
	{ "a message and a call",
	  "name: c\nmessages:\n  GoCall: { x: bool }\nroutes: { go: {} }\n",
	  "3:3+6: message 'GoCall' is 'c_go_call' in C, and so is the call of "
	  "route 'go'; 4:11+2: note: the call of route 'go' stands here" },
	{ "a message and what is always there",
	  "name: c\nmessages:\n  Caller: { x: bool }\n",
	  "3:3+6: message 'Caller' is 'c_caller' in C, and so is what wsgen "
	  "itself declares" },
	{ "lists with one shape",
	  "name: c\nmessages:\n  A: { b_c: \"bool[]\" }\n  aB: { c: \"bool[]\" "
	  "}\n",
	  "4:9+1: the type of field 'c' is 'item_a_b_c' in C, and so is the "
	  "type of field 'b_c'; 3:8+3: note: the type of field 'b_c' stands "
	  "here" },

	{ "a caller's list",
	  "name: c\nauthorizer: { type: lambda, context: { a: \"bool[]\" } }\n",
	  "2:44+6: 'a' of 'context' must be a string, a number or a bool: API "
	  "Gateway hands on nothing else" },
	{ "too large",
	  "name: c\nmessages:\n  M: { a: string(..131072), b: bool }\n"
	  "routes: { go: { message: M } }\n",
	  "3:3+1: message 'M' can be 131090 bytes long, and API Gateway "
	  "carries at most 131072; 3:8+1: note: most of it can be 'a': "
	  "131074 bytes, 786434 when all is escaped" },
	{ "too large to send",
	  "name: c\nmessages:\n  M: { a: string(..131072), b: bool }\n"
	  "routes: { go: { sends: M } }\n",
	  "3:3+1: message 'M' can be 131090 bytes long, and API Gateway "
	  "carries at most 131072; 3:8+1: note: most of it can be 'a': "
	  "131074 bytes, 786434 when all is escaped" },
	{ "too large when escaped",
	  "name: c\nmessages:\n  M: { a: string(..131064) }\n"
	  "routes: { go: { message: M, reply: M } }\n",
	  "3:3+1: warning: message 'M' can be 786392 bytes long when "
	  "characters "
	  "have to be escaped, and API Gateway carries at most 131072; 3:8+1: "
	  "note: most of it can be 'a': 131066 bytes, 786386 when all is "
	  "escaped" },
	{ "large, but nobody uses it",
	  "name: c\nmessages:\n  M: { a: string(..131072) }\n", NULL },
	{ "without bounds",
	  "name: c\nmessages:\n  M: { a: string }\n"
	  "routes: { go: { message: M } }\n",
	  NULL },
};

static void test_specs(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(specs); i++) {
		struct work w;
		struct buf out;

		print_message("%s\n", specs[i].name);
		compile_text(&w, specs[i].text, NULL);
		buf_init(&out, &w.arena);
		if (specs[i].want && w.spec && !w.diag.entries.count)
			print_messages(&out, w.spec);
		print_diag(&out, &w.diag, true);
		assert_string_equal(out.text,
				    specs[i].want ? specs[i].want : "");
		arena_release(&w.arena);
	}
}

/* "snake plain/escaped" of each planned message; D decoded, E encoded. */
static const struct {
	const char *name, *text, *want;
} plans[] = {
	{ "sizes of each type",
	  "name: c\nmessages:\n"
	  "  A: { x: string(..4) }\n  B: { x: bytes(..4) }\n"
	  "  C: { x: bool }\n  D: { x: int32(0..1) }\n  E: { x: uint32 }\n"
	  "  F: { x: int64 }\n  G: { x: uint64 }\n  H: { x: number }\n"
	  "  I: { x: timestamp }\n  J: { x: 'enum(a|\"bc)' }\n"
	  "  K: { x: \"bool[..3]\" }\n  L: { x: A }\n  N: { x: json }\n"
	  "  O: { x: map(bool) }\n  P: { x: \"bool[]\" }\n"
	  "  Q: { x: string }\n  R: { x: Q? }\n"
	  "  S: { \"\\\"\\t\\u0001\": { type: bool?, name: s }, y: bool }\n",
	  "a 12/32, b 16/16, c 11/11, d 17/17, e 16/16, f 26/26, g 26/26, h "
	  "30/30, i 32/32, j 12/12, k 25/25, l 18/38, n -, o -, p -, q -, r -, "
	  "s 30/30" },
	{ "nested ones first",
	  "name: c\nmessages:\n  A: { z: \"Z[]\" }\n  B: { x: bool }\n"
	  "  Z: { y: Y }\n  Y: { x: bool }\n",
	  "y 11/11, z 17/17, a -, b 11/11" },
	{ "a list that comes round again",
	  "name: c\nmessages:\n  B: { as: \"A[..2]\" }\n  A: { m: map(C) }\n"
	  "  C: { b: B, x: bool }\n",
	  "b -, c -, a -" },
	{ "sizes past any number",
	  "name: c\nmessages:\n"
	  "  A: { x: \"string(..4294967295)[..4294967295]\" }\n"
	  "  B: { x: \"A[..4294967295]\" }\n",
	  "a 18446744073709551615/18446744073709551615, b "
	  "18446744073709551615/18446744073709551615" },
	{ "who receives and who sends",
	  "name: c\nmessages:\n  A: { x: bool }\n  B: { a: A }\n"
	  "  C: { a: A }\n  D: { x: bool }\n  E: { x: bool }\n"
	  "routes:\n  go: { message: B, reply: C, sends: [D] }\n"
	  "authorizer: { type: lambda, context: { u: bool } }\n",
	  "a 11/11DE, b 17/17D, c 17/17E, caller 11/11DE, d 11/11E, e 11/11" },
};

static void test_plans(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(plans); i++) {
		struct work w;
		struct buf out;
		struct plan plan;

		print_message("%s\n", plans[i].name);
		compile_text(&w, plans[i].text, NULL);
		buf_init(&out, &w.arena);
		print_diag(&out, &w.diag, true);
		assert_string_equal(out.text, "");
		plan = (struct plan){ .spec = w.spec, .arena = &w.arena };
		plan_messages(&plan);
		for (size_t k = 0; k < plan.messages.count; k++) {
			const struct plan_message *message =
				&plan.messages.items[k];

			buf_printf(&out, "%s%s ", k ? ", " : "",
				   message->snake);
			if (message->bounded)
				buf_printf(&out, "%zu/%zu", message->max_size,
					   message->max_escaped);
			else
				buf_char(&out, '-');
			buf_printf(&out, "%s%s", message->decoded ? "D" : "",
				   message->encoded ? "E" : "");
			assert_ptr_equal(
				plan_message_of(&plan, message->message),
				message);
		}
		assert_string_equal(out.text, plans[i].want);
		arena_release(&w.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_specs),
		cmocka_unit_test(test_plans),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
