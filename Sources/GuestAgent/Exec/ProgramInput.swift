import Glibc
import GuestProtocol
import GuestTransport

/// What a client sends to a program: bytes that wait until the program reads, and the end behind them.
final class ProgramInput {
  private var pipe: OwnedDescriptor?
  private let isTerminal: Bool
  private var queue: [UInt8] = []
  private var start = 0
  private var window = ReceiveWindow(ProtocolLimits.agentWindow)
  private var endFollows = false

  init(_ pipe: OwnedDescriptor, isTerminal: Bool) {
    self.pipe = pipe
    self.isTerminal = isTerminal
  }

  /// The program's side, for poll(2); -1, which poll leaves out, once it is closed.
  var descriptor: Int32 { pipe?.number ?? -1 }
  /// Whether bytes wait for the program to read.
  var isWaiting: Bool { pipe != nil && start < queue.count }

  /// Takes bytes of the client's.
  func take(_ bytes: [UInt8]) throws(ProtocolError) {
    guard !endFollows else { throw ProtocolError(.unexpected, "a client sent input behind its end") }
    try window.receive(bytes.count)
    if start == queue.count {
      queue = bytes
      start = 0
    } else {
      if start >= ProtocolLimits.maximumPayload {
        queue.removeFirst(start)
        start = 0
      }
      queue += bytes
    }
  }

  /// Notes that no more comes.
  func end() throws {
    endFollows = true
    _ = try move()
  }

  /// Writes what the program takes now; answers with the credit to grant to the client, where it is time for some.
  func move() throws -> UInt32? {
    var moved = 0
    while let pipe, start < queue.count {
      let count = queue.withUnsafeBytes { bytes in
        write(pipe.number, bytes.baseAddress.map { $0 + start }, bytes.count - start)
      }
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EAGAIN { break }
      guard count > 0 else {
        // The program has closed its input: the rest is as good as read.
        moved += queue.count - start
        start = queue.count
        self.pipe = isTerminal ? pipe : nil
        break
      }
      start += count
      moved += count
    }
    if start == queue.count {
      (queue, start) = ([], 0)
      if endFollows { close() }
    }
    return moved > 0 ? window.consume(moved) : nil
  }

  private func close() {
    guard let pipe else { return }
    if isTerminal {
      // A terminal stays open for its output; its programs see the end as a person types it.
      var end: UInt8 = 4
      write(pipe.number, &end, 1)
    }
    self.pipe = nil
  }
}
