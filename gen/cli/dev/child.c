/* SPDX-License-Identifier: MIT */
/* child.c - start, watch and end what wsgen dev runs. */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define POLL_MS 10

extern char **environ;

/* make's own variables would have it think that it is a sub-make. */
static bool is_makes(const char *variable)
{
	return !strncmp(variable, "MAKEFLAGS=", 10) ||
	       !strncmp(variable, "MFLAGS=", 7) ||
	       !strncmp(variable, "MAKELEVEL=", 10);
}

#define VARIABLES_MAX 4096

static void clean_environment(char **clean)
{
	size_t count = 0;

	for (char **at = environ; *at && count + 1 < VARIABLES_MAX; at++)
		if (!is_makes(*at))
			clean[count++] = *at;
	clean[count] = NULL;
}

static bool make_pipe(int ends[2])
{
	if (pipe(ends))
		return false;
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	return true;
}

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int spawn(struct child *child, char *const *argv, unsigned pipes, int in,
		 int out)
{
	char *clean[VARIABLES_MAX];
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	int error;

	clean_environment(clean);
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP |
						      POSIX_SPAWN_SETSIGMASK |
						      POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	if (in >= 0)
		posix_spawn_file_actions_adddup2(&actions, in, 0);
	else
		posix_spawn_file_actions_addopen(&actions, 0, "/dev/null",
						 O_RDONLY, 0);
	if (out >= 0 && pipes & (CHILD_OUT | CHILD_ERR))
		posix_spawn_file_actions_adddup2(&actions, out, 1);
	if (out >= 0 && pipes & CHILD_ERR)
		posix_spawn_file_actions_adddup2(&actions, out, 2);
	error = posix_spawnp(&child->pid, argv[0], &actions, &attributes, argv,
			     clean);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return error;
}

bool child_start(struct child *child, char *const *argv, unsigned pipes)
{
	int in[2] = { -1, -1 }, out[2] = { -1, -1 };
	int error = 0;

	*child = (struct child){ .in = -1, .out = -1 };
	if ((pipes & CHILD_IN && !make_pipe(in)) ||
	    (pipes & (CHILD_OUT | CHILD_ERR) && !make_pipe(out)))
		error = errno;
	if (!error)
		error = spawn(child, argv, pipes, in[0], out[1]);
	close_end(&in[0]);
	close_end(&out[1]);
	if (error) {
		close_end(&in[1]);
		close_end(&out[0]);
		child->pid = 0;
		errno = error;
		return false;
	}
	child->in = in[1];
	child->out = out[0];
	return true;
}

bool child_ended(struct child *child, int *status)
{
	if (!child->pid || waitpid(child->pid, status, WNOHANG) != child->pid)
		return false;
	child->pid = 0;
	return true;
}

void child_close(struct child *child)
{
	close_end(&child->in);
	close_end(&child->out);
}

void child_end(struct child *child, int grace_ms)
{
	const struct timespec pause = { 0, POLL_MS * 1000000L };
	pid_t group = child->pid;
	int status;

	child_close(child);
	if (!group)
		return;
	kill(-group, SIGTERM);
	for (int waited = 0; waited < grace_ms; waited += POLL_MS) {
		if (child_ended(child, &status))
			return;
		nanosleep(&pause, NULL);
	}
	kill(-group, SIGKILL);
	waitpid(group, &status, 0);
	child->pid = 0;
}
