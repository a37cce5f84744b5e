/// A path to look at.
public struct StatRequest: Message {
  /// The path; links are followed.
  public var path: [UInt8] = []

  /// A message whose fields all have their defaults.
  public init() {}

  /// Hands each field to a coder, under its number.
  public mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &path)
  }
}
