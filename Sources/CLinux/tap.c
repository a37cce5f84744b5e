#define _GNU_SOURCE
#include "nestor_tap.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <string.h>
#include <sys/ioctl.h>

_Static_assert(NESTOR_INTERFACE_NAME_SIZE == IFNAMSIZ, "the length of an interface's name");

int nestor_tap_create(int tun, char name[NESTOR_INTERFACE_NAME_SIZE]) {
  struct ifreq request;
  memset(&request, 0, sizeof request);
  memcpy(request.ifr_name, name, IFNAMSIZ - 1);
  request.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
  if (ioctl(tun, TUNSETIFF, &request) < 0) return -errno;
  memcpy(name, request.ifr_name, IFNAMSIZ);
  name[IFNAMSIZ - 1] = '\0';
  return 0;
}
