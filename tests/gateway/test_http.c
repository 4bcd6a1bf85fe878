/* SPDX-License-Identifier: MIT */
/*
 * Requests off a socket: what is read, what is refused and with which status,
 * and that it makes no difference where the bytes are cut.
 */
#include "test.h"

#include "net/http.h"

#define BODY_MAX 20
#define HOST "Host: h\r\n"
#define POST "POST / HTTP/1.1\r\n" HOST
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"

/* What was read, as the tables spell it: `METHOD path?query minor [body]`. */
static const struct {
	const char *name;
	const char *bytes;
	const char *result; /* one line a request, a status in the end */
} cases[] = {
	{ "plain", "GET / HTTP/1.1\r\n" HOST "\r\n", "GET / 1 [] 1\n" },
	{ "query", "GET /a?b=c?d HTTP/1.1\r\n" HOST "\r\n",
	  "GET /a?b=c?d 1 [] 1\n" },
	{ "empty query", "GET /a? HTTP/1.1\r\n" HOST "\r\n",
	  "GET /a 1 [] 1\n" },
	{ "1.0 without a host", "GET / HTTP/1.0\r\n\r\n", "GET / 0 [] 0\n" },
	{ "1.7 is 1.1", "GET / HTTP/1.7\r\n" HOST "\r\n", "GET / 7 [] 1\n" },
	{ "any method", "BREW-IT! /pot HTTP/1.1\r\n" HOST "\r\n",
	  "BREW-IT! /pot 1 [] 1\n" },
	{ "star", "OPTIONS * HTTP/1.1\r\n" HOST "\r\n", "OPTIONS * 1 [] 1\n" },
	{ "whole URL", "GET HTTP://h:1/a/b?c HTTP/1.1\r\n" HOST "\r\n",
	  "GET /a/b?c 1 [] 1\n" },
	{ "whole URL without path", "GET https://h HTTP/1.1\r\n" HOST "\r\n",
	  "GET / 1 [] 1\n" },
	{ "whole URL, query alone", "GET http://h?q HTTP/1.1\r\n" HOST "\r\n",
	  "GET /?q 1 [] 1\n" },
	{ "empty line in front", "\r\nGET / HTTP/1.1\r\n" HOST "\r\n",
	  "GET / 1 [] 1\n" },
	{ "two empty lines in front", "\r\n\r\nGET / HTTP/1.1\r\n", "400\n" },
	{ "two requests",
	  "GET /1 HTTP/1.1\r\n" HOST "\r\nGET /2 HTTP/1.1\r\n" HOST "\r\n",
	  "GET /1 1 [] 1\nGET /2 1 [] 1\n" },
	{ "length", POST "Content-Length: 3\r\n\r\nabc", "POST / 1 [abc] 2\n" },
	{ "length 0", POST "content-length:0\r\n\r\n", "POST / 1 [] 2\n" },
	{ "length with zeroes", POST "Content-Length: 003\r\n\r\nabc",
	  "POST / 1 [abc] 2\n" },
	{ "length, then another",
	  POST "Content-Length: 2\r\n\r\n\r\n" POST "\r\n",
	  "POST / 1 [\r\n] 2\nPOST / 1 [] 1\n" },
	{ "the longest body",
	  POST "Content-Length: 20\r\n\r\n01234567890123456789",
	  "POST / 1 [01234567890123456789] 2\n" },
	{ "chunks", CHUNKED "3\r\nabc\r\n0A\r\n0123456789\r\n0\r\n\r\n",
	  "POST / 1 [abc0123456789] 2\n" },
	{ "no chunk", CHUNKED "0\r\n\r\n", "POST / 1 [] 2\n" },
	{ "chunk extensions", CHUNKED "1;a=\"b c\"\r\nx\r\n000;\r\n\r\n",
	  "POST / 1 [x] 2\n" },
	{ "trailers", CHUNKED "1\r\nx\r\n0\r\nA: b\r\nContent-Length:\r\n\r\n",
	  "POST / 1 [x] 2\n" },
	{ "chunks, then another", CHUNKED "0\r\n\r\n" CHUNKED "0\r\n\r\n",
	  "POST / 1 [] 2\nPOST / 1 [] 2\n" },
	{ "Chunked", POST "TRANSFER-ENCODING: Chunked\r\n\r\n0\r\n\r\n",
	  "POST / 1 [] 2\n" },
	{ "the most in chunks",
	  CHUNKED "a\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n",
	  "POST / 1 [01234567890123456789] 2\n" },
	{ "bytes past ASCII in a value",
	  "GET / HTTP/1.1\r\n" HOST "A: \xc3\xa9\tb\r\n\r\n",
	  "GET / 1 [] 2\n" },
	{ "nothing", "", "" },
	{ "half a head", "GET / HTTP/1.1\r\nHo", "" },
	{ "half a body", POST "Content-Length: 3\r\n\r\nab", "" },
	{ "half a chunk", CHUNKED "3\r\nab", "" },
	{ "chunks without an end", CHUNKED "1\r\na\r\n0\r\n", "" },

	{ "TLS", "\x16\x03\x01", "400\n" },
	{ "blank in front", " GET / HTTP/1.1\r\n" HOST "\r\n", "400\n" },
	{ "bare line feed", "GET / HTTP/1.1\n", "400\n" },
	{ "bare line feed later", "GET / HTTP/1.1\r\n" HOST "\n", "400\n" },
	{ "line feed in a value",
	  "GET / HTTP/1.1\r\n" HOST "A: b\nC: d\r\n\r\n", "400\n" },
	{ "bare carriage return",
	  "GET / HTTP/1.1\r\n" HOST "A: b\rC: d\r\n\r\n", "400\n" },
	{ "carriage returns", "GET / HTTP/1.1\r\n" HOST "A: b\r\r\n\r\n",
	  "400\n" },
	{ "no version", "GET /\r\n\r\n", "400\n" },
	{ "no target", "GET HTTP/1.1\r\n" HOST "\r\n", "400\n" },
	{ "two blanks", "GET  / HTTP/1.1\r\n" HOST "\r\n", "400\n" },
	{ "two blanks behind", "GET /  HTTP/1.1\r\n" HOST "\r\n", "400\n" },
	{ "blank at the end", "GET / HTTP/1.1 \r\n" HOST "\r\n", "400\n" },
	{ "tab", "GET\t/ HTTP/1.1\r\n" HOST "\r\n", "400\n" },
	{ "no path", "GET a HTTP/1.1\r\n" HOST "\r\n", "400\n" },
	{ "fragment", "GET /a#b HTTP/1.1\r\n" HOST "\r\n", "400\n" },
	{ "star for GET", "GET * HTTP/1.1\r\n" HOST "\r\n", "400\n" },
	{ "CONNECT", "CONNECT h:80 HTTP/1.1\r\n" HOST "\r\n", "400\n" },
	{ "bytes past ASCII in a path",
	  "GET /\xc3\xa9 HTTP/1.1\r\n" HOST "\r\n", "400\n" },
	{ "no such method", "G@T / HTTP/1.1\r\n" HOST "\r\n", "400\n" },
	{ "http", "GET / http/1.1\r\n" HOST "\r\n", "400\n" },
	{ "1.10", "GET / HTTP/1.10\r\n" HOST "\r\n", "400\n" },
	{ "2.0", "GET / HTTP/2.0\r\n" HOST "\r\n", "505\n" },
	{ "0.9", "GET / HTTP/0.9\r\n" HOST "\r\n", "505\n" },
	{ "no host", "GET / HTTP/1.1\r\n\r\n", "400\n" },
	{ "two hosts", "GET / HTTP/1.1\r\n" HOST HOST "\r\n", "400\n" },
	{ "two hosts in 1.0", "GET / HTTP/1.0\r\n" HOST HOST "\r\n", "400\n" },
	{ "folded", "GET / HTTP/1.1\r\n" HOST "A: b\r\n c\r\n\r\n", "400\n" },
	{ "folded first", "GET / HTTP/1.1\r\n a: b\r\n" HOST "\r\n", "400\n" },
	{ "blank before the colon", "GET / HTTP/1.1\r\nHost : h\r\n\r\n",
	  "400\n" },
	{ "no name", "GET / HTTP/1.1\r\n" HOST ": b\r\n\r\n", "400\n" },
	{ "no colon", "GET / HTTP/1.1\r\n" HOST "b\r\n\r\n", "400\n" },
	{ "control", "GET / HTTP/1.1\r\n" HOST "A: \1\r\n\r\n", "400\n" },
	{ "delete", "GET / HTTP/1.1\r\n" HOST "A: \x7f\r\n\r\n", "400\n" },
	{ "two lengths", POST "Content-Length: 1\r\nContent-Length: 1\r\n\r\na",
	  "400\n" },
	{ "list of lengths", POST "Content-Length: 1, 1\r\n\r\na", "400\n" },
	{ "length and chunks",
	  POST "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
	  "400\n" },
	{ "chunks and length",
	  POST "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
	  "400\n" },
	{ "chunks twice",
	  POST "Transfer-Encoding: chunked\r\n"
	       "Transfer-Encoding: chunked\r\n\r\n",
	  "400\n" },
	{ "chunks in 1.0",
	  "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "400\n" },
	{ "gzip", POST "Transfer-Encoding: gzip, chunked\r\n\r\n", "501\n" },
	{ "no encoding", POST "Transfer-Encoding:\r\n\r\n", "501\n" },
	{ "identity", POST "Transfer-Encoding: identity\r\n\r\n", "501\n" },
	{ "no length", POST "Content-Length:\r\n\r\n", "400\n" },
	{ "negative", POST "Content-Length: -1\r\n\r\n", "400\n" },
	{ "plus", POST "Content-Length: +1\r\n\r\n", "400\n" },
	{ "hexadecimal", POST "Content-Length: 0x1\r\n\r\n", "400\n" },
	{ "too long", POST "Content-Length: 21\r\n\r\n", "413\n" },
	{ "far too long", POST "Content-Length: 18446744073709551617\r\n\r\n",
	  "413\n" },
	{ "chunk too long", CHUNKED "15\r\n", "413\n" },
	{ "chunks too long", CHUNKED "a\r\n0123456789\r\nb\r\n", "413\n" },
	{ "chunk far too long", CHUNKED "10000000000000001\r\n", "413\n" },
	{ "no size", CHUNKED "\r\n", "400\n" },
	{ "no number", CHUNKED "g\r\n", "400\n" },
	{ "size with 0x", CHUNKED "0x1\r\n", "400\n" },
	{ "negative size", CHUNKED "-1\r\n", "400\n" },
	{ "blank before a size", CHUNKED " 1\r\n", "400\n" },
	{ "blank behind a size", CHUNKED "1 \r\n", "400\n" },
	{ "size, line feed", CHUNKED "1\n", "400\n" },
	{ "size, no line feed", CHUNKED "1\r1", "400\n" },
	{ "extension, line feed", CHUNKED "1;a\n", "400\n" },
	{ "chunk longer than its size", CHUNKED "1\r\nab\r\n", "400\n" },
	{ "chunk without \\r", CHUNKED "1\r\na\n", "400\n" },
	{ "chunk without \\n", CHUNKED "1\r\na\rb", "400\n" },
	{ "trailer without colon", CHUNKED "0\r\na\r\n", "400\n" },
	{ "trailer without name", CHUNKED "0\r\n:a\r\n", "400\n" },
	{ "folded trailer", CHUNKED "0\r\na:b\r\n c", "400\n" },
	{ "trailer, line feed", CHUNKED "0\r\na:b\n", "400\n" },
	{ "end, no line feed", CHUNKED "0\r\n\ra", "400\n" },
};

static void put_request(struct wsg_buf *out, const struct http_request *request)
{
	wsg_buf_str(out, request->method);
	wsg_buf_text(out, " ");
	wsg_buf_str(out, request->path);
	if (request->query.len) {
		wsg_buf_text(out, "?");
		wsg_buf_str(out, request->query);
	}
	wsg_buf_printf(out, " %d [", request->minor);
	wsg_buf_str(out, request->body);
	wsg_buf_printf(out, "] %zu\n", request->headers_count);
}

/* Parse all of the bytes, which come in two pieces. */
static void parse(struct wsg_buf *out, struct wsg_str bytes, size_t cut)
{
	struct http_parser parser;
	size_t at = 0;

	http_parser_init(&parser, BODY_MAX);
	wsg_buf_clear(out);
	wsg_buf_add(out, "", 0);
	while (at < bytes.len) {
		size_t end = at < cut ? cut : bytes.len;
		/* Memory of its own shows who reads past the end. */
		char *piece = malloc(end - at);
		size_t used;
		enum http_result result;

		memcpy(piece, bytes.ptr + at, end - at);
		result = http_parse(&parser, piece, end - at, &used);
		free(piece);
		at += used;
		if (result == HTTP_READY) {
			put_request(out, &parser.request);
			http_parser_reset(&parser);
		} else if (result == HTTP_REFUSED) {
			wsg_buf_printf(out, "%d\n", parser.status);
			break;
		} else {
			assert_int_equal(at, end);
		}
	}
	http_parser_release(&parser);
}

static void test_cases(void **state)
{
	struct wsg_buf out = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct wsg_str bytes = wsg_str(cases[i].bytes);

		for (size_t cut = 0; cut <= bytes.len; cut++) {
			parse(&out, bytes, cut);
			test_text(cases[i].name, test_str(&out),
				  wsg_str(cases[i].result));
		}
	}
	wsg_buf_release(&out);
}

/* Heads made of so many bytes of one kind. */
static const struct {
	const char *name;
	const char *start, *repeated, *end;
	size_t times;
	const char *result;
} limits[] = {
	{ "target", "GET /", "a", " HTTP/1.1\r\n" HOST "\r\n", 12000, "414\n" },
	{ "header", "GET / HTTP/1.1\r\n" HOST "A: ", "a", "\r\n\r\n", 12000,
	  "431\n" },
	{ "as many headers as may be", "GET / HTTP/1.1\r\n" HOST, "a:\r\n",
	  "\r\n", HTTP_HEADERS_MAX - 1, "GET / 1 [] 96\n" },
	{ "headers", "GET / HTTP/1.1\r\n" HOST, "a:\r\n", "\r\n",
	  HTTP_HEADERS_MAX, "431\n" },
	{ "the longest head", "GET / HTTP/1.1\r\n" HOST "A:", "a", "\r\n\r\n",
	  HTTP_HEAD_MAX - 16 - 9 - 2 - 4, "GET / 1 [] 2\n" },
	{ "one byte more", "GET / HTTP/1.1\r\n" HOST "A:", "a", "\r\n\r\n",
	  HTTP_HEAD_MAX - 16 - 9 - 2 - 4 + 1, "431\n" },
	{ "trailers", CHUNKED "0\r\n", "a:b\r\n", "\r\n", 4000, "431\n" },
	{ "extensions", CHUNKED "1;", "a", "\r\n", 12000, "431\n" },
	{ "extension after extension", CHUNKED, "0001;aaaaaaaaaaaa\r\na\r\n",
	  "0\r\n\r\n", 20, "POST / 1 [aaaaaaaaaaaaaaaaaaaa] 2\n" },
};

static void test_limits(void **state)
{
	static const size_t cuts[] = { 0, 1, 100, 4000, 10239, 10240, 10241 };
	struct wsg_buf out = { 0 }, bytes = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(limits); i++) {
		wsg_buf_clear(&bytes);
		wsg_buf_text(&bytes, limits[i].start);
		for (size_t n = 0; n < limits[i].times; n++)
			wsg_buf_text(&bytes, limits[i].repeated);
		wsg_buf_text(&bytes, limits[i].end);
		for (size_t n = 0; n < COUNT(cuts); n++) {
			if (cuts[n] > bytes.len)
				continue;
			parse(&out, test_str(&bytes), cuts[n]);
			test_text(limits[i].name, test_str(&out),
				  wsg_str(limits[i].result));
		}
	}
	wsg_buf_release(&out);
	wsg_buf_release(&bytes);
}

static const char with_headers[] =
	"GET /path?query HTTP/1.1\r\nHOST: \t here\t \r\nA: 1\r\na:2\r\n"
	"Connection: keep-alive, Upgrade\r\nconnection:x ,,\tY\r\n"
	"Empty:\r\n\r\n";

static const struct {
	const char *name, *value; /* NULL: not there */
} headers[] = {
	{ "host", "here" }, { "a", "2" },  { "A", "2" },
	{ "empty", "" },    { "b", NULL }, { "ho", NULL },
};

static const struct {
	const char *name, *word;
	bool has;
} words[] = {
	{ "connection", "upgrade", true },
	{ "Connection", "X", true },
	{ "connection", "y", true },
	{ "connection", "keep", false },
	{ "a", "1", true },
	{ "a", "2", true },
	{ "empty", "a", false },
	{ "none", "a", false },
};

static void test_headers(void **state)
{
	struct http_parser parser;
	size_t used;

	(void)state;
	http_parser_init(&parser, BODY_MAX);
	assert_int_equal(
		http_parse(&parser, with_headers, strlen(with_headers), &used),
		HTTP_READY);
	test_text("target", parser.request.target, wsg_str("/path?query"));
	for (size_t i = 0; i < COUNT(headers); i++) {
		struct wsg_str value =
			http_header(&parser.request, headers[i].name);

		test_text(headers[i].name, value, wsg_str(headers[i].value));
		test_number(headers[i].name, !value.ptr, !headers[i].value);
	}
	for (size_t i = 0; i < COUNT(words); i++)
		test_number(words[i].word,
			    http_header_has(&parser.request, words[i].name,
					    words[i].word),
			    words[i].has);
	http_parser_release(&parser);
}

/* What a large request needed is given back, what a small one did is kept. */
static void test_memory(void **state)
{
	static const char small[] = POST "Content-Length: 4\r\n\r\nabcd";
	char *large = malloc(70000);
	struct http_parser parser;
	size_t used;

	(void)state;
	snprintf(large, 70000, POST "Content-Length: 60000\r\n\r\n");
	memset(large + strlen(large), 'x', 69000 - strlen(large));
	http_parser_init(&parser, 100000);
	http_parse(&parser, small, strlen(small), &used);
	http_parser_reset(&parser);
	assert_true(parser.text.size > 0 && parser.body.size > 0);
	assert_int_equal(http_parse(&parser, large, 69000, &used), HTTP_READY);
	assert_int_equal(parser.request.body.len, 60000);
	http_parser_reset(&parser);
	assert_int_equal(parser.body.size, 0);
	http_parser_release(&parser);
	free(large);
}

static void test_phrases(void **state)
{
	(void)state;
	assert_string_equal(http_phrase(404), "Not Found");
	assert_string_equal(http_phrase(299), "Unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),	cmocka_unit_test(test_limits),
		cmocka_unit_test(test_headers), cmocka_unit_test(test_memory),
		cmocka_unit_test(test_phrases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
