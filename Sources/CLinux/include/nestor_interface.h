/// Network interfaces by their names. In C because struct ifreq is a union and ioctl is variadic.
///
/// netdevice(7), <linux/sockios.h>
#ifndef NESTOR_INTERFACE_H
#define NESTOR_INTERFACE_H

/// Makes an interface a port of a bridge. Needs CAP_NET_ADMIN.
int nestor_bridge_add(const char *bridge, const char *interface);

/// Brings an interface up. Needs CAP_NET_ADMIN.
int nestor_interface_up(const char *interface);

#endif
