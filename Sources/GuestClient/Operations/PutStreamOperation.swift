import Glibc
import GuestProtocol
import GuestTransport

/// Sends what can be read from a descriptor to a file in the guest.
final class PutStreamOperation: SessionWork {
  private let connection: FrameConnection
  private let request: PutRequest
  private let descriptor: Int32
  private let mode: UInt32
  private var window: SendWindow
  private var digest = FileDigest()
  private var answer: CopyAnswer
  private var meter: CopyMeter
  private var sent: UInt64 = 0
  private var isSent = false

  init(
    _ connection: FrameConnection, _ terms: SessionTerms, _ request: PutRequest, from descriptor: Int32, mode: UInt32,
    _ progress: ((CopyProgress) -> Void)?
  ) {
    self.connection = connection
    self.request = request
    self.descriptor = descriptor
    self.mode = mode
    window = SendWindow(terms.peerWindow)
    answer = CopyAnswer(connection)
    meter = CopyMeter(progress)
  }

  var isFinished: Bool { answer.summary != nil }
  var summary: CopySummary { answer.summary ?? CopySummary() }

  var descriptors: [(descriptor: Int32, events: Int16)] {
    // What the end takes is kept back.
    guard answer.hasBegun, !answer.isGivenUp, !isSent, connection.hasRoom, window.available > 64 else { return [] }
    return [(descriptor, Int16(truncatingIfNeeded: POLLIN))]
  }

  func begin() {
    connection.send(.request, Request(.put, request.encoded))
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
    if header.type == .credit {
      return try window.grant(try Frame(.credit, payload: Array(payload)).number())
    }
    let hadBegun = answer.hasBegun
    try answer.take(header, payload)
    if answer.hasBegun && !hadBegun { sendEntry() }
    if isFinished { meter.tell(CopyProgress(bytes: sent, total: sent, path: request.path), atOnce: true) }
  }

  func handle(_ descriptor: Int32, _ events: Int16) throws {
    var problem: Int32 = 0
    var isEnd = false
    let count = connection.sendData(stream: 0, upTo: Int(window.available) - 64) { room in
      let count = read(descriptor, room.baseAddress, room.count)
      guard count > 0 else {
        problem = count < 0 ? errno : 0
        isEnd = count == 0
        return 0
      }
      digest.add(UnsafeRawBufferPointer(rebasing: room[..<count]))
      return count
    }
    window.spend(count)
    sent += UInt64(count)
    meter.tell(CopyProgress(bytes: sent, total: nil, path: request.path))
    if isEnd {
      var end = FileEnd()
      end.digest = digest.bytes
      connection.send(.digest, end)
      connection.send(.end)
      isSent = true
    } else if problem != 0, problem != EAGAIN, problem != EINTR {
      answer.giveUp(OperationFailure(.system, "cannot read what is to be copied", number: problem))
    }
  }

  private func sendEntry() {
    var entry = FileEntry()
    entry.kind = .file
    // Never its name in the guest, since the destination may be no folder.
    entry.path = Array("stream".utf8)
    entry.mode = mode
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    entry.modified = Int64(now.tv_sec)
    entry.modifiedNanoseconds = UInt32(clamping: now.tv_nsec)
    entry.isUnbounded = true
    let payload = entry.encoded
    connection.send(.entry, payload)
    window.spend(payload.count)
  }
}
