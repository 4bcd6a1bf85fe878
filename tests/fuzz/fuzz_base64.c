/* SPDX-License-Identifier: MIT */
/*
 * Base64, both alphabets: what decodes is strict, so encoding it again gives
 * the same text.
 */
#include "token.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Standard base64 to the other alphabet, without padding. */
static void make_url(struct wsg_buf *text)
{
	size_t i;

	while (text->len && text->ptr[text->len - 1] == '=')
		text->len--;
	for (i = 0; i < text->len; i++) {
		if (text->ptr[i] == '+')
			text->ptr[i] = '-';
		else if (text->ptr[i] == '/')
			text->ptr[i] = '_';
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int url;

	for (url = 0; url < 2; url++) {
		char *text = malloc(size + 1);
		struct wsg_buf again = { 0 };
		size_t len;
		bool good;

		if (!text)
			abort();
		if (size)
			memcpy(text, data, size);
		text[size] = '\0';
		good = url ? wsg_base64url_decode(text, size, &len)
			   : wsg_base64_decode(text, size, &len);
		if (good) {
			wsg_base64_put(&again, (struct wsg_str){ text, len });
			if (url)
				make_url(&again);
			if (again.len != size ||
			    (size && memcmp(again.ptr, data, size) != 0))
				abort();
		}
		wsg_buf_release(&again);
		free(text);
	}
	return 0;
}
