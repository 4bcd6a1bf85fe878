/* SPDX-License-Identifier: MIT */
/* log_format.h - access log formats of WebSocket stages, by name. */
#ifndef WSGEN_CFN_LOG_FORMAT_H
#define WSGEN_CFN_LOG_FORMAT_H

#include "../../base/arena.h"

/* "json", "clf", "csv", "xml", or a format of the user's own, as it is. */
const char *log_format(const char *name);

#endif
