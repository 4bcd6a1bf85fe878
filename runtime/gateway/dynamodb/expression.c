/* SPDX-License-Identifier: MIT */
/* expression.c - conditions parsed into a tree, and held against items. */
#include "expression.h"

#include "item.h"

#include "../base/mem.h"

#define IN_MAX 100 /* operands; DynamoDB's own */
#define NAMES_MAX 256

enum kind {
	AND,
	OR,
	NOT,
	EQUAL,
	DIFFERENT,
	LESS,
	LESS_EQUAL,
	GREATER,
	GREATER_EQUAL,
	BETWEEN,
	IN,
	EXISTS,
	MISSING,
	BEGINS_WITH,
};

/* An attribute by its name, or a value that was given. */
struct operand {
	struct wsg_str name; /* ptr NULL: it is a value */
	const struct json *value;
};

struct expression {
	enum kind kind;
	const struct expression *left, *right;
	const struct operand *operands;
	size_t count;
};

struct parser {
	const struct expression_context *context;
	struct wsg_str text;
	size_t at;
	struct wsg_str token;
	unsigned depth;
	const char *why;
};

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '#' || c == ':';
}

/* The next word, operator or parenthesis; empty at the end. */
static void advance(struct parser *parser)
{
	const char *text = parser->text.ptr;
	size_t len = parser->text.len, start;

	while (parser->at < len &&
	       (text[parser->at] == ' ' || text[parser->at] == '\t' ||
		text[parser->at] == '\n'))
		parser->at++;
	start = parser->at;
	while (parser->at < len && is_word(text[parser->at]))
		parser->at++;
	if (parser->at == start && start < len) {
		parser->at++;
		if (parser->at < len &&
		    ((text[start] == '<' &&
		      (text[parser->at] == '>' || text[parser->at] == '=')) ||
		     (text[start] == '>' && text[parser->at] == '=')))
			parser->at++;
	}
	parser->token = (struct wsg_str){ text + start, parser->at - start };
}

static bool is(const struct parser *parser, const char *word)
{
	struct wsg_str token = parser->token;

	if (token.len != strlen(word))
		return false;
	for (size_t i = 0; i < token.len; i++) {
		char c = token.ptr[i];

		if (c >= 'a' && c <= 'z' && word[i] >= 'A' && word[i] <= 'Z')
			c = (char)(c - 'a' + 'A');
		if (c != word[i])
			return false;
	}
	return true;
}

static bool take(struct parser *parser, const char *word)
{
	if (!is(parser, word))
		return false;
	advance(parser);
	return true;
}

static void *fail(struct parser *parser, const char *why)
{
	if (!parser->why)
		parser->why = why;
	return NULL;
}

static void *make(struct parser *parser, size_t size)
{
	void *made = wsg_arena_alloc(parser->context->arena, size);

	if (!made)
		mem_exhausted();
	return made;
}

static bool read_name(struct parser *parser, struct wsg_str *name)
{
	struct wsg_str token = parser->token;
	const struct json *stands_for;

	if (!token.len || !is_word(*token.ptr) || *token.ptr == ':')
		return fail(parser, "an attribute's name was expected");
	advance(parser);
	if (is(parser, ".") || is(parser, "["))
		return fail(parser, "paths into an attribute are not known "
				    "here");
	*name = token;
	if (*token.ptr != '#')
		return true;
	stands_for = json_find(parser->context->names, token);
	if (!stands_for || stands_for->type != WSG_JSON_STRING)
		return fail(parser, "An expression attribute name used in the "
				    "document path is not defined");
	*name = stands_for->text;
	return true;
}

static bool read_operand(struct parser *parser, struct operand *operand)
{
	*operand = (struct operand){ 0 };
	if (!parser->token.len || *parser->token.ptr != ':')
		return read_name(parser, &operand->name);
	operand->value = json_find(parser->context->values, parser->token);
	if (!operand->value)
		return fail(parser, "An expression attribute value used in "
				    "expression is not defined");
	advance(parser);
	return true;
}

static struct expression *node(struct parser *parser, enum kind kind,
			       const struct operand *operands, size_t count)
{
	struct expression *made = make(parser, sizeof(*made));
	struct operand *copies = make(parser, count * sizeof(*copies) + 1);

	for (size_t i = 0; i < count; i++)
		copies[i] = operands[i];
	made->kind = kind;
	made->operands = copies;
	made->count = count;
	return made;
}

/* attribute_exists(x), attribute_not_exists(x), begins_with(x, :y) */
static struct expression *read_function(struct parser *parser, enum kind kind)
{
	struct operand operands[2] = { 0 };
	size_t count = kind == BEGINS_WITH ? 2 : 1;

	if (!take(parser, "("))
		return fail(parser, "'(' was expected");
	if (kind == BEGINS_WITH ? !read_operand(parser, &operands[0])
				: !read_name(parser, &operands[0].name))
		return NULL;
	if (count == 2 &&
	    (!take(parser, ",") || !read_operand(parser, &operands[1])))
		return fail(parser, "a second operand was expected");
	if (!take(parser, ")"))
		return fail(parser, "')' was expected");
	return node(parser, kind, operands, count);
}

static struct expression *read_between(struct parser *parser,
				       struct operand *operands)
{
	if (!read_operand(parser, &operands[1]))
		return NULL;
	if (!take(parser, "AND"))
		return fail(parser, "AND was expected");
	if (!read_operand(parser, &operands[2]))
		return NULL;
	return node(parser, BETWEEN, operands, 3);
}

static struct expression *read_in(struct parser *parser,
				  struct operand *operands)
{
	size_t count = 1;

	if (!take(parser, "("))
		return fail(parser, "'(' was expected");
	do {
		if (count == IN_MAX + 1)
			return fail(parser, "there are too many operands");
		if (!read_operand(parser, &operands[count++]))
			return NULL;
	} while (take(parser, ","));
	if (!take(parser, ")"))
		return fail(parser, "')' was expected");
	return node(parser, IN, operands, count);
}

static struct expression *read_comparison(struct parser *parser)
{
	static const struct {
		const char *word;
		enum kind kind;
	} comparisons[] = {
		{ "=", EQUAL },	  { "<>", DIFFERENT },
		{ "<", LESS },	  { "<=", LESS_EQUAL },
		{ ">", GREATER }, { ">=", GREATER_EQUAL },
	};
	struct operand operands[IN_MAX + 1];

	if (!read_operand(parser, &operands[0]))
		return NULL;
	if (take(parser, "BETWEEN"))
		return read_between(parser, operands);
	if (take(parser, "IN"))
		return read_in(parser, operands);
	for (size_t i = 0; i < sizeof(comparisons) / sizeof(*comparisons); i++)
		if (take(parser, comparisons[i].word))
			return read_operand(parser, &operands[1])
				       ? node(parser, comparisons[i].kind,
					      operands, 2)
				       : NULL;
	return fail(parser, "a comparison was expected");
}

static struct expression *read_or(struct parser *parser);

static struct expression *read_not(struct parser *parser)
{
	static const struct {
		const char *word;
		enum kind kind;
	} functions[] = {
		{ "ATTRIBUTE_EXISTS", EXISTS },
		{ "ATTRIBUTE_NOT_EXISTS", MISSING },
		{ "BEGINS_WITH", BEGINS_WITH },
	};
	struct expression *made;

	if (take(parser, "NOT")) {
		const struct expression *of;

		if (++parser->depth > EXPRESSION_DEPTH_MAX)
			return fail(parser, "it is nested too deeply");
		of = read_not(parser);
		parser->depth--;
		if (!of)
			return NULL;
		made = node(parser, NOT, NULL, 0);
		made->left = of;
		return made;
	}
	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		if (take(parser, functions[i].word))
			return read_function(parser, functions[i].kind);
	if (!take(parser, "("))
		return read_comparison(parser);
	if (++parser->depth > EXPRESSION_DEPTH_MAX)
		return fail(parser, "it is nested too deeply");
	made = read_or(parser);
	parser->depth--;
	if (made && !take(parser, ")"))
		return fail(parser, "')' was expected");
	return made;
}

static struct expression *join(struct parser *parser, enum kind kind,
			       const struct expression *left,
			       const struct expression *right)
{
	struct expression *made;

	if (!left || !right)
		return NULL;
	made = node(parser, kind, NULL, 0);
	made->left = left;
	made->right = right;
	return made;
}

static struct expression *read_and(struct parser *parser)
{
	struct expression *left = read_not(parser);

	while (left && take(parser, "AND"))
		left = join(parser, AND, left, read_not(parser));
	return left;
}

static struct expression *read_or(struct parser *parser)
{
	struct expression *left = read_and(parser);

	while (left && take(parser, "OR"))
		left = join(parser, OR, left, read_and(parser));
	return left;
}

const struct expression *
expression_parse(const struct expression_context *context, struct wsg_str text,
		 const char **why)
{
	struct parser parser = { .context = context, .text = text };
	const struct expression *made;

	if (text.len > EXPRESSION_MAX) {
		*why = "Expression size has exceeded the maximum allowed size";
		return NULL;
	}
	advance(&parser);
	made = read_or(&parser);
	if (made && parser.token.len)
		made = fail(&parser, "Syntax error: what stands behind it is "
				     "not understood");
	*why = parser.why;
	return made;
}

bool expression_names(const struct expression_context *context,
		      struct wsg_str text, const struct wsg_str **names,
		      size_t *count, const char **why)
{
	struct parser parser = { .context = context, .text = text };
	struct wsg_str *made = make(&parser, NAMES_MAX * sizeof(*made));

	*count = 0;
	*names = made;
	advance(&parser);
	do {
		if (*count == NAMES_MAX)
			fail(&parser, "there are too many names");
		else if (read_name(&parser, &made[*count]))
			++*count;
	} while (!parser.why && take(&parser, ","));
	if (parser.token.len)
		fail(&parser, "Syntax error: a comma was expected");
	*why = parser.why;
	return !parser.why;
}

/* --- Holding it against an item ------------------------------------------- */

static const struct json *value_of(const struct operand *operand,
				   const struct json *item)
{
	return operand->name.ptr ? json_find(item, operand->name)
				 : operand->value;
}

static bool compares(enum kind kind, const struct json *a, const struct json *b)
{
	int order;

	if (!a || !b)
		return kind == DIFFERENT && a != b;
	if (kind == EQUAL)
		return item_equal(a, b);
	if (kind == DIFFERENT)
		return !item_equal(a, b);
	if (!item_compare(a, b, &order))
		return false;
	if (kind == LESS)
		return order < 0;
	if (kind == LESS_EQUAL)
		return order <= 0;
	return kind == GREATER ? order > 0 : order >= 0;
}

static bool begins(const struct json *a, const struct json *b)
{
	struct wsg_str text, start;

	return item_string(a, &text) && item_string(b, &start) &&
	       text.len >= start.len &&
	       (!start.len || !memcmp(text.ptr, start.ptr, start.len));
}

static bool is_in(const struct expression *expression, const struct json *item)
{
	const struct json *value = value_of(expression->operands, item);

	for (size_t i = 1; i < expression->count; i++)
		if (compares(EQUAL, value,
			     value_of(&expression->operands[i], item)))
			return true;
	return false;
}

bool expression_holds(const struct expression *expression,
		      const struct json *item)
{
	const struct operand *operands = expression->operands;
	const struct json *a =
		expression->count ? value_of(&operands[0], item) : NULL;
	const struct json *b =
		expression->count > 1 ? value_of(&operands[1], item) : NULL;

	switch (expression->kind) {
	case AND:
		return expression_holds(expression->left, item) &&
		       expression_holds(expression->right, item);
	case OR:
		return expression_holds(expression->left, item) ||
		       expression_holds(expression->right, item);
	case NOT:
		return !expression_holds(expression->left, item);
	case EXISTS:
		return a;
	case MISSING:
		return !a;
	case BEGINS_WITH:
		return begins(a, b);
	case BETWEEN:
		return compares(GREATER_EQUAL, a, b) &&
		       compares(LESS_EQUAL, a, value_of(&operands[2], item));
	case IN:
		return is_in(expression, item);
	case EQUAL:
	case DIFFERENT:
	case LESS:
	case LESS_EQUAL:
	case GREATER:
	case GREATER_EQUAL:
		break;
	}
	return compares(expression->kind, a, b);
}

const struct json *expression_equals(const struct expression *expression,
				     struct wsg_str attribute)
{
	const struct operand *operands = expression->operands;
	const struct json *found;

	if (expression->kind == AND) {
		found = expression_equals(expression->left, attribute);
		return found ? found
			     : expression_equals(expression->right, attribute);
	}
	if (expression->kind != EQUAL)
		return NULL;
	if (operands[0].name.ptr && operands[1].value &&
	    wsg_str_equal(operands[0].name, attribute))
		return operands[1].value;
	if (operands[1].name.ptr && operands[0].value &&
	    wsg_str_equal(operands[1].name, attribute))
		return operands[0].value;
	return NULL;
}
