import Glibc
import GuestClient
import GuestProtocol
import GuestTransport

/// A program that a test runs in the guest.
struct Command {
  /// What it came to.
  struct Result {
    var status = ExecEnd()
    var output = ""
    var errors = ""
  }

  var request = ExecRequest()

  init(_ words: String...) {
    self.init(words)
  }

  init(_ words: [String]) {
    request.arguments = words.map { Array($0.utf8) }
  }

  /// Runs it, over a new session unless one is given.
  func run(
    on session: GuestSession? = nil, input: ByteSource = .none, control: ExecControl? = nil,
    onStart: ((UInt32) -> Void)? = nil
  ) throws -> Result {
    var (output, errors): ([UInt8], [UInt8]) = ([], [])
    let session = try session ?? AgentPair().session()
    let status = try session.exec(
      request, ExecStreams(input: input, output: .handler { output += $0 }, errors: .handler { errors += $0 }),
      control: control, onStart: onStart)
    return Result(
      status: status, output: String(decoding: output, as: UTF8.self), errors: String(decoding: errors, as: UTF8.self))
  }
}
