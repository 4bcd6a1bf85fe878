/* SPDX-License-Identifier: MIT */
/* signals_linux.c - signals by a descriptor. */
#define _GNU_SOURCE
#include "signals.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

static void take(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
}

static void ready(struct loop_watch *watch, unsigned events)
{
	struct signals *signals =
		(struct signals *)((char *)watch -
				   offsetof(struct signals, watch));
	struct signalfd_siginfo info;

	(void)events;
	if (read(watch->fd, &info, sizeof(info)) == sizeof(info))
		signals->came(signals, (int)info.ssi_signo);
}

bool signals_init(struct signals *signals, struct loop *loop)
{
	sigset_t set;
	int fd;

	signal(SIGPIPE, SIG_IGN);
	take(&set);
	signals->loop = loop;
	signals->watch.ready = ready;
	signals->watch.fd = -1;
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return false;
	fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (fd < 0)
		return false;
	if (loop_watch(loop, &signals->watch, fd, LOOP_READ))
		return true;
	close(fd);
	signals->watch.fd = -1;
	return false;
}

void signals_release(struct signals *signals)
{
	int fd = signals->watch.fd;
	sigset_t set;

	if (!signals->loop)
		return;
	if (fd >= 0) {
		loop_unwatch(signals->loop, &signals->watch);
		close(fd);
	}
	take(&set);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	signals->loop = NULL;
}
