import CLinux
import Glibc
import NestorSupport

/// Proves that programs can use AF_VSOCK here: asks for this machine's context ID, and listens on a random port.
///
/// It never connects: what answers on context ID 2 is the host, and nobody's business. See vsock(7).
package struct VsockProbe: Sendable {
  /// The vsock device, which only answers the question for the context ID; sockets work without it.
  package var devicePath: String

  /// A probe of `devicePath` and of sockets.
  package init(devicePath: String = "/dev/vsock") {
    self.devicePath = devicePath
  }

  /// The two answers, which do not depend on each other.
  package struct Result: Sendable, Equatable {
    /// This machine's context ID: 2 on a host, 0xffffffff where nothing gives it one.
    package let localCID: Swift.Result<UInt32, SystemError>
    /// The port that a socket listened on for a moment.
    package let listeningPort: Swift.Result<UInt32, SystemError>
  }

  /// Asks and listens, and closes both again.
  package func run() -> Result {
    Result(
      localCID: Swift.Result { () throws(SystemError) in try localCID() },
      listeningPort: Swift.Result { () throws(SystemError) in try listenOnce() })
  }

  private func localCID() throws(SystemError) -> UInt32 {
    let device = try OwnedDescriptor(opening: devicePath, O_RDONLY)
    var cid: UInt32 = 0
    try checked(nestor_vsock_local_cid(device.number, &cid), "IOCTL_VM_SOCKETS_GET_LOCAL_CID \(devicePath)")
    return cid
  }

  private func listenOnce() throws(SystemError) -> UInt32 {
    let socket = OwnedDescriptor(adopting: try checked(nestor_vsock_socket(), "socket AF_VSOCK"))
    try checked(nestor_vsock_bind(socket.number, nestor_vsock_cid_any, nestor_vsock_port_any), "bind AF_VSOCK")
    guard listen(socket.number, 1) == 0 else { throw SystemError("listen AF_VSOCK") }
    var cid: UInt32 = 0
    var port: UInt32 = 0
    try checked(nestor_vsock_local_address(socket.number, &cid, &port), "getsockname AF_VSOCK")
    return port
  }
}
