/* SPDX-License-Identifier: MIT */
/*
 * process.h - a process that a function runs in, and whatever that one starts:
 * a process group that goes as a whole. Nothing of it outlives the gateway.
 * process_linux.c is the only file that knows how; another system is one more.
 */
#ifndef GATEWAY_PROCESS_H
#define GATEWAY_PROCESS_H

#include "../net/loop.h"

/* Descriptors that a function may have open; Lambda's own. */
#define PROCESS_FILES_MAX 1024

struct process_plan {
	const char *path; /* of the program, absolute */
	const char *folder;
	char *const *environment;
	bool traceable; /* by a debugger that is not its parent */
};

struct process {
	int pid; /* of the process, and of its group; 0: none */
	struct loop *loop;
	struct loop_watch watch;
	/* It ended and so did its group; status is what waitpid gives. */
	void (*ended)(struct process *process, int status);
};

/*
 * Start it without a shell; process->ended is set beforehand. *output becomes
 * the end to read what it writes from, which does not block and is the
 * caller's. False: *error is an errno, and nothing was started.
 */
bool process_start(struct process *process, struct loop *loop,
		   const struct process_plan *plan, int *output, int *error);

/* Send a signal to all of the group. */
void process_signal(const struct process *process, int signal);

/*
 * Wait until the real clock says until_us, and no longer: whether it ended.
 * Then the process is none any more, and ended is not called. This one blocks.
 */
bool process_wait(struct process *process, int64_t until_us);

/* Bytes of memory that it and its children hold for themselves. */
uint64_t process_memory(const struct process *process);

/* Whether a debugger has attached. */
bool process_is_traced(const struct process *process);

#endif
