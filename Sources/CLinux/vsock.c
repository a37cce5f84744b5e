#define _GNU_SOURCE
#include "nestor_vsock.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

// After <sys/socket.h>, whose sa_family_t it uses.
#include <linux/vm_sockets.h>

static int result_of(int result) { return result < 0 ? -errno : result; }

static struct sockaddr_vm address_of(uint32_t cid, uint32_t port) {
  struct sockaddr_vm address;
  memset(&address, 0, sizeof address);
  address.svm_family = AF_VSOCK;
  address.svm_cid = cid;
  address.svm_port = port;
  return address;
}

static int read_address(int result, const struct sockaddr_vm *address, uint32_t *cid, uint32_t *port) {
  if (result < 0) return -errno;
  if (address->svm_family != AF_VSOCK) return -EAFNOSUPPORT;
  *cid = address->svm_cid;
  *port = address->svm_port;
  return result;
}

int nestor_vsock_socket(void) { return result_of(socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

int nestor_vsock_bind(int socket, uint32_t cid, uint32_t port) {
  const struct sockaddr_vm address = address_of(cid, port);
  return result_of(bind(socket, (const struct sockaddr *)&address, sizeof address));
}

int nestor_vsock_connect(int socket, uint32_t cid, uint32_t port) {
  const struct sockaddr_vm address = address_of(cid, port);
  return result_of(connect(socket, (const struct sockaddr *)&address, sizeof address));
}

int nestor_vsock_accept(int socket, uint32_t *cid, uint32_t *port) {
  struct sockaddr_vm address = address_of(0, 0);
  socklen_t size = sizeof address;
  const int connection = accept4(socket, (struct sockaddr *)&address, &size, SOCK_CLOEXEC);
  const int result = read_address(connection, &address, cid, port);
  if (connection >= 0 && result < 0) close(connection);
  return result;
}

int nestor_vsock_local_address(int socket, uint32_t *cid, uint32_t *port) {
  struct sockaddr_vm address = address_of(0, 0);
  socklen_t size = sizeof address;
  return read_address(getsockname(socket, (struct sockaddr *)&address, &size), &address, cid, port);
}

int nestor_vsock_peer_address(int socket, uint32_t *cid, uint32_t *port) {
  struct sockaddr_vm address = address_of(0, 0);
  socklen_t size = sizeof address;
  return read_address(getpeername(socket, (struct sockaddr *)&address, &size), &address, cid, port);
}

int nestor_vsock_local_cid(int device, uint32_t *cid) {
  return result_of(ioctl(device, IOCTL_VM_SOCKETS_GET_LOCAL_CID, cid));
}
