/// What carries requests to a daemon: its own client, or a stand-in for a test.
public protocol DaemonTransport: Sendable {
  /// Runs the client with these arguments, and answers with all that it printed, whatever its exit status.
  ///
  /// Throws a ``NestorError`` with code `unavailable` where there is no such program.
  func run(_ arguments: [String], input: ClientInput) async throws -> ClientResult
}

/// What the client reads from its standard input.
public enum ClientInput: Sendable, Equatable {
  /// Nothing.
  case none
  /// A text.
  case text(String)
  /// A file's bytes; the client itself might not see the file, as the snap's does not.
  case file(String)
}

/// What came of one run of the client.
public struct ClientResult: Sendable, Equatable {
  /// The exit status; 128 and the signal's number where one ended it.
  public var status: Int32
  /// Its standard output.
  public var output: String
  /// Its standard error.
  public var errors: String

  /// Makes a result of its parts.
  public init(status: Int32 = 0, output: String = "", errors: String = "") {
    self.status = status
    self.output = output
    self.errors = errors
  }
}
