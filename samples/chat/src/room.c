/* Rooms are topics: who joined one gets what is said in it. */
#include "chat.h"

#include <wsgen/registry.h>

static enum wsg_result show(struct wsg_event *event, struct wsg_str room,
			    struct chat_room *reply)
{
	size_t people;

	if (!wsg_count_in_topic(event, room, &people))
		return WSG_FAILED;
	reply->room = room;
	reply->people = (uint32_t)people;
	return WSG_OK;
}

enum wsg_result on_join(struct chat_join_call *call,
			const struct chat_join *msg, struct chat_room *reply)
{
	struct wsg_str id = wsg_connection_id(call->event);

	if (!wsg_join(call->event, id, msg->room))
		return WSG_FAILED;
	return show(call->event, msg->room, reply);
}

enum wsg_result on_leave(struct chat_leave_call *call,
			 const struct chat_join *msg, struct chat_room *reply)
{
	struct wsg_str id = wsg_connection_id(call->event);

	if (!wsg_leave(call->event, id, msg->room))
		return WSG_FAILED;
	return show(call->event, msg->room, reply);
}

enum wsg_result on_send_message(struct chat_send_message_call *call,
				const struct chat_send_message *msg)
{
	const struct chat_line line = {
		.room = msg->room,
		.text = msg->text,
		.from = wsg_connection_id(call->event),
		.at = wsg_request_time_ms(call->event),
	};

	if (!chat_publish_line(call->sends.line, msg->room, &line, NULL))
		return WSG_FAILED;
	return WSG_OK;
}
