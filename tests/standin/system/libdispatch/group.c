// Groups and semaphores.
#include "internal.h"
#include <errno.h>
#include <stdlib.h>
#include <time.h>

struct notice {
  dispatch_queue_t queue;
  void *context;
  dispatch_function_t work;
  struct notice *next;
};

struct dispatch_group_s {
  void *isa;
  pthread_mutex_t lock;
  pthread_cond_t empty;
  long members;
  struct notice *notices;
};

struct dispatch_semaphore_s {
  void *isa;
  pthread_mutex_t lock;
  pthread_cond_t raised;
  intptr_t value;
};

static void condition_init(pthread_cond_t *condition) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(condition, &attributes);
}

// Waits once; false when the deadline has passed.
static bool condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock, dispatch_time_t deadline) {
  if (deadline == DISPATCH_TIME_FOREVER) return pthread_cond_wait(condition, lock) == 0;
  struct timespec time;
  deadline_to_timespec(deadline, &time);  // DISPATCH_TIME_NOW is 0: long past, so only a look
  return pthread_cond_timedwait(condition, lock, &time) != ETIMEDOUT;
}

dispatch_group_t dispatch_group_create(void) {
  dispatch_group_t group = calloc(1, sizeof *group);
  pthread_mutex_init(&group->lock, NULL);
  condition_init(&group->empty);
  return group;
}

static void enter(dispatch_group_t group) {
  pthread_mutex_lock(&group->lock);
  group->members++;
  pthread_mutex_unlock(&group->lock);
}

static void send_notices(struct notice *notice) {
  while (notice != NULL) {
    struct notice *next = notice->next;
    enqueue(notice->queue, notice->context, notice->work);
    free(notice);
    notice = next;
  }
}

static void leave(dispatch_group_t group) {
  struct notice *notices = NULL;
  pthread_mutex_lock(&group->lock);
  if (--group->members == 0) {
    notices = group->notices;
    group->notices = NULL;
    pthread_cond_broadcast(&group->empty);
  }
  pthread_mutex_unlock(&group->lock);
  send_notices(notices);
}

void dispatch_group_enter(dispatch_group_t group) { enter(group); }

void dispatch_group_leave(dispatch_group_t group) { leave(group); }

intptr_t dispatch_group_wait(dispatch_group_t group, dispatch_time_t timeout) {
  pthread_mutex_lock(&group->lock);
  bool in_time = true;
  while (group->members > 0 && in_time) in_time = condition_wait(&group->empty, &group->lock, timeout);
  intptr_t late = group->members > 0;
  pthread_mutex_unlock(&group->lock);
  return late;
}

struct member {
  dispatch_group_t group;
  void *context;
  dispatch_function_t work;
};

static void run_member(void *context) {
  struct member *member = context;
  member->work(member->context);
  leave(member->group);
  free(member);
}

void run_in_group(dispatch_group_t group, dispatch_queue_t queue, void *context, dispatch_function_t work) {
  struct member *member = calloc(1, sizeof *member);
  *member = (struct member){group, context, work};
  enter(group);
  enqueue(queue, member, run_member);
}

void run_after_group(dispatch_group_t group, dispatch_queue_t queue, void *context, dispatch_function_t work) {
  struct notice *notice = calloc(1, sizeof *notice);
  *notice = (struct notice){queue, context, work, NULL};
  pthread_mutex_lock(&group->lock);
  bool now = group->members == 0;
  if (!now) {
    notice->next = group->notices;
    group->notices = notice;
  }
  pthread_mutex_unlock(&group->lock);
  if (now) send_notices(notice);
}

void dispatch_group_async_f(dispatch_group_t group, dispatch_queue_t queue, void *context, dispatch_function_t work) {
  run_in_group(group, queue, context, work);
}

void dispatch_group_notify_f(dispatch_group_t group, dispatch_queue_t queue, void *context, dispatch_function_t work) {
  run_after_group(group, queue, context, work);
}

dispatch_semaphore_t dispatch_semaphore_create(intptr_t value) {
  dispatch_semaphore_t semaphore = calloc(1, sizeof *semaphore);
  pthread_mutex_init(&semaphore->lock, NULL);
  condition_init(&semaphore->raised);
  semaphore->value = value;
  return semaphore;
}

intptr_t dispatch_semaphore_wait(dispatch_semaphore_t semaphore, dispatch_time_t timeout) {
  pthread_mutex_lock(&semaphore->lock);
  bool in_time = true;
  while (semaphore->value == 0 && in_time) in_time = condition_wait(&semaphore->raised, &semaphore->lock, timeout);
  bool taken = semaphore->value > 0;
  if (taken) semaphore->value--;
  pthread_mutex_unlock(&semaphore->lock);
  return !taken;
}

intptr_t dispatch_semaphore_signal(dispatch_semaphore_t semaphore) {
  pthread_mutex_lock(&semaphore->lock);
  semaphore->value++;
  pthread_cond_signal(&semaphore->raised);
  pthread_mutex_unlock(&semaphore->lock);
  return 0;
}
