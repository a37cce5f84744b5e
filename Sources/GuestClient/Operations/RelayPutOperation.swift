import Glibc
import GuestProtocol
import GuestTransport

/// Sends to a guest what ``RelayGetOperation`` takes from another, frame by frame: nothing is unpacked in between, and the
/// checksums stay those of the guest that read the files.
final class RelayPutOperation: SessionWork {
  private let connection: FrameConnection
  private let request: PutRequest
  private let pipe: FrameConnection
  private var window: SendWindow
  private var answer: CopyAnswer
  private var meter: CopyMeter
  private var position: UInt64 = 0
  private var path: [UInt8] = []
  private var isSent = false
  private var mayHaveFrames = false

  init(
    _ connection: FrameConnection, _ terms: SessionTerms, _ request: PutRequest, from pipe: FrameConnection,
    _ progress: ((CopyProgress) -> Void)?
  ) {
    self.connection = connection
    self.request = request
    self.pipe = pipe
    window = SendWindow(terms.peerWindow)
    answer = CopyAnswer(connection)
    meter = CopyMeter(progress)
  }

  var isFinished: Bool { answer.summary != nil }
  var summary: CopySummary { answer.summary ?? CopySummary() }
  var descriptors: [(descriptor: Int32, events: Int16)] {
    canSend && !mayHaveFrames ? [(pipe.descriptor, Int16(truncatingIfNeeded: POLLIN))] : []
  }
  var deadline: Instant? { canSend && mayHaveFrames ? .now : nil }

  private var canSend: Bool {
    answer.hasBegun && !answer.isGivenUp && !isSent && connection.hasRoom
      && window.available >= UInt32(ProtocolLimits.maximumPayload)
  }

  func begin() {
    connection.send(.request, Request(.put, request.encoded))
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
    if header.type == .credit {
      return try window.grant(try Frame(.credit, payload: Array(payload)).number())
    }
    try answer.take(header, payload)
  }

  func handle(_ descriptor: Int32, _ events: Int16) throws {
    try pipe.receive()
    mayHaveFrames = true
  }

  func produce() throws {
    while canSend, mayHaveFrames {
      let took: Void? = try pipe.nextFrame { header, payload in
        connection.send(header.type, stream: 0, bytes: payload)
        if header.type == .end {
          isSent = true
        } else {
          window.spend(payload.count)
        }
        switch header.type {
        case .entry: path = try FileEntry(decoding: Array(payload)).path
        case .data: position += UInt64(payload.count)
        default: break
        }
      }
      guard took == nil else { continue }
      mayHaveFrames = false
      if pipe.hasEnded { answer.giveUp(OperationFailure(.cancelled, "the other guest sends no more")) }
    }
    meter.tell(CopyProgress(bytes: position, total: nil, path: path))
  }
}
