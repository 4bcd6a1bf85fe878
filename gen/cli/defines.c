/* SPDX-License-Identifier: MIT */
#include "defines.h"

#include <string.h>

struct scan {
	const char *at, *end;
	bool line_start; /* nothing but white space since the last newline */
};

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

static void skip_quoted(struct scan *scan, char quote)
{
	for (scan->at++; scan->at < scan->end && *scan->at != quote;
	     scan->at++) {
		if (*scan->at == '\n')
			return;
		if (*scan->at == '\\' && scan->at + 1 < scan->end)
			scan->at++;
	}
	if (scan->at < scan->end)
		scan->at++;
}

static void skip_comment(struct scan *scan)
{
	for (scan->at += 2; scan->end - scan->at >= 2; scan->at++) {
		if (scan->at[0] == '*' && scan->at[1] == '/') {
			scan->at += 2;
			return;
		}
	}
	scan->at = scan->end;
}

/* To the newline that ends it; a backslash before one joins the next line. */
static void skip_line(struct scan *scan)
{
	while (scan->at < scan->end && *scan->at != '\n') {
		if (*scan->at == '\\' && scan->at + 1 < scan->end)
			scan->at++;
		scan->at++;
	}
	if (scan->at > scan->end)
		scan->at = scan->end;
}

static bool starts(const struct scan *scan, const char *text)
{
	size_t len = strlen(text);

	return (size_t)(scan->end - scan->at) >= len &&
	       !memcmp(scan->at, text, len);
}

/* Move to the next character that is C's own; false at the end. */
static bool next_code(struct scan *scan)
{
	while (scan->at < scan->end) {
		char c = *scan->at;

		if (c == '\n') {
			scan->line_start = true;
			scan->at++;
		} else if (c == ' ' || c == '\t' || c == '\r') {
			scan->at++;
		} else if (starts(scan, "//") ||
			   (c == '#' && scan->line_start)) {
			skip_line(scan);
		} else if (starts(scan, "/*")) {
			skip_comment(scan);
		} else {
			scan->line_start = false;
			if (c != '"' && c != '\'')
				return true;
			skip_quoted(scan, c);
		}
	}
	return false;
}

/* Behind a name: "(...)" and then a brace, perhaps after attributes. */
static bool has_body(struct scan scan)
{
	size_t depth = 0;

	if (!next_code(&scan) || *scan.at != '(')
		return false;
	do {
		if (*scan.at == '(')
			depth++;
		else if (*scan.at == ')')
			depth--;
		else if (!depth)
			return *scan.at == '{';
		scan.at++;
	} while (next_code(&scan));
	return false;
}

bool defines_function(const char *text, size_t len, const char *symbol)
{
	struct scan scan = { text, text + len, true };
	size_t depth = 0, symbol_len = strlen(symbol);

	while (next_code(&scan)) {
		const char *word = scan.at;

		if (!is_word(*word)) {
			depth += *word == '{';
			depth -= depth && *word == '}';
			scan.at++;
			continue;
		}
		while (scan.at < scan.end && is_word(*scan.at))
			scan.at++;
		if (!depth && (size_t)(scan.at - word) == symbol_len &&
		    !memcmp(word, symbol, symbol_len) && has_body(scan))
			return true;
	}
	return false;
}
