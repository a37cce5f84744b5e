#include "nestor_limits.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/resource.h>

static struct rlimit first_open_files;
static bool has_raised_open_files;

int nestor_memory_lock_limits(uint64_t *soft, uint64_t *hard) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_MEMLOCK, &limit) < 0) return -errno;
  *soft = limit.rlim_cur == RLIM_INFINITY ? UINT64_MAX : limit.rlim_cur;
  *hard = limit.rlim_max == RLIM_INFINITY ? UINT64_MAX : limit.rlim_max;
  return 0;
}

void nestor_raise_open_files(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return;
  first_open_files = limit;
  limit.rlim_cur = limit.rlim_max;
  has_raised_open_files = setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

void nestor_restore_open_files(void) {
  if (has_raised_open_files) setrlimit(RLIMIT_NOFILE, &first_open_files);
}
