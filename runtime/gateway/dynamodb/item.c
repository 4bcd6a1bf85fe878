/* SPDX-License-Identifier: MIT */
/* item.c - attribute values: valid, equal, or in which order. */
#include "item.h"

#define DIGITS_MAX 38 /* DynamoDB's page on numbers */
#define POWER_MAX 125 /* the same page; -130 at the other end */
#define POWER_MIN (-130)

/* A decimal: 0.DIGITS times ten to the power; no digits: zero. */
struct decimal {
	bool negative;
	char digits[DIGITS_MAX];
	int count;
	long power;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The digits of "12.50" without zeroes at either end; *at is moved on. */
static bool read_digits(struct wsg_str text, size_t *at, struct decimal *number)
{
	bool point = false, any = false;
	int zeroes = 0; /* held back: they only count before a digit */

	for (; *at < text.len; ++*at) {
		char c = text.ptr[*at];

		if (c == '.' && !point) {
			point = true;
			continue;
		}
		if (!is_digit(c))
			break;
		any = true;
		if (!point && (number->count || c != '0'))
			number->power++;
		if (c == '0') {
			if (number->count)
				zeroes++;
			else if (point)
				number->power--;
			continue;
		}
		if (number->count + zeroes >= DIGITS_MAX)
			return false;
		for (; zeroes; zeroes--)
			number->digits[number->count++] = '0';
		number->digits[number->count++] = c;
	}
	return any;
}

static bool read_power(struct wsg_str text, size_t *at, long *power)
{
	bool negative = false;
	size_t start;
	long value = 0;

	if (*at == text.len)
		return true;
	if (text.ptr[*at] != 'e' && text.ptr[*at] != 'E')
		return false;
	++*at;
	if (*at < text.len && (text.ptr[*at] == '-' || text.ptr[*at] == '+'))
		negative = text.ptr[(*at)++] == '-';
	for (start = *at; *at < text.len && is_digit(text.ptr[*at]); ++*at)
		if (value < 10000)
			value = value * 10 + (text.ptr[*at] - '0');
	*power += negative ? -value : value;
	return *at > start && *at == text.len;
}

static bool read_number(struct wsg_str text, struct decimal *number)
{
	size_t at = 0;

	*number = (struct decimal){ 0 };
	if (text.len && (*text.ptr == '-' || *text.ptr == '+'))
		number->negative = text.ptr[at++] == '-';
	if (!read_digits(text, &at, number) ||
	    !read_power(text, &at, &number->power))
		return false;
	if (!number->count) {
		number->negative = false;
		number->power = 0;
	}
	return number->power <= POWER_MAX + 1 && number->power >= POWER_MIN + 1;
}

/* Whether text is a number as DynamoDB takes it: 38 digits, exponents. */
static bool is_number(struct wsg_str text)
{
	struct decimal number;

	return read_number(text, &number);
}

static int compare_sizes(const struct decimal *a, const struct decimal *b)
{
	int common = a->count < b->count ? a->count : b->count;
	int order;

	if (!a->count || !b->count)
		return a->count - b->count;
	if (a->power != b->power)
		return a->power < b->power ? -1 : 1;
	order = memcmp(a->digits, b->digits, (size_t)common);
	return order ? order : a->count - b->count;
}

static int compare_numbers(struct wsg_str a, struct wsg_str b)
{
	struct decimal left, right;

	read_number(a, &left);
	read_number(b, &right);
	if (left.negative != right.negative)
		return left.negative ? -1 : 1;
	return left.negative ? compare_sizes(&right, &left)
			     : compare_sizes(&left, &right);
}

static int compare_bytes(struct wsg_str a, struct wsg_str b)
{
	size_t common = a.len < b.len ? a.len : b.len;
	int order = common ? memcmp(a.ptr, b.ptr, common) : 0;

	if (order)
		return order;
	return a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

/* The one member that a value has, which is named for its type. */
static const struct json *content(const struct json *value)
{
	return value->first;
}

static struct wsg_str type_of(const struct json *value)
{
	return content(value)->key;
}

static bool is_type(const struct json *value, const char *type)
{
	return wsg_str_is(type_of(value), type);
}

static const char *check_members(const struct json *group)
{
	const char *wrong = NULL;

	for (const struct json *at = group->first; at && !wrong; at = at->next)
		wrong = item_check_value(at);
	return wrong;
}

static const char *check_set(const struct json *set, bool numbers)
{
	if (!set->count)
		return "a set cannot be empty";
	for (const struct json *at = set->first; at; at = at->next) {
		if (at->type != WSG_JSON_STRING)
			return "a set holds strings";
		if (numbers && !is_number(at->text))
			return "a number cannot be read";
	}
	return NULL;
}

const char *item_check_value(const struct json *value)
{
	const struct json *of;

	if (!value || value->type != WSG_JSON_OBJECT || value->count != 1)
		return "an attribute value has one member, its type";
	of = content(value);
	if (is_type(value, "S") || is_type(value, "B"))
		return of->type == WSG_JSON_STRING ? NULL : "no string";
	if (is_type(value, "N"))
		return of->type == WSG_JSON_STRING && is_number(of->text)
			       ? NULL
			       : "a number cannot be read";
	if (is_type(value, "BOOL"))
		return of->type == WSG_JSON_BOOL ? NULL : "no boolean";
	if (is_type(value, "NULL"))
		return of->type == WSG_JSON_BOOL ? NULL : "no null";
	if (is_type(value, "M"))
		return of->type == WSG_JSON_OBJECT ? check_members(of)
						   : "no map";
	if (is_type(value, "L"))
		return of->type == WSG_JSON_ARRAY ? check_members(of)
						  : "no list";
	if (is_type(value, "SS") || is_type(value, "BS") ||
	    is_type(value, "NS"))
		return of->type == WSG_JSON_ARRAY
			       ? check_set(of, is_type(value, "NS"))
			       : "no set";
	return "an attribute value of an unknown type";
}

const char *item_check(const struct json *item)
{
	if (!item || item->type != WSG_JSON_OBJECT)
		return "an item is an object";
	return check_members(item);
}

bool item_string(const struct json *value, struct wsg_str *text)
{
	const struct json *of = json_get(value, "S");

	if (!of || of->type != WSG_JSON_STRING)
		return false;
	*text = of->text;
	return true;
}

bool item_compare(const struct json *a, const struct json *b, int *order)
{
	struct wsg_str left = content(a)->text, right = content(b)->text;

	if (!wsg_str_equal(type_of(a), type_of(b)))
		return false;
	if (is_type(a, "N"))
		*order = compare_numbers(left, right);
	else if (is_type(a, "S"))
		*order = compare_bytes(left, right);
	else
		return false;
	return true;
}

bool item_equal(const struct json *a, const struct json *b)
{
	int order;

	if (item_compare(a, b, &order))
		return !order;
	return json_same(a, b);
}
