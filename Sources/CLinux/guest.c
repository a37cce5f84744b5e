#define _GNU_SOURCE
#include "nestor_guest.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/random.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <unistd.h>

static int result_of(int result) { return result < 0 ? -errno : 0; }

int nestor_freeze(int folder) { return result_of(ioctl(folder, FIFREEZE, 0)); }

int nestor_thaw(int folder) { return result_of(ioctl(folder, FITHAW, 0)); }

// struct rand_pool_info with room for its flexible array.
struct entropy {
  int count;
  int size;
  uint8_t bytes[512];
};
_Static_assert(offsetof(struct entropy, bytes) == offsetof(struct rand_pool_info, buf), "as <linux/random.h> has it");

int nestor_add_entropy(int random, const void *bytes, size_t size) {
  struct entropy entropy;
  if (size > sizeof entropy.bytes) return -EINVAL;
  entropy.count = (int)size * 8;
  entropy.size = (int)size;
  memcpy(entropy.bytes, bytes, size);
  const int result = result_of(ioctl(random, RNDADDENTROPY, &entropy));
  explicit_bzero(&entropy, sizeof entropy);
  return result;
}

int nestor_reseed(int random) {
#ifdef RNDRESEEDCRNG
  return result_of(ioctl(random, RNDRESEEDCRNG, 0));
#else
  (void)random;
  return -ENOTTY;
#endif
}

/// Asks about an interface; 0 or a negated errno value.
static int ask(unsigned long request, const char *interface, struct ifreq *answer) {
  if (strlen(interface) >= sizeof answer->ifr_name) return -ENAMETOOLONG;
  memset(answer->ifr_name, 0, sizeof answer->ifr_name);
  memcpy(answer->ifr_name, interface, strlen(interface));
  const int handle = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (handle < 0) return -errno;
  const int result = result_of(ioctl(handle, request, answer));
  close(handle);
  return result;
}

int nestor_set_mac(const char *interface, const uint8_t mac[6]) {
  struct ifreq request;
  memset(&request, 0, sizeof request);
  request.ifr_hwaddr.sa_family = ARPHRD_ETHER;
  memcpy(request.ifr_hwaddr.sa_data, mac, 6);
  return ask(SIOCSIFHWADDR, interface, &request);
}

int nestor_set_link(const char *interface, int is_up) {
  struct ifreq request;
  memset(&request, 0, sizeof request);
  const int result = ask(SIOCGIFFLAGS, interface, &request);
  if (result < 0) return result;
  const int flags = is_up ? request.ifr_flags | IFF_UP : request.ifr_flags & ~IFF_UP;
  request.ifr_flags = (short)flags;
  return ask(SIOCSIFFLAGS, interface, &request);
}

int nestor_power(enum nestor_power action) {
  switch (action) {
  case NESTOR_POWER_OFF: return result_of(reboot(RB_POWER_OFF));
  case NESTOR_POWER_REBOOT: return result_of(reboot(RB_AUTOBOOT));
  case NESTOR_POWER_HALT: return result_of(reboot(RB_HALT_SYSTEM));
  }
  return -EINVAL;
}
