#define _GNU_SOURCE
#include "nestor_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

int nestor_close_on_exec(int descriptor) {
  return fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 ? 0 : -errno;
}

int nestor_exchange(const char *first, const char *second) {
  return renameat2(AT_FDCWD, first, AT_FDCWD, second, RENAME_EXCHANGE) == 0 ? 0 : -errno;
}
