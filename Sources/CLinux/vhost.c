#define _GNU_SOURCE
#include "nestor_vhost.h"

#include <errno.h>
#include <linux/vhost.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>

static int result_of(int result) { return result < 0 ? -errno : result; }

int nestor_eventfd(void) { return result_of(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)); }

int nestor_vhost_set_owner(int vhost) { return result_of(ioctl(vhost, VHOST_SET_OWNER, 0)); }

int nestor_vhost_get_features(int vhost, uint64_t *features) {
  return result_of(ioctl(vhost, VHOST_GET_FEATURES, features));
}

int nestor_vhost_set_features(int vhost, uint64_t features) {
  return result_of(ioctl(vhost, VHOST_SET_FEATURES, &features));
}

int nestor_vhost_set_memory(int vhost, uint64_t guest, void *memory, uint64_t size) {
  struct vhost_memory *table = calloc(1, sizeof *table + sizeof table->regions[0]);
  if (table == NULL) return -ENOMEM;
  table->nregions = 1;
  table->regions[0].guest_phys_addr = guest;
  table->regions[0].memory_size = size;
  table->regions[0].userspace_addr = (uint64_t)(uintptr_t)memory;
  const int result = result_of(ioctl(vhost, VHOST_SET_MEM_TABLE, table));
  free(table);
  return result;
}

int nestor_vhost_set_queue_size(int vhost, uint32_t queue, uint32_t size) {
  struct vhost_vring_state state = {.index = queue, .num = size};
  if (ioctl(vhost, VHOST_SET_VRING_NUM, &state) < 0) return -errno;
  state.num = 0;
  return result_of(ioctl(vhost, VHOST_SET_VRING_BASE, &state));
}

int nestor_vhost_set_queue_rings(int vhost, uint32_t queue, void *descriptors, void *available, void *used) {
  struct vhost_vring_addr addresses;
  memset(&addresses, 0, sizeof addresses);
  addresses.index = queue;
  addresses.desc_user_addr = (uint64_t)(uintptr_t)descriptors;
  addresses.avail_user_addr = (uint64_t)(uintptr_t)available;
  addresses.used_user_addr = (uint64_t)(uintptr_t)used;
  return result_of(ioctl(vhost, VHOST_SET_VRING_ADDR, &addresses));
}

int nestor_vhost_set_queue_events(int vhost, uint32_t queue, int kick, int call) {
  struct vhost_vring_file file = {.index = queue, .fd = kick};
  if (ioctl(vhost, VHOST_SET_VRING_KICK, &file) < 0) return -errno;
  file.fd = call;
  return result_of(ioctl(vhost, VHOST_SET_VRING_CALL, &file));
}

int nestor_vhost_net_set_backend(int vhost, uint32_t queue, int backend) {
  struct vhost_vring_file file = {.index = queue, .fd = backend};
  return result_of(ioctl(vhost, VHOST_NET_SET_BACKEND, &file));
}

int nestor_vhost_vsock_set_guest_cid(int vhost, uint64_t cid) {
  return result_of(ioctl(vhost, VHOST_VSOCK_SET_GUEST_CID, &cid));
}
