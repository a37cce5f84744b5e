import CLinux
import Glibc
import GuestProtocol
import GuestTransport

/// One virtio-serial port: clients come and go on it one after the other, without a connection of their own.
struct SerialPort {
  let agent: Agent
  /// The device's name below /dev.
  let device: String
  /// The port's name, as libvirt's channel has it.
  let name: String
  let interruption: Interruption

  /// Serves clients until the device goes or the agent ends.
  func serve() {
    let descriptor = open("/dev/\(device)", O_RDWR | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0, let stream = try? ByteStream(owning: descriptor, name: name) else {
      agent.log.note("cannot open /dev/\(device): \(TransportError("open"))")
      return
    }
    let number = name.dropFirst(ProtocolLimits.portPrefix.count)
    let session = AgentSession(
      agent: agent, stream: stream, transport: "port \(number)", interruption: interruption.descriptor)
    var rest: [UInt8] = []
    while true {
      let status = nestor_port_wait(stream.descriptor, interruption.descriptor)
      if status == 0 { return }
      guard status > 0 else {
        agent.log.note("left the port \(name): \(TransportError("wait", number: -status))")
        return
      }
      rest = session.runOnPort(rest: rest)
    }
  }
}
