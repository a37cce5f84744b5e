#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/// Waits until the process ends: 1 when it did, 0 when the time is over.
static int wait_for_end(int pidfd, uint64_t limit_ns) {
  const uint64_t start = now_ns();
  for (;;) {
    const uint64_t passed = now_ns() - start;
    if (passed >= limit_ns) return 0;
    const uint64_t rest = limit_ns - passed;
    struct timespec timeout = {.tv_sec = (time_t)(rest / 1000000000u), .tv_nsec = (long)(rest % 1000000000u)};
    struct pollfd entry = {.fd = pidfd, .events = POLLIN};
    const int ready = ppoll(&entry, 1, &timeout, NULL);
    if (ready > 0) return 1;
    if (ready < 0 && errno != EINTR) return 0;
  }
}

static void reap(pid_t pid, int options, struct nestor_child_end *end) {
  int status = 0;
  pid_t done;
  do {
    done = waitpid(pid, &status, options);
  } while (done < 0 && errno == EINTR);
  if (done == pid && WIFSIGNALED(status)) end->signal = WTERMSIG(status);
}

int nestor_child_run(void (*body)(void *argument), void *argument, uint64_t limit_ns, struct nestor_child_end *end) {
  memset(end, 0, sizeof *end);
  const pid_t parent = getpid();
  // Blocked before the fork, so that no handler of the caller ever runs in the child.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  // _Fork, unlike fork, runs no pthread_atfork handlers: a library's handler could take locks that nobody releases.
  const pid_t pid = _Fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // A caller that died before the line above would leave the child without anyone to stop it.
    if (getppid() != parent) _exit(1);
    // The caller's locks and sockets must not live longer because of this child.
    syscall(SYS_close_range, 0u, ~0u, 0u);
    body(argument);
    _exit(0);
  }
  const int fork_error = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (pid < 0) return -fork_error;

  const int pidfd = (int)syscall(SYS_pidfd_open, pid, 0u);
  if (pidfd < 0) {
    const int pidfd_error = errno;
    kill(pid, SIGKILL);
    reap(pid, 0, end);
    return -pidfd_error;
  }
  if (!wait_for_end(pidfd, limit_ns)) {
    end->timed_out = 1;
    kill(pid, SIGKILL);
    wait_for_end(pidfd, 200000000u);
  }
  reap(pid, end->timed_out ? WNOHANG : 0, end);
  close(pidfd);
  return 0;
}
