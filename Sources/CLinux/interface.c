#define _GNU_SOURCE
#include "nestor_interface.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int request(unsigned long number, const char *name, struct ifreq *request) {
  if (strlen(name) >= IFNAMSIZ) return -ENODEV;
  strcpy(request->ifr_name, name);
  // Any socket takes these requests, see netdevice(7).
  const int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (control < 0) return -errno;
  const int result = ioctl(control, number, request) < 0 ? -errno : 0;
  close(control);
  return result;
}

int nestor_bridge_add(const char *bridge, const char *interface) {
  struct ifreq port;
  memset(&port, 0, sizeof port);
  int result = request(SIOCGIFINDEX, interface, &port);
  return result < 0 ? result : request(SIOCBRADDIF, bridge, &port);
}

int nestor_interface_up(const char *interface) {
  struct ifreq flags;
  memset(&flags, 0, sizeof flags);
  int result = request(SIOCGIFFLAGS, interface, &flags);
  if (result < 0) return result;
  flags.ifr_flags |= IFF_UP;
  return request(SIOCSIFFLAGS, interface, &flags);
}
