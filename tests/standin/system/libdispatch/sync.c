// dispatch_sync: the caller runs the work itself, when its turn has come. Work for the main queue runs on the main
// thread.
#include "internal.h"

struct turn {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  enum { WAITING, GRANTED, DONE } state;
  void *context;
  dispatch_function_t work;
};

static void turn_set(struct turn *turn, int state) {
  pthread_mutex_lock(&turn->lock);
  turn->state = state;
  pthread_cond_broadcast(&turn->changed);
  pthread_mutex_unlock(&turn->lock);
}

static void turn_wait(struct turn *turn, int state) {
  pthread_mutex_lock(&turn->lock);
  while (turn->state != state) pthread_cond_wait(&turn->changed, &turn->lock);
  pthread_mutex_unlock(&turn->lock);
}

static void grant_turn(void *context) {
  struct turn *turn = context;
  turn_set(turn, GRANTED);
  turn_wait(turn, DONE);
  // The caller owns the turn: it waits for this lock's release before it leaves.
  turn_set(turn, WAITING);
}

static void run_and_tell(void *context) {
  struct turn *turn = context;
  turn->work(turn->context);
  turn_set(turn, DONE);
}

static bool take_idle_queue(dispatch_queue_t queue) {
  pthread_mutex_lock(&queue->lock);
  bool idle = !queue->busy;
  if (idle) queue->busy = true;
  pthread_mutex_unlock(&queue->lock);
  return idle;
}

static void give_back(dispatch_queue_t queue) {
  pthread_mutex_lock(&queue->lock);
  bool more = queue->waiting.head != NULL;
  if (!more) queue->busy = false;
  pthread_mutex_unlock(&queue->lock);
  if (more) pool_submit(queue, queue, serial_queue_drain);
}

void run_sync(dispatch_queue_t queue, void *context, dispatch_function_t work) {
  if (queue->kind == QUEUE_CONCURRENT) {
    run_in_pool(queue, context, work);
    return;
  }
  if (queue->kind == QUEUE_SERIAL && take_idle_queue(queue)) {
    run_in_pool(queue, context, work);
    give_back(queue);
    return;
  }
  struct turn turn = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, WAITING, context, work};
  if (queue->kind == QUEUE_MAIN) {
    enqueue(queue, &turn, run_and_tell);
    turn_wait(&turn, DONE);
    return;
  }
  enqueue(queue, &turn, grant_turn);
  turn_wait(&turn, GRANTED);
  run_in_pool(queue, context, work);
  turn_set(&turn, DONE);
  turn_wait(&turn, WAITING);
}

void dispatch_sync_f(dispatch_queue_t queue, void *context, dispatch_function_t work) {
  run_sync(queue, context, work);
}

void dispatch_barrier_sync_f(dispatch_queue_t queue, void *context, dispatch_function_t work) {
  run_sync(queue, context, work);
}
