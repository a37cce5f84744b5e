import ArgumentParser
import CommandLineKit
import NestorCore

/// The names of one or more guests, and how the same is done to all of them.
struct GuestArguments: ParsableArguments, Sendable {
  @Argument(help: "The guests' names.", completion: .guests)
  var names: [String]

  /// Does `body` to every guest and returns the names of those with which that went well, a line each; all are tried.
  func forEach(
    of hypervisor: Hypervisor, _ body: @escaping @Sendable (Guest) async throws -> Void
  ) async throws -> String {
    try Self.text(of: await Batch.run(names.uniqued()) { name in try await body(try await hypervisor.guest(name)) })
  }

  /// The names of what went well, a line each.
  static func text(of results: [BatchResult<Void>], names: Bool = true) throws(BatchFailure) -> String {
    var text = ""
    var failures: [any Error] = []
    for result in results {
      switch result.outcome {
      case .success: if names { text += result.name + "\n" }
      case .failure(let error): failures.append(error)
      }
    }
    guard failures.isEmpty else { throw BatchFailure(text: text, failures: failures) }
    return text
  }

  /// Prints the names that went well and the failures of the others; throws when there was any.
  static func report(_ results: [BatchResult<Void>], names: Bool = true) throws {
    do {
      Terminal.print(try text(of: results, names: names))
    } catch {
      try error.report()
    }
  }
}

extension Sequence where Element: Hashable {
  /// The elements in their order, each once.
  func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
