import ArgumentParser
import CommandLineKit
import NestorCore
import NestorSupport

/// The names of one or more guests, and how the same is done to all of them.
struct GuestArguments: ParsableArguments, Sendable {
  @Argument(help: "The guests' names.", completion: .guests)
  var names: [String]

  /// Does `body` to every guest and prints each name that went well; all are tried, and failures are shown together.
  func forEach(_ body: @escaping @Sendable (String) async throws -> Void) async throws {
    try Self.report(await Batch.run(names.uniqued(), body))
  }

  /// The same for commands that only need the guests.
  func forEach(
    of hypervisor: Hypervisor, _ body: @escaping @Sendable (Guest) async throws -> Void
  ) async throws {
    try await forEach { name in try await body(try await hypervisor.guest(name)) }
  }

  /// Prints the names that went well and the failures of the others; throws when there was any.
  static func report(_ results: [BatchResult<Void>], names: Bool = true) throws {
    var failures: [any Error] = []
    for result in results {
      switch result.outcome {
      case .success: if names { Terminal.print(result.name + "\n") }
      case .failure(let error): failures.append(error)
      }
    }
    guard let first = failures.first else { return }
    // A single failure ends the program the usual way; of several the status is theirs if they agree.
    if failures.count == 1 { throw first }
    for failure in failures { ErrorReport.show(failure) }
    let statuses = Set(failures.map { ExitStatus($0) })
    throw ExitCode(statuses.count == 1 ? ExitStatus(first).rawValue : ExitStatus.failure.rawValue)
  }
}

extension Sequence where Element: Hashable {
  /// The elements in their order, each once.
  func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
