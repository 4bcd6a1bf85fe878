/* SPDX-License-Identifier: MIT */
/*
 * wrap_c.h - the inside of wrap_c: one line of C as tokens, with what
 * clang-format knows about each before it weighs where to break.
 */
#ifndef WSGEN_WRAP_C_H
#define WSGEN_WRAP_C_H

#include "../base/buf.h"

#include <stdbool.h>
#include <string.h>

#define LINE_MAX_TOKENS 512
#define LINE_MAX_FAKES 8
#define LINE_MAX_LEVELS 40

/* Binary operators by how tightly they bind, as clang-format counts. */
enum binding {
	BIND_NONE,
	BIND_COMMA,
	BIND_ASSIGN,
	BIND_CONDITION,
	BIND_OR,
	BIND_AND,
	BIND_BIT_OR,
	BIND_BIT_XOR,
	BIND_BIT_AND,
	BIND_EQUAL,
	BIND_LESS,
	BIND_SHIFT = 12,
	BIND_PLUS,
	BIND_TIMES,
	BIND_UNARY = 16,
	BIND_MEMBER,
};

struct token {
	const char *text;
	size_t len, width;
	size_t space;	      /* before it, as in the line: 0 or 1 */
	size_t nesting;	      /* in how many brackets */
	size_t strength;      /* clang-format's BindingStrength */
	size_t match;	      /* of a bracket: the other one */
	size_t parameters;    /* of an opening bracket: how many inside */
	size_t penalty;	      /* of a break before it */
	enum binding binding; /* of a binary operator or comma */
	size_t operator_index;
	bool more_operators; /* another of its chain follows */
	size_t tail;	 /* columns after it before the next place to break */
	bool word, name; /* a name: no number, none of C's words for more */
	bool string, unary, pointer, member;
	bool start_of_name; /* a declared name after its type */
	bool function_name; /* of a prototype or definition */
	bool starts_binary;
	bool can_break;
	enum binding fakes[LINE_MAX_FAKES]; /* invisible brackets opened */
	size_t fake_count, fake_ends;
};

struct line {
	struct token tokens[LINE_MAX_TOKENS];
	size_t count;
	size_t indent;	    /* columns */
	bool row;	    /* an element of an initialiser */
	bool function_decl; /* a prototype, or the head of a definition */
};

/*
 * Where to break what is left of a string literal, without its quotes, that
 * starts in column and is too long: after how many bytes. 0: nowhere.
 */
size_t line_split_string(const char *text, size_t len, size_t column);

/* False when the line is nothing that we break. */
bool line_parse(struct line *line, const char *text, size_t len);

/* Inline, since most of the work is asking these about constants. */
static inline bool token_is(const struct token *token, const char *text)
{
	return token->len == strlen(text) &&
	       !memcmp(token->text, text, token->len);
}

static inline bool token_opens(const struct token *token)
{
	return token->len == 1 && (*token->text == '(' || *token->text == '[' ||
				   *token->text == '{');
}

static inline bool token_closes(const struct token *token)
{
	return token->len == 1 && (*token->text == ')' || *token->text == ']' ||
				   *token->text == '}');
}

/* An open bracket, or an invisible one around a chain of operators. */
struct level {
	size_t indent, last_space, call_start, call_chain, variable;
	size_t block_indent; /* what an initialiser's end goes back to */
	bool fake;
	bool one_each; /* all elements on lines of their own, or none */
	bool broken;   /* so the next element needs a new line, too */
	bool no_break; /* neither here nor further in */
	bool no_break_in_operand;
	bool has_break;
	bool break_closer;
};

struct state {
	size_t next, column, depth;
	struct level levels[LINE_MAX_LEVELS];
};

void state_start(const struct line *line, struct state *state);

/* Whether the next token may start a line, and whether it has to. */
bool state_may_break(const struct line *line, const struct state *state);
bool state_must_break(const struct line *line, const struct state *state);

/* The column of the next token if it starts a line. */
size_t state_new_line_column(const struct line *line,
			     const struct state *state);

/*
 * Put the next token down, with what it opens and closes; in out, if given,
 * where the space before it stands already. Returns what it costs.
 */
size_t state_advance(const struct line *line, struct state *state,
		     bool new_line, struct buf *out);

/* Tabs, then spaces, up to column. */
void wrap_indent(struct buf *out, size_t column);

#endif
