/* Started by wsgen from chat.yaml. Yours now: wsgen never writes it again. */
#include "chat.h"

enum wsg_result on_default(struct chat_default_call *call)
{
	(void)call;
	return WSG_OK;
}
