/// A path to look at.
package struct StatRequest: Message {
  /// The path; links are followed.
  package var path: [UInt8] = []

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &path)
  }
}
