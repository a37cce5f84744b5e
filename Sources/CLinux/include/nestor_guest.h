/// What a guest's agent asks of its kernel. In C because ioctl is variadic, its numbers are function-like macros, struct
/// ifreq is a union and struct rand_pool_info has a flexible array.
///
/// ioctl_fifreeze(2), random(4), netdevice(7), reboot(2)
#ifndef NESTOR_GUEST_H
#define NESTOR_GUEST_H

#include <stddef.h>
#include <stdint.h>

/// Freezes the file system of an open folder: what is dirty is written, and whoever writes waits. EBUSY where it is
/// frozen already, EOPNOTSUPP where its type cannot.
int nestor_freeze(int folder);

/// Thaws the file system of an open folder. EINVAL where it is not frozen.
int nestor_thaw(int folder);

/// Adds random bytes to an open /dev/urandom and counts them as such; at most 512.
int nestor_add_entropy(int random, const void *bytes, size_t size);

/// Makes the kernel's generator take its pool into account at once; ENOTTY and EINVAL before Linux 4.14.
int nestor_reseed(int random);

/// Gives a network interface another hardware address of six bytes; most cards have to be down.
int nestor_set_mac(const char *interface, const uint8_t mac[6]);

/// Takes a network interface up or down.
int nestor_set_link(const char *interface, int is_up);

/// What reboot(2) is to do.
enum nestor_power { NESTOR_POWER_OFF = 0, NESTOR_POWER_REBOOT = 1, NESTOR_POWER_HALT = 2 };

/// Ends the machine at once, without synchronising anything.
int nestor_power(enum nestor_power action);

#endif
