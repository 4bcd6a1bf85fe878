/* SPDX-License-Identifier: MIT */
/* registry.h - what the files of the registry share. */
#ifndef WSGEN_SRC_REGISTRY_H
#define WSGEN_SRC_REGISTRY_H

#include "internal.h"

#include <wsgen/registry.h>

/* The event's registry, if it can be used; else NULL, and logged. */
const struct wsg_registry *wsg_registry_of(const struct wsg_event *event);

/* What a topic's members are kept under; false, and logged: it is none. */
bool wsg_topic_set(const struct wsg_event *event, struct wsg_str topic,
		   struct wsg_str *set);

#endif
