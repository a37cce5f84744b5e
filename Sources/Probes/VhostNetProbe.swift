import CLinux
import Glibc
import NestorSupport

/// Proves that vhost-net serves a tap: sets up both queues of a virtio network card in a little memory and attaches a
/// throw-away tap to them, as QEMU does when a guest starts.
package struct VhostNetProbe: Sendable {
  package var devicePath: String
  /// The tun/tap device.
  package var tunPath: String

  /// A probe of `devicePath` with a tap from `tunPath`.
  package init(devicePath: String = "/dev/vhost-net", tunPath: String = "/dev/net/tun") {
    self.devicePath = devicePath
    self.tunPath = tunPath
  }

  /// What the device answered.
  package struct Success: Sendable, Equatable {
    /// The virtio features that it offers, as in <linux/vhost.h>.
    package let features: UInt64
    /// The name that the attached tap had.
    package let interface: String
  }

  /// Which half failed.
  package enum Failure: Error, Sendable, Equatable {
    /// vhost-net itself.
    case vhost(SystemError)
    /// The tap that was to be attached; vhost-net's part up to there worked.
    case tap(SystemError)
  }

  /// Attaches a tap, detaches it, and leaves nothing behind.
  package func run() throws(Failure) -> Success {
    do {
      let vhost = try OwnedDescriptor(opening: devicePath)
      try checked(nestor_vhost_set_owner(vhost.number), "VHOST_SET_OWNER \(devicePath)")
      var features: UInt64 = 0
      try checked(nestor_vhost_get_features(vhost.number, &features), "VHOST_GET_FEATURES \(devicePath)")
      // Virtio 1 where it is offered; nothing else is needed to attach.
      try checked(nestor_vhost_set_features(vhost.number, features & 1 << 32), "VHOST_SET_FEATURES \(devicePath)")
      let memory = try QueueMemory()
      try memory.announce(to: vhost, devicePath)
      let tap = try TapProbe.tap(tunPath, Failure.tap)
      for queue: UInt32 in 0..<2 {
        try attach(queue, of: vhost, to: tap.descriptor.number, memory)
      }
      for queue: UInt32 in 0..<2 {
        try checked(
          nestor_vhost_net_set_backend(vhost.number, queue, -1), "detach with VHOST_NET_SET_BACKEND \(devicePath)")
      }
      return Success(features: features, interface: tap.name)
    } catch let failure as Failure {
      throw failure
    } catch let error as SystemError {
      throw .vhost(error)
    } catch {
      throw .vhost(SystemError("\(error)", number: EINVAL))
    }
  }

  private func attach(
    _ queue: UInt32, of vhost: borrowing OwnedDescriptor, to tap: Int32, _ memory: borrowing QueueMemory
  ) throws(SystemError) {
    let kick = try Self.eventDescriptor()
    let call = try Self.eventDescriptor()
    try checked(
      nestor_vhost_set_queue_size(vhost.number, queue, QueueMemory.entries), "VHOST_SET_VRING_NUM \(devicePath)")
    try memory.place(queue, of: vhost, devicePath)
    try checked(
      nestor_vhost_set_queue_events(vhost.number, queue, kick.number, call.number),
      "VHOST_SET_VRING_KICK \(devicePath)")
    try checked(nestor_vhost_net_set_backend(vhost.number, queue, tap), "VHOST_NET_SET_BACKEND \(devicePath)")
  }

  private static func eventDescriptor() throws(SystemError) -> OwnedDescriptor {
    OwnedDescriptor(adopting: try checked(nestor_eventfd(), "eventfd"))
  }

  /// Zeroed memory for two queues, mapped as the guest's memory from its address 0.
  private struct QueueMemory: ~Copyable {
    static let entries: UInt32 = 256
    /// Bytes a queue: 4 KiB of descriptors, and a page or more for each of the rings.
    private static let stride = 0x4000
    private static let size = 2 * stride

    private let start: UnsafeMutableRawPointer

    init() throws(SystemError) {
      let address = mmap(nil, Self.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      guard let address, address != MAP_FAILED else { throw SystemError("mmap") }
      start = address
    }

    deinit {
      munmap(start, Self.size)
    }

    func announce(to vhost: borrowing OwnedDescriptor, _ path: String) throws(SystemError) {
      try checked(nestor_vhost_set_memory(vhost.number, 0, start, UInt64(Self.size)), "VHOST_SET_MEM_TABLE \(path)")
    }

    func place(_ queue: UInt32, of vhost: borrowing OwnedDescriptor, _ path: String) throws(SystemError) {
      let base = start + Int(queue) * Self.stride
      try checked(
        nestor_vhost_set_queue_rings(vhost.number, queue, base, base + 0x1000, base + 0x2000),
        "VHOST_SET_VRING_ADDR \(path)")
    }
  }
}
