import GuestClient
import GuestProtocol

/// What a program wrote, and how it ended.
struct Collected {
  var status = ExecEnd()
  var output: [UInt8] = []
  var errors: [UInt8] = []

  var text: String { String(decoding: output, as: UTF8.self) }
}

extension ExecRequest {
  /// A program with its arguments.
  static func program(_ arguments: [String]) -> ExecRequest {
    var request = ExecRequest()
    request.arguments = arguments.map { Array($0.utf8) }
    return request
  }

  /// A line for the shell.
  static func shell(_ line: String) -> ExecRequest { program(["/bin/sh", "-c", line]) }
}

extension GuestSession {
  /// Runs a program and collects what it writes; `seen` is told of all output so far, whenever there is more.
  func collect(
    _ request: ExecRequest, input: ByteSource = .none, control: ExecControl? = nil, started: (() -> Void)? = nil,
    seen: ((String) -> Void)? = nil
  ) throws -> Collected {
    var result = Collected()
    let streams = ExecStreams(
      input: input,
      output: .handler {
        result.output += $0
        seen?(result.text)
      }, errors: .handler { result.errors += $0 })
    result.status = try exec(request, streams, control: control, onStart: { _ in started?() })
    return result
  }

  /// Runs a line of shell and collects what it writes.
  func collect(_ line: String, input: ByteSource = .none) throws -> Collected {
    try collect(.shell(line), input: input)
  }
}
