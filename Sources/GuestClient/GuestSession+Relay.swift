import Glibc
import GuestProtocol
import GuestTransport
import NestorSupport

extension GuestSession {
  /// Copies a file or a folder of this session's guest to a path in another guest, with the rules of
  /// ``get(_:to:options:progress:)``; nothing of it touches this machine's disk, and little is in its memory at any time.
  ///
  /// Both sessions belong to the call until it returns. `progress` is called on another thread.
  package func copy(
    _ path: [UInt8], to other: GuestSession, at destination: [UInt8], options: CopyOptions = CopyOptions(),
    progress: (@Sendable (CopyProgress) -> Void)? = nil
  ) throws -> CopySummary {
    try requireCopy()
    try other.requireCopy()
    var get = GetRequest()
    get.path = path
    get.isRecursive = options.isRecursive
    get.followsLinks = options.followsLinks
    var put = PutRequest()
    put.path = destination
    put.keepsOwners = options.keepsOwners
    put.mustBeFolder = CopyPath.meansContents(path)
    let (near, far) = try ByteStream.pair()
    let source = RelayGetOperation(connection, get, into: FrameConnection(near))
    let target = RelayPutOperation(other.connection, other.terms, put, from: FrameConnection(far), progress)
    let half = try RelayHalf { try other.run(target) }
    half.start(closing: far)
    let result = Result { try run(source) }
    near.shutDown()
    let otherResult = half.wait()
    // Where one side failed, the other was given up; the one that failed knows why.
    for case .failure(let error) in [result, otherResult] {
      if (error as? OperationFailure)?.error.code != .cancelled { throw error }
    }
    try result.get()
    try otherResult.get()
    var summary = target.summary
    summary.merge(reading: source.summary)
    return summary
  }
}

/// One session's half of a copy between two guests, on a thread of its own.
///
/// Safe to send: the thread that it starts uses what it holds, and the one that made it waits for the event before it
/// looks at the result.
private final class RelayHalf: @unchecked Sendable {
  private let body: () throws -> Void
  private let isOver: Interruption
  private var result: Result<Void, any Error> = .success(())

  init(_ body: @escaping () throws -> Void) throws {
    self.body = body
    isOver = try Interruption()
  }

  func start(closing pipe: ByteStream) {
    BlockingWork.start { [self] in
      result = Result { try body() }
      pipe.shutDown()
      isOver.raise()
    }
  }

  func wait() -> Result<Void, any Error> {
    var entry = pollfd(fd: isOver.descriptor, events: Int16(truncatingIfNeeded: POLLIN), revents: 0)
    while poll(&entry, 1, -1) < 0 && errno == EINTR {}
    return result
  }
}
