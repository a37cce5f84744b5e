import Glibc
import NestorSupport
import Subprocess
import Synchronization
import SystemPackage

/// What a program wrote ended where more was to come; why, it tells itself.
package struct UnexpectedEnd: ExplainableError {
  package init() {}

  package func explained(_ message: String, hint: String?) -> NestorError {
    NestorError(.corrupted, message, cause: "it is cut off", hint: hint)
  }
}

/// How a program failed that was one end of a pipe, and what it said.
package struct PipeFailure: ExplainableError {
  let name: String
  let end: ProgramTermination
  let errors: String

  /// What it said, or how it ended where it said nothing.
  package var reason: String {
    let words = errors.split(separator: "\n").map { $0.trimmingPrefix("\(name): ").split(separator: " ") }
    if !words.isEmpty { return words.map { $0.joined(separator: " ") }.joined(separator: "; ") }
    return end == .signaled(SIGPIPE) ? "whoever reads what \(name) writes has gone" : "\(name): \(end)"
  }

  package func explained(_ message: String, hint: String?) -> NestorError {
    NestorError(Program.isOfFullDisk(errors) ? .noSpace : .failed, message, cause: reason, hint: hint)
  }
}

extension Program {
  /// Runs the program with `output` as its standard output while `body` writes to its standard input, by the descriptor
  /// that it is handed; `output` stays open.
  ///
  /// Where `body` throws the program is killed, but one that ended before tells why in the place of that. Throws
  /// ``PipeFailure`` where the program fails, and a ``NestorError`` of code `unavailable` where it is not installed.
  package func run(_ arguments: [String], to output: Int32, _ body: (_ input: Int32) async throws -> Void) async throws
  {
    let pipe = try Pipe()
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
  /// `body` may await that the program is through, once it has read to the end, and learns whether it failed. Where `body`
  /// throws the program is killed, but after an ``UnexpectedEnd`` it tells why, if it knows.
  package func run<Value: Sendable>(
    _ arguments: [String], from input: Int32,
    _ body: (_ output: Int32, _ ended: @Sendable () async throws -> Void) async throws -> Value
  ) async throws -> Value {
    let pipe = try Pipe()
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

/// A pipe of which a program gets one end.
private final class Pipe: Sendable {
  private let ends: (read: Int32, write: Int32)
  private let open: Mutex<(read: Bool, write: Bool)>

  init() throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw SystemError("pipe") }
    // A program that is started meanwhile must not hold an end open.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    self.ends = (ends[0], ends[1])
    open = Mutex((true, true))
  }

  deinit {
    open.withLock { open in
      if open.read { close(ends.read) }
      if open.write { close(ends.write) }
    }
  }

  var readEnd: Int32 { ends.read }
  var writeEnd: Int32 { ends.write }

  func closeWriteEnd() {
    open.withLock { open in
      if open.write { close(ends.write) }
      open.write = false
    }
  }

  /// The end for a program, which is closed here once that has it.
  func takeReadEnd() -> (descriptor: Int32, isClosed: Bool) {
    open.withLock { $0.read = false }
    return (ends.read, true)
  }

  func takeWriteEnd() -> (descriptor: Int32, isClosed: Bool) {
    open.withLock { $0.write = false }
    return (ends.write, true)
  }
}
