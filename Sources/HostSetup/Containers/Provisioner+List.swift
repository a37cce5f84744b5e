import NestorSupport

/// A container of Nestor's, in short.
package struct ContainerSummary: Sendable, Equatable {
  package let name: String
  /// Its state in the daemon's words, such as `Running`.
  package let status: String
  /// How far its preparation has come: `ready` or `incomplete`.
  package let state: String
  /// The guests that are defined in it.
  package let guests: [String]
  /// Its addresses that others can reach.
  package let addresses: [String]
}

extension Provisioner {
  /// The containers that Nestor made or prepared, in the order of their names.
  package func containers() async throws -> [ContainerSummary] {
    let inventory = try await daemon.inventory()
    var summaries: [ContainerSummary] = []
    for name in inventory.nestorContainers {
      let container = inventory.instances[name] ?? .null
      summaries.append(
        ContainerSummary(
          name: name, status: container["status"]?.string ?? "unknown",
          state: container["config"]?[Label.state]?.string ?? "incomplete",
          guests: (try? await guests(in: name)) ?? [], addresses: try await addresses(of: name)))
    }
    return summaries
  }

  private func addresses(of name: String) async throws -> [String] {
    let state = try await daemon.query(
      "GET", "/1.0/instances/\(name)/state", purpose: "cannot look at the container \(name)")
    // The bridge has the card's address where there is one.
    return [BridgedCard.card, BridgedCard.bridge].flatMap { state["network"]?[$0]?["addresses"]?.array ?? [] }
      .filter { $0["scope"]?.string == "global" }.compactMap { $0["address"]?.string }
  }
}
