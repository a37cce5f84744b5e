import CLibvirt
import Synchronization

/// What libvirt's event thread took off a stream, and the tasks that wait for it.
///
/// libvirt holds on to it as long as the stream has its callback. It does not hold the stream, so that the two cannot
/// keep each other alive.
final class StreamInbox: Sendable {
  /// What a call on a stream that does not block answers where it would.
  static let wouldBlock: Int32 = -2
  /// How many bytes one call moves at most; libvirt's packets hold four times as much.
  static let pieceSize = 65536
  /// How many bytes are kept at most before libvirt is asked to keep them.
  private static let limit = 1 << 20

  private struct State {
    var pieces: [[UInt8]] = []
    /// How many of the first pieces were taken.
    var taken = 0
    var count = 0
    var end: Result<Void, LibvirtError>?
    var readers: [(number: Int, continuation: CheckedContinuation<[UInt8]?, any Error>)] = []
    var writers: [(number: Int, continuation: CheckedContinuation<Void, any Error>)] = []
    var next = 0
    var isPaused = false

    mutating func nextPiece() -> [UInt8]? {
      guard taken < pieces.count else { return nil }
      let piece = pieces[taken]
      pieces[taken] = []
      taken += 1
      count -= piece.count
      if taken == pieces.count {
        pieces.removeAll(keepingCapacity: true)
        taken = 0
      }
      return piece
    }
  }

  private let direction: Stream.Direction
  private let state = Mutex(State())
  /// The events that libvirt was last asked for; nil without a callback. Held over the calls, which must not overtake
  /// each other.
  private let interest = Mutex<Int32?>(nil)

  init(_ direction: Stream.Direction) {
    self.direction = direction
  }

  // MARK: - libvirt's side

  /// Asks libvirt for the stream's events.
  func attach(to stream: OpaquePointer) throws {
    let own = Unmanaged.passRetained(self)
    try interest.withLock { interest in
      let events = wanted()
      let status = virStreamEventAddCallback(
        stream, events,
        { stream, events, data in
          guard let stream, let data else { return }
          Unmanaged<StreamInbox>.fromOpaque(data).takeUnretainedValue().handle(events, of: stream)
        }, own.toOpaque(),
        { data in
          if let data { Unmanaged<StreamInbox>.fromOpaque(data).release() }
        })
      if status < 0 { own.release() }
      try Calls.check("virStreamEventAddCallback", status)
      interest = events
    }
  }

  /// Asks libvirt for no more events, and lets all who wait go; to them the stream is at its end.
  func detach(from stream: OpaquePointer) {
    interest.withLock { interest in
      guard interest != nil else { return }
      interest = nil
      virStreamEventRemoveCallback(stream)
    }
    end(.success(()))
  }

  /// Tells libvirt which events are wanted now.
  func updateInterest(in stream: OpaquePointer) {
    interest.withLock { interest in
      let events = wanted()
      guard let current = interest, current != events else { return }
      if virStreamEventUpdateCallback(stream, events) == 0 { interest = events }
    }
  }

  private func wanted() -> Int32 {
    let events: virStreamEventType.RawValue = state.withLock { state in
      var events = VIR_STREAM_EVENT_ERROR.rawValue | VIR_STREAM_EVENT_HANGUP.rawValue
      state.isPaused = state.count >= Self.limit
      if direction != .sending && !state.isPaused { events |= VIR_STREAM_EVENT_READABLE.rawValue }
      if !state.writers.isEmpty { events |= VIR_STREAM_EVENT_WRITABLE.rawValue }
      return events
    }
    return Int32(bitPattern: events)
  }

  /// Runs on the event loop's thread, where nothing may block.
  private func handle(_ events: Int32, of stream: OpaquePointer) {
    let events = UInt32(bitPattern: events)
    if events & VIR_STREAM_EVENT_WRITABLE.rawValue != 0 {
      let writers = state.withLock { state in
        defer { state.writers = [] }
        return state.writers
      }
      for writer in writers { writer.continuation.resume() }
    }
    let ends = VIR_STREAM_EVENT_ERROR.rawValue | VIR_STREAM_EVENT_HANGUP.rawValue
    var result: Result<Void, LibvirtError>?
    if direction != .sending {
      result = drain(stream)
    } else if events & ends != 0 {
      result = .failure(
        LibvirtError(
          code: .operationFailed, domain: .streams, message: "the other side broke the stream off",
          call: "virStreamEventAddCallback"))
    }
    guard let result else {
      updateInterest(in: stream)
      return
    }
    // A stream at its end would call for ever.
    interest.withLock { interest in
      guard interest != nil else { return }
      interest = nil
      virStreamEventRemoveCallback(stream)
    }
    end(result)
  }

  /// Takes what is there; answers with the end of the stream where it came.
  private func drain(_ stream: OpaquePointer) -> Result<Void, LibvirtError>? {
    while state.withLock({ $0.count < Self.limit }) {
      var count: Int32 = 0
      let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { buffer, filled in
        count = buffer.withMemoryRebound(to: CChar.self) { virStreamRecv(stream, $0.baseAddress, $0.count) }
        filled = Swift.max(Int(count), 0)
      }
      switch count {
      case 1...: deliver(piece)
      case 0: return .success(())
      case Self.wouldBlock: return nil
      default: return .failure(LibvirtError(last: "virStreamRecv"))
      }
    }
    return nil
  }

  private func deliver(_ piece: [UInt8]) {
    let reader = state.withLock { state -> CheckedContinuation<[UInt8]?, any Error>? in
      guard state.readers.isEmpty else { return state.readers.removeFirst().continuation }
      // The buffer is made for the largest piece; what is kept takes only its own size.
      state.pieces.append(Array(piece[...]))
      state.count += piece.count
      return nil
    }
    reader?.resume(returning: Array(piece[...]))
  }

  private func end(_ result: Result<Void, LibvirtError>) {
    let (readers, writers, outcome) = state.withLock { state in
      let outcome = state.end ?? result
      state.end = outcome
      defer {
        state.readers = []
        state.writers = []
      }
      return (state.readers, state.writers, outcome)
    }
    for reader in readers { reader.continuation.resume(with: outcome.map { nil }.mapError { $0 }) }
    for writer in writers { writer.continuation.resume(with: outcome.mapError { $0 }) }
  }

  // MARK: - The tasks' side

  /// The next piece, waiting for it; nil at the end.
  func take() async throws -> [UInt8]? {
    try Task.checkCancellation()
    let number = makeNumber()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let result = state.withLock { state -> Result<[UInt8]?, any Error>? in
          if state.readers.isEmpty, let piece = state.nextPiece() { return .success(piece) }
          if let end = state.end { return end.map { nil }.mapError { $0 } }
          state.readers.append((number, continuation))
          return nil
        }
        if let result { continuation.resume(with: result) }
        // The handler below may have run before there was anything to cancel.
        if Task.isCancelled { cancel(number) }
      }
    } onCancel: {
      cancel(number)
    }
  }

  /// Whether libvirt was asked to keep bytes and need not any longer; a quarter of the room makes the way worth while.
  func mayReadAgain() -> Bool {
    state.withLock { $0.isPaused && $0.count < Self.limit / 4 && $0.end == nil }
  }

  /// Whether libvirt was asked to keep the rest, and how many bytes are kept here.
  var fill: (isPaused: Bool, count: Int) {
    state.withLock { ($0.isPaused, $0.count) }
  }

  /// Waits until libvirt would take bytes again, or the stream is at its end.
  func waitUntilWritable(_ handle: Handle) async throws {
    let number = makeNumber()
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        let result = state.withLock { state -> Result<Void, any Error>? in
          if let end = state.end { return end.mapError { $0 } }
          state.writers.append((number, continuation))
          return nil
        }
        if let result {
          continuation.resume(with: result)
          return
        }
        if Task.isCancelled { cancel(number) }
        Task { try? await CallExecutor.shared.run { self.updateInterest(in: handle.pointer) } }
      }
    } onCancel: {
      cancel(number)
    }
  }

  private func makeNumber() -> Int {
    state.withLock { state in
      state.next += 1
      return state.next
    }
  }

  private func cancel(_ number: Int) {
    let (reader, writer) = state.withLock { state in
      let reader = state.readers.firstIndex { $0.number == number }.map { state.readers.remove(at: $0) }
      let writer = state.writers.firstIndex { $0.number == number }.map { state.writers.remove(at: $0) }
      return (reader, writer)
    }
    reader?.continuation.resume(throwing: CancellationError())
    writer?.continuation.resume(throwing: CancellationError())
  }
}
