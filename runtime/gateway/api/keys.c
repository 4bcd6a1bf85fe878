/* SPDX-License-Identifier: MIT */
/* keys.c - API keys. */
#include "keys.h"

#include "../base/id.h"

static bool is_id_byte(char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
	       (byte >= 'A' && byte <= 'Z');
}

bool key_parse(struct api_key *key, struct wsg_str text)
{
	size_t len = 0;

	while (len < text.len && is_id_byte(text.ptr[len]))
		len++;
	/* What ends in `=` is a value in base64, not an id. */
	if (len && len + 1 < text.len && text.ptr[len] == '=' &&
	    text.ptr[len + 1] != '=') {
		if (len >= sizeof(key->id))
			return false;
		memcpy(key->id, text.ptr, len);
		key->id[len] = 0;
		key->value.ptr = text.ptr + len + 1;
		key->value.len = text.len - len - 1;
		return true;
	}
	key->value = text;
	id_of_api(text, key->id);
	return text.len > 0;
}

const struct api_key *keys_find(const struct api_key *keys, size_t count,
				struct wsg_str value)
{
	for (size_t i = 0; i < count; i++)
		if (value.len && wsg_str_equal(keys[i].value, value))
			return &keys[i];
	return NULL;
}
