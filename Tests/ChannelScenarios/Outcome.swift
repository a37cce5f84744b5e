import GuestClient
import GuestProtocol

/// What a program wrote, and how it ended.
struct Outcome {
  var status = ExecEnd()
  var output: [UInt8] = []
  var errors: [UInt8] = []

  var text: String { String(decoding: output, as: UTF8.self) }
}

extension ExecRequest {
  static func line(_ line: String) -> ExecRequest {
    var request = ExecRequest()
    request.arguments = ["/bin/sh", "-c", line].map { Array($0.utf8) }
    return request
  }
}

extension GuestSession {
  /// `seen` is told of all output so far, whenever there is more.
  func outcome(
    of request: ExecRequest, input: ByteSource = .none, control: ExecControl? = nil, seen: ((String) -> Void)? = nil
  ) throws -> Outcome {
    var result = Outcome()
    let streams = ExecStreams(
      input: input,
      output: .handler {
        result.output += $0
        seen?(result.text)
      }, errors: .handler { result.errors += $0 })
    result.status = try exec(request, streams, control: control)
    return result
  }
}
