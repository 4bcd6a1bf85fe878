/* Started by wsgen from chat.yaml. Yours now: wsgen never writes it again. */
#include "chat.h"

enum wsg_result on_history(struct chat_history_call *call,
			   const struct chat_history_message *msg,
			   struct chat_page *reply)
{
	(void)call;
	(void)msg;
	(void)reply;
	return WSG_OK;
}
