import Glibc
import NestorSupport
import Subprocess
import SystemPackage

/// Another program that is run for its result, such as qemu-img or cpio.
///
/// It gets this process's environment with a PATH of its own and English messages, which are read.
package struct Program: Sendable {
  /// The most that is taken of what a program prints, in bytes.
  private static let outputLimit = 32 * 1024 * 1024

  /// Its name, or its path.
  package let name: String
  /// The Debian package that has it, for the hint when it is missing.
  package let package: String

  package init(_ name: String, package: String) {
    self.name = name
    self.package = package
  }

  /// Runs the program and returns its standard output; `environment` goes over this process's own.
  ///
  /// Throws a ``NestorError`` when it fails: code `unavailable` where it is not installed, `noSpace` for a full disk, else
  /// `failed`, with the last lines that it wrote to standard error as its cause.
  @discardableResult
  package func run(
    _ arguments: [String], input: ProgramInput = .none, directory: String? = nil, environment: [String: String] = [:]
  ) async throws -> String {
    let result = try await result(arguments, input: input, directory: directory, environment: environment)
    guard result.end == .exited(0) else {
      throw failure(arguments, result.errors.split(separator: "\n").map(String.init), result.end)
    }
    return result.output
  }

  /// Runs the program and returns how it ended and what it printed, whatever that was.
  ///
  /// Throws a ``NestorError`` of code `unavailable` where it is not installed.
  package func result(
    _ arguments: [String], input: ProgramInput = .none, directory: String? = nil, environment: [String: String] = [:]
  ) async throws -> ProgramResult {
    switch input {
    case .none:
      return try await result(arguments, NoInput.none, directory, environment)
    case .text(let text):
      return try await result(arguments, StringInput.string(text), directory, environment)
    case .file(let path):
      let file: FileDescriptor
      do {
        file = try FileDescriptor.open(FilePath(path), .readOnly)
      } catch let error as Errno {
        throw SystemError("open \(path)", number: error.rawValue).explained("cannot read \(path)")
      }
      return try await result(arguments, .fileDescriptor(file, closeAfterSpawningProcess: true), directory, environment)
    }
  }

  private func result(
    _ arguments: [String], _ input: some InputProtocol, _ directory: String?, _ environment: [String: String]
  ) async throws -> ProgramResult {
    do {
      let result = try await Subprocess.run(
        name.contains("/") ? .path(FilePath(name)) : .name(name), arguments: Arguments(arguments),
        environment: Self.environment(environment), workingDirectory: directory.map { FilePath($0) }, input: input,
        output: .string(limit: Self.outputLimit), error: .string(limit: Self.outputLimit))
      return ProgramResult(
        end: ProgramTermination(result.terminationStatus), output: result.standardOutput, errors: result.standardError)
    } catch let error as SubprocessError {
      throw self.error(error)
    }
  }

  /// Programs that root alone uses lie in sbin, which is not on everybody's PATH.
  static let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

  /// Where a program lies in the first of some directories that has it, which colons part; nil where none does.
  package static func path(of name: String, in searchPath: String) -> String? {
    searchPath.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  static func environment(_ changes: [String: String] = [:]) -> Environment {
    var all: [Environment.Key: String?] = ["PATH": searchPath, "LC_ALL": "C.UTF-8"]
    for (key, value) in changes { all[Environment.Key(stringLiteral: key)] = value }
    return .inherit.updating(all)
  }

  /// What is said of a program that could not even be run.
  func error(_ error: SubprocessError) -> NestorError {
    if error.code == .executableNotFound { return missing }
    return NestorError(.failed, "\(name) could not be run", cause: "\(error)")
  }

  var missing: NestorError {
    NestorError(.unavailable, "\(name) is not installed", hint: "install it: apt-get install \(package)")
  }

  /// The error of a program that failed, with the last lines that it wrote.
  func failure(_ arguments: [String], _ lines: [String], _ end: ProgramTermination) -> NestorError {
    let cause = lines.isEmpty ? "\(end)" : lines.suffix(5).joined(separator: "; ")
    let isFull = Self.isOfFullDisk(cause)
    return NestorError(
      isFull ? .noSpace : .failed, "`\(([name] + arguments).joined(separator: " "))` failed", cause: cause,
      hint: isFull ? NestorError.fullDiskHint : nil)
  }
}
