# SPDX-License-Identifier: MIT
"""A project in C, built by make and served: handshake, message and reply."""

import json
import unittest

import e2e
import gateway

SPEC = """\
name: talk
connections: {}
routes:
  $connect: src/talk.on_connect
  $disconnect: src/talk.on_disconnect
  $default: { handler: src/talk.on_default, reply: true }
  say:
    handler: src/talk.on_say
    message: Line
    reply: Line
    sends: [Line]
messages:
  Line: { text: string(1..64) }
"""

HANDLERS = """\
#include "talk.h"

enum wsg_result on_connect(struct wsg_connect *client)
{
	(void)client;
	return WSG_OK;
}

enum wsg_result on_disconnect(struct wsg_disconnect *client)
{
	(void)client;
	return WSG_OK;
}

enum wsg_result on_default(struct talk_default_call *call,
			   struct wsg_buf *reply)
{
	(void)call;
	wsg_buf_text(reply, "say something");
	return WSG_OK;
}

enum wsg_result on_say(struct talk_say_call *call, const struct talk_line *msg,
		       struct talk_line *reply)
{
	struct talk_line first = { { WSG_LIT("first") } };

	if (talk_send_line(call->sends.line, wsg_connection_id(call->event),
			   &first) != WSG_SENT)
		return WSG_FAILED;
	reply->text = msg->text;
	return WSG_OK;
}
"""


class Project(e2e.Case):
    def test_handshake_message_reply(self):
        self.write("talk.yaml", SPEC)
        self.write("src/talk.c", HANDLERS)
        self.write("Makefile", e2e.MAKEFILE.replace("chat.yaml", "talk.yaml"))
        self.make()
        served = gateway.Gateway(self.folder / "build")
        self.addCleanup(served.stop)
        client = gateway.Client(served.url("talk"))
        self.addCleanup(client.link.close)
        self.assertEqual(client.ask("hello"), "say something")
        # What it posts to @connections comes before what it replies.
        self.assertEqual(
            json.loads(client.ask({"action": "say", "text": "hi"})), {"text": "first"}
        )
        self.assertEqual(json.loads(client.text()), {"text": "hi"})
        client.close(1000)
        self.assertEqual(served.stop(), 0)


if __name__ == "__main__":
    unittest.main()
