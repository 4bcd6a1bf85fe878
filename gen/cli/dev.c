/* SPDX-License-Identifier: MIT */
/*
 * dev.c - wsgen dev: build, serve, watch, and build again what changed. One
 * loop waits for files, make, the gateway and signals; nothing in it takes
 * longer than the compile of the spec.
 */
#include "cli.h"

#include "dev/dev.h"
#include "dev/watch.h"
#include "file.h"
#include "path.h"

#include "../base/hash.h"
#include "../diag_print.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Editors write several files at once: one build serves them all. */
#define SETTLE_MS 40
#define SETTLE_MAX_MS 400 /* for something that writes on and on */
#define GATEWAY_GRACE_MS 3000
#define MAKE_GRACE_MS 2000
#define TOLD_MAX ((size_t)64 << 10)
#define MAKE_READS_MAX 64 /* after its end */

struct binary {
	const char *function;
	struct stat seen;
};

struct dev {
	struct cli *cli;
	const char *dir, *spec_dir;
	const char *wsgen, *gateway_program; /* absolute */
	struct watch watch;
	struct dev_make make;
	struct dev_gateway gateway;
	LIST(struct binary) binaries;
	uint64_t served;   /* hash of the gateway.json and .env served */
	uint64_t made;	   /* ... and of the gateway.json last written */
	int64_t first_ms;  /* of the first change that waits; 0: none does */
	int64_t change_ms; /* ... and of the last */
	int64_t begun_ms;  /* the last build */
	int64_t reload_ms; /* ... and the one that is to be served */
	bool building;
	bool bad; /* the last build was */
	int exit_code;
	bool over;
};

static volatile sig_atomic_t signalled;

/* Children that end only wake the loop. */
static void on_signal(int number)
{
	if (number != SIGCHLD)
		signalled = number;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void say(struct dev *dev, const char *text)
{
	if (!dev->cli->given[CLI_QUIET])
		fprintf(dev->cli->err, "wsgen: %s\n", text);
	fflush(dev->cli->err);
}

/* The folder that this very program is in. */
static const char *own_path(struct arena *arena)
{
	char *path = arena_alloc(arena, 4097);
	ssize_t len = readlink("/proc/self/exe", path, 4096);

	return len > 0 ? path : NULL;
}

/* Beside wsgen, where a build leaves it, or in the PATH. */
static const char *find_gateway(struct arena *arena, const char *wsgen)
{
	static const char *const places[] = {
		"wsgen-gateway",
		"runtime/gateway/wsgen-gateway",
	};
	const char *folder = path_folder(arena, wsgen);

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		const char *path = path_join(arena, folder, places[i]);

		if (!access(path, X_OK))
			return path;
	}
	return "wsgen-gateway";
}

static void tell_mistakes(struct dev *dev, const struct diag *diag)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return;
	diag_print(diag, out, DIAG_TEXT, false);
	if (!fclose(out) && len)
		dev_gateway_tell(&dev->gateway, dev->cli->arena,
				 arena_strndup(dev->cli->arena, text,
					       len < TOLD_MAX ? len : TOLD_MAX),
				 !diag->errors);
	free(text);
}

static void watch_inputs(struct dev *dev, const struct read_inputs *inputs)
{
	struct cli *cli = dev->cli;

	for (size_t i = 0; i < inputs->files.count; i++)
		watch_add(&dev->watch,
			  path_folder(cli->arena, inputs->files.items[i]),
			  false, cli->err);
	for (size_t i = 0; i < inputs->dirs.count; i++)
		watch_add(&dev->watch, inputs->dirs.items[i], false, cli->err);
}

/* The functions are the folders of gateway.json's bootstraps. */
static void note_outputs(struct dev *dev, const struct output *output)
{
	struct arena *arena = dev->cli->arena;

	for (size_t i = 0; i < output->files.count; i++) {
		const struct output_file *file = &output->files.items[i];
		const char *leaf = path_leaf(arena, file->path);
		const char *name;
		size_t known = 0;

		if (!strcmp(file->path, "gateway.json"))
			dev->made = hash_bytes(file->text, file->len);
		if (strcmp(leaf, "main.c") ||
		    strncmp(file->path, "functions/", 10))
			continue;
		name = path_leaf(arena, path_folder(arena, file->path));
		while (known < dev->binaries.count &&
		       strcmp(dev->binaries.items[known].function, name))
			known++;
		if (known == dev->binaries.count)
			LIST_ADD(arena, &dev->binaries)->function =
				arena_strdup(arena, name);
	}
}

static bool start_make(struct dev *dev)
{
	if (dev_make_start(&dev->make, dev->cli, dev->spec_dir, dev->dir,
			   dev->wsgen))
		return true;
	fprintf(dev->cli->err, "wsgen: make: %s\n", strerror(errno));
	return false;
}

static void begin_build(struct dev *dev)
{
	struct compile compile = { 0 };
	int exit_code;

	dev->first_ms = 0;
	dev->begun_ms = now_ms();
	exit_code = cli_generate_to(dev->cli, &compile, dev->dir);
	watch_inputs(dev, &compile.inputs);
	if (exit_code == CLI_DONE) {
		note_outputs(dev, &compile.output);
		dev->building = start_make(dev);
	} else if (exit_code == CLI_USAGE ||
		   (exit_code == CLI_FAILED && !dev->made && !dev->bad)) {
		/* A spec that is not there to begin with is a slip. */
		dev->exit_code = exit_code;
		dev->over = true;
	} else {
		dev->bad = true;
		say(dev, dev->gateway.child.pid
				 ? "serving the last good build on"
				 : "waiting for a change");
	}
	if (!dev->over && compile.diag.errors)
		tell_mistakes(dev, &compile.diag);
	compile_release(&compile);
}

/* Which binaries are other files than they were. */
static size_t changed_binaries(struct dev *dev, const char ***functions)
{
	struct arena *arena = dev->cli->arena;
	LIST(const char *) changed = { 0 };

	for (size_t i = 0; i < dev->binaries.count; i++) {
		struct binary *binary = &dev->binaries.items[i];
		const char *path =
			arena_printf(arena, "%s/functions/%s/bootstrap",
				     dev->dir, binary->function);
		struct stat now;

		if (stat(path, &now))
			continue;
		if (now.st_ino != binary->seen.st_ino ||
		    now.st_mtim.tv_sec != binary->seen.st_mtim.tv_sec ||
		    now.st_mtim.tv_nsec != binary->seen.st_mtim.tv_nsec)
			*LIST_ADD(arena, &changed) = binary->function;
		binary->seen = now;
	}
	*functions = changed.items;
	return changed.count;
}

static void start_gateway(struct dev *dev)
{
	if (dev_gateway_start(&dev->gateway, dev->cli, dev->gateway_program,
			      dev->spec_dir, dev->dir))
		return;
	fprintf(dev->cli->err, "wsgen: %s: %s\n", dev->gateway_program,
		strerror(errno));
	dev->exit_code = CLI_FAILED;
	dev->over = true;
}

/* The gateway reads both. */
static uint64_t hash_served(const struct dev *dev)
{
	struct arena *arena = dev->cli->arena;
	struct file env;

	if (!file_read(arena, path_join(arena, dev->spec_dir, ".env"), &env))
		return dev->made;
	return dev->made ^ hash_bytes(env.text, env.len);
}

static void serve_build(struct dev *dev)
{
	const char **functions;
	size_t count = changed_binaries(dev, &functions);
	uint64_t made = hash_served(dev);

	if (!dev->gateway.child.pid) {
		start_gateway(dev);
	} else if (count || made != dev->served) {
		dev->reload_ms = dev->begun_ms;
		dev_gateway_reload(&dev->gateway, dev->cli->arena, functions,
				   count);
	} else if (dev->bad) {
		say(dev, "good again, as it was");
	}
	dev->bad = false;
	dev->served = made;
}

/* What the gateway said to a reload. */
static void hear_gateway(struct dev *dev)
{
	char text[80];

	if (dev->gateway.reloaded) {
		snprintf(text, sizeof(text), "rebuilt in %lld ms",
			 (long long)(now_ms() - dev->reload_ms));
		say(dev, text);
	}
	if (dev->gateway.refused) {
		/* So the next build is served as a whole. */
		dev->served = 0;
		for (size_t i = 0; i < dev->binaries.count; i++)
			dev->binaries.items[i].seen = (struct stat){ 0 };
		say(dev, "serving the last good build on");
	}
	dev->gateway.reloaded = dev->gateway.refused = false;
}

static void end_build(struct dev *dev, int status)
{
	bool good = WIFEXITED(status) && !WEXITSTATUS(status);
	struct buf *said = &dev->make.said;

	child_close(&dev->make.child);
	dev->building = false;
	if (said->len > TOLD_MAX)
		said->text[TOLD_MAX] = '\0';
	dev->bad |= !good;
	if (good)
		serve_build(dev);
	else
		say(dev, dev->gateway.child.pid
				 ? "not built: serving the last good build on"
				 : "not built: waiting for a change");
	if (!dev->over)
		dev_gateway_tell(&dev->gateway, dev->cli->arena,
				 said->len ? said->text : "built", good);
}

static void gateway_over(struct dev *dev, int status)
{
	child_close(&dev->gateway.child);
	if (WIFEXITED(status))
		dev->exit_code = WEXITSTATUS(status);
	else
		dev->exit_code = CLI_FAILED;
	if (WIFSIGNALED(status))
		fprintf(dev->cli->err, "wsgen: the gateway was ended: %s\n",
			strsignal(WTERMSIG(status)));
	dev->over = true;
}

static int watch_fd(fd_set *set, int fd, int max)
{
	if (fd >= 0)
		FD_SET(fd, set);
	return fd > max ? fd : max;
}

/* How long a change has to wait still, for others that belong to it. */
static int64_t settle_ms(const struct dev *dev)
{
	int64_t now = now_ms();
	int64_t left = dev->change_ms + SETTLE_MS - now;
	int64_t most = dev->first_ms + SETTLE_MAX_MS - now;

	if (left > most)
		left = most;
	return left > 0 ? left : 0;
}

/* Until something happens; signals come in here and nowhere else. */
static bool wait_for(struct dev *dev, const sigset_t *mask, fd_set *set)
{
	const struct timespec settle = { 0, (long)settle_ms(dev) * 1000000L };
	int max = -1;

	FD_ZERO(set);
	max = watch_fd(set, dev->watch.fd, max);
	max = watch_fd(set, dev->building ? dev->make.child.out : -1, max);
	max = watch_fd(set, dev->gateway.child.out, max);
	if (pselect(max + 1, set, NULL, NULL,
		    dev->first_ms && !dev->building ? &settle : NULL,
		    mask) >= 0)
		return true;
	FD_ZERO(set);
	return errno == EINTR;
}

/* What make said last; something that it left behind may hold the pipe. */
static void hear_make_out(struct dev *dev)
{
	struct pollfd out = { .fd = dev->make.child.out, .events = POLLIN };

	/* More than a pipe holds was not said by make. */
	for (size_t i = 0; out.fd >= 0 && i < MAKE_READS_MAX; i++)
		if (poll(&out, 1, 0) <= 0 || !dev_make_read(&dev->make))
			break;
	dev_make_end(&dev->make);
}

static void look(struct dev *dev, fd_set *set)
{
	int status;

	if (FD_ISSET(dev->watch.fd, set) &&
	    watch_changed(&dev->watch, dev->cli->err)) {
		dev->change_ms = now_ms();
		if (!dev->first_ms)
			dev->first_ms = dev->change_ms;
	}
	if (dev->building && dev->make.child.out >= 0 &&
	    FD_ISSET(dev->make.child.out, set) && !dev_make_read(&dev->make))
		child_close(&dev->make.child);
	if (dev->gateway.child.out >= 0 &&
	    FD_ISSET(dev->gateway.child.out, set) &&
	    !dev_gateway_read(&dev->gateway))
		child_close(&dev->gateway.child);
	hear_gateway(dev);
	if (dev->building && child_ended(&dev->make.child, &status)) {
		hear_make_out(dev);
		end_build(dev, status);
	}
	if (child_ended(&dev->gateway.child, &status))
		gateway_over(dev, status);
	if (dev->first_ms && !dev->building && !dev->over && !settle_ms(dev))
		begin_build(dev);
}

static void serve(struct dev *dev)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t blocked, old;
	fd_set set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGCHLD);
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		sigaddset(&blocked, ends[i]);
	sigprocmask(SIG_BLOCK, &blocked, &old);
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		sigaction(ends[i], &action, NULL);
	sigaction(SIGCHLD, &action, NULL);
	begin_build(dev);
	while (!dev->over) {
		if (!wait_for(dev, &old, &set)) {
			dev->exit_code = cli_failed(dev->cli, "waiting");
			break;
		}
		if (signalled)
			break;
		look(dev, &set);
	}
	child_end(&dev->make.child, MAKE_GRACE_MS);
	/* Its standard input ends, which is what it waits for. */
	child_end(&dev->gateway.child, GATEWAY_GRACE_MS);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

int cli_dev(struct cli *cli)
{
	struct arena *arena = cli->arena;
	struct dev dev = { .cli = cli };
	const char *output;

	dev.make.child = (struct child){ .in = -1, .out = -1 };
	dev.gateway.child = dev.make.child;
	output = cli->given[CLI_OUTPUT] ? cli->values[CLI_OUTPUT]
					: CLI_OUTPUT_DIR;
	if (!strcmp(cli->operands.items[0], "-"))
		return cli_usage(cli, "'wsgen dev' watches files: it cannot "
				      "read standard input");
	dev.spec_dir = path_folder(arena, cli->operands.items[0]);
	dev.dir = output;
	dev.wsgen = own_path(arena);
	if (!dev.wsgen || !path_absolute(arena, output))
		return cli_failed(cli, output);
	dev.gateway_program = find_gateway(arena, dev.wsgen);
	if (!watch_init(&dev.watch, arena, path_absolute(arena, output)))
		return cli_failed(cli, "inotify");
	watch_add(&dev.watch, dev.spec_dir, true, cli->err);
	serve(&dev);
	watch_release(&dev.watch);
	return dev.exit_code;
}
