/* Started by wsgen from chat.yaml. Yours now: wsgen never writes it again. */
#include "chat.h"

enum wsg_result on_raw(struct wsg_event *event, struct wsg_buf *out)
{
	(void)event;
	wsg_buf_text(out, "null");
	return WSG_OK;
}
