/* SPDX-License-Identifier: MIT */
/*
 * fuzz_http_response.c - any bytes as the answer of a server, all at once and
 * a few at a time: what they come to must be the same.
 */
#include "http_client.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define BODY_MAX 4096

static enum wsg_progress read_all(struct wsg_response *response, char *text,
				  const uint8_t *bytes, size_t len, size_t step)
{
	enum wsg_progress progress = WSG_MORE;
	size_t have = 0;

	*response = (struct wsg_response){ .status = 0 };
	while (progress == WSG_MORE) {
		size_t part = len - have < step ? len - have : step;

		if (part)
			memcpy(text + have, bytes + have, part);
		have += part;
		progress = wsg_response_read(response, text, have, !part,
					     BODY_MAX);
	}
	if (progress == WSG_WHOLE && response->body.len > BODY_MAX)
		abort();
	return progress;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const char *const names[] = { "date", "x-amzn-errortype", "a" };
	struct wsg_response whole, pieces;
	char *first = malloc(len + 1), *second = malloc(len + 1);
	size_t step = len ? bytes[len - 1] % 7 + 1 : 1, i;

	if (!first || !second)
		abort();
	if (read_all(&whole, first, bytes, len, len + 1) == WSG_WHOLE) {
		if (read_all(&pieces, second, bytes, len, step) != WSG_WHOLE ||
		    whole.status != pieces.status ||
		    !wsg_str_equal(whole.body, pieces.body))
			abort();
		for (i = 0; i < 3; i++) {
			if (!wsg_str_equal(
				    wsg_response_header(&whole, names[i]),
				    wsg_response_header(&pieces, names[i])))
				abort();
		}
	} else {
		/* It may have been whole before what spoils it came. */
		read_all(&pieces, second, bytes, len, step);
	}
	free(first);
	free(second);
	return 0;
}
