/* SPDX-License-Identifier: MIT */
#include "template.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 16 /* of @for and @if inside each other */

struct parser {
	struct arena *arena;
	struct template *made;
	const char *next, *end;
	size_t line;
	size_t open[MAX_DEPTH]; /* steps that wait for their @end@ */
	size_t depth, loops;
};

static const struct {
	const char *name;
	enum quoting quoting;
} quotings[] = {
	{ "block", QUOTE_BLOCK },     { "c", QUOTE_C },
	{ "comment", QUOTE_COMMENT }, { "json", QUOTE_JSON },
	{ "make", QUOTE_MAKE },	      { "recipe", QUOTE_RECIPE },
	{ "shell", QUOTE_SHELL },     { "target", QUOTE_TARGET },
	{ "yaml", QUOTE_YAML },
};

void template_fail(const char *name, size_t line, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "wsgen: template %s:%zu: ", name, line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(3);
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static size_t name_len(const char *at, const char *end)
{
	size_t len = 0;

	if (at < end && *at >= '0' && *at <= '9')
		return 0;
	while (at + len < end && is_name_char(at[len]))
		len++;
	return len;
}

/* Whether word starts at *at; moves past it if so. */
static bool take(const char **at, const char *end, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(end - *at) < len || memcmp(*at, word, len))
		return false;
	*at += len;
	return true;
}

static bool take_name(const char **at, const char *end, struct step *step)
{
	step->name = *at;
	step->name_len = name_len(*at, end);
	*at += step->name_len;
	return step->name_len && take(at, end, "@");
}

static bool take_quoting(struct parser *p, const char **at, struct step *step)
{
	size_t len = name_len(*at, p->end);

	if (!len || *at + len >= p->end || (*at)[len] != '@')
		return false;
	for (size_t i = 0; i < sizeof(quotings) / sizeof(*quotings); i++) {
		if (strlen(quotings[i].name) != len ||
		    memcmp(quotings[i].name, *at, len))
			continue;
		step->quoting = quotings[i].quoting;
		*at += len + 1;
		return true;
	}
	template_fail(p->made->name, p->line, "no such quoting: '%.*s'",
		      (int)len, *at);
}

/*
 * The hole or directive at *at, which is an '@'. Only what looks like one in
 * full is one, so that "$@" and "@echo" stay what they are.
 */
static bool take_step(struct parser *p, const char **at, struct step *step)
{
	const char *next = *at + 1;
	bool found = true;

	*step = (struct step){ .line = p->line };
	if (take(&next, p->end, "else@")) {
		step->kind = STEP_ELSE;
	} else if (take(&next, p->end, "end@")) {
		step->kind = STEP_END;
	} else if (take(&next, p->end, "for ")) {
		step->kind = STEP_FOR;
		found = take_name(&next, p->end, step);
	} else if (take(&next, p->end, "if ")) {
		step->kind = STEP_IF;
		found = take_name(&next, p->end, step);
	} else if (take(&next, p->end, ",@") || take(&next, p->end, ", @")) {
		step->kind = STEP_COMMA;
		step->text = *at + 1;
		step->text_len = (size_t)(next - *at) - 2;
	} else if (take(&next, p->end, "@")) {
		step->kind = STEP_TEXT;
		step->text = *at;
		step->text_len = 1;
	} else {
		step->kind = STEP_HOLE;
		step->name = next;
		step->name_len = name_len(next, p->end);
		next += step->name_len;
		found = step->name_len && (take(&next, p->end, "@") ||
					   (take(&next, p->end, ":") &&
					    take_quoting(p, &next, step)));
	}
	if (found)
		*at = next;
	return found;
}

static bool is_directive(const struct step *step)
{
	return step->kind == STEP_FOR || step->kind == STEP_IF ||
	       step->kind == STEP_ELSE || step->kind == STEP_END;
}

/*
 * Whether the line that starts here is white space and directives only, or
 * one :block hole, and thus has no text and no newline of its own.
 */
static bool line_vanishes(struct parser *p)
{
	const char *at = p->next;
	bool directives = false, block = false;
	struct step step;

	while (at < p->end && *at != '\n') {
		if (*at == ' ' || *at == '\t') {
			at++;
		} else if (*at != '@' || block || !take_step(p, &at, &step)) {
			return false;
		} else if (is_directive(&step)) {
			directives = true;
		} else if (step.kind == STEP_HOLE &&
			   step.quoting == QUOTE_BLOCK && !directives) {
			block = true;
		} else {
			return false;
		}
	}
	return directives != block;
}

static void add_step(struct parser *p, const struct step *step)
{
	*LIST_ADD(p->arena, &p->made->steps) = *step;
}

static void add_text(struct parser *p, const char *from, const char *to)
{
	if (from < to)
		add_step(p, &(struct step){ .kind = STEP_TEXT,
					    .line = p->line,
					    .text = from,
					    .text_len = (size_t)(to - from) });
}

static void open_scope(struct parser *p, const struct step *step)
{
	if (p->depth == MAX_DEPTH)
		template_fail(p->made->name, step->line, "nested too deep");
	p->loops += step->kind == STEP_FOR;
	p->open[p->depth++] = p->made->steps.count;
}

/* Tell the @for, @if or @else that waits where it ends. */
static struct step *close_scope(struct parser *p, const struct step *step)
{
	struct step *opener;

	if (!p->depth)
		template_fail(p->made->name, step->line, "@%s@ ends nothing",
			      step->kind == STEP_END ? "end" : "else");
	opener = &p->made->steps.items[p->open[--p->depth]];
	opener->next = p->made->steps.count;
	return opener;
}

static void add_directive(struct parser *p, const struct step *step)
{
	switch (step->kind) {
	case STEP_FOR:
	case STEP_IF:
		open_scope(p, step);
		break;
	case STEP_ELSE:
		if (close_scope(p, step)->kind != STEP_IF)
			template_fail(p->made->name, step->line,
				      "@else@ without an @if@");
		open_scope(p, step);
		break;
	case STEP_END:
		if (close_scope(p, step)->kind == STEP_FOR)
			p->loops--;
		break;
	case STEP_COMMA:
		if (!p->loops)
			template_fail(p->made->name, step->line,
				      "a comma hole outside @for@");
		break;
	case STEP_TEXT:
	case STEP_HOLE:
		break;
	}
	add_step(p, step);
}

/* Like parse_line, for lines that leave neither text nor newline. */
static void parse_vanishing_line(struct parser *p)
{
	const char *indent = p->next;
	struct step step;

	while (p->next < p->end && *p->next != '\n') {
		const char *at = p->next;

		if (*at != '@') {
			p->next++;
			continue;
		}
		take_step(p, &p->next, &step);
		if (step.kind == STEP_HOLE) {
			step.text = indent;
			step.text_len = (size_t)(at - indent);
		}
		add_directive(p, &step);
	}
	p->next += p->next < p->end;
}

static void parse_line(struct parser *p)
{
	const char *from = p->next;
	struct step step;

	while (p->next < p->end && *p->next != '\n') {
		const char *at = p->next;

		if (*at != '@' || !take_step(p, &p->next, &step)) {
			p->next++;
			continue;
		}
		if (step.kind == STEP_HOLE && step.quoting == QUOTE_BLOCK)
			template_fail(p->made->name, p->line,
				      "a block comment needs its own line");
		add_text(p, from, at);
		add_directive(p, &step);
		from = p->next;
	}
	p->next += p->next < p->end;
	add_text(p, from, p->next);
}

struct template *template_parse(struct arena *arena, const char *name,
				const char *text, size_t len)
{
	struct parser p = { .arena = arena, .next = text, .end = text + len };

	p.made = ARENA_NEW(arena, struct template);
	p.made->name = arena_strdup(arena, name);
	while (p.next < p.end) {
		p.line++;
		if (line_vanishes(&p))
			parse_vanishing_line(&p);
		else
			parse_line(&p);
	}
	if (p.depth)
		template_fail(name,
			      p.made->steps.items[p.open[p.depth - 1]].line,
			      "no @end@ for this");
	return p.made;
}
