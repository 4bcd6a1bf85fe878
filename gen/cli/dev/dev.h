/* SPDX-License-Identifier: MIT */
/*
 * dev.h - the parts of wsgen dev: what make says, and the gateway that serves
 * what it built. The loop that joins them is in cli/dev.c.
 */
#ifndef WSGEN_DEV_DEV_H
#define WSGEN_DEV_DEV_H

#include "../cli.h"
#include "child.h"

/* make, while it runs: progress on a terminal, the rest as it comes. */
struct dev_make {
	struct child child;
	FILE *err;
	bool terminal; /* err is one */
	bool verbose;  /* show every command */
	bool shown;    /* a line of progress stands there */
	char line[4096];
	size_t len;
	struct buf said; /* all but progress */
};

/*
 * Start `make local` for the output in dir: by the Makefile in the spec's
 * folder if that is the project's own, else by dir/wsgen.mk itself.
 */
bool dev_make_start(struct dev_make *make, struct cli *cli,
		    const char *spec_dir, const char *dir, const char *wsgen);

/* Read what it said; false when it has said all. */
bool dev_make_read(struct dev_make *make);

/* It has said all: show a last line that is not ended. */
void dev_make_end(struct dev_make *make);

/* The gateway: our child, spoken to in JSON lines (runtime/gateway/control.h).
 */
struct dev_gateway {
	struct child child;
	FILE *err;
	char line[4096];
	size_t len;
	bool ready;		/* it serves */
	bool reloaded, refused; /* what it said to the last reload */
};

bool dev_gateway_start(struct dev_gateway *gateway, struct cli *cli,
		       const char *program, const char *spec_dir,
		       const char *dir);

/* Read its lines; false when there will be none any more. */
bool dev_gateway_read(struct dev_gateway *gateway);

/* There is a new build; these functions' binaries are others. */
void dev_gateway_reload(struct dev_gateway *gateway, struct arena *arena,
			const char *const *functions, size_t count);

/* What the compilers said, for the console. */
void dev_gateway_tell(struct dev_gateway *gateway, struct arena *arena,
		      const char *text, bool ok);

#endif
