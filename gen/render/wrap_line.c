/* SPDX-License-Identifier: MIT */
#include "wrap_c.h"

#include "wrap.h"

#include <string.h>

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || (c & 0x80);
}

/* The length of the token at text; 0 for what we leave alone. */
static size_t token_len(const char *text, const char *end)
{
	static const char *const longer[] = {
		"<<=", ">>=", "...", "->", "==", "!=", "<=", ">=", "&&", "||",
		"<<",  ">>",  "++",  "--", "+=", "-=", "*=", "/=", "|=", "&=",
	};
	size_t len = 0;

	if (end - text > 1 && text[0] == '/' &&
	    (text[1] == '/' || text[1] == '*'))
		return 0;
	if (*text == '"' || *text == '\'') {
		for (len = 1; text + len < end && text[len] != *text; len++)
			len += text[len] == '\\';
		return text + len < end ? len + 1 : 0;
	}
	while (text + len < end && is_word_char(text[len]))
		len++;
	if (len)
		return len;
	if (end - text < 2 || !strchr("<>=.&|+-", text[1]))
		return 1; /* none of those: most */
	for (size_t i = 0; i < sizeof(longer) / sizeof(*longer); i++) {
		len = strlen(longer[i]);
		if ((size_t)(end - text) >= len &&
		    !memcmp(text, longer[i], len))
			return len;
	}
	return 1;
}

static bool is_keyword(const char *text, size_t len, const char *words)
{
	const char *at = words;

	while ((at = strchr(at, ' '))) {
		at++;
		if (!strncmp(at, text, len) && at[len] == ' ')
			return true;
	}
	return false;
}

/* No longer keyword is in question. */
#define MAX_KEYWORD (sizeof("volatile") - 1)
#define NO_NAMES                                                       \
	" return if while for switch else do case goto sizeof struct " \
	"union enum const static inline extern volatile typedef "

static bool is_name(const char *text, size_t len)
{
	return !(*text >= '0' && *text <= '9') &&
	       (len > MAX_KEYWORD || !is_keyword(text, len, NO_NAMES));
}

static bool split(struct line *line, const char *text, const char *end)
{
	while (text < end) {
		struct token *token = &line->tokens[line->count];
		size_t space = 0;

		while (text < end && (*text == ' ' || *text == '\t')) {
			text++;
			space = 1;
		}
		if (text == end)
			break;
		if (line->count++ == LINE_MAX_TOKENS)
			return false;
		*token = (struct token){ .text = text, .space = space };
		token->len = token_len(text, end);
		if (!token->len)
			return false;
		token->width = wrap_column(0, text, token->len);
		token->word = is_word_char(*text);
		token->name = token->word && is_name(text, token->len);
		token->string = *text == '"';
		text += token->len;
	}
	return line->count;
}

/* Nesting, strength, and which bracket belongs to which. */
static bool pair_brackets(struct line *line)
{
	size_t open[64], depth = 0, outer = line->row ? 1 : 0;
	size_t strength[64] = { 1 + outer };

	for (size_t i = 0; i < line->count; i++) {
		struct token *token = &line->tokens[i];

		token->nesting = depth + outer;
		token->strength = strength[depth];
		if (token_opens(token)) {
			if (depth == 63)
				return false;
			open[depth++] = i;
			strength[depth] = strength[depth - 1] +
					  (*token->text == '[' ? 10 : 1);
			token->parameters = i + 1 < line->count &&
					    !token_closes(&line->tokens[i + 1]);
		} else if (token_closes(token)) {
			if (!depth)
				return false;
			depth--;
			token->match = open[depth];
			line->tokens[open[depth]].match = i;
		} else if (token_is(token, ",") && depth) {
			line->tokens[open[depth - 1]].parameters++;
		}
	}
	return !depth ||
	       (depth == 1 && open[0] == line->count - 1); /* ends in " {" */
}

/* A word that ends a type: "int", "chat" in "struct chat". */
static bool ends_type(const struct token *token)
{
	return token->name || token_is(token, "const");
}

static enum binding binding_of(const struct token *token)
{
	static const struct {
		const char *text;
		enum binding binding;
	} rows[] = {
		{ ",", BIND_COMMA },   { "=", BIND_ASSIGN },
		{ "+=", BIND_ASSIGN }, { "-=", BIND_ASSIGN },
		{ "|=", BIND_ASSIGN }, { "&=", BIND_ASSIGN },
		{ "||", BIND_OR },     { "&&", BIND_AND },
		{ "|", BIND_BIT_OR },  { "^", BIND_BIT_XOR },
		{ "&", BIND_BIT_AND }, { "==", BIND_EQUAL },
		{ "!=", BIND_EQUAL },  { "<", BIND_LESS },
		{ ">", BIND_LESS },    { "<=", BIND_LESS },
		{ ">=", BIND_LESS },   { "<<", BIND_SHIFT },
		{ ">>", BIND_SHIFT },  { "+", BIND_PLUS },
		{ "-", BIND_PLUS },    { "*", BIND_TIMES },
		{ "/", BIND_TIMES },   { "%", BIND_TIMES },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (*token->text == *rows[i].text &&
		    token_is(token, rows[i].text))
			return rows[i].binding;
	return BIND_NONE;
}

/* What a sign is shows in the spaces that the template gave it. */
static void classify(struct line *line)
{
	for (size_t i = 0; i < line->count; i++) {
		struct token *token = &line->tokens[i];
		const struct token *before = i ? token - 1 : NULL;
		bool tight = i + 1 < line->count && !token[1].space;

		token->member = token_is(token, "->") ||
				(token_is(token, ".") && !token->space);
		if (token->word || token->member)
			continue;
		if (token->len == 1 && strchr("*&-+!~", *token->text) &&
		    tight) {
			token->pointer = *token->text == '*' && before &&
					 (ends_type(before) || before->pointer);
			token->unary = !token->pointer;
			continue;
		}
		token->binding = binding_of(token);
	}
	for (size_t i = 1; i < line->count; i++) {
		struct token *token = &line->tokens[i];

		token->start_of_name =
			token->name &&
			(token[-1].pointer || (ends_type(token - 1) &&
					       !token_is(token - 1, "const")));
	}
}

/* TYPE (*NAME)( anywhere, or at the start of a line TYPE NAME(. */
static void find_function(struct line *line)
{
	for (size_t i = 1; i + 4 < line->count; i++) {
		const struct token *token = &line->tokens[i];

		if (ends_type(token - 1) && token_is(token, "(") &&
		    token_is(token + 1, "*") && token_is(token + 3, ")") &&
		    token_is(token + 4, "("))
			line->function_decl = true;
	}
	if (line->indent || line->row)
		return;
	for (size_t i = 1; i + 1 < line->count; i++) {
		struct token *token = &line->tokens[i];

		if (token_is(token, "=") || token_is(token, "{"))
			return;
		if (!token_is(token + 1, "("))
			continue;
		if (!token->name ||
		    !(ends_type(token - 1) || token[-1].pointer))
			return;
		token->function_name = true;
		token->start_of_name = false;
		line->function_decl = true;
		return;
	}
}

struct chains {
	struct line *line;
	size_t at;
};

static bool at_end(const struct chains *c)
{
	return c->at == c->line->count;
}

static void add_fake(struct chains *c, size_t start, enum binding binding)
{
	struct token *token = &c->line->tokens[start];

	if (token->fake_count == LINE_MAX_FAKES)
		return;
	token->fakes[token->fake_count++] = binding;
	if (binding > BIND_NONE)
		token->starts_binary = true;
	if (!at_end(c))
		c->line->tokens[c->at - 1].fake_ends++;
}

static void parse_chain(struct chains *c, int level);

static void parse_unary(struct chains *c)
{
	size_t first = c->at;

	while (!at_end(c) && c->line->tokens[c->at].unary)
		c->at++;
	parse_chain(c, BIND_MEMBER);
	if (at_end(c))
		return;
	for (size_t i = first; i < c->at && c->line->tokens[i].unary; i++)
		add_fake(c, i, BIND_NONE);
}

static int level_of(const struct token *token)
{
	if (token->binding)
		return (int)token->binding;
	if (token->member)
		return BIND_MEMBER;
	return token_is(token, ";") ? 0 : -1;
}

/* Finds chains of operators, each of which clang-format thinks in brackets. */
static void parse_chain(struct chains *c, int level)
{
	struct token *latest = NULL;
	size_t start, index = 0;

	while (level == 0 && !at_end(c) &&
	       token_is(&c->line->tokens[c->at], "return"))
		c->at++;
	if (at_end(c) || level > BIND_MEMBER)
		return;
	if (level == BIND_UNARY) {
		parse_unary(c);
		return;
	}
	start = c->at;
	while (!at_end(c)) {
		struct token *token;
		int found;

		parse_chain(c, level + 1);
		if (at_end(c))
			break;
		token = &c->line->tokens[c->at];
		found = level_of(token);
		if (token_closes(token) || (found != -1 && found < level))
			break;
		if (token_opens(token)) {
			while (!at_end(c) &&
			       !token_closes(&c->line->tokens[c->at])) {
				c->at++;
				parse_chain(c, 0);
			}
			c->at += !at_end(c);
			continue;
		}
		if (found == level) {
			if (latest)
				latest->more_operators = true;
			latest = token;
			token->operator_index = index++;
		}
		c->at++;
	}
	if (latest && (!at_end(c) || level > 0))
		add_fake(c, start,
			 level == BIND_MEMBER ? BIND_NONE
					      : (enum binding)level);
}

static bool can_break(const struct line *line, size_t i)
{
	const struct token *right = &line->tokens[i], *left = right - 1;

	if (right->start_of_name || right->function_name)
		return true;
	if (token_is(right, ";") || token_is(right, ",") ||
	    token_closes(right) || left->unary || left->pointer)
		return false;
	if (token_is(left, "=") && token_is(right, "{"))
		return false;
	if (right->pointer)
		return true;
	if (token_is(left, "[") || token_is(right, "{"))
		return token_is(left, ",");
	if (left->binding)
		return true;
	return token_is(left, "{") || token_is(left, "struct") ||
	       right->member || token_is(right, "[") ||
	       (token_is(left, ")") && right->name) || token_is(left, "(") ||
	       (left->string && right->string);
}

static size_t own_penalty(const struct line *line, size_t i)
{
	const struct token *right = &line->tokens[i], *left = right - 1;

	if (token_is(left, ","))
		return 1;
	if (right->function_name)
		return 60;
	if (right->start_of_name)
		return 200;
	if (right->pointer)
		return 190;
	if (token_is(left, "struct"))
		return 5000;
	if (right->member)
		return 150;
	if (token_is(left, "(") && line->function_decl)
		return 100;
	if (token_is(left, "(") && i > 1 &&
	    (token_is(left - 1, "if") || token_is(left - 1, "for")))
		return 1000;
	if (token_is(left, "(") || token_is(left, "{"))
		return 19;
	if (token_is(right, "["))
		return 500;
	if (left->binding == BIND_ASSIGN)
		return 2;
	return left->binding ? left->binding : 3;
}

/* Bytes of the escape sequence or character at text. */
static size_t char_len(const char *text, size_t left)
{
	size_t len = 1;

	if (*text == '\\' && left > 1) {
		for (len = 2; len < 4 && len < left && text[1] >= '0' &&
			      text[1] <= '7' && text[len] >= '0' &&
			      text[len] <= '7';)
			len++;
		return len;
	}
	while (len < left && (text[len] & 0xc0) == 0x80)
		len++;
	return len;
}

size_t line_split_string(const char *text, size_t len, size_t column)
{
	size_t space = 0, slash = 0, sign = 0, at = 0, chars = 0;

	if (column + 2 >= WRAP_COLUMNS)
		return 0;
	while (at < len) {
		size_t step = char_len(text + at, len - at);

		chars += text[at] == '\\' ? step
					  : wrap_column(0, text + at, step);
		if (chars > WRAP_COLUMNS - 2 - column || len - at <= step)
			break;
		if (text[at] == ' ')
			space = at + 1;
		if (text[at] == '/')
			slash = at + 1;
		if (step == 1 && (!is_word_char(text[at]) || text[at] == '_'))
			sign = at + 1;
		at += step;
	}
	return space > 1 ? space : slash > 1 ? slash : sign > 1 ? sign : at;
}

bool line_parse(struct line *line, const char *text, size_t len)
{
	size_t blank = 0;
	struct chains chains = { .line = line };

	while (blank < len && (text[blank] == ' ' || text[blank] == '\t'))
		blank++;
	line->count = 0;
	line->function_decl = false;
	line->indent = wrap_column(0, text, blank);
	line->row = blank < len && strchr("{[.", text[blank]);
	if (blank == len || text[blank] == '#' ||
	    !strncmp(text + blank, "enum {", 6) ||
	    !split(line, text + blank, text + len) || !pair_brackets(line))
		return false;
	classify(line);
	find_function(line);
	while (!at_end(&chains)) {
		parse_chain(&chains, 0);
		chains.at += !at_end(&chains);
	}
	for (size_t i = 1; i < line->count; i++) {
		struct token *token = &line->tokens[i];

		token->can_break = can_break(line, i);
		token->penalty = 20 * token->strength + own_penalty(line, i);
	}
	for (size_t i = line->count - 1; i-- > 0;) {
		const struct token *next = &line->tokens[i + 1];

		line->tokens[i].tail =
			next->can_break
				? 0
				: next->tail + next->space + next->width;
	}
	return true;
}
