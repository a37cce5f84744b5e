/// vhost: virtio queues that the kernel serves. In C because ioctl is variadic, the numbers are function-like macros,
/// struct vhost_memory has a flexible array and struct vhost_vring_addr a layout that must match to the byte.
///
/// <linux/vhost.h>, https://docs.kernel.org/driver-api/virtio/virtio.html
#ifndef NESTOR_VHOST_H
#define NESTOR_VHOST_H

#include <stdint.h>

/// Makes an eventfd, close-on-exec and non-blocking: Swift's Glibc module leaves <sys/eventfd.h> out.
int nestor_eventfd(void);

/// Makes the calling process the owner of an open vhost device.
int nestor_vhost_set_owner(int vhost);

/// Reads the features that the device offers.
int nestor_vhost_get_features(int vhost, uint64_t *features);

/// Chooses among the features.
int nestor_vhost_set_features(int vhost, uint64_t features);

/// Tells the device of one region of guest memory: `size` bytes at `guest` in the guest and at `memory` here.
int nestor_vhost_set_memory(int vhost, uint64_t guest, void *memory, uint64_t size);

/// Sets a queue's size, a power of two, and starts it at its first entry.
int nestor_vhost_set_queue_size(int vhost, uint32_t queue, uint32_t size);

/// Places a queue's three rings, which must lie in the memory that the device was told of. Alignment: descriptors 16
/// bytes, available 2, used 4.
int nestor_vhost_set_queue_rings(int vhost, uint32_t queue, void *descriptors, void *available, void *used);

/// Gives a queue its two eventfds: by which it is woken, and by which it tells of what it used.
int nestor_vhost_set_queue_events(int vhost, uint32_t queue, int kick, int call);

/// Attaches a tap or socket to a queue of an open /dev/vhost-net; -1 detaches.
int nestor_vhost_net_set_backend(int vhost, uint32_t queue, int backend);

/// Claims a context ID for an open /dev/vhost-vsock until that is closed. EADDRINUSE when it is taken, EINVAL when it
/// is none that a guest can have.
int nestor_vhost_vsock_set_guest_cid(int vhost, uint64_t cid);

#endif
