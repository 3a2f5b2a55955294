// In front of the C library where a scenario wants a phone whose clock is wrong, or that says which model it is.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

static long long skew_ns(void) {
  static long long skew = -1;
  if (skew == -1) {
    const char *text = getenv("STANDIN_CLOCK_SKEW");
    skew = text == NULL ? 0 : (long long)(atof(text) * 1e9);
  }
  return skew;
}

static void skew(long *seconds, long *rest_ns) {
  long long ns = *seconds * 1000000000ll + *rest_ns + skew_ns();
  *seconds = ns / 1000000000ll;
  *rest_ns = ns % 1000000000ll;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  static int (*original)(clockid_t, struct timespec *);
  if (original == NULL) original = dlsym(RTLD_NEXT, "clock_gettime");
  int result = original(clock, now);
  if (result == 0 && clock == CLOCK_REALTIME) skew(&now->tv_sec, &now->tv_nsec);
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec spec;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &spec);
  now->tv_sec = spec.tv_sec;
  now->tv_usec = spec.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *result) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (result != NULL) *result = now.tv_sec;
  return now.tv_sec;
}

// Source: sysctl(3) of Darwin; what the agent asks for.
int sysctlbyname(const char *name, void *old, size_t *length, void *new, size_t new_length) {
  const char *variable = NULL;
  (void)new;
  (void)new_length;
  if (strcmp(name, "hw.machine") == 0) variable = "STANDIN_MODEL";
  if (strcmp(name, "hw.model") == 0) variable = "STANDIN_BOARD";
  if (strcmp(name, "kern.osproductversion") == 0) variable = "STANDIN_OS_VERSION";
  if (strcmp(name, "kern.hv_vmm_present") == 0 && getenv("STANDIN_GUEST") != NULL && *length >= sizeof(int)) {
    *(int *)old = atoi(getenv("STANDIN_GUEST"));
    *length = sizeof(int);
    return 0;
  }
  const char *text = variable == NULL ? NULL : getenv(variable);
  if (text == NULL || *length <= strlen(text)) return -1;
  strcpy(old, text);
  *length = strlen(text) + 1;
  return 0;
}
