/* SPDX-License-Identifier: MIT */
#include "compile.h"

#include "check/check.h"
#include "emit/emit.h"
#include "plan/make.h"
#include "read/messages.h"
#include "read/model.h"
#include "read/override.h"
#include "read/refs.h"
#include "read/yaml.h"

static bool read_messages_of(struct compile *c, bool has_files)
{
	uint16_t main_file = c->spec->name.loc.source;
	struct refs refs = {
		.arena = &c->arena,
		.diag = &c->diag,
		.inputs = &c->inputs,
		.main_path = c->diag.sources.items[main_file - 1].path,
		.known = { .arena = &c->arena },
	};
	const struct message_files files = { &refs, refs_read };

	return read_messages(&c->arena, &c->diag, has_files ? &files : NULL,
			     c->spec);
}

static const struct doc *read_doc(struct compile *c,
				  const struct compile_options *options)
{
	if (options->text)
		return read_yaml(&c->arena, &c->diag,
				 diag_source(&c->diag, "<text>", options->text,
					     options->text_len));
	return read_files(&c->arena, &c->diag, options->specs,
			  options->spec_count, &c->inputs);
}

/* Read: files to a document, the document to the model. */
static enum compile_result read_spec(struct compile *c,
				     const struct compile_options *options)
{
	const struct doc *doc = read_doc(c, options);

	if (!doc)
		return c->inputs.failed ? COMPILE_FAILED : COMPILE_WRONG;
	c->spec = read_model(&c->arena, &c->diag, doc);
	if (!c->spec)
		return COMPILE_WRONG;
	if (read_messages_of(c, !options->text))
		return COMPILE_OK;
	return c->inputs.failed ? COMPILE_FAILED : COMPILE_WRONG;
}

static enum compile_result emit(struct compile *c,
				const struct compile_options *options)
{
	struct render render;
	const struct emit emit = {
		.arena = &c->arena,
		.plan = c->plan,
		.render = &render,
		.output = &c->output,
		.diag = &c->diag,
		.template_json = options->template_json,
		.source_dir = options->source_dir,
	};

	render_init(&render, &c->arena, options->templates);
	output_init(&c->output, &c->arena);
	emit_all(&emit, options->emit);
	return c->diag.errors ? COMPILE_WRONG : COMPILE_OK;
}

enum compile_result compile(struct compile *c,
			    const struct compile_options *options)
{
	enum compile_result result;

	*c = (struct compile){ 0 };
	diag_init(&c->diag, &c->arena);
	result = read_spec(c, options);
	if (result != COMPILE_OK || options->until == COMPILE_READ)
		return result;
	if (!override_parameters(&c->arena, &c->diag, c->spec, options->params,
				 options->param_count) ||
	    !override_stage(&c->diag, c->spec, options->stage))
		return COMPILE_WRONG;
	if (!check_spec(&c->arena, &c->diag, c->spec))
		return COMPILE_WRONG;
	if (options->until == COMPILE_CHECK)
		return COMPILE_OK;
	c->plan = plan_spec(&c->arena, &c->diag, c->spec, options->stage);
	if (!c->plan)
		return COMPILE_WRONG;
	if (options->until == COMPILE_PLAN)
		return COMPILE_OK;
	return emit(c, options);
}

void compile_release(struct compile *c)
{
	arena_release(&c->arena);
}
