#define _GNU_SOURCE
#include "nestor_spawn.h"

#include "nestor_limits.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/// What the child writes into the pipe when it cannot become the program.
struct failure {
  int32_t step;
  int32_t number;
};

static _Noreturn void give_up(int report, enum nestor_spawn_step step) {
  const struct failure failure = {.step = step, .number = errno};
  const ssize_t written = write(report, &failure, sizeof failure);
  (void)written;
  _exit(127);
}

/// Closes all descriptors from `first` on but `spared`. close_range(2) came with Linux 5.9; before, all that the limit
/// allows are tried, which needs no memory and no folder.
static void close_from(unsigned first, unsigned spared) {
  if (spared > first && syscall(SYS_close_range, first, spared - 1, 0u) != 0) goto one_by_one;
  if (syscall(SYS_close_range, (spared < first ? first : spared + 1), ~0u, 0u) == 0) return;
one_by_one:;
  struct rlimit limit;
  unsigned last = 65536;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < last) last = (unsigned)limit.rlim_cur;
  for (unsigned number = first; number < last; number++)
    if (number != spared) close((int)number);
}

/// Hands a script without an interpreter line to the shell, as execvp(3) does. Returns when that fails.
static void run_script(const struct nestor_spawn_request *request) {
  static char shell[] = "/bin/sh";
  size_t count = 0;
  while (request->arguments[count] != NULL) count++;
  // Not malloc, whose locks another thread of the parent may have held.
  char **words = mmap(NULL, (count + 3) * sizeof *words, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (words == MAP_FAILED) return;
  words[0] = shell;
  words[1] = (char *)(uintptr_t)request->path;
  for (size_t index = 1; index < count; index++) words[index + 1] = request->arguments[index];
  execve(shell, words, request->environment);
}

static _Noreturn void become(const struct nestor_spawn_request *request, pid_t parent, int report) {
  // Above the three that are about to be replaced.
  report = fcntl(report, F_DUPFD_CLOEXEC, 3);
  if (report < 0) _exit(127);
  if (setsid() < 0) give_up(report, NESTOR_SPAWN_STEP_SESSION);
  int sources[3];
  for (int index = 0; index < 3; index++) {
    sources[index] = fcntl(request->descriptors[index], F_DUPFD, 3);
    if (sources[index] < 0) give_up(report, NESTOR_SPAWN_STEP_DESCRIPTORS);
  }
  for (int index = 0; index < 3; index++)
    if (dup2(sources[index], index) < 0) give_up(report, NESTOR_SPAWN_STEP_DESCRIPTORS);
  if (request->is_terminal && ioctl(0, TIOCSCTTY, 0) != 0) give_up(report, NESTOR_SPAWN_STEP_TERMINAL);
  close_from(3, (unsigned)report);
  nestor_restore_open_files();
  if (request->changes_user) {
    // The kernel's own calls: the C library's wait for all threads to follow, and here there are none left that could.
    if (syscall(SYS_setgroups, (size_t)request->group_count, request->groups) != 0 ||
        syscall(SYS_setresgid, request->group, request->group, request->group) != 0 ||
        syscall(SYS_setresuid, request->user, request->user, request->user) != 0)
      give_up(report, NESTOR_SPAWN_STEP_USER);
  }
  // Dies with the thread that started it: after the change of user, which clears the setting.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  // As the user, who may not be allowed in.
  if (chdir(request->directory) != 0 && (!request->directory_is_optional || chdir("/") != 0))
    give_up(report, NESTOR_SPAWN_STEP_DIRECTORY);
  umask(022);
  // The bare call, since the C library's leaves out two signals of its own; zeros are SIG_DFL and an empty mask in the
  // kernel's struct of every architecture.
  static const uint64_t standard[8];
  for (int number = 1; number < NSIG; number++) syscall(SYS_rt_sigaction, number, standard, NULL, (size_t)8);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execve(request->path, request->arguments, request->environment);
  if (errno == ENOEXEC) run_script(request);
  give_up(report, NESTOR_SPAWN_STEP_PROGRAM);
}

pid_t nestor_spawn(const struct nestor_spawn_request *request, int32_t *step) {
  int report[2];
  *step = NESTOR_SPAWN_STEP_START;
  if (pipe2(report, O_CLOEXEC) != 0) return -errno;
  // Blocked before the fork, so that no handler of the caller ever runs in the child.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  // _Fork runs no pthread_atfork handlers, which could wait for locks that nobody in the child releases.
  const pid_t parent = getpid();
  const pid_t pid = _Fork();
  if (pid == 0) become(request, parent, report[1]);
  const int problem = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(report[1]);
  if (pid < 0) {
    close(report[0]);
    return -problem;
  }
  struct failure failure;
  ssize_t count;
  do {
    count = read(report[0], &failure, sizeof failure);
  } while (count < 0 && errno == EINTR);
  close(report[0]);
  if (count != sizeof failure) return pid;
  *step = failure.step;
  // The agent's reaper may have been faster, which is as well.
  while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
  }
  return failure.number > 0 ? -failure.number : -EIO;
}

int nestor_open_terminal(int *controller, int *device, uid_t owner) {
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal < 0) return -errno;
  char name[64];
  int end = -1;
  if (grantpt(terminal) == 0 && unlockpt(terminal) == 0 && ptsname_r(terminal, name, sizeof name) == 0)
    end = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (end < 0 || fcntl(terminal, F_SETFL, O_RDWR | O_NONBLOCK) != 0) {
    const int problem = errno;
    if (end >= 0) close(end);
    close(terminal);
    return -problem;
  }
  // What these refuse, most programs can do without.
  if (fchown(end, owner, (gid_t)-1) == 0) fchmod(end, 0620);
  *controller = terminal;
  *device = end;
  return 0;
}

pid_t nestor_terminal_foreground(int terminal) {
  pid_t group = 0;
  return ioctl(terminal, TIOCGPGRP, &group) == 0 && group > 0 ? group : 0;
}

int nestor_set_terminal_size(int terminal, uint16_t rows, uint16_t columns) {
  const struct winsize size = {.ws_row = rows, .ws_col = columns};
  return ioctl(terminal, TIOCSWINSZ, &size) == 0 ? 0 : -errno;
}

int nestor_pipe(int descriptors[2], int flags) { return pipe2(descriptors, O_CLOEXEC | flags) == 0 ? 0 : -errno; }

struct thread_start {
  void (*body)(void *argument);
  void *argument;
};

static void *run_thread(void *pointer) {
  const struct thread_start start = *(struct thread_start *)pointer;
  free(pointer);
  start.body(start.argument);
  return NULL;
}

int nestor_start_thread(void (*body)(void *argument), void *argument, uint64_t stack_size) {
  struct thread_start *start = malloc(sizeof *start);
  if (start == NULL) return -ENOMEM;
  *start = (struct thread_start){.body = body, .argument = argument};
  pthread_attr_t attributes;
  pthread_t thread;
  int status = pthread_attr_init(&attributes);
  if (status == 0) {
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    status = pthread_attr_setstacksize(&attributes, stack_size);
    if (status == 0) status = pthread_create(&thread, &attributes, run_thread, start);
    pthread_attr_destroy(&attributes);
  }
  if (status != 0) free(start);
  return -status;
}

int nestor_adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 ? 0 : -errno; }
