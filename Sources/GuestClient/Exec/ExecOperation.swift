import Glibc
import GuestProtocol
import GuestTransport

/// A program in the guest, as its client sees it.
final class ExecOperation: SessionWork {
  private let connection: FrameConnection
  private let request: ExecRequest
  private let input: ExecInput
  private let output: ExecOutput
  private let errors: ExecOutput
  private let control: ExecControl?
  private let onStart: ((UInt32) -> Void)?
  private var isStarted = false
  private var givenUp: Set<UInt16> = []
  /// How the program ended, once it has.
  private(set) var status: ExecEnd?

  init(
    _ connection: FrameConnection, terms: SessionTerms, _ request: ExecRequest, _ streams: ExecStreams,
    control: ExecControl?, onStart: ((UInt32) -> Void)?
  ) {
    self.connection = connection
    self.request = request
    input = ExecInput(streams.input, window: terms.peerWindow)
    output = ExecOutput(streams.output)
    errors = ExecOutput(streams.errors)
    self.control = control
    self.onStart = onStart
  }

  var isFinished: Bool { status != nil && output.waitingDescriptor == nil && errors.waitingDescriptor == nil }

  var descriptors: [(descriptor: Int32, events: Int16)] {
    var result: [(descriptor: Int32, events: Int16)] = []
    for output in [output, errors] {
      if let descriptor = output.waitingDescriptor { result.append((descriptor, Int16(truncatingIfNeeded: POLLOUT))) }
    }
    if status == nil, isStarted, connection.hasRoom, let descriptor = input.descriptor {
      result.append((descriptor, Int16(truncatingIfNeeded: POLLIN)))
    }
    if let control { result.append((control.descriptor, Int16(truncatingIfNeeded: POLLIN))) }
    return result
  }

  func begin() throws {
    let bytes = Request(.exec, request.encoded).encoded
    guard bytes.count <= ProtocolLimits.maximumPayload else {
      let limit = ProtocolLimits.maximumPayload
      throw OperationFailure(.invalid, "the command and its environment have \(bytes.count) bytes, more than \(limit)")
    }
    connection.send(.request, bytes)
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
    switch (header.type, header.stream) {
    case (.reply, _):
      isStarted = true
      onStart?(try ExecStarted(decoding: Array(payload)).process)
    case (.data, 1): grant(1, try output.take(payload))
    case (.data, 2): grant(2, try errors.take(payload))
    case (.end, 1), (.end, 2): return
    case (.credit, 0): try input.grant(try Frame(.credit, payload: Array(payload)).number())
    case (.exit, _):
      status = try ExecEnd(decoding: Array(payload))
      input.close()
    case (.failure, _): throw OperationFailure(try Failure(decoding: Array(payload)).error)
    default: throw ProtocolError(.unexpected, "the agent sent \(header.type) on stream \(header.stream) of a program")
    }
  }

  func handle(_ descriptor: Int32, _ events: Int16) {
    if let control, descriptor == control.descriptor {
      for event in control.take() {
        switch event {
        case .signal(let number): connection.send(.signal, number: number)
        case .resize(let size): connection.send(.resize, size)
        }
      }
      return
    }
    for (stream, output) in [(UInt16(1), output), (UInt16(2), errors)] where output.waitingDescriptor == descriptor {
      grant(stream, output.move())
    }
    input.noteReadable(descriptor)
  }

  func produce() throws {
    if isStarted { try input.move(to: connection) }
  }

  private func grant(_ stream: UInt16, _ credit: UInt32?) {
    // The program has to find its output closed, or one that never stops by itself would never end.
    if status == nil, (stream == 1 ? output : errors).isBroken, givenUp.insert(stream).inserted {
      connection.send(.reset, stream: stream, Failure(ProtocolError(.notFound, "nobody reads this any more")))
    }
    if let credit, status == nil { connection.send(.credit, stream: stream, number: credit) }
  }
}
