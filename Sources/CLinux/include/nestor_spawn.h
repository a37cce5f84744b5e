/// Starts a program as a session leader of its own, on three descriptors or on a terminal; and threads.
///
/// In C because what runs between fork and exec may only use async-signal-safe calls, which Swift code cannot promise,
/// and posix_spawn can neither change the user nor take a controlling terminal.
#ifndef NESTOR_SPAWN_H
#define NESTOR_SPAWN_H

#include <stdint.h>
#include <sys/types.h>

/// What to start.
struct nestor_spawn_request {
  /// The program's whole path.
  const char *path;
  /// The arguments and the environment, each ended by NULL.
  char *const *arguments;
  char *const *environment;
  /// The folder to start in.
  const char *directory;
  /// Whether a folder that is not there is replaced by "/", as a login does with the user's home.
  int directory_is_optional;
  /// Standard input, output and error; with a terminal all three are its device.
  int descriptors[3];
  /// Whether the first descriptor is a terminal that becomes the controlling one.
  int is_terminal;
  /// The user, the group and the supplementary groups to become, where `changes_user` is set.
  int changes_user;
  uid_t user;
  gid_t group;
  const gid_t *groups;
  uint32_t group_count;
};

/// What the child was doing when it failed.
enum nestor_spawn_step {
  NESTOR_SPAWN_STEP_START = 0,
  NESTOR_SPAWN_STEP_SESSION,
  NESTOR_SPAWN_STEP_TERMINAL,
  NESTOR_SPAWN_STEP_DESCRIPTORS,
  NESTOR_SPAWN_STEP_USER,
  NESTOR_SPAWN_STEP_DIRECTORY,
  NESTOR_SPAWN_STEP_PROGRAM,
};

/// Starts the program; its signals are as a new program expects them, it has no other descriptors, and it is killed when
/// the calling thread ends before it. Returns its process ID, or a negated errno value with the failed step in `step`; the child of a failed start has been reaped.
pid_t nestor_spawn(const struct nestor_spawn_request *request, int32_t *step);

/// Opens a new pseudo-terminal: two descriptors, close-on-exec; the first non-blocking, the second the program's end.
/// `owner` gets the device, so that it can be opened by its name, as screen and gpg do.
int nestor_open_terminal(int *controller, int *device, uid_t owner);

/// The process group in a terminal's foreground, 0 where there is none.
pid_t nestor_terminal_foreground(int terminal);

/// Sets a terminal's size in characters; its programs get SIGWINCH.
int nestor_set_terminal_size(int terminal, uint16_t rows, uint16_t columns);

/// Makes a pipe, close-on-exec; `flags` are O_NONBLOCK or 0, for both ends.
int nestor_pipe(int descriptors[2], int flags);

/// Starts a detached thread with a stack of `stack_size` bytes; `body` gets `argument`.
int nestor_start_thread(void (*body)(void *argument), void *argument, uint64_t stack_size);

/// Makes this process the one that orphans of its descendants come to.
int nestor_adopt_orphans(void);

#endif
