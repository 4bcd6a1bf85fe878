/* Started by wsgen from chat.yaml. Yours now: wsgen never writes it again. */
#include "chat.h"

enum wsg_result on_init(void)
{
	return WSG_OK;
}

void on_shutdown(void)
{
}
