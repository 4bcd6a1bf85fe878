/* SPDX-License-Identifier: MIT */
/* id.c - ids of AWS's form. */
#include "id.h"
#include "base64.h"
#include "mem.h"

#include <stdint.h>

/* Bytes in an id, and how many of them a connection's messages share. */
#define BYTES 11
#define SHARED 5

static struct id id_from(const unsigned char bytes[BYTES])
{
	struct wsg_buf text = { 0 };
	struct id id;

	base64_put_url(&text, (struct wsg_str){ (const char *)bytes, BYTES });
	if (text.failed)
		mem_exhausted();
	memcpy(id.text, text.ptr, sizeof(id.text));
	wsg_buf_release(&text);
	return id;
}

/* The bytes of an id: false if it is none. */
static bool id_bytes(struct wsg_str text, unsigned char bytes[BYTES])
{
	struct wsg_buf out = { 0 };
	bool is;

	if (text.len != ID_LEN)
		return false;
	is = base64_read_url(&out, text) && out.len == BYTES;
	if (is)
		memcpy(bytes, out.ptr, BYTES);
	wsg_buf_release(&out);
	return is;
}

struct id id_new(struct secrets *secrets)
{
	unsigned char bytes[BYTES];

	secrets_take(secrets, bytes, sizeof(bytes));
	return id_from(bytes);
}

struct id id_of_message(struct secrets *secrets, const struct id *connection)
{
	unsigned char bytes[BYTES], shared[BYTES];

	secrets_take(secrets, bytes, BYTES - SHARED);
	if (id_bytes(wsg_str(connection->text), shared))
		memcpy(bytes + BYTES - SHARED, shared + BYTES - SHARED, SHARED);
	else
		secrets_take(secrets, bytes + BYTES - SHARED, SHARED);
	return id_from(bytes);
}

bool id_is_well_formed(struct wsg_str text)
{
	unsigned char bytes[BYTES];

	return id_bytes(text, bytes);
}

struct uuid uuid_new(void)
{
	unsigned char bytes[UUID_BYTES];

	random_secret(bytes, sizeof(bytes));
	return uuid_of(bytes);
}

struct uuid uuid_of(const unsigned char random[UUID_BYTES])
{
	static const char hex[] = "0123456789abcdef";
	unsigned char bytes[UUID_BYTES];
	struct uuid uuid;
	char *to = uuid.text;

	memcpy(bytes, random, sizeof(bytes));
	bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
	bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
	for (size_t i = 0; i < sizeof(bytes); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*to++ = '-';
		*to++ = hex[bytes[i] >> 4];
		*to++ = hex[bytes[i] & 15];
	}
	*to = '\0';
	return uuid;
}

void id_of_api(struct wsg_str name, char out[11])
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	uint64_t hash = 0xcbf29ce484222325;

	/* FNV-1a, mixed so that names that end alike do not look alike. */
	for (size_t i = 0; i < name.len; i++)
		hash = (hash ^ (unsigned char)name.ptr[i]) * 0x100000001b3;
	hash = (hash ^ hash >> 32) * 0x9e3779b97f4a7c15;
	hash ^= hash >> 32;
	/* A letter in front, so that it can stand in a host's name anywhere. */
	out[0] = digits[10 + hash % 26];
	hash /= 26;
	for (size_t i = 1; i < 10; i++, hash /= 36)
		out[i] = digits[hash % 36];
	out[10] = '\0';
}
