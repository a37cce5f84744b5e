/// Resource limits. In C because Swift imports neither RLIMIT_MEMLOCK, a macro over a nameless enum, nor RLIM_INFINITY.
#ifndef NESTOR_LIMITS_H
#define NESTOR_LIMITS_H

#include <stdint.h>

/// How many bytes this process may lock, and how far it may raise that; UINT64_MAX without limit. getrlimit(2).
int nestor_memory_lock_limits(uint64_t *soft, uint64_t *hard);

/// Lets this process open as many descriptors as it may at all, setrlimit(2). Call it once, before there are threads.
void nestor_raise_open_files(void);

/// Gives a child the limit that this process had at first: programs that use select(2) count on a small one.
/// Async-signal-safe.
void nestor_restore_open_files(void);

#endif
