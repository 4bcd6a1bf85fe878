/* SPDX-License-Identifier: MIT */
/*
 * Resolves the names that test_resolve.py writes on its standard input, one a
 * line, and prints what came of each.
 *
 * usage: resolve_tool HOSTS CONF PORT TIMEOUT_MS
 */
#include "internal.h"
#include "resolve.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	struct wsg_resolver resolver = { .port = 0 };
	char line[512];

	if (argc != 5)
		return 2;
	resolver.hosts_path = argv[1];
	resolver.conf_path = argv[2];
	resolver.port = (uint16_t)atoi(argv[3]);
	while (fgets(line, sizeof(line), stdin)) {
		struct wsg_addresses found;
		const char *error = NULL;
		bool known;
		size_t i;

		line[strcspn(line, "\n")] = '\0';
		known = wsg_resolve(&resolver, line,
				    wsg_clock_ms() + atoi(argv[4]), &found,
				    &error);
		if (!known)
			printf("%s", error);
		for (i = 0; known && i < found.count; i++) {
			char text[INET6_ADDRSTRLEN];

			inet_ntop(found.items[i].v6 ? AF_INET6 : AF_INET,
				  found.items[i].bytes, text, sizeof(text));
			printf("%s%s", i ? " " : "", text);
		}
		printf("\n");
		fflush(stdout);
	}
	return 0;
}
