import CLibvirt
import Synchronization

/// A flow of bytes between this process and libvirtd: a console, a channel, a screenshot, a volume's content; see
/// https://libvirt.org/html/libvirt-libvirt-stream.html.
///
/// It never waits in a thread. What comes in is taken by libvirt's event thread as it comes and kept until it is asked
/// for, up to one MiB, after which libvirt keeps the rest; a task that waits in ``receive()`` holds no thread, so that
/// any number of open consoles cannot starve other calls, and is woken at once when it is cancelled. Only sending,
/// ``finish()`` and ``abort()`` pass through the threads of the blocking calls.
///
/// As a sequence it yields pieces of bytes as they come; it ends when the other side ends it. It has one reader: two
/// that read at a time get alternate pieces. A stream that nobody holds is aborted.
public final class Stream: AsyncSequence, Sendable {
  /// A piece of bytes; never an empty one.
  public typealias Element = [UInt8]

  /// Which way the bytes of a stream go.
  enum Direction: Sendable {
    case receiving, sending, both
  }

  /// Takes pieces off a stream.
  public struct Iterator: AsyncIteratorProtocol {
    let stream: Stream

    /// The next piece; nil at the end.
    public mutating func next() async throws -> [UInt8]? {
      try await stream.receive()
    }
  }

  private let handle: Handle
  let inbox: StreamInbox
  private let isClosed = Mutex(false)

  /// Makes a stream and lets `start` hand it to the call that uses it; on a thread of blocking calls only.
  init(
    _ connection: OpaquePointer, _ direction: Direction, start: (OpaquePointer) throws -> Void
  ) throws {
    let pointer = try Calls.check("virStreamNew", virStreamNew(connection, UInt32(VIR_STREAM_NONBLOCK.rawValue)))
    handle = Handle(pointer) { virStreamFree($0) }
    inbox = StreamInbox(direction)
    try start(pointer)
    do {
      try inbox.attach(to: pointer)
    } catch {
      // libvirt may hold a stream that was started until the connection ends.
      virStreamAbort(pointer)
      throw error
    }
  }

  deinit {
    guard !isClosed.withLock({ $0 }) else { return }
    // Ending it asks the daemon, which must not hold up whoever let go of the stream last.
    Task { [handle, inbox] in
      try? await CallExecutor.shared.run {
        inbox.detach(from: handle.pointer)
        virStreamAbort(handle.pointer)
      }
    }
  }

  /// The pieces of bytes as they come.
  public func makeAsyncIterator() -> Iterator {
    Iterator(stream: self)
  }

  /// The next piece of bytes, as soon as there is one; nil once the other side ended the stream or this side closed it.
  ///
  /// Throws ``LibvirtError`` when the stream broke off, and `CancellationError` at once when the task is cancelled; no
  /// bytes are lost then.
  public func receive() async throws -> [UInt8]? {
    let piece = try await inbox.take()
    if inbox.mayReadAgain() {
      try? await CallExecutor.shared.run { [handle, inbox] in inbox.updateInterest(in: handle.pointer) }
    }
    return piece
  }

  /// All bytes up to the end of the stream, no more than `limit` of them.
  ///
  /// Throws ``LibvirtError`` with code ``ErrorCode/operationFailed`` when there are more.
  public func receiveAll(limit: Int = .max) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    while let piece = try await receive() {
      guard piece.count <= limit - bytes.count else {
        throw LibvirtError(
          code: .operationFailed, domain: .streams, message: "the stream brought more than \(limit) bytes",
          call: "virStreamRecv")
      }
      bytes += piece
    }
    return bytes
  }

  /// Sends bytes; returns when libvirt has taken all of them.
  ///
  /// One task at a time: the pieces of two that send at once may mix. When the task is cancelled what was not yet taken
  /// is dropped and `CancellationError` thrown.
  public func send(_ bytes: [UInt8]) async throws {
    var sent = 0
    while sent < bytes.count {
      try Task.checkCancellation()
      let start = sent
      let count = try await CallExecutor.shared.run { [self] in try sendSome(bytes, from: start) }
      sent += count
      if sent < bytes.count { try await inbox.waitUntilWritable(handle) }
    }
  }

  /// Sends text as UTF-8.
  public func send(_ text: String) async throws {
    try await send(Array(text.utf8))
  }

  /// Ends the stream in order; returns when the daemon confirmed that it has everything.
  ///
  /// A stream that was read to its end is finished as well: only then does an error of the daemon at the last moment show.
  public func finish() async throws {
    try await close("virStreamFinish") { virStreamFinish($0) }
  }

  /// Breaks the stream off; the other side notices.
  public func abort() async throws {
    try await close("virStreamAbort") { virStreamAbort($0) }
  }

  private func close(_ name: String, _ body: @escaping @Sendable (OpaquePointer) -> Int32) async throws {
    let wasClosed = isClosed.withLock { isClosed in
      defer { isClosed = true }
      return isClosed
    }
    guard !wasClosed else { throw Self.closed(name) }
    try await CallExecutor.shared.run { [handle, inbox] in
      // Without its callback first, libvirt would call it for a stream that is gone.
      inbox.detach(from: handle.pointer)
      try Calls.check(name, body(handle.pointer))
    }
  }

  /// Sends until libvirt would wait; answers with the number of bytes that it took.
  private func sendSome(_ bytes: [UInt8], from start: Int) throws -> Int {
    guard !isClosed.withLock({ $0 }) else { throw Self.closed("virStreamSend") }
    return try bytes.withUnsafeBytes { buffer in
      var sent = start
      while sent < buffer.count {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[sent...]).bindMemory(to: CChar.self)
        let count = virStreamSend(handle.pointer, rest.baseAddress, Swift.min(rest.count, StreamInbox.pieceSize))
        if count == StreamInbox.wouldBlock { break }
        sent += Int(try Calls.check("virStreamSend", count))
      }
      return sent - start
    }
  }

  private static func closed(_ call: String) -> LibvirtError {
    LibvirtError(
      code: .operationInvalid, domain: .streams, message: "the stream was finished or aborted before", call: call)
  }
}
