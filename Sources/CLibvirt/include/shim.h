// libvirt's C API as Swift imports it, and what Swift cannot import by itself.
#pragma once

#include <stddef.h>
#include <sys/prctl.h>

#include <libvirt/libvirt-qemu.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

// Loads libvirt, before anything else of it is called; once, by one thread. NULL, or what is wrong, as dlerror says it.
const char *nestor_load_libvirt(void);

// VIR_DOMAIN_EVENT_CALLBACK and its like are function-like macros that cast a typed callback to the generic type;
// Swift imports no such macros, and has no cast between C function types of its own.
static inline virConnectDomainEventGenericCallback nestor_domain_callback(void *callback) {
  return (virConnectDomainEventGenericCallback)callback;
}

// An error function that says nothing: libvirt prints every error to standard error unless one is set.
static inline void nestor_ignore_error(void *data, virErrorPtr error) {
  (void)data;
  (void)error;
}

static inline void nestor_silence_errors(void) { virSetErrorFunc(NULL, nestor_ignore_error); }

// prctl is variadic, which Swift cannot call; a thread's name shows in ps and gdb.
static inline void nestor_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }
