/* SPDX-License-Identifier: MIT */
/*
 * Stands in for the object of libwsgen.a that will hold the untyped calls: what
 * matters is that it defines them together with the symbol. Tests only.
 */
#include <wsgen/connections.h>

const bool wsg_untyped_send_in_a_function_that_declares_sends = true;

enum wsg_sent wsg_send(struct wsg_event *event, struct wsg_str connection_id,
		       struct wsg_str data)
{
	(void)event;
	(void)connection_id;
	(void)data;
	return WSG_SEND_FAILED;
}
