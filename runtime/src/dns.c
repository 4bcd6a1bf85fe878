/* SPDX-License-Identifier: MIT */
/* Questions and answers of DNS; see dns.h. */
#include "dns.h"

#include <string.h>

#define HEADER_LEN 12
#define NAME_MAX_LEN 255 /* as it stands in a message */
#define TYPE_CNAME 5
#define CLASS_IN 1
#define ALIASES_MAX 8 /* CNAMEs that are followed */

static unsigned read16(const unsigned char *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static uint32_t read32(const unsigned char *p)
{
	return (uint32_t)read16(p) << 16 | read16(p + 2);
}

static void write16(unsigned char *p, unsigned value)
{
	p[0] = (unsigned char)(value >> 8);
	p[1] = (unsigned char)value;
}

static bool is_letter(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Labels with their lengths in front; 0 if this is no name. */
static size_t put_name(unsigned char *to, const char *name,
		       const unsigned char *letters)
{
	size_t len = strlen(name), used = 0, bit = 0;

	if (len && name[len - 1] == '.')
		len--;
	if (!len || len > WSG_HOST_MAX)
		return 0;
	while (len) {
		const char *dot = memchr(name, '.', len);
		size_t label = dot ? (size_t)(dot - name) : len, i;

		if (!label || label > 63 || (dot && label + 1 == len))
			return 0;
		to[used++] = (unsigned char)label;
		for (i = 0; i < label; i++, bit++) {
			unsigned char c = (unsigned char)name[i];

			if (letters && is_letter(c) &&
			    (letters[bit / 8] >> bit % 8 & 1))
				c ^= 0x20;
			to[used++] = c;
		}
		name += label + (dot != NULL);
		len -= label + (dot != NULL);
	}
	to[used++] = 0;
	return used;
}

bool wsg_dns_ask(struct wsg_dns_query *query, const char *name, uint16_t type,
		 uint16_t id, const unsigned char letters[32])
{
	unsigned char *p = query->text;
	size_t len;

	memset(p, 0, HEADER_LEN);
	write16(p, id);
	p[2] = 1; /* recursion, please */
	p[5] = 1; /* one question */
	len = put_name(p + HEADER_LEN, name, letters);
	if (!len)
		return false;
	p += HEADER_LEN + len;
	write16(p, type);
	write16(p + 2, CLASS_IN);
	query->type = type;
	query->any_case = !letters;
	query->len = HEADER_LEN + len + 4;
	return true;
}

/* A name of a message, with what its pointers stand for. */
struct name {
	unsigned char text[NAME_MAX_LEN];
	size_t len;
};

/*
 * Read the name at *at and step over it. A pointer must lead backwards, so that
 * there is an end to them.
 */
static bool read_name(const unsigned char *text, size_t len, size_t *at,
		      struct name *name)
{
	size_t from = *at, before = *at;
	bool jumped = false;

	for (name->len = 0;;) {
		size_t label;

		if (from >= len)
			return false;
		label = text[from];
		if (label >= 0xc0) {
			if (len - from < 2)
				return false;
			label = (label & 0x3f) << 8 | text[from + 1];
			if (!jumped)
				*at = from + 2;
			jumped = true;
			if (label >= before)
				return false;
			from = before = label;
			continue;
		}
		if (label > 63 || len - from <= label ||
		    NAME_MAX_LEN - name->len <= label)
			return false;
		memcpy(name->text + name->len, text + from, label + 1);
		name->len += label + 1;
		from += label + 1;
		if (!label)
			break;
	}
	if (!jumped)
		*at = from;
	return true;
}

static bool same_bytes(const unsigned char *a, const unsigned char *b,
		       size_t len, bool any_case)
{
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned char x = a[i], y = b[i];

		if (any_case && is_letter(x) && is_letter(y)) {
			x |= 0x20;
			y |= 0x20;
		}
		if (x != y)
			return false;
	}
	return true;
}

static bool same_name(const struct name *a, const struct name *b)
{
	return a->len == b->len && same_bytes(a->text, b->text, a->len, true);
}

struct record {
	struct name owner;
	unsigned type, class;
	uint32_t ttl_s;
	size_t data, data_len;
};

static bool read_record(const unsigned char *text, size_t len, size_t *at,
			struct record *record)
{
	if (!read_name(text, len, at, &record->owner) || len - *at < 10)
		return false;
	record->type = read16(text + *at);
	record->class = read16(text + *at + 2);
	record->ttl_s = read32(text + *at + 4);
	record->data_len = read16(text + *at + 8);
	record->data = *at + 10;
	if (len - record->data < record->data_len)
		return false;
	*at = record->data + record->data_len;
	/* RFC 2181: the top bit means zero. */
	if (record->ttl_s > INT32_MAX)
		record->ttl_s = 0;
	return true;
}

static void add(struct wsg_addresses *to, const unsigned char *bytes,
		size_t len)
{
	struct wsg_address *address = &to->items[to->count];

	if (to->count == WSG_ADDRESSES_MAX)
		return;
	address->v6 = len == 16;
	memcpy(address->bytes, bytes, len);
	to->count++;
}

/* What one pass over the records knows. */
struct pass {
	const struct wsg_dns_query *query;
	const unsigned char *text;
	size_t len;
	struct name name; /* that is looked for; an alias leads to another */
	struct wsg_addresses *to;
	uint32_t *ttl_s;
};

/* Records of the name: addresses are taken, an alias starts over. */
static bool take_records(struct pass *pass, size_t at, unsigned count,
			 bool *aliased)
{
	size_t want = pass->query->type == WSG_DNS_A ? 4 : 16;
	struct record record;

	for (*aliased = false; count; count--) {
		if (!read_record(pass->text, pass->len, &at, &record))
			return false;
		if (record.class != CLASS_IN ||
		    !same_name(&record.owner, &pass->name))
			continue;
		if (record.type == TYPE_CNAME) {
			size_t target = record.data;

			if (!read_name(pass->text, pass->len, &target,
				       &pass->name))
				return false;
			*aliased = true;
		} else if (record.type == pass->query->type &&
			   record.data_len == want) {
			add(pass->to, pass->text + record.data, want);
		} else {
			continue;
		}
		if (record.ttl_s < *pass->ttl_s)
			*pass->ttl_s = record.ttl_s;
	}
	return true;
}

static enum wsg_dns_result read_answers(const struct wsg_dns_query *query,
					const unsigned char *answer, size_t len,
					struct wsg_addresses *to,
					uint32_t *ttl_s)
{
	struct pass pass = { query, answer, len, { { 0 }, 0 }, to, ttl_s };
	unsigned count = read16(answer + 6), tries = 0;
	size_t at = HEADER_LEN, had = to->count;
	bool aliased = true;

	if (!read_name(answer, len, &at, &pass.name))
		return WSG_DNS_STRANGE;
	while (aliased && to->count == had) {
		if (tries++ == ALIASES_MAX)
			return WSG_DNS_FAILED;
		if (!take_records(&pass, query->len, count, &aliased))
			return WSG_DNS_FAILED;
	}
	return WSG_DNS_ANSWERED;
}

enum wsg_dns_result wsg_dns_read(const struct wsg_dns_query *query,
				 const unsigned char *answer, size_t len,
				 struct wsg_addresses *to, uint32_t *ttl_s)
{
	struct wsg_addresses found = *to;
	uint32_t ttl = *ttl_s;
	enum wsg_dns_result result;
	unsigned code;

	/* The same id, and the same question, in the case we gave it. */
	if (len < query->len || memcmp(answer, query->text, 2) != 0 ||
	    !(answer[2] & 0x80) || (answer[2] & 0x78) ||
	    read16(answer + 4) != 1 ||
	    !same_bytes(answer + HEADER_LEN, query->text + HEADER_LEN,
			query->len - HEADER_LEN - 4, query->any_case) ||
	    memcmp(answer + query->len - 4, query->text + query->len - 4, 4) !=
		    0)
		return WSG_DNS_STRANGE;
	code = answer[3] & 15;
	if (code == 3)
		return WSG_DNS_NO_NAME;
	if (code != 0)
		return WSG_DNS_FAILED;
	if (answer[2] & 2)
		return WSG_DNS_TRUNCATED;
	result = read_answers(query, answer, len, &found, &ttl);
	if (result == WSG_DNS_ANSWERED) {
		*to = found;
		*ttl_s = ttl;
	}
	return result;
}
