import CLinux
import Glibc
import GuestProtocol
import GuestTransport

/// Finds the guest's virtio-serial ports that are the agent's, and serves each on a thread of its own.
final class PortService: Sendable {
  /// How often the kernel's list is read again: soon after the start, when drivers still load, and later.
  private static let pauses: (early: Duration, late: Duration) = (.milliseconds(200), .seconds(5))
  private static let folder = "/sys/class/virtio-ports"

  private let agent: Agent
  private let interruption: Interruption

  init(_ agent: Agent, _ interruption: Interruption) {
    self.agent = agent
    self.interruption = interruption
  }

  func start() {
    AgentThread.start { self.run() }
  }

  private func run() {
    let served = ServedPorts()
    let begun = Instant.now
    while true {
      for (device, name) in Self.ports() where served.add(device) {
        AgentThread.start { [agent, interruption] in
          SerialPort(agent: agent, device: device, name: name, interruption: interruption).serve()
          served.remove(device)
        }
      }
      let pause = Instant.now - begun < .seconds(20) ? Self.pauses.early : Self.pauses.late
      if Waiting.wait(for: interruption.descriptor, timeout: pause) { return }
    }
  }

  /// The agent's ports: their devices below /dev and their names. A guest without udev has no /dev/virtio-ports.
  private static func ports() -> [(device: String, name: String)] {
    guard let listing = opendir(folder) else { return [] }
    defer { closedir(listing) }
    var result: [(device: String, name: String)] = []
    while let entry = readdir(listing) {
      let device = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard device.hasPrefix("vport"), let bytes = try? SmallFile.read("\(folder)/\(device)/name") else { continue }
      let name = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
      if name.hasPrefix(ProtocolLimits.portPrefix) { result.append((device, name)) }
    }
    return result
  }
}
