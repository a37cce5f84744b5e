/// How file systems came to be thawed; the payload of the ``FrameType/done`` that ends a freeze.
public struct FreezeEnd: Message {
  /// The time limit was reached before the client gave the word: what was done meanwhile may have been done too late.
  public var timedOut = false

  /// A message whose fields all have their defaults.
  public init() {}

  /// Hands each field to a coder, under its number.
  public mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &timedOut)
  }
}
