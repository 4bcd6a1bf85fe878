/* SPDX-License-Identifier: MIT */
/* task.c - what waits for a function. */
#include "parts.h"

#include "../base/mem.h"

static void done(struct lambda_call *call, const struct lambda_answer *answer)
{
	/* The call is the first member of its task. */
	struct task *task = (struct task *)call;

	task->calling = false;
	loop_stop(task->api->options.loop, &task->limit);
	wsg_buf_release(&task->event);
	task->done(task, answer);
}

static void expire(struct loop_timer *timer)
{
	struct task *task =
		(struct task *)((char *)timer - offsetof(struct task, limit));

	if (task->calling)
		lambda_abandon(&task->call);
	task->calling = false;
	wsg_buf_release(&task->event);
	task->done(task, NULL);
}

void task_init(struct task *task, struct api *api)
{
	task->api = api;
	task->call.done = done;
	task->limit.fire = expire;
	task->limit.clock = CLOCK_GATEWAY;
	task->next = api->tasks;
	if (api->tasks)
		api->tasks->previous = task;
	api->tasks = task;
}

void task_release(struct task *task)
{
	if (task->calling)
		lambda_abandon(&task->call);
	loop_stop(task->api->options.loop, &task->limit);
	wsg_buf_release(&task->event);
	if (task->next)
		task->next->previous = task->previous;
	if (task->previous)
		task->previous->next = task->next;
	else
		task->api->tasks = task->next;
}

void task_call(struct task *task, struct lambda_function *function,
	       int64_t limit_ms)
{
	if (task->event.failed)
		mem_exhausted();
	task->call.event = (struct wsg_str){ task->event.ptr, task->event.len };
	task->calling = true;
	if (limit_ms)
		loop_start(task->api->options.loop, &task->limit,
			   limit_ms * 1000);
	lambda_invoke(function, &task->call);
}
