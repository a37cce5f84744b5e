import CLinux
import Glibc
import GuestProtocol
import GuestTransport

/// The two ends of a new pipe, of which the program gets one and the agent keeps the other.
struct PipeEnds {
  let reader: OwnedDescriptor
  let writer: OwnedDescriptor

  init() throws(OperationFailure) {
    var ends: [Int32] = [-1, -1]
    let status = nestor_pipe(&ends, 0)
    guard status >= 0 else { throw OperationFailure(.system, "cannot make a pipe", number: -status) }
    reader = OwnedDescriptor(ends[0])
    writer = OwnedDescriptor(ends[1])
  }

  /// The reader, for the agent, which must never wait in a read.
  func keptReader() throws(OperationFailure) -> OwnedDescriptor { try kept(reader) }

  /// The writer, for the agent, which must never wait in a write.
  func keptWriter() throws(OperationFailure) -> OwnedDescriptor { try kept(writer) }

  private func kept(_ end: OwnedDescriptor) throws(OperationFailure) -> OwnedDescriptor {
    let flags = Glibc.fcntl(end.number, F_GETFL)
    guard flags >= 0, Glibc.fcntl(end.number, F_SETFL, flags | O_NONBLOCK) >= 0 else {
      throw OperationFailure(.system, "cannot make a pipe non-blocking", number: errno)
    }
    return end
  }
}
