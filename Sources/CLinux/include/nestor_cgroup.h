/// What the kernel says of a version 2 cgroup's device rules.
///
/// In C because bpf(2) has no wrapper and takes a union.
#ifndef NESTOR_CGROUP_H
#define NESTOR_CGROUP_H

/// Counts the device programs on the cgroup whose folder is `path`: the same query by which libvirt decides whether the
/// "devices" controller is there. EPERM in a user namespace.
int nestor_cgroup_device_programs(const char *path);

#endif
