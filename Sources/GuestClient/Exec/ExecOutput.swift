import Glibc
import GuestProtocol
import GuestTransport

/// One of a program's outputs at the client's side.
final class ExecOutput {
  private enum Way {
    case nowhere
    case pipe(OutputPipe)
    case handler((UnsafeRawBufferPointer) throws -> Void)
  }

  private let way: Way
  private var window = ReceiveWindow(ProtocolLimits.clientWindow)

  init(_ sink: ByteSink) {
    switch sink {
    case .discard: way = .nowhere
    case .descriptor(let descriptor): way = .pipe(OutputPipe(descriptor))
    case .handler(let handler): way = .handler(handler)
    }
  }

  /// The descriptor to poll for room, while bytes wait.
  var waitingDescriptor: Int32? {
    if case .pipe(let pipe) = way, pipe.isWaiting { pipe.descriptor } else { nil }
  }

  /// Whether nobody reads any more what is written.
  var isBroken: Bool { if case .pipe(let pipe) = way { pipe.isBroken } else { false } }

  /// Takes bytes of the program's; answers with the credit to grant for more.
  func take(_ bytes: UnsafeRawBufferPointer) throws -> UInt32? {
    try window.receive(bytes.count)
    switch way {
    case .nowhere: return window.consume(bytes.count)
    case .pipe(let pipe): return window.consume(pipe.take(bytes))
    case .handler(let handler):
      try handler(bytes)
      return window.consume(bytes.count)
    }
  }

  /// Writes what waits, as much as goes; answers with the credit to grant for more.
  func move() -> UInt32? {
    guard case .pipe(let pipe) = way else { return nil }
    return window.consume(pipe.move())
  }
}
