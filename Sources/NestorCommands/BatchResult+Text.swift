import NestorCore

extension Array {
  /// What is shown of those that went well; throws ``BatchFailure`` with that where others failed.
  func text<Value>(_ show: ([(name: String, value: Value)]) throws -> String) throws -> String
  where Element == BatchResult<Value> {
    var values: [(name: String, value: Value)] = []
    var failures: [any Error] = []
    for result in self {
      switch result.outcome {
      case .success(let value): values.append((result.name, value))
      case .failure(let error): failures.append(error)
      }
    }
    let text = try show(values)
    guard failures.isEmpty else { throw BatchFailure(text: text, failures: failures) }
    return text
  }

  /// The names of those that went well, a line each; throws ``BatchFailure`` with these where others failed.
  func names<Value>() throws -> String where Element == BatchResult<Value> {
    try text { $0.map(\.name).lines }
  }

  /// Throws what the program ends with where any failed, and tells of the others; nothing is shown of what went well.
  func report<Value>() throws where Element == BatchResult<Value> {
    try BatchFailure.reporting { try text { _ in "" } }
  }
}

extension [String] {
  /// The texts, a line each.
  var lines: String { map { $0 + "\n" }.joined() }
}
