import GuestClient
import GuestProtocol
import Libvirt
import NestorSupport

extension Guest {
  /// Waits until a guest has an address; neither libvirt nor the agent tells of it, so they are asked again while it runs.
  func firstAddress() async throws -> String {
    while true {
      if let address = try await address() { return address }
      try await ContinuousClock().sleep(for: .milliseconds(500))
    }
  }

  /// The first address of a guest: by the DHCP server of libvirt's network, or else, since only the guest itself knows it on
  /// a network of others, by its agent; nil where it has none yet.
  func address() async throws -> String? {
    if let address = try await leasedAddress() { return address }
    guard agent.isThere else { return nil }
    do {
      let report = try await agent.withSession(timeout: .zero) { try $0.report() }
      // What a guest says is hostile until checked.
      return report.interfaces.filter(\.isUp).flatMap(\.addresses).lazy.compactMap(Self.reachable).first
    } catch let error as NestorError {
      // It will answer when it is up. What ends the wait, such as the guest's end, is told by libvirt.
      guard [.timedOut, .busy, .unavailable, .invalidState].contains(error.code) else { throw error }
      return nil
    }
  }

  /// The IPv4 address in a text such as `192.168.122.5/24`, unless only the guest itself can reach it.
  static func reachable(_ text: String) -> String? {
    let parts = text.prefix { $0 != "/" }.split(separator: ".", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { $0.allSatisfy(\.isASCII) ? UInt8($0) : nil }
    guard parts.count == 4, numbers.count == 4 else { return nil }
    guard numbers[0] != 127, numbers[0] != 0, numbers.prefix(2) != [169, 254] else { return nil }
    return numbers.map(String.init).joined(separator: ".")
  }

  /// The first address that a guest has by DHCP of libvirt's networks.
  private func leasedAddress() async throws -> String? {
    let interfaces = try await withContext("cannot ask for the addresses of guest '\(name)'") {
      do {
        return try await domain.interfaceAddresses(.lease)
      } catch let error as LibvirtError where error.code == .operationInvalid {
        return []  // not started yet
      }
    }
    return interfaces.flatMap(\.addresses).first?.address
  }
}
