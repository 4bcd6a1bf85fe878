/* Started by wsgen from chat.yaml. Yours now: wsgen never writes it again. */
#include "chat.h"

enum wsg_result on_echo(struct chat_echo_call *call, struct wsg_buf *reply)
{
	(void)call;
	wsg_buf_text(reply, "{}");
	return WSG_OK;
}
