/*
 * What was said in all rooms, the oldest forgotten first. An instance of a
 * Lambda function takes one event at a time, so nothing needs a lock; it
 * keeps its memory until it is taken down.
 */
#include "chat.h"

#include <string.h>

#define LINES 256
#define PAGE 20 /* of chat.yaml: Line[..20] */

struct line {
	char room[64], text[512], from[128];
	size_t room_len, text_len, from_len;
	int64_t at;
};

static struct line lines[LINES];
static size_t said; /* lines so far; the next goes to said % LINES */

static size_t keep(char *to, size_t room, struct wsg_str text)
{
	size_t len = text.len < room ? text.len : room;

	memcpy(to, text.ptr, len);
	return len;
}

static struct chat_line show(const struct line *line)
{
	return (struct chat_line){
		.room = { line->room, line->room_len },
		.text = { line->text, line->text_len },
		.from = { line->from, line->from_len },
		.at = line->at,
	};
}

enum wsg_result on_send_message(struct chat_send_message_call *call,
				const struct chat_send_message *msg,
				struct chat_line *reply)
{
	struct line *line = &lines[said++ % LINES];
	struct wsg_str from = wsg_connection_id(call->event);

	line->room_len = keep(line->room, sizeof(line->room), msg->room);
	line->text_len = keep(line->text, sizeof(line->text), msg->text);
	line->from_len = keep(line->from, sizeof(line->from), from);
	line->at = wsg_request_time_ms(call->event);
	*reply = show(line);
	return WSG_OK;
}

enum wsg_result on_history(struct chat_history_call *call,
			   const struct chat_history *msg,
			   struct chat_page *reply)
{
	static struct chat_line page[PAGE];
	size_t oldest = said > LINES ? said - LINES : 0;
	size_t count = 0;

	(void)call;
	/* From the latest back, to the front of page from its end. */
	for (size_t i = said; i > oldest && !reply->more; i--) {
		const struct line *line = &lines[(i - 1) % LINES];
		struct chat_line shown = show(line);

		if (!wsg_str_equal(shown.room, msg->room))
			continue;
		if (count == msg->limit)
			reply->more = true;
		else
			page[PAGE - ++count] = shown;
	}
	reply->lines = page + PAGE - count;
	reply->lines_count = count;
	return WSG_OK;
}
