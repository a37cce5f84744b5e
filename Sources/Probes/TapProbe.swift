import CLinux
import NestorSupport

/// Proves that tap interfaces can be made, as QEMU makes them for a guest's network card.
///
/// Needs CAP_NET_ADMIN in the network namespace. See <https://docs.kernel.org/networking/tuntap.html>.
package struct TapProbe: Sendable {
  /// The tun/tap device.
  package var devicePath: String

  package init(devicePath: String = "/dev/net/tun") {
    self.devicePath = devicePath
  }

  /// Makes a tap with virtio-net headers, which goes at once, and returns the name that it had.
  package func run() throws(SystemError) -> String {
    try Tap(devicePath: devicePath).name
  }

  /// Makes a tap; the caller says what its failure is called.
  static func tap<Failure: Error>(
    _ devicePath: String, _ failure: (SystemError) -> Failure
  ) throws(Failure) -> Tap {
    do throws(SystemError) {
      return try Tap(devicePath: devicePath)
    } catch {
      throw failure(error)
    }
  }

  /// A tap that lives as long as this value. It is down.
  struct Tap: ~Copyable {
    let descriptor: OwnedDescriptor
    let name: String

    init(devicePath: String) throws(SystemError) {
      let descriptor = try OwnedDescriptor(opening: devicePath)
      // The kernel puts the first free number in: names cannot clash.
      var name = Array("nestor%d".utf8CString)
      name += [CChar](repeating: 0, count: Int(NESTOR_INTERFACE_NAME_SIZE) - name.count)
      let result = nestor_tap_create(descriptor.number, &name)
      try checked(result, "TUNSETIFF \(devicePath)")
      self.descriptor = descriptor
      self.name = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  }
}
