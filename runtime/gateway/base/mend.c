/* SPDX-License-Identifier: MIT */
/* mend.c - almost every text is sound: it is looked at once, while written. */
#include "mend.h"
#include "utf8.h"

#include <wsgen/json.h>

void mend_add(struct wsg_buf *out, struct wsg_str text)
{
	while (text.len) {
		size_t len = utf8_character(text);

		if (len)
			wsg_buf_add(out, text.ptr, len);
		else
			wsg_buf_text(out, "\xef\xbf\xbd");
		text.ptr += len ? len : 1;
		text.len -= len ? len : 1;
	}
}

void mend_put(struct wsg_buf *out, struct wsg_str text)
{
	const size_t before = out->len;
	struct wsg_buf mended = { 0 };

	if (out->failed)
		return;
	wsg_json_put_string(out, text);
	if (!out->failed)
		return;
	/* Had it been for want of memory, it would fail again. */
	out->failed = false;
	out->len = before;
	mend_add(&mended, text);
	wsg_json_put_string(out, (struct wsg_str){ mended.ptr, mended.len });
	out->failed |= mended.failed;
	wsg_buf_release(&mended);
}
