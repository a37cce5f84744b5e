import Glibc
import GuestProtocol
import GuestTransport

/// Freezes file systems until the client, the session's end or the clock says that it is enough.
final class FreezeHandler: SessionWork {
  /// The longest time, and the one where none is given.
  static let longest = Duration.seconds(600)
  static let usual = Duration.seconds(60)

  private(set) var isFinished = false
  private let context: OperationContext
  private let request: FreezeRequest
  private var freezer: Freezer?
  private var hasReplied = false

  init(_ context: OperationContext, _ request: Request) throws {
    self.context = context
    self.request = try context.message(request)
  }

  var descriptors: [(descriptor: Int32, events: Int16)] {
    guard let freezer else { return [] }
    return [(hasReplied ? freezer.overDescriptor : freezer.settledDescriptor, Int16(truncatingIfNeeded: POLLIN))]
  }

  func begin() throws {
    let limit = request.timeLimit == 0 ? Self.usual : .milliseconds(request.timeLimit)
    guard limit <= Self.longest else {
      throw OperationFailure(
        .invalid, "file systems can be frozen for \(Self.longest.components.seconds) s at most")
    }
    context.describe("for at most \(limit.milliseconds) ms")
    let table = MountTable(context.agent.system)
    freezer = try Freezer(
      context.agent.system, try mounts(of: table), isStrict: !request.mountPoints.isEmpty, timeout: limit)
  }

  private func mounts(of table: MountTable) throws -> [MountTable.Mount] {
    guard !request.mountPoints.isEmpty else { return table.freezable }
    return table.ordered(
      try request.mountPoints.map { path in
        guard let mount = table.mount(at: path) else {
          throw OperationFailure(.notFound, "nothing is mounted at \(shown(path))")
        }
        if let obstacle = table.obstacle(mount) { throw OperationFailure(.invalid, "\(shown(path)) \(obstacle)") }
        return mount
      })
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
    guard header.type == .cancel else {
      throw ProtocolError(.unexpected, "the client sent \(header.type) while file systems are frozen")
    }
    freezer?.thaw()
  }

  func handle(_ descriptor: Int32, _ events: Int16) throws {
    guard let freezer else { return }
    switch freezer.current {
    case .freezing: return
    case .failed(let error): throw OperationFailure(error)
    case .frozen(let mountPoints):
      guard !hasReplied else { return }
      reply(mountPoints)
    case .over:
      // It may have been thawed again before this thread saw that it was frozen.
      if !hasReplied { reply([]) }
      var end = FreezeEnd()
      end.timedOut = freezer.timedOut
      context.connection.send(.done, end)
      isFinished = true
    }
  }

  private func reply(_ mountPoints: [[UInt8]]) {
    var reply = FreezeReply()
    reply.mountPoints = mountPoints
    while reply.encoded.count > ProtocolLimits.maximumPayload { reply.mountPoints.removeLast() }
    context.connection.send(.reply, reply)
    hasReplied = true
  }

  /// Thaws whatever is still frozen and waits until that is done.
  func finish() {
    guard let freezer else { return }
    freezer.thaw()
    _ = Waiting.wait(for: freezer.overDescriptor, timeout: nil)
  }
}
