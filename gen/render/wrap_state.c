/* SPDX-License-Identifier: MIT */
/*
 * What breaking here or there costs and where the next token goes: the
 * prices and indentations are clang-format 14's for our .clang-format, in as
 * much of C as templates use.
 */
#include "wrap_c.h"

#include "wrap.h"

#include <string.h>

#define INDENT 8 /* of a continued line */
#define PAST_LIMIT 1000000
#define BROKEN_STRING 1000
#define FIRST_BREAK 15 /* the first in a pair of brackets */

static size_t max(size_t a, size_t b)
{
	return a > b ? a : b;
}

static size_t min(size_t a, size_t b)
{
	return a < b ? a : b;
}

static struct level *top(struct state *state)
{
	return &state->levels[state->depth - 1];
}

static const struct level *seen_top(const struct state *state)
{
	return &state->levels[state->depth - 1];
}

size_t state_new_line_column(const struct line *line, const struct state *state)
{
	const struct token *token = &line->tokens[state->next];
	const struct token *before = token - 1;
	const struct level *level = seen_top(state);
	size_t first = line->row ? 0 : line->indent;
	size_t continued = max(level->last_space, level->indent) + INDENT;

	if (token_is(token, "}") && state->depth > 1)
		return level[-1].block_indent;
	if (token->string && before->string)
		return state->column - before->width;
	if (token->member)
		return level->call_chain ? level->call_chain : continued;
	if (token_is(before, ",") && level->variable)
		return level->variable;
	if (token->function_name)
		return max(level->last_space, level->indent);
	if (token->start_of_name || token->pointer || token_is(token, "[") ||
	    token_is(before, "=") || (token_is(before, ")") && !token->binding))
		return continued;
	if (level->indent == first && !token_is(before, "}"))
		return level->indent + INDENT;
	return level->indent;
}

bool state_may_break(const struct line *line, const struct state *state)
{
	const struct token *token = &line->tokens[state->next];
	const struct token *before = token - 1;
	const struct level *level = seen_top(state);

	if (!token->can_break && !(level->break_closer && token_is(token, "}")))
		return false;
	if (token_is(before, "{") && line->row && before->nesting == 1)
		return false;
	if (token_is(before, "{") && (line->row || state->next > 1) &&
	    (state->next == 1 || token_is(before - 1, "{") ||
	     token_is(before - 1, "(") || token_is(before - 1, ",")))
		return false;
	if (token->function_name && state->column < 6)
		return false;
	if (level->no_break_in_operand && !token->binding)
		return false;
	return !level->no_break;
}

bool state_must_break(const struct line *line, const struct state *state)
{
	const struct token *token = &line->tokens[state->next];
	const struct level *level = seen_top(state);

	if (level->break_closer && token_is(token, "}"))
		return true;
	if (!level->broken)
		return false;
	return token->function_name ||
	       (token_is(token - 1, ",") && !token_closes(token));
}

static void put_on_line(const struct line *line, struct state *state)
{
	const struct token *token = &line->tokens[state->next];
	const struct token *before = token - 1;
	struct level *level = top(state);

	if (token_is(token, "=") && !token->nesting && !level->variable) {
		const struct token *part = before;

		level->variable = state->column;
		while (part >= line->tokens && level->variable >= part->width) {
			level->variable -= part->width;
			if (part->space)
				break;
			part--;
		}
	}
	if (token_opens(before))
		level->indent = state->column + token->space;
	if (level->one_each && token_is(before, ","))
		level->no_break = true;
	state->column += token->space;
	if (token_is(before, "(") && state->next > 1 &&
	    (token_is(before - 1, "if") || token_is(before - 1, "for")))
		level->last_space = state->column;
	else if (token_is(before, ","))
		level->last_space = state->column;
	else if (before->binding &&
		 (before->binding != BIND_ASSIGN || token->starts_binary))
		level->last_space = state->column;
	if (before->binding && before->binding != BIND_ASSIGN &&
	    before->binding != BIND_LESS &&
	    !(before->operator_index == 0 && !before->more_operators))
		level->no_break_in_operand = true;
}

static size_t put_on_new_line(const struct line *line, struct state *state)
{
	const struct token *token = &line->tokens[state->next];
	const struct token *before = token - 1;
	struct level *level = top(state);
	size_t penalty = token->penalty;

	if (!level->has_break)
		penalty += FIRST_BREAK;
	level->has_break = true;
	state->column = state_new_line_column(line, state);
	level->block_indent = state->column;
	if (token->member && !level->call_chain)
		level->call_chain = state->column;
	if ((token_is(before, ",") && !level->one_each) ||
	    (before->binding && before->binding != BIND_COMMA))
		level->broken = false;
	level->last_space = state->column;
	for (size_t i = 0; i + 1 < state->depth; i++)
		state->levels[i].broken = true;
	if (!before->binding && !token_opens(before))
		level->broken = true;
	if (token_is(before, "{") && !before->nesting)
		level->break_closer = true;
	if (level->one_each && !token_is(before, "(") &&
	    !token_is(before, "{") &&
	    (!before->binding || before->binding == BIND_COMMA))
		level->broken = true;
	return penalty;
}

static void open_fakes(const struct line *line, struct state *state)
{
	const struct token *token = &line->tokens[state->next];
	const struct token *before = state->next ? token - 1 : NULL;
	bool skip = before && (token_opens(before) || token_is(before, ";") ||
			       token_is(before, "return") ||
			       before->binding == BIND_ASSIGN);

	for (size_t i = token->fake_count; i-- > 0;) {
		enum binding binding = token->fakes[i];
		struct level *level = top(state), *inner = level + 1;

		if (state->depth == LINE_MAX_LEVELS)
			return;
		state->depth++;
		*inner = *level;
		inner->fake = true;
		inner->has_break = false;
		inner->no_break |= level->no_break_in_operand;
		if (binding > BIND_COMMA)
			inner->one_each = false;
		if (!before || !token_is(before, "return") || binding > 0)
			inner->indent = max(max(state->column, inner->indent),
					    level->last_space);
		if (binding > BIND_NONE)
			inner->last_space =
				max(inner->last_space, state->column);
		if (!token->unary)
			inner->call_start = state->column;
		if (binding > BIND_ASSIGN && !skip)
			inner->indent += INDENT;
		if ((before && !token_opens(before)) || binding != BIND_COMMA)
			inner->broken = false;
		skip = false;
	}
}

/* Whether an initialiser's elements are named, or initialisers themselves. */
static bool has_parts(const struct line *line, size_t open)
{
	const struct token *token = &line->tokens[open];

	if (token_is(token + 1, ".") || token_is(token + 1, "["))
		return true;
	for (size_t i = open + 1; i < token->match; i++)
		if (token_is(&line->tokens[i], "{") &&
		    (i == open + 1 || token_is(&line->tokens[i - 1], ",")))
			return true;
	return false;
}

static void open_bracket(const struct line *line, struct state *state)
{
	const struct token *token = &line->tokens[state->next];
	struct level *level = top(state), *inner = level + 1;

	if (state->depth == LINE_MAX_LEVELS)
		return;
	state->depth++;
	*inner = (struct level){ .last_space = level->last_space };
	inner->block_indent = max(level->call_start, level->block_indent);
	if (token_is(token, "{") && token->parameters > 1)
		inner->block_indent =
			max(inner->block_indent, state->column + 1);
	inner->no_break = level->no_break || level->no_break_in_operand;
	if (!token_is(token, "{")) {
		inner->indent =
			INDENT + max(level->last_space, level->call_start);
		return;
	}
	inner->indent = level->last_space + INDENT;
	if (!token->nesting)
		inner->indent =
			min(state->column, level->block_indent) + INDENT;
	inner->one_each = has_parts(line, state->next);
}

void wrap_indent(struct buf *out, size_t column)
{
	for (size_t i = 0; i < column / WRAP_TAB; i++)
		buf_char(out, '\t');
	for (size_t i = 0; i < column % WRAP_TAB; i++)
		buf_char(out, ' ');
}

/*
 * Break a string that is too long into several, each in the column of the
 * first, and print them if out is given. Returns the price.
 */
static size_t put_string(const struct token *token, struct state *state,
			 struct buf *out)
{
	const char *at = token->text + 1, *end = token->text + token->len - 1;
	size_t first = state->column, left = token->width - 2, penalty = 0;
	size_t len;

	while (first + 2 + left + token->tail > WRAP_COLUMNS &&
	       (len = line_split_string(at, (size_t)(end - at), first))) {
		if (out) {
			buf_printf(out, "\"%.*s\"\n", (int)len, at);
			wrap_indent(out, first);
		}
		left -= wrap_column(0, at, len);
		at += len;
		penalty += BROKEN_STRING;
	}
	if (out)
		buf_printf(out, "\"%.*s\"", (int)(end - at), at);
	state->column = first + 2 + left;
	for (size_t i = 0; penalty && i < state->depth; i++)
		state->levels[i].broken = true;
	if (penalty)
		top(state)->last_space = first;
	return penalty;
}

size_t state_advance(const struct line *line, struct state *state,
		     bool new_line, struct buf *out)
{
	const struct token *token = &line->tokens[state->next];
	size_t penalty = 0;
	bool may_split;

	if (new_line)
		penalty = put_on_new_line(line, state);
	else if (state->next)
		put_on_line(line, state);
	if (token->binding)
		top(state)->no_break_in_operand = false;
	if (token->member)
		top(state)->call_start =
			token->more_operators ? state->column : 0;
	open_fakes(line, state);
	may_split = !top(state)->no_break && !top(state)->no_break_in_operand;
	if (token_closes(token) && state->depth > 1)
		state->depth--;
	if (token_opens(token))
		open_bracket(line, state);
	for (size_t i = 0; i < token->fake_ends && state->depth > 1; i++) {
		size_t variable = top(state)->variable;

		state->depth--;
		top(state)->variable = variable;
	}
	if (token->string && may_split)
		penalty += put_string(token, state, out);
	else
		state->column += token->width;
	if (out && !(token->string && may_split))
		buf_add_n(out, token->text, token->len);
	state->next++;
	if (state->column > WRAP_COLUMNS)
		penalty += PAST_LIMIT * (state->column - WRAP_COLUMNS);
	return penalty;
}

void state_start(const struct line *line, struct state *state)
{
	state->next = 0;
	state->column = line->indent;
	state->depth = 1;
	state->levels[0] = (struct level){
		.indent = line->indent,
		.last_space = line->indent,
		.block_indent = line->indent,
	};
}
