/* SPDX-License-Identifier: MIT */
/* Handlers of the example that do everything their calls allow. */
#include "chat.h"

enum wsg_result on_init(void)
{
	return WSG_OK;
}

void on_shutdown(void)
{
}

enum wsg_result on_authorize(struct wsg_authorize *client)
{
	struct chat_caller caller = { .user = wsg_str("ada") };

	if (!chat_write_caller(client, &caller))
		return WSG_FAILED;
	return wsg_allow(client, caller.user);
}

enum wsg_result on_connect(struct wsg_connect *client)
{
	const struct wsg_event *event = wsg_connect_event(client);

	if (!wsg_query(event, "token").len)
		return wsg_connect_reject(client, 401);
	return WSG_OK;
}

enum wsg_result on_disconnect(struct wsg_disconnect *client)
{
	return wsg_disconnect_code(client) == 1001 ? WSG_OK : WSG_FAILED;
}

enum wsg_result on_default(struct chat_default_call *call)
{
	return wsg_body(call->event).len ? WSG_REFUSED : WSG_OK;
}

enum wsg_result on_echo(struct chat_echo_call *call, struct wsg_buf *reply)
{
	wsg_buf_str(reply, wsg_body(call->event));
	return WSG_OK;
}

enum wsg_result on_history(struct chat_history_call *call,
			   const struct chat_history_message *msg,
			   struct chat_page *reply)
{
	struct chat_message *messages;

	messages = wsg_alloc(call->event, msg->limit * sizeof(*messages));
	if (!messages)
		return WSG_FAILED;
	messages[0].text = msg->room;
	messages[0].from.name = wsg_str("ada");
	reply->messages = messages;
	reply->messages_count = 1;
	reply->more = msg->limit > 1;
	return WSG_OK;
}

enum wsg_result on_import(struct chat_import_call *call,
			  const struct chat_everything *msg,
			  const struct wsg_invalid *invalid)
{
	(void)call;
	if (!msg)
		return wsg_str_is(invalid->reason, "missing") ? WSG_REFUSED
							      : WSG_FAILED;
	return WSG_OK;
}

enum wsg_result on_raw(struct wsg_event *event, struct wsg_buf *out)
{
	size_t len;

	wsg_raw(event, &len);
	wsg_buf_printf(out, "%zu", len);
	return WSG_OK;
}

enum wsg_result on_send_message(struct chat_send_message_call *call,
				const struct chat_send_message *msg)
{
	struct chat_message out = {
		.text = msg->text,
		.from = { .name = wsg_str("ada") },
	};
	const struct wsg_str others[] = { wsg_str("gone"), wsg_str("d=") };
	enum wsg_sent sent[2];
	struct wsg_peer peer;
	size_t count;

	if (chat_send_message(call->sends.message, msg->room, &out) != WSG_SENT)
		return WSG_FAILED;
	count = chat_send_message_all(call->sends.message, others, 2, &out,
				      sent);
	if (count != 1 || sent[0] != WSG_GONE || sent[1] != WSG_SENT)
		return WSG_FAILED;
	if (chat_inspect(call->inspects, msg->room, &peer) == WSG_GONE)
		chat_close(call->closes, msg->room);
	return WSG_OK;
}
