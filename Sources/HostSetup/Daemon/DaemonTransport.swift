import Processes

/// What carries requests to a daemon: its own client, or a stand-in for a test.
package protocol DaemonTransport: Sendable {
  /// Runs the client with these arguments, and returns all that it printed, whatever its exit status.
  ///
  /// The client reads its input from its standard input even where that is a file, which it might not see itself, as the
  /// snap's does not. Throws a ``NestorError`` with code `unavailable` where there is no such program.
  func run(_ arguments: [String], input: ProgramInput) async throws -> ProgramResult
}
