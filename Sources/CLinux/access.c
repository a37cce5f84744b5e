#define _GNU_SOURCE
#include "nestor_access.h"

#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct shared {
  const char *path;
  int flags;
  uid_t user;
  gid_t group;
  const gid_t *groups;
  uint32_t group_count;
  struct nestor_access_report report;
};

static void probe(void *argument) {
  struct shared *shared = argument;
  // The bare calls: the C library's functions of the same names try to change the user of threads that only the
  // parent has.
  if (syscall(SYS_setgroups, (size_t)shared->group_count, shared->groups) < 0 ||
      syscall(SYS_setresgid, shared->group, shared->group, shared->group) < 0 ||
      syscall(SYS_setresuid, shared->user, shared->user, shared->user) < 0) {
    shared->report.identity_error = errno;
    return;
  }
  // O_NONBLOCK: neither a FIFO nor a serial line shall keep anyone waiting.
  const int file = open(shared->path, (shared->flags & ~(O_CREAT | O_TRUNC)) | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (file < 0) {
    shared->report.open_error = errno;
  } else {
    shared->report.opened = 1;
  }
}

int nestor_access(const char *path, int flags, uid_t user, gid_t group, const gid_t *groups, uint32_t group_count,
                  uint64_t limit_ns, struct nestor_access_report *report) {
  memset(report, 0, sizeof *report);
  struct shared *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return -errno;
  shared->path = path;
  shared->flags = flags;
  shared->user = user;
  shared->group = group;
  shared->groups = groups;
  shared->group_count = group_count;
  struct nestor_child_end end;
  const int result = nestor_child_run(probe, shared, limit_ns, &end);
  if (result == 0) {
    *report = shared->report;
    report->timed_out = end.timed_out;
  }
  munmap(shared, sizeof *shared);
  return result;
}
