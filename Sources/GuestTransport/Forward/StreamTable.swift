import Glibc
import GuestProtocol

/// The forwarded streams of a session, with flow control for each: the same on both sides.
///
/// A stream's bytes take turns with the others'. Each direction ends by itself, with ``FrameType/end``. A ``FrameType/reset``
/// gives both directions up and is answered by one, unless both sides have ended already: only then is a number free
/// again. Frames of streams that are not there belong to such that were, and are passed over.
///
/// For the thread of one session, whose work passes all calls on.
package final class StreamTable {
  private let connection: FrameConnection
  private let window: UInt32
  // How much all streams together may be granted beyond what each begins with, in bytes.
  private let budget: Int
  private var streams: [UInt16: ForwardedStream] = [:]
  // Over for the peer, but not all of its bytes are written.
  private var lingering: [Int32: ForwardedStream] = [:]
  private var byDescriptor: [Int32: ForwardedStream] = [:]
  private var ready: [ForwardedStream] = []
  private var reserved = 0
  private var lastNumber: UInt16 = 0

  /// Called when a stream was connected by the peer.
  package var onOpened: (UInt16) -> Void = { _ in }
  /// Called when the peer's last byte of a stream was written.
  package var onOutputEnd: (UInt16) -> Void = { _ in }
  /// Called when a stream has ended, with why unless both directions came to their ends.
  package var onClosed: (UInt16, ProtocolError?) -> Void = { _, _ in }

  /// Begins without streams; `window` is the most that one may be granted.
  package init(_ connection: FrameConnection, window: UInt32) {
    self.connection = connection
    self.window = window
    budget = 32 * Int(window)
  }

  /// The number of streams that are in use.
  package var count: Int { streams.count + lingering.count }
  /// Whether another one would be one too many.
  package var isFull: Bool { count >= ProtocolLimits.maximumStreams }

  // MARK: Opening

  /// Asks the peer to connect a stream to `target`, and carries its bytes from `input` and to `output` once it has; nil
  /// where there are too many. Descriptors that it owns are closed in any case.
  package func open(_ target: ForwardTarget, input: Int32, output: Int32, owning: Bool) -> UInt16? {
    guard !isFull else {
      if owning {
        close(input)
        if output != input { close(output) }
      }
      return nil
    }
    repeat { lastNumber = lastNumber == .max ? 1 : lastNumber + 1 } while streams[lastNumber] != nil
    let stream = add(lastNumber, phase: .opening)
    stream.attach(input: input, output: output, owning: owning)
    connection.send(.open, stream: stream.number, target)
    grantRest(stream)
    return stream.number
  }

  /// Connects a stream as the peer asked; what comes of it is told to the peer.
  package func connect(_ number: UInt16, _ target: ForwardTarget) throws(ProtocolError) {
    guard streams[number] == nil else { throw ProtocolError(.unexpected, "stream \(number) is open already") }
    guard number != 0 else { throw ProtocolError(.unexpected, "no forwarded stream has the number 0") }
    guard !isFull else {
      let error = ProtocolError(
        .busy, "no more than \(ProtocolLimits.maximumStreams) connections are forwarded at once")
      return connection.send(.reset, stream: number, Failure(error))
    }
    do {
      let connector = try SocketConnector(target)
      proceed(add(number, phase: .connecting(connector)), connector)
    } catch {
      connection.send(.reset, stream: number, Failure(error.error))
    }
  }

  // MARK: What a session's work passes on

  /// The descriptors to poll.
  package var descriptors: [(descriptor: Int32, events: Int16)] {
    byDescriptor.removeAll(keepingCapacity: true)
    var list: [(descriptor: Int32, events: Int16)] = []
    for stream in streams.values { add(stream, to: &list) }
    for stream in lingering.values { add(stream, to: &list) }
    return list
  }

  /// When ``tick()`` or ``produce()`` has something to do though no descriptor says so.
  package var deadline: Instant? {
    if !ready.isEmpty, connection.hasRoom { return .now }
    var deadline: Instant?
    for stream in streams.values {
      if case .connecting(let connector) = stream.phase { deadline = min(deadline ?? .never, connector.deadline) }
    }
    return deadline
  }

  /// Takes a frame; answers with false for one that streams do not have.
  package func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws -> Bool {
    switch header.type {
    case .data, .end, .credit, .reset, .opened: break
    default: return false
    }
    guard let stream = streams[header.stream] else { return true }
    switch header.type {
    case .data: try take(payload, stream)
    case .end:
      guard !stream.hasReceivedEnd else { throw ProtocolError(.unexpected, "a stream ended twice") }
      stream.hasReceivedEnd = true
      endOutput(stream)
      settle(stream)
    case .credit: try stream.sendWindow.grant(try Frame(.credit, payload: Array(payload)).number())
    case .opened:
      guard case .opening = stream.phase else { break }
      stream.phase = .open
      onOpened(stream.number)
    default:
      let error = try Failure(decoding: Array(payload)).error
      if case .reset = stream.phase { return remove(stream, nil) }
      connection.send(.reset, stream: stream.number)
      stream.abort()
      remove(stream, error)
    }
    return true
  }

  /// Takes what poll(2) said of one of ``descriptors``.
  package func handle(_ descriptor: Int32, _ events: Int16) {
    guard let stream = byDescriptor[descriptor] else { return }
    if case .connecting(let connector) = stream.phase { return proceed(stream, connector) }
    let wanted = stream.interests.filter { $0.descriptor == descriptor }.reduce(0) { $0 | $1.events }
    if wanted & Int16(truncatingIfNeeded: POLLOUT) != 0, events & Int16(truncatingIfNeeded: ~POLLIN) != 0 {
      flush(stream)
    }
    if wanted & Int16(truncatingIfNeeded: POLLIN) != 0, events & Int16(truncatingIfNeeded: ~POLLOUT) != 0 {
      stream.isReady = true
      ready.append(stream)
    }
  }

  /// Sends for one stream after the other, while the connection has room.
  package func produce() {
    while connection.hasRoom, !ready.isEmpty {
      let stream = ready.removeFirst()
      stream.isReady = false
      guard case .open = stream.phase, stream.input >= 0, !stream.hasSentEnd else { continue }
      // Alone, a stream sends long frames; among others, short ones, so that none waits long for its turn.
      send(stream, upTo: stream.sendWindow.allowed(ready.isEmpty ? ProtocolLimits.maximumPayload : 16_384))
    }
  }

  /// Called when the ``deadline`` is reached.
  package func tick() {
    let now = Instant.now
    for stream in Array(streams.values) {
      if case .connecting(let connector) = stream.phase, connector.deadline <= now { proceed(stream, connector) }
    }
  }

  /// Gives a stream up on this side.
  package func reset(_ number: UInt16, _ error: ProtocolError) {
    if let stream = streams[number] { reset(stream, error) }
  }

  // MARK: Bytes

  private func send(_ stream: ForwardedStream, upTo count: Int) {
    var problem: Int32 = 0
    var isEnd = false
    guard count > 0 else { return }
    let sent = connection.sendData(stream: stream.number, upTo: count) { room in
      let count = read(stream.input, room.baseAddress, room.count)
      guard count <= 0 else { return count }
      problem = count < 0 ? errno : 0
      isEnd = count == 0
      return 0
    }
    stream.sendWindow.spend(sent)
    if isEnd {
      stream.hasSentEnd = true
      connection.send(.end, stream: stream.number)
      settle(stream)
    } else if problem != 0, problem != EAGAIN, problem != EINTR {
      reset(stream, ProtocolError(.system, "the connection broke", number: problem))
    }
  }

  private func take(_ payload: UnsafeRawBufferPointer, _ stream: ForwardedStream) throws(ProtocolError) {
    guard !stream.hasReceivedEnd else { throw ProtocolError(.unexpected, "a stream went on behind its end") }
    if case .reset = stream.phase { return }
    try stream.receiveWindow.receive(payload.count)
    stream.append(payload)
    flush(stream)
  }

  private func flush(_ stream: ForwardedStream) {
    let written = stream.flush()
    if !stream.hasReceivedEnd, let credit = stream.receiveWindow.consume(written) {
      connection.send(.credit, stream: stream.number, number: credit)
    }
    guard stream.hasReceivedEnd, stream.isFlushed else { return }
    endOutput(stream)
    settle(stream)
  }

  private func endOutput(_ stream: ForwardedStream) {
    guard stream.hasReceivedEnd, stream.isFlushed, case .open = stream.phase else { return }
    stream.shutOutput()
    onOutputEnd(stream.number)
  }

  // MARK: Beginning and end

  private func add(_ number: UInt16, phase: ForwardedStream.Phase) -> ForwardedStream {
    // Each gets a part of what is left, so that late ones are not left with nothing.
    let room = max(0, min((budget - reserved) / 4, Int(window)))
    let stream = ForwardedStream(number, phase: phase, window: max(ProtocolLimits.streamWindow, UInt32(room)))
    streams[number] = stream
    reserved += Int(stream.reserved)
    return stream
  }

  private func grantRest(_ stream: ForwardedStream) {
    let rest = stream.reserved - ProtocolLimits.streamWindow
    if rest > 0 { connection.send(.credit, stream: stream.number, number: rest) }
  }

  private func proceed(_ stream: ForwardedStream, _ connector: SocketConnector) {
    switch connector.proceed() {
    case .underway: return
    case .connected(let descriptor):
      stream.phase = .open
      stream.attach(input: descriptor, output: descriptor, owning: true)
      var one: Int32 = 1
      setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
      connection.send(.opened, stream: stream.number)
      grantRest(stream)
      flush(stream)
    case .failed(let error): reset(stream, error)
    }
  }

  private func reset(_ stream: ForwardedStream, _ error: ProtocolError) {
    connection.send(.reset, stream: stream.number, Failure(error))
    stream.abort()
    stream.phase = .reset
    onClosed(stream.number, error)
    // The peer has sent its last frame, and may use the number again.
    if stream.isOver { forget(stream) }
  }

  /// Forgets the stream where the peer has as well.
  private func settle(_ stream: ForwardedStream) {
    guard stream.isOver else { return }
    if case .reset = stream.phase { return forget(stream) }
    if streams[stream.number] === stream { streams[stream.number] = nil }
    if let descriptor = stream.output?.descriptor, !stream.isFlushed {
      lingering[descriptor] = stream
      return
    }
    if let descriptor = stream.output?.descriptor { lingering[descriptor] = nil }
    reserved -= Int(stream.reserved)
    onClosed(stream.number, nil)
  }

  @discardableResult
  private func remove(_ stream: ForwardedStream, _ error: ProtocolError?) -> Bool {
    forget(stream)
    if let error { onClosed(stream.number, error) }
    return true
  }

  private func forget(_ stream: ForwardedStream) {
    guard streams[stream.number] === stream else { return }
    streams[stream.number] = nil
    reserved -= Int(stream.reserved)
  }

  private func add(_ stream: ForwardedStream, to list: inout [(descriptor: Int32, events: Int16)]) {
    for interest in stream.interests {
      byDescriptor[interest.descriptor] = stream
      list.append(interest)
    }
  }
}
