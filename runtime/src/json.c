/* SPDX-License-Identifier: MIT */
/*
 * The JSON reader. The NUL behind the text stops every loop that is not bounded
 * by end: no token may hold one.
 */
#include "internal.h"
#include "json_fast.h"

void wsg_json_init(struct wsg_json *json, char *text, size_t len)
{
	*json = (struct wsg_json){
		.start = text,
		.pos = text,
		.end = text + len,
	};
}

bool wsg_json_fail(struct wsg_json *json, const char *error)
{
	if (!json->error)
		json->error = error;
	return false;
}

size_t wsg_json_offset(const struct wsg_json *json)
{
	return (size_t)(json->pos - json->start);
}

static char *skip_space(char *p)
{
	while (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r')
		p++;
	return p;
}

static bool fail_at(struct wsg_json *json, char *p, const char *error)
{
	json->pos = p;
	if (p >= json->end)
		error = "ends in the middle";
	return wsg_json_fail(json, error);
}

/* The same, for those whose result is where they got to. */
static char *stop_at(struct wsg_json *json, char *p, const char *error)
{
	fail_at(json, p, error);
	return NULL;
}

enum wsg_json_type wsg_json_peek(struct wsg_json *json)
{
	if (json->error)
		return WSG_JSON_NONE;
	json->pos = skip_space(json->pos);
	if (*json->pos == '"')
		return WSG_JSON_STRING;
	switch (*json->pos) {
	case '{':
		return WSG_JSON_OBJECT;
	case '[':
		return WSG_JSON_ARRAY;
	case 't':
	case 'f':
		return WSG_JSON_BOOL;
	case 'n':
		return WSG_JSON_NULL;
	case '-':
		return WSG_JSON_NUMBER;
	}
	if (*json->pos >= '0' && *json->pos <= '9')
		return WSG_JSON_NUMBER;
	return WSG_JSON_NONE;
}

/*
 * The functions called pass_ step over what starts at p and check it. They
 * change nothing; the result is what comes behind it, NULL after an error.
 */
static char *pass_word(struct wsg_json *json, char *p, const char *text,
		       size_t len)
{
	if ((size_t)(json->end - p) < len || memcmp(p, text, len) != 0)
		return stop_at(json, p, "not a value");
	return p + len;
}

static bool word(struct wsg_json *json, const char *text, size_t len)
{
	char *p = pass_word(json, json->pos, text, len);

	if (!p)
		return false;
	json->pos = p;
	return true;
}

bool wsg_json_null(struct wsg_json *json)
{
	if (wsg_json_peek(json) != WSG_JSON_NULL)
		return fail_at(json, json->pos, "expected null");
	return word(json, "null", 4);
}

bool wsg_json_bool(struct wsg_json *json, bool *value)
{
	bool yes;

	if (wsg_json_peek(json) != WSG_JSON_BOOL)
		return fail_at(json, json->pos, "expected true or false");
	yes = *json->pos == 't';
	if (!(yes ? word(json, "true", 4) : word(json, "false", 5)))
		return false;
	*value = yes;
	return true;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char *pass_digits(struct wsg_json *json, char *p)
{
	if (!is_digit(*p))
		return stop_at(json, p, "expected a digit");
	while (is_digit(*p))
		p++;
	return p;
}

/* *whole: it has neither fraction nor exponent. */
static char *pass_number(struct wsg_json *json, char *p, bool *whole)
{
	if (*p == '-')
		p++;
	if (*p == '0' && is_digit(p[1]))
		return stop_at(json, p, "a number starts with 0");
	p = pass_digits(json, p);
	*whole = p && *p != '.' && *p != 'e' && *p != 'E';
	if (!p || *whole)
		return p;
	if (*p == '.' && !(p = pass_digits(json, p + 1)))
		return NULL;
	if (*p == 'e' || *p == 'E') {
		p++;
		if (*p == '+' || *p == '-')
			p++;
		p = pass_digits(json, p);
	}
	return p;
}

static bool number(struct wsg_json *json, struct wsg_str *text, bool *whole)
{
	char *p;

	if (wsg_json_peek(json) != WSG_JSON_NUMBER)
		return fail_at(json, json->pos, "expected a number");
	p = pass_number(json, json->pos, whole);
	if (!p)
		return false;
	*text = (struct wsg_str){ json->pos, (size_t)(p - json->pos) };
	json->pos = p;
	return true;
}

/* So many digits fit into 64 bits whatever they are. */
#define SAFE_DIGITS 19

/* The digits of text as a number; false if they are too many. */
static bool magnitude(struct wsg_str text, uint64_t *value)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < text.len; i++) {
		unsigned digit = (unsigned)(text.ptr[i] - '0');

		if (i >= SAFE_DIGITS && sum > (UINT64_MAX - digit) / 10)
			return false;
		sum = sum * 10 + digit;
	}
	*value = sum;
	return true;
}

/* A whole number, as sign and magnitude. */
static bool integer(struct wsg_json *json, bool *negative, uint64_t *value)
{
	char *start = skip_space(json->pos);
	struct wsg_str text = { NULL, 0 };
	bool whole;

	if (json->error || !number(json, &text, &whole))
		return false;
	if (!whole)
		return fail_at(json, start, "not a whole number");
	*negative = *text.ptr == '-';
	if (*negative) {
		text.ptr++;
		text.len--;
	}
	if (!magnitude(text, value))
		return fail_at(json, start, "out of range");
	return true;
}

bool wsg_json_int64(struct wsg_json *json, int64_t *value)
{
	char *start = skip_space(json->pos);
	uint64_t size;
	bool negative;

	if (!integer(json, &negative, &size))
		return false;
	if (size > (uint64_t)INT64_MAX + negative)
		return fail_at(json, start, "out of range");
	if (negative && size)
		*value = -(int64_t)(size - 1) - 1;
	else
		*value = (int64_t)size;
	return true;
}

bool wsg_json_uint64(struct wsg_json *json, uint64_t *value)
{
	char *start = skip_space(json->pos);
	uint64_t size;
	bool negative;

	if (!integer(json, &negative, &size))
		return false;
	if (negative && size)
		return fail_at(json, start, "out of range");
	*value = size;
	return true;
}

bool wsg_json_number(struct wsg_json *json, double *value)
{
	char *start = skip_space(json->pos);
	struct wsg_str text = { NULL, 0 };
	bool whole;

	if (json->error || !number(json, &text, &whole))
		return false;
	if (!wsg_number_parse(start, text.len, value))
		return fail_at(json, start, "out of range");
	return true;
}

/* From behind the opening quote. */
static char *pass_string(struct wsg_json *json, char *start)
{
	char *p = json_stop(json, start);
	uint32_t high = 0;

	if (*p == '"')
		return p + 1;
	p = scan_plain(p, json->end, &high);
	if (*p == '\\' && !(p = wsg_json_skip_escapes(json, p, &high)))
		return NULL;
	if (*p != '"')
		return stop_at(json, p, "a control character in a string");
	if (high && !json->trusted &&
	    !wsg_utf8_valid(start, (size_t)(p - start)))
		return stop_at(json, start, "not UTF-8");
	return p + 1;
}

/* Read what pass_string would pass. */
static inline bool string(struct wsg_json *json, struct wsg_str *value,
			  struct wsg_marks *marks)
{
	char *start = json->pos;
	uint32_t high = 0;
	char *p = scan_plain(json_stop(json, start), json->end, &high);
	char *end = p;

	if (*p == '\\' && !(p = wsg_json_unescape(json, p, &end, &high, marks)))
		return false;
	if (*p != '"')
		return fail_at(json, p, "a control character in a string");
	if (high && !json->trusted &&
	    !wsg_utf8_valid(start, (size_t)(end - start)))
		return fail_at(json, start, "not UTF-8");
	*value = (struct wsg_str){ start, (size_t)(end - start) };
	json->pos = p + 1;
	return true;
}

bool wsg_json_string(struct wsg_json *json, struct wsg_str *value)
{
	if (wsg_json_peek(json) != WSG_JSON_STRING)
		return fail_at(json, json->pos, "expected a string");
	json->pos++;
	return string(json, value, NULL);
}

bool wsg_json_string_marked(struct wsg_json *json, struct wsg_str *value,
			    struct wsg_marks *marks)
{
	if (wsg_json_peek(json) != WSG_JSON_STRING)
		return fail_at(json, json->pos, "expected a string");
	json->pos++;
	marks->base = json->pos;
	return string(json, value, marks);
}

static bool enter(struct wsg_json *json)
{
	if (json->depth == WSG_JSON_DEPTH_MAX)
		return fail_at(json, json->pos, "nested too deep");
	json->depth++;
	json->pos++;
	json->first = true;
	return true;
}

static bool leave(struct wsg_json *json, char *p)
{
	json->depth--;
	json->pos = p + 1;
	json->first = false;
	return false;
}

bool wsg_json_object(struct wsg_json *json)
{
	if (wsg_json_peek(json) != WSG_JSON_OBJECT)
		return fail_at(json, json->pos, "expected an object");
	return enter(json);
}

bool wsg_json_array(struct wsg_json *json)
{
	if (wsg_json_peek(json) != WSG_JSON_ARRAY)
		return fail_at(json, json->pos, "expected an array");
	return enter(json);
}

/* Up to the quote of the next key; false behind the last one. */
static bool key_start(struct wsg_json *json)
{
	char *p;

	if (json->error)
		return false;
	p = skip_space(json->pos);
	if (*p == '}')
		return leave(json, p);
	if (!json->first) {
		if (*p != ',')
			return fail_at(json, p, "expected ',' or '}'");
		p = skip_space(p + 1);
	}
	if (*p != '"')
		return fail_at(json, p, "expected a key");
	json->first = false;
	json->pos = p + 1;
	return true;
}

static bool key_end(struct wsg_json *json)
{
	char *p = skip_space(json->pos);

	if (*p != ':')
		return fail_at(json, p, "expected ':'");
	json->pos = p + 1;
	return true;
}

bool wsg_json_key(struct wsg_json *json, struct wsg_str *key)
{
	return key_start(json) && string(json, key, NULL) && key_end(json);
}

bool wsg_json_item(struct wsg_json *json)
{
	char *p;

	if (json->error)
		return false;
	p = skip_space(json->pos);
	if (*p == ']')
		return leave(json, p);
	if (!json->first) {
		if (*p != ',')
			return fail_at(json, p, "expected ',' or ']'");
		p = skip_space(p + 1);
		if (*p == ']')
			return fail_at(json, p, "expected a value");
	}
	json->first = false;
	json->pos = p;
	return true;
}

static char *pass(struct wsg_json *json, char *p);

/* From behind the brace. */
static char *pass_object(struct wsg_json *json, char *p)
{
	p = skip_space(p);
	if (*p == '}')
		return p + 1;
	for (;;) {
		if (*p != '"')
			return stop_at(json, p, "expected a key");
		p = pass_string(json, p + 1);
		if (!p)
			return NULL;
		p = skip_space(p);
		if (*p != ':')
			return stop_at(json, p, "expected ':'");
		p = pass(json, skip_space(p + 1));
		if (!p)
			return NULL;
		p = skip_space(p);
		if (*p == '}')
			return p + 1;
		if (*p != ',')
			return stop_at(json, p, "expected ',' or '}'");
		p = skip_space(p + 1);
	}
}

/* From behind the bracket. */
static char *pass_array(struct wsg_json *json, char *p)
{
	p = skip_space(p);
	if (*p == ']')
		return p + 1;
	for (;;) {
		p = pass(json, p);
		if (!p)
			return NULL;
		p = skip_space(p);
		if (*p == ']')
			return p + 1;
		if (*p != ',')
			return stop_at(json, p, "expected ',' or ']'");
		p = skip_space(p + 1);
	}
}

static char *pass(struct wsg_json *json, char *p)
{
	bool whole;

	switch (*p) {
	case '"':
		return pass_string(json, p + 1);
	case '{':
	case '[':
		if (json->depth == WSG_JSON_DEPTH_MAX)
			return stop_at(json, p, "nested too deep");
		json->depth++;
		p = *p == '{' ? pass_object(json, p + 1)
			      : pass_array(json, p + 1);
		json->depth--;
		return p;
	case 't':
		return pass_word(json, p, "true", 4);
	case 'f':
		return pass_word(json, p, "false", 5);
	case 'n':
		return pass_word(json, p, "null", 4);
	}
	if (*p != '-' && !is_digit(*p))
		return stop_at(json, p, "expected a value");
	return pass_number(json, p, &whole);
}

bool wsg_json_skip(struct wsg_json *json)
{
	char *p = json->error ? NULL : pass(json, skip_space(json->pos));

	if (!p)
		return false;
	json->pos = p;
	return true;
}

bool wsg_json_raw(struct wsg_json *json, struct wsg_str *value)
{
	char *start = skip_space(json->pos);

	if (!wsg_json_skip(json))
		return false;
	*value = (struct wsg_str){ start, (size_t)(json->pos - start) };
	return true;
}

bool wsg_json_end(struct wsg_json *json)
{
	if (json->error)
		return false;
	json->pos = skip_space(json->pos);
	if (json->pos != json->end)
		return fail_at(json, json->pos, "more than one value");
	return true;
}
