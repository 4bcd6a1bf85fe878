/* SPDX-License-Identifier: MIT */
/* $connect: a client at the door, let in, turned away, given a subprotocol. */
#include "internal.h"

const struct wsg_event *wsg_connect_event(const struct wsg_connect *client)
{
	return client->event;
}

enum wsg_result wsg_connect_reject(struct wsg_connect *client, int status)
{
	client->status = status;
	return WSG_REFUSED;
}

bool wsg_next_offer(struct wsg_str *list, struct wsg_str *offer)
{
	const char *p = list->ptr, *end = p + list->len, *stop;

	if (!list->len)
		return false;
	while (p < end && (*p == ' ' || *p == '\t' || *p == ','))
		p++;
	for (stop = p; stop < end && *stop != ','; stop++)
		;
	list->ptr = stop;
	list->len = (size_t)(end - stop);
	while (stop > p && (stop[-1] == ' ' || stop[-1] == '\t'))
		stop--;
	*offer = (struct wsg_str){ p, (size_t)(stop - p) };
	return offer->len != 0;
}

static struct wsg_str find_offer(const struct wsg_connect *client,
				 const char *protocol)
{
	static const char header[] = "Sec-WebSocket-Protocol";
	size_t i, count = wsg_header_count(client->event, header);
	struct wsg_str list, offer;

	for (i = 0; i < count; i++) {
		list = wsg_header_at(client->event, header, i);
		while (wsg_next_offer(&list, &offer)) {
			if (wsg_str_is(offer, protocol))
				return offer;
		}
	}
	return (struct wsg_str){ NULL, 0 };
}

bool wsg_connect_offers(const struct wsg_connect *client, const char *protocol)
{
	return find_offer(client, protocol).len != 0;
}

bool wsg_connect_subprotocol(struct wsg_connect *client, const char *protocol)
{
	struct wsg_str offer = find_offer(client, protocol);

	if (!offer.len)
		return false;
	client->subprotocol = offer;
	return true;
}

static int status_of(const struct wsg_connect *client, enum wsg_result result)
{
	switch (result) {
	case WSG_OK:
		return 200;
	case WSG_INVALID:
		return 400;
	case WSG_REFUSED:
		/* A 2xx would open the connection after all. */
		if (client->status < 300 || client->status > 599)
			return 403;
		return client->status;
	case WSG_FAILED:
		break;
	}
	return 500;
}

void wsg_connect_answer(struct wsg_connect *client, enum wsg_result result,
			struct wsg_buf *out)
{
	/* Behind this one a token was offered, which must not be echoed. */
	if (!client->subprotocol.len)
		client->subprotocol = find_offer(client, "bearer");
	wsg_json_put_object(out);
	wsg_json_put_key(out, wsg_str("statusCode"));
	wsg_json_put_int64(out, status_of(client, result));
	if (result == WSG_OK && client->subprotocol.len) {
		wsg_json_put_key(out, wsg_str("headers"));
		wsg_json_put_object(out);
		wsg_json_put_key(out, wsg_str("Sec-WebSocket-Protocol"));
		wsg_json_put_string(out, client->subprotocol);
		wsg_json_put_object_end(out);
	}
	wsg_json_put_object_end(out);
}
