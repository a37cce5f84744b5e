import Glibc
import NestorSupport
import Subprocess
import SystemPackage

extension Program {
  /// Runs the program with `output` as its standard output while `body` writes to its standard input, by the descriptor
  /// that it is handed; `output` stays open.
  ///
  /// What blocks in `body` needs a thread of its own, see ``BlockingWork``: the program starts meanwhile.
  ///
  /// Where `body` throws the program is killed, but one that ended before tells why in the place of that. Throws
  /// ``PipeFailure`` where the program fails, and a ``NestorError`` of code `unavailable` where it is not installed.
  package func run(_ arguments: [String], to output: Int32, _ body: (_ input: Int32) async throws -> Void) async throws
  {
    let pipe = try ProgramPipe()
    let end = pipe.takeReadEnd()
    async let program: Void = filter(arguments, input: end, output: (output, false))
    do {
      try await body(pipe.writeEnd)
    } catch let error as SystemError where error.number == EPIPE {
      pipe.closeWriteEnd()
      try await program
      throw error
    }
    pipe.closeWriteEnd()
    try await program
  }

  /// Runs the program with `input` as its standard input while `body` reads what it writes; `input` stays open.
  ///
  /// What blocks in `body` needs a thread of its own, see ``BlockingWork``: the program starts meanwhile.
  ///
  /// `body` may await that the program is through, once it has read to the end, and learns whether it failed. Where `body`
  /// throws the program is killed, but after an ``UnexpectedEnd`` it tells why, if it knows.
  package func run<Value: Sendable>(
    _ arguments: [String], from input: Int32,
    _ body: (_ output: Int32, _ ended: @Sendable () async throws -> Void) async throws -> Value
  ) async throws -> Value {
    let pipe = try ProgramPipe()
    let end = pipe.takeWriteEnd()
    let program = Task { try await filter(arguments, input: (input, false), output: end) }
    return try await withTaskCancellationHandler {
      do {
        let value = try await body(pipe.readEnd) { try await program.value }
        try await program.value
        return value
      } catch let error as UnexpectedEnd {
        try await program.value
        throw error
      } catch {
        program.cancel()
        _ = await program.result
        throw error
      }
    } onCancel: {
      program.cancel()
    }
  }

  private typealias End = (descriptor: Int32, isClosed: Bool)

  private func filter(_ arguments: [String], input: End, output: End) async throws {
    do {
      let run = try await Subprocess.run(
        .name(name), arguments: Arguments(arguments), environment: Self.environment(),
        input: .fileDescriptor(FileDescriptor(rawValue: input.descriptor), closeAfterSpawningProcess: input.isClosed),
        output: .fileDescriptor(
          FileDescriptor(rawValue: output.descriptor), closeAfterSpawningProcess: output.isClosed),
        error: .string(limit: 1 << 16))
      let end = ProgramTermination(run.terminationStatus)
      guard end == .exited(0) else { throw PipeFailure(name: name, end: end, errors: run.standardError) }
    } catch let error as SubprocessError {
      throw self.error(error)
    }
  }

  /// Whether a program says that its disk was full.
  static func isOfFullDisk(_ errors: String) -> Bool {
    errors.contains("No space left on device") || errors.contains("Disk quota exceeded")
  }
}
