/* SPDX-License-Identifier: MIT */
/*
 * names.h - what a name of the spec is called in C and in CloudFormation. A
 * name is cut into words: wherever something other than an ASCII letter or
 * digit stands, before a capital that follows a small letter or a digit, and
 * before the last capital of several when a small letter follows it.
 *
 *	                  snake          shout          pascal
 *	sendMessage       send_message   SEND_MESSAGE   SendMessage
 *	HTTPServer        http_server    HTTP_SERVER    HttpServer
 *	GET /notes/{id}   get_notes_id   GET_NOTES_ID   GetNotesId
 *	$default          default        DEFAULT        Default
 *	utf8-v2           utf8_v2        UTF8_V2        Utf8V2
 *
 *	7seas             _7seas         _7SEAS         7seas
 *
 * Different names can end up the same, which is for the caller to refuse. A
 * name without any ASCII letter or digit has no words: "" comes back.
 */
#ifndef WSGEN_NAMES_H
#define WSGEN_NAMES_H

#include "../model.h"

#include <stdbool.h>

const char *name_snake(struct arena *arena, const char *name);
const char *name_shout(struct arena *arena, const char *name);
const char *name_pascal(struct arena *arena, const char *name);

/*
 * A value of an enum: as shout, or by its characters' numbers when nothing of
 * it is a letter or digit, since nobody can give it another name: U002B for +.
 */
const char *name_constant(struct arena *arena, const char *value);

/*
 * All values of an enum so, in their order. One that comes out as an earlier
 * one gets a number behind it: A_B, then A_B_2 for "a-b" and "a_b".
 */
const char **name_constants(struct arena *arena, const struct texts *values);

/*
 * The member of a struct: snake, with a _ behind what C takes for something
 * else, such as default_.
 */
const char *name_member(struct arena *arena, const char *name);

/*
 * Why a name cannot stand alone in C, as the end of a sentence: "is a keyword
 * of C". NULL if it can. Keywords of C23 count too, and the macros that any
 * header may bring: errno, stdin, and linux in GNU C.
 */
const char *name_why_not_c(const char *name);

#endif
