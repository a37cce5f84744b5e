/// AF_VSOCK sockets. In C because sockaddr_vm's fields differ between kernel headers, its "any" values are unsigned
/// casts that Swift does not import, and bind, connect and accept want a cast of its address.
///
/// vsock(7), <linux/vm_sockets.h>
#ifndef NESTOR_VSOCK_H
#define NESTOR_VSOCK_H

#include <stdint.h>

/// Any context ID, for bind (VMADDR_CID_ANY).
static const uint32_t nestor_vsock_cid_any = 0xffffffff;
/// The host's context ID (VMADDR_CID_HOST).
static const uint32_t nestor_vsock_cid_host = 2;
/// Any free port, for bind (VMADDR_PORT_ANY).
static const uint32_t nestor_vsock_port_any = 0xffffffff;

/// Makes a stream socket, close-on-exec, blocking.
int nestor_vsock_socket(void);

/// Binds a socket to a context ID and a port, either of which may be "any".
int nestor_vsock_bind(int socket, uint32_t cid, uint32_t port);

/// Connects a socket; on a non-blocking one EINPROGRESS means that it is under way.
int nestor_vsock_connect(int socket, uint32_t cid, uint32_t port);

/// Takes a connection from a listening socket: a new descriptor, close-on-exec, and the peer's address.
int nestor_vsock_accept(int socket, uint32_t *cid, uint32_t *port);

/// The address that a socket is bound to.
int nestor_vsock_local_address(int socket, uint32_t *cid, uint32_t *port);

/// The address that a socket is connected to.
int nestor_vsock_peer_address(int socket, uint32_t *cid, uint32_t *port);

/// Asks an open /dev/vsock for this machine's own context ID.
int nestor_vsock_local_cid(int device, uint32_t *cid);

#endif
