import ArgumentParser
import NestorCore

/// The names of one or more guests, and how the same is done to all of them.
struct GuestArguments: ParsableArguments, Sendable {
  @Argument(help: "The guests' names.", completion: .guests)
  var names: [String]

  /// Does `body` to every guest and returns the names of those with which that went well, a line each; all are tried.
  func forEach(
    of hypervisor: Hypervisor, _ body: @escaping @Sendable (Guest) async throws -> Void
  ) async throws -> String {
    try await Batch.run(names.uniqued()) { name in try await body(try await hypervisor.guest(name)) }.names()
  }
}

extension Sequence where Element: Hashable {
  /// The elements in their order, each once.
  func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
