import GuestProtocol
import GuestTransport

/// Takes files and folders from the guest.
final class GetOperation: SessionWork {
  private let connection: FrameConnection
  private let request: GetRequest
  private var receiver: TreeReceiver
  private var answer: CopyAnswer
  private var meter: CopyMeter

  init(
    _ connection: FrameConnection, _ request: GetRequest, to destination: [UInt8], _ options: CopyOptions,
    _ progress: ((CopyProgress) -> Void)?
  ) throws {
    self.connection = connection
    self.request = request
    answer = CopyAnswer(connection)
    meter = CopyMeter(progress)
    var place = TreeWriter.Options()
    place.keepsOwners = options.keepsOwners
    // What is in a folder has several names.
    place.mustBeFolder = CopyPath.meansContents(request.path)
    receiver = TreeReceiver(
      try TreeWriter(destination, options: place), connection: connection, window: ProtocolLimits.clientWindow)
  }

  var isFinished: Bool { answer.summary != nil }

  /// What was made here, with what the agent left out.
  var summary: CopySummary {
    var summary = receiver.writer.summary
    if let agents = answer.summary { summary.merge(reading: agents) }
    return summary
  }

  func begin() {
    connection.send(.request, Request(.get, request.encoded))
    receiver.begin()
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
    do {
      switch header.type {
      case .data, .entry, .hole, .digest:
        if !answer.isGivenUp { _ = try receiver.take(header, payload) }
        return meter.tell(progress)
      case .end:
        if !answer.isGivenUp { _ = try receiver.writer.finish() }
        return
      default: break
      }
    } catch let failure as OperationFailure {
      receiver.writer.discard()
      return answer.giveUp(failure)
    }
    try answer.take(header, payload)
    if isFinished {
      _ = try receiver.writer.finish()
      meter.tell(progress, atOnce: true)
    }
  }

  private var progress: CopyProgress {
    let writer = receiver.writer
    return CopyProgress(bytes: writer.position, total: writer.totalSize, path: writer.currentPath)
  }
}
