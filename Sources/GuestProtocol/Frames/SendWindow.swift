/// How much of a stream the peer still takes.
package struct SendWindow: Sendable, Equatable {
  /// The number of bytes that may be sent now.
  package private(set) var available: UInt32

  /// Begins with the credit that the peer's hello gave.
  package init(_ initial: UInt32) {
    available = min(initial, ProtocolLimits.maximumWindow)
  }

  /// How many of `count` bytes may be sent in one frame now.
  package func allowed(_ count: Int = ProtocolLimits.maximumPayload) -> Int {
    min(count, Int(available), ProtocolLimits.maximumPayload)
  }

  /// Notes that bytes were sent; never more than were ``allowed(_:)``.
  package mutating func spend(_ count: Int) {
    available -= UInt32(min(count, Int(available)))
  }

  /// Takes the peer's credit.
  package mutating func grant(_ count: UInt32) throws(ProtocolError) {
    let (sum, overflows) = available.addingReportingOverflow(count)
    guard !overflows, sum <= ProtocolLimits.maximumWindow else {
      throw ProtocolError(.overrun, "a stream was granted more than \(ProtocolLimits.maximumWindow) bytes of credit")
    }
    available = sum
  }
}
