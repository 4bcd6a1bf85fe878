/* SPDX-License-Identifier: MIT */
/* http_request.c - what one asks of a request's headers. */
#include "http.h"

#include "../base/text.h"

struct wsg_str http_header(const struct http_request *request, const char *name)
{
	struct wsg_str wanted = wsg_str(name);

	for (size_t i = request->headers_count; i--;) {
		if (text_alike(request->headers[i].name, wanted))
			return request->headers[i].value;
	}
	return (struct wsg_str){ NULL, 0 };
}

static bool list_has(struct wsg_str list, struct wsg_str word)
{
	while (list.ptr) {
		struct wsg_str item = text_cut(list, ',', &list);

		if (text_alike(text_trim(item), word))
			return true;
	}
	return false;
}

bool http_header_has(const struct http_request *request, const char *name,
		     const char *word)
{
	for (size_t i = 0; i < request->headers_count; i++) {
		const struct wsg_sigv4_header *header = &request->headers[i];

		if (text_alike(header->name, wsg_str(name)) &&
		    list_has(header->value, wsg_str(word)))
			return true;
	}
	return false;
}
