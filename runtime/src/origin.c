/* SPDX-License-Identifier: MIT */
/* Where requests go to, out of a URL; see http_client.h. */
#include "http_client.h"

#include <strings.h>

static bool is_host_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

/* A name, or an IPv6 number in brackets; what follows is left in *rest. */
static bool read_host(struct wsg_str *rest, struct wsg_origin *origin)
{
	const char *from = rest->ptr, *end = from + rest->len, *p = from;
	struct wsg_address address;
	size_t len;

	if (rest->len && *p == '[') {
		from = p + 1;
		while (p < end && *p != ']')
			p++;
		if (p == end)
			return false;
	} else {
		while (p < end && is_host_byte(*p))
			p++;
	}
	len = (size_t)(p - from);
	if (!len || len > WSG_HOST_MAX)
		return false;
	memcpy(origin->host, from, len);
	origin->host[len] = '\0';
	if (*rest->ptr == '[') {
		p++;
		if (!wsg_address_parse(origin->host, &address) || !address.v6)
			return false;
	}
	rest->len -= (size_t)(p - rest->ptr);
	rest->ptr = p;
	return true;
}

static bool read_port(struct wsg_str *rest, struct wsg_origin *origin)
{
	unsigned port = 0;
	size_t i;

	origin->port = origin->tls ? 443 : 80;
	if (!rest->len || *rest->ptr != ':')
		return true;
	for (i = 1; i < rest->len && rest->ptr[i] != '/'; i++) {
		if (rest->ptr[i] < '0' || rest->ptr[i] > '9' || i > 5)
			return false;
		port = port * 10 + (unsigned)(rest->ptr[i] - '0');
	}
	if (!port || port > 65535)
		return false;
	origin->port = (uint16_t)port;
	rest->ptr += i;
	rest->len -= i;
	return true;
}

bool wsg_origin_read(struct wsg_str url, struct wsg_origin *origin,
		     struct wsg_str *path)
{
	struct wsg_str rest = url;
	size_t i;

	origin->tls = url.len > 8 && !strncasecmp(url.ptr, "https://", 8);
	if (!origin->tls &&
	    (url.len <= 7 || strncasecmp(url.ptr, "http://", 7) != 0))
		return false;
	rest.ptr += origin->tls ? 8 : 7;
	rest.len -= origin->tls ? 8 : 7;
	if (!read_host(&rest, origin) || !read_port(&rest, origin) ||
	    (rest.len && *rest.ptr != '/'))
		return false;
	for (i = 0; i < rest.len; i++) {
		if (rest.ptr[i] <= ' ' || rest.ptr[i] > '~' ||
		    rest.ptr[i] == '?' || rest.ptr[i] == '#')
			return false;
	}
	while (rest.len && rest.ptr[rest.len - 1] == '/')
		rest.len--;
	*path = rest;
	return true;
}

void wsg_origin_put_host(struct wsg_buf *out, const struct wsg_origin *origin)
{
	bool v6 = strchr(origin->host, ':') != NULL;

	wsg_buf_printf(out, "%s%s%s", v6 ? "[" : "", origin->host,
		       v6 ? "]" : "");
	if (origin->port != (origin->tls ? 443 : 80))
		wsg_buf_printf(out, ":%u", (unsigned)origin->port);
}
