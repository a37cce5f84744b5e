import Libvirt
import NestorSupport

extension Orchestrator {
  /// The name of the snapshot that lives only while copies of a guest are made.
  static let momentOfClones = "nestor-clone"

  /// Runs `body` while all of these guests stand still; those that ran do so again afterwards, whatever became of it.
  /// Their locks have to be held. `body` is told the UUIDs of those that ran.
  ///
  /// Meanwhile a file in the run folder says so of each: should this program be killed, the next one that takes the
  /// guest's lock lets it run on.
  func standingStill<Value: Sendable>(
    _ domains: [Domain], _ body: (_ paused: Set<String>) async throws -> Value
  ) async throws -> Value {
    var paused: [Domain] = []
    do {
      for domain in domains where try await domain.state().status == .running {
        try await explaining("cannot suspend guest '\(domain.name)'") {
          try FileTree.write(Array(domain.uuid.utf8), to: state.standstill(domain.name))
          paused.append(domain)
          try await domain.suspend()
        }
      }
      let value = try await body(Set(paused.map(\.uuid)))
      for domain in paused {
        try await explaining("cannot let guest '\(domain.name)' run on") { try await runOn(domain) }
      }
      return value
    } catch {
      // What the user is told is why it failed; a guest that cannot run on is shown as suspended.
      for domain in paused { try? await runOn(domain) }
      throw error
    }
  }

  private func runOn(_ domain: Domain) async throws {
    if try await domain.state().status == .paused { try await domain.resume() }
    try FileTree.remove(state.standstill(domain.name))
  }

  /// Lets a guest run on that a program left standing still, since it was killed. The guest's lock has to be held.
  func endStandstill(of name: String) async throws {
    let file = state.standstill(name)
    guard FileTree.exists(file) else { return }
    let uuid = try? FileTree.readText(file)
    if let domain = try? await connection.domain(named: name), domain.uuid == uuid {
      if let moment = try? await domain.snapshot(named: Self.momentOfClones) { try? await moment.delete() }
      try await explaining("cannot let guest '\(name)' run on") { try await runOn(domain) }
      warn("guest '\(name)' was left standing still by a nestor that was killed, and runs on now")
    }
    try FileTree.remove(file)
  }
}
