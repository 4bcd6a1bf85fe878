/* SPDX-License-Identifier: MIT */
/*
 * yaml.h - YAML text to a document, as SPEC.md says YAML is read. Places are
 * kept, aliases share what they name, CloudFormation's tags become the long
 * forms: !Ref X is {Ref: X}.
 */
#ifndef WSGEN_READ_YAML_H
#define WSGEN_READ_YAML_H

#include "doc.h"

#define YAML_MAX_DEPTH 64
#define YAML_MAX_EXPANDED 1000000 /* nodes that aliases stand for */

/*
 * Read one of diag's sources. NULL after any error; all that can be found in
 * one go are reported. An empty source is a DOC_NULL.
 */
struct doc *read_yaml(struct arena *arena, struct diag *diag, uint16_t source);

#endif
