/// Tap devices. In C because struct ifreq is a union and ioctl is variadic.
///
/// https://docs.kernel.org/networking/tuntap.html
#ifndef NESTOR_TAP_H
#define NESTOR_TAP_H

/// The room that an interface's name needs, its final NUL included (IFNAMSIZ).
enum { NESTOR_INTERFACE_NAME_SIZE = 16 };

/// Makes a tap on an open /dev/net/tun, with virtio-net headers and without packet information, as QEMU does. `name`
/// may hold one "%d", for which the kernel chooses a free number; the name that it got comes back in it. The interface
/// is down and goes when the descriptor is closed.
int nestor_tap_create(int tun, char name[NESTOR_INTERFACE_NAME_SIZE]);

#endif
