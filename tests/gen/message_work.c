/* SPDX-License-Identifier: MIT */
#include "message_work.h"

static const struct doc *parse(struct work *w, const char *text)
{
	uint16_t source = diag_source(&w->diag, "t", text, strlen(text));

	return read_yaml(&w->arena, &w->diag, source);
}

static const struct doc *read_ref(void *context, struct loc base,
				  const char *path)
{
	struct work *w = context;

	assert_int_equal(base.source, 1);
	assert_string_equal(path, "a.json");
	return parse(w, w->file);
}

void compile_text(struct work *w, const char *text, const char *file)
{
	const struct message_files files = { w, read_ref };
	struct check check = { .arena = &w->arena, .diag = &w->diag };

	*w = (struct work){ .file = file };
	diag_init(&w->diag, &w->arena);
	w->spec = read_model(&w->arena, &w->diag, parse(w, text));
	if (!w->spec || !read_messages(&w->arena, &w->diag, &files, w->spec))
		return;
	check.spec = w->spec;
	check_messages(&check);
}

void print_messages(struct buf *out, const struct spec *spec)
{
	for (size_t i = 0; i < spec->messages.count; i++) {
		const struct message *message = spec->messages.items[i];

		buf_printf(out, "%s%s%s:", i ? " / " : "", message->name.s,
			   message->strict.is == FLAG_ON ? "!" : "");
		for (size_t k = 0; k < message->fields.count; k++) {
			const struct field *field = &message->fields.items[k];

			buf_printf(out, " %s ", field->name.s);
			print_type(out, field->type);
			if (field->optional)
				buf_char(out, '?');
			if (field->fallback) {
				buf_char(out, '=');
				doc_print_compact(out, field->fallback);
			}
			if (field->pattern.s)
				buf_printf(out, " ~%s", field->pattern.s);
			if (field->c_name.s)
				buf_printf(out, " as %s", field->c_name.s);
			if (field->doc.s)
				buf_printf(out, " (%s)", field->doc.s);
		}
	}
}
