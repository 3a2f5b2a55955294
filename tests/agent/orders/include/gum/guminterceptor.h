#pragma once
#include <glib.h>

typedef struct { gsize rip, rsp, rbp, rbx, r12, r13, r14, r15; } GumCpuContext;
typedef struct {
  GumCpuContext *cpu_context;
  gpointer arguments[8];
  const void *function_data;
  gsize data[64];
} GumInvocationContext;

#define GUM_IC_GET_FUNC_DATA(ic, type) ((type)(ic)->function_data)
#define GUM_IC_GET_INVOCATION_DATA(ic, type) ((type *)(ic)->data)
#define gum_invocation_context_get_nth_argument(ic, n) ((ic)->arguments[n])
#define gum_invocation_context_replace_nth_argument(ic, n, value) ((ic)->arguments[n] = (value))
#define gum_invocation_context_get_return_value(ic) ((gpointer)0)
#define gum_invocation_context_get_return_address(ic) ((gpointer)0x1234)
guint gum_invocation_context_get_thread_id(GumInvocationContext *ic);
