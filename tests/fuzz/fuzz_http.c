/* SPDX-License-Identifier: MIT */
/* HTTP answers: any bytes over a socket, in two parts. */
#include "internal.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* What a socket pair surely holds, so that nobody has to read meanwhile. */
#define SIZE_MAX_HERE 32768

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct wsg_inbox inbox;
	struct wsg_http answer;
	int ends[2];

	if (size > SIZE_MAX_HERE)
		return 0;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) ||
	    write(ends[0], data, size) != (ssize_t)size)
		abort();
	close(ends[0]);
	if (wsg_http_read(ends[1], &inbox, &answer)) {
		struct wsg_str header =
			wsg_http_header(&inbox, &answer, "content-length");

		if (answer.body + answer.body_len > inbox.len ||
		    header.len > answer.head_len || answer.status < 200)
			abort();
		/* Room for the NUL that an event gets. */
		inbox.ptr[answer.body + answer.body_len] = '\0';
	}
	close(ends[1]);
	return 0;
}
