import Glibc
import GuestProtocol

/// One forwarded connection as one side has it: two descriptors, or one for both directions, and what is known of the
/// peer's side of it. ``StreamTable`` moves its bytes.
final class ForwardedStream {
  /// How far it is before bytes flow.
  enum Phase {
    /// This side connects.
    case connecting(SocketConnector)
    /// The peer connects.
    case opening
    /// Connected on both sides.
    case open
    /// Given up here; its number is the peer's to free.
    case reset
  }

  let number: UInt16
  /// The part of the table's budget that its buffer may take.
  let reserved: UInt32
  var phase: Phase
  /// What is read for the peer, or -1.
  private(set) var input: Int32 = -1
  /// What the peer's bytes are written to.
  private(set) var output: OutputQueue?
  private var ownsDescriptors = true
  var sendWindow = SendWindow(ProtocolLimits.streamWindow)
  var receiveWindow: ReceiveWindow
  /// The input has ended, and the peer was told.
  var hasSentEnd = false
  /// The peer's last byte has come.
  var hasReceivedEnd = false
  /// It waits for its turn to send.
  var isReady = false
  // Nobody reads any more what the peer sends; it is thrown away, since the other direction may still have something.
  private var isOutputBroken = false
  // What came before there was an output.
  private var early: [UInt8] = []

  init(_ number: UInt16, phase: Phase, window: UInt32) {
    self.number = number
    self.phase = phase
    reserved = window
    receiveWindow = ReceiveWindow(window)
  }

  deinit {
    closeDescriptors()
  }

  /// Both directions have ended for the peer.
  var isOver: Bool { hasSentEnd && hasReceivedEnd }
  /// Nothing is left to be written.
  var isFlushed: Bool { output?.isEmpty ?? true }

  /// Whether it has something to be polled for, and for what.
  var interests: [(descriptor: Int32, events: Int16)] {
    if case .connecting(let connector) = phase {
      return connector.descriptor < 0
        ? [] : [(connector.descriptor, Int16(truncatingIfNeeded: POLLOUT))]
    }
    guard case .open = phase else { return [] }
    let reads = input >= 0 && !hasSentEnd && !isReady && sendWindow.available > 0
    let writes = !isFlushed
    let read = reads ? Int16(truncatingIfNeeded: POLLIN) : 0
    let write = writes ? Int16(truncatingIfNeeded: POLLOUT) : 0
    if let output, output.descriptor != input {
      return (reads ? [(input, read)] : []) + (writes ? [(output.descriptor, write)] : [])
    }
    return reads || writes ? [(input, read | write)] : []
  }

  /// Gives it its descriptors; those it owns are closed with it.
  func attach(input: Int32, output: Int32, owning: Bool) {
    self.input = input
    self.output = OutputQueue(output)
    ownsDescriptors = owning
    if !early.isEmpty { early.withUnsafeBytes { self.output?.append($0) } }
    early = []
  }

  /// Takes the peer's bytes.
  func append(_ bytes: UnsafeRawBufferPointer) {
    if let output { output.append(bytes) } else { early += bytes }
  }

  /// Writes what it can; answers with how many of the peer's bytes are out of the way.
  func flush() -> Int {
    guard let output else { return 0 }
    if isOutputBroken {
      defer { output.drop() }
      return output.count
    }
    let waiting = output.count
    do {
      return try output.flush().bytes
    } catch {
      isOutputBroken = true
      output.drop()
      return waiting
    }
  }

  /// Tells the program behind the output that nothing more comes.
  func shutOutput() {
    guard let output, ownsDescriptors else { return }
    shutdown(output.descriptor, Int32(SHUT_WR))
  }

  /// Closes the descriptors, so that a program on the other side of a TCP connection finds it broken rather than ended.
  func abort() {
    if ownsDescriptors, input >= 0 {
      var linger = linger(l_onoff: 1, l_linger: 0)
      setsockopt(input, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    }
    closeDescriptors()
    early = []
  }

  private func closeDescriptors() {
    if ownsDescriptors {
      if let output, output.descriptor != input { close(output.descriptor) }
      if input >= 0 { close(input) }
    }
    input = -1
    output = nil
  }
}
