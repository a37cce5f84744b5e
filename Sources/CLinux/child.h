/// Runs C code in a child process with a time limit. Private to this target: what runs between fork and exit may only
/// use async-signal-safe calls, which Swift code cannot promise.
#ifndef NESTOR_CHILD_H
#define NESTOR_CHILD_H

#include <stdint.h>

/// How a child ended.
struct nestor_child_end {
  /// The child was still busy when the limit was reached, and was killed.
  int timed_out;
  /// The signal that ended it, or 0.
  int signal;
};

/// Runs `body(argument)` in a child that shares no memory with the caller but its shared mappings, has no descriptors,
/// has all signals blocked, and dies with the calling thread. Returns 0 when the child ran and fills `end`, or a
/// negated errno value when no child could be started. Blocks for `limit_ns` nanoseconds at most, and for 200 ms more
/// while a killed child dies; one that cannot die, stuck in the kernel, is left to init.
int nestor_child_run(void (*body)(void *argument), void *argument, uint64_t limit_ns, struct nestor_child_end *end);

#endif
