import CLinux
import Glibc
import NestorSupport

/// Proves that the kernel serves vsock to guests, and claims context IDs.
///
/// One context ID belongs to one guest of the whole machine, whatever container it runs in: AF_VSOCK has no namespaces
/// before Linux 7.0. See vsock(7).
package struct VhostVsockProbe: Sendable {
  package var devicePath: String

  package init(devicePath: String = "/dev/vhost-vsock") {
    self.devicePath = devicePath
  }

  /// Takes the device over as QEMU does, claims a random context ID, gives it up, and returns which it was.
  package func run() throws(SystemError) -> UInt32 {
    let vhost = try OwnedDescriptor(opening: devicePath)
    try checked(nestor_vhost_set_owner(vhost.number), "VHOST_SET_OWNER \(devicePath)")
    var result: Int32 = -EADDRINUSE
    // Among four thousand million, two misses in a row would be remarkable already.
    for _ in 0..<8 {
      let cid = UInt32.random(in: 0x8000_0000...0xffff_fffe)
      result = nestor_vhost_vsock_set_guest_cid(vhost.number, UInt64(cid))
      if result >= 0 { return cid }
      guard result == -EADDRINUSE else { break }
    }
    throw SystemError("VHOST_VSOCK_SET_GUEST_CID \(devicePath)", number: -result)
  }

  /// Why a context ID could not be claimed.
  package enum ClaimError: Error, Sendable, Equatable {
    /// Another guest, or another claim, has it.
    case taken(cid: UInt32)
    /// No guest can have it: 0 to 2 and 0xffffffff have meanings of their own.
    case reserved(cid: UInt32)
    /// The device does not work.
    case unavailable(SystemError)
  }

  /// Claims a context ID for as long as the claim lives.
  package func claim(cid: UInt32) throws(ClaimError) -> CIDClaim {
    let result: Int32
    let vhost: OwnedDescriptor
    do throws(SystemError) {
      vhost = try OwnedDescriptor(opening: devicePath)
      result = nestor_vhost_vsock_set_guest_cid(vhost.number, UInt64(cid))
    } catch {
      throw .unavailable(error)
    }
    switch -result {
    case ...0: return CIDClaim(cid: cid, descriptor: vhost)
    case EADDRINUSE: throw .taken(cid: cid)
    case EINVAL: throw .reserved(cid: cid)
    default:
      throw .unavailable(SystemError("VHOST_VSOCK_SET_GUEST_CID \(devicePath)", number: -result))
    }
  }
}
