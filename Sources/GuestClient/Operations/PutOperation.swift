import GuestProtocol
import GuestTransport

/// Sends files and folders to the guest.
final class PutOperation: SessionWork {
  private let connection: FrameConnection
  private let request: PutRequest
  private let reader: TreeReader
  private var answer: CopyAnswer
  private var meter: CopyMeter

  init(
    _ connection: FrameConnection, _ terms: SessionTerms, _ request: PutRequest, _ sources: [[UInt8]],
    _ options: CopyOptions, _ progress: ((CopyProgress) -> Void)?
  ) throws {
    self.connection = connection
    self.request = request
    answer = CopyAnswer(connection)
    meter = CopyMeter(progress)
    reader = try TreeReader(
      sources,
      options: TreeReader.Options(isRecursive: options.isRecursive, followsLinks: options.followsLinks, place: ""),
      connection: connection, credit: terms.peerWindow)
  }

  var isFinished: Bool { answer.summary != nil }
  var deadline: Instant? { isSending && reader.canProduce ? .now : nil }

  /// The agent's summary with what was left out here.
  var summary: CopySummary {
    var summary = answer.summary ?? CopySummary()
    summary.merge(reading: reader.summary)
    return summary
  }

  private var isSending: Bool { answer.hasBegun && !answer.isGivenUp }

  func begin() {
    connection.send(.request, Request(.put, request.encoded))
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
    if header.type == .credit {
      return try reader.grant(try Frame(.credit, payload: Array(payload)).number())
    }
    try answer.take(header, payload)
    if isFinished { meter.tell(progress, atOnce: true) }
  }

  func produce() throws {
    guard isSending else { return }
    do {
      try reader.produce()
    } catch let failure as OperationFailure {
      answer.giveUp(failure)
    }
    meter.tell(progress)
  }

  private var progress: CopyProgress {
    CopyProgress(bytes: reader.position, total: reader.totalSize, path: reader.currentPath)
  }
}
