/* Started by wsgen from chat.yaml. Yours now: wsgen never writes it again. */
#include "chat.h"

enum wsg_result on_authorize(struct wsg_authorize *client)
{
	return wsg_deny(client);
}
