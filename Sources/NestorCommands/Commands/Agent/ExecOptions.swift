import ArgumentParser
import CommandLineKit
import Glibc
import GuestProtocol
import NestorSupport

/// How a command in a guest is run.
struct ExecOptions: ParsableArguments, Sendable {
  @Option(
    name: [.customShort("e"), .customLong("env")], help: "An environment variable, as NAME=VALUE; again for more.")
  var environment: [String] = []
  @Option(name: [.customShort("w"), .customLong("workdir")], help: "The folder to run in (default: the user's home).")
  var directory: String = ""
  @Option(
    name: [.customShort("u"), .customLong("user")],
    help: "Who runs it: a name or number, or USER:GROUP (default: root).")
  var user: String = ""

  /// The request for a command; without arguments the user's login shell is run.
  func request(arguments: [String]) throws -> ExecRequest {
    var request = ExecRequest()
    request.arguments = arguments.map { Array($0.utf8) }
    request.isLogin = arguments.isEmpty
    request.directory = Array(directory.utf8)
    request.user = user
    for entry in environment {
      guard entry.keyAndValue != nil else {
        throw NestorError(.invalidArgument, "-e takes NAME=VALUE, not '\(entry)'", hint: "for example: -e LANG=C.UTF-8")
      }
    }
    request.environment = environment.map { Array($0.utf8) }
    return request
  }
}
