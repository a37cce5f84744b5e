import NestorSupport
import Subprocess
import SystemPackage

/// Another program that is run for its result, such as qemu-img or cpio.
struct Program: Sendable {
  /// The most that is taken of what a program prints, in bytes.
  private static let outputLimit = 8 * 1024 * 1024

  let name: String
  /// The Debian package that has it, for the hint when it is missing.
  let package: String

  init(_ name: String, package: String) {
    self.name = name
    self.package = package
  }

  /// Runs the program and answers with its standard output.
  ///
  /// Throws a ``NestorError`` with the last lines that the program wrote to standard error when it fails.
  @discardableResult
  func run(_ arguments: [String], input: String = "", directory: String? = nil) async throws -> String {
    let result: ExecutionResult<Void, StringOutput<UTF8>, StringOutput<UTF8>>
    do {
      result = try await Subprocess.run(
        .name(name), arguments: Arguments(arguments),
        // Programs that root alone uses lie in sbin, which is not on everybody's PATH; messages are read, so English.
        environment: .inherit.updating(["PATH": Self.searchPath, "LC_ALL": "C.UTF-8"]),
        workingDirectory: directory.map { FilePath($0) }, input: .string(input),
        output: .string(limit: Self.outputLimit), error: .string(limit: Self.outputLimit))
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw NestorError(
        .unavailable, "\(name) is not installed", hint: "install it: apt-get install \(package)")
    }
    guard result.terminationStatus.isSuccess else {
      let lines = result.standardError.split(separator: "\n").map(String.init)
      throw Self.failure(name, arguments, lines, "\(result.terminationStatus)")
    }
    return result.standardOutput
  }

  /// The error of a program that failed, with the last lines that it wrote.
  static func failure(_ name: String, _ arguments: [String], _ lines: [String], _ status: String) -> NestorError {
    NestorError(
      .failed, "`\(name) \(arguments.joined(separator: " "))` failed",
      cause: lines.isEmpty ? status : lines.suffix(5).joined(separator: "; "))
  }

  static let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
}
