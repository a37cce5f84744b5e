#define _GNU_SOURCE
#include "nestor_cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int nestor_cgroup_device_programs(const char *path) {
  const int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return -errno;
  union bpf_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  attributes.query.target_fd = (uint32_t)folder;
  attributes.query.attach_type = BPF_CGROUP_DEVICE;
  const long result = syscall(SYS_bpf, BPF_PROG_QUERY, &attributes, sizeof attributes);
  const int error = errno;
  close(folder);
  if (result < 0) return -error;
  return attributes.query.prog_cnt > INT_MAX ? INT_MAX : (int)attributes.query.prog_cnt;
}
