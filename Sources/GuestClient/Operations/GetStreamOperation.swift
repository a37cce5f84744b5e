import Glibc
import GuestProtocol
import GuestTransport

/// Writes a file of the guest's to a descriptor.
final class GetStreamOperation: SessionWork {
  private let connection: FrameConnection
  private let request: GetRequest
  private let output: OutputQueue
  private var window = ReceiveWindow(ProtocolLimits.clientWindow)
  private var digest = FileDigest()
  private var entry: FileEntry?
  private var received: UInt64 = 0
  private var isComplete = false
  private var answer: CopyAnswer
  private var meter: CopyMeter
  private(set) var summary = CopySummary()

  init(
    _ connection: FrameConnection, _ request: GetRequest, into descriptor: Int32,
    _ progress: ((CopyProgress) -> Void)?
  ) {
    self.connection = connection
    self.request = request
    output = OutputQueue(descriptor)
    answer = CopyAnswer(connection)
    meter = CopyMeter(progress)
  }

  var isFinished: Bool { answer.summary != nil && output.isEmpty }

  var descriptors: [(descriptor: Int32, events: Int16)] {
    output.isEmpty ? [] : [(output.descriptor, Int16(truncatingIfNeeded: POLLOUT))]
  }

  func begin() {
    connection.send(.request, Request(.get, request.encoded))
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
    do {
      switch header.type {
      case .data, .entry, .hole, .digest:
        if !answer.isGivenUp { try take(header.type, payload) }
        return
      case .end:
        if !answer.isGivenUp, !isComplete { throw OperationFailure(.unexpected, "the copy ended within the file") }
        return
      default: break
      }
    } catch let failure as OperationFailure {
      return giveUp(failure)
    }
    try answer.take(header, payload)
    guard let agents = answer.summary else { return }
    guard isComplete else { throw OperationFailure(.unexpected, "the copy ended within the file") }
    summary.merge(reading: agents)
    summary.files = 1
    meter.tell(progress, atOnce: true)
  }

  func handle(_ descriptor: Int32, _ events: Int16) throws {
    flush()
  }

  private func take(_ type: FrameType, _ payload: UnsafeRawBufferPointer) throws {
    try window.receive(payload.count)
    switch type {
    case .entry:
      let entry = try FileEntry(decoding: Array(payload))
      guard self.entry == nil, entry.kind == .file else {
        throw OperationFailure(.invalid, "'\(CopyPath.shown(request.path))' in the guest is not one file")
      }
      self.entry = entry
      consume(payload.count)
    case .digest:
      let end = try FileEnd(decoding: Array(payload))
      guard let entry, !isComplete else { throw OperationFailure(.unexpected, "a checksum came without a file") }
      guard end.digest == digest.bytes, entry.isUnbounded || end.isShort || received == entry.size else {
        throw OperationFailure(
          .checksum, "'\(CopyPath.shown(request.path))' did not arrive as the guest sent it")
      }
      isComplete = true
    default:
      guard entry != nil, !isComplete else { throw OperationFailure(.unexpected, "bytes came without a file") }
      if type == .data {
        digest.add(payload)
        output.append(payload)
        received += UInt64(payload.count)
        summary.bytes += UInt64(payload.count)
      } else {
        let length = try Frame(.hole, payload: Array(payload)).longNumber()
        guard length <= UInt64(Int64.max) - received else {
          throw OperationFailure(.invalid, "the guest sends more than any file has")
        }
        digest.addHole(length)
        output.append(zeros: length)
        received += length
      }
      flush()
    }
  }

  private func flush() {
    do {
      let progress = try output.flush()
      consume(progress.bytes + 8 * progress.holes)
      meter.tell(self.progress)
    } catch {
      giveUp(OperationFailure(.system, "cannot write what was copied", number: error.number))
    }
  }

  private func consume(_ count: Int) {
    if let credit = window.consume(count) { connection.send(.credit, number: credit) }
  }

  private func giveUp(_ failure: OperationFailure) {
    output.drop()
    answer.giveUp(failure)
  }

  private var progress: CopyProgress {
    CopyProgress(bytes: received, total: entry.flatMap { $0.isUnbounded ? nil : $0.size }, path: request.path)
  }
}
