import FoundationEssentials
import Libvirt
import NestorSupport

/// Follows what happens to all guests, over restarts of libvirtd.
package struct EventWatcher: Sendable {
  /// Something that happened to a guest.
  package struct Event: Sendable, Equatable, Codable {
    /// When it was heard of, in ISO 8601 and UTC.
    package var time: String
    /// The guest's name.
    package var guest: String
    /// The guest's UUID.
    package var uuid: String
    /// What happened, such as `started`.
    package var event: String
    /// How it came, such as `booted`; empty where libvirt does not say.
    package var detail: String
  }

  private let uri: String
  private let warn: @Sendable (String) -> Void
  /// How long libvirtd may be away before this gives up.
  private let patience: Duration

  /// A watcher of the guests at a libvirt; sentences for the user go to `warn`.
  package init(uri: String, patience: Duration = .seconds(60), warn: @escaping @Sendable (String) -> Void) {
    self.uri = uri
    self.patience = patience
    self.warn = warn
  }

  /// Hands every event to `body` until the task is cancelled.
  ///
  /// Throws when libvirt cannot be reached at first, or not again within the watcher's patience.
  package func run(_ body: @escaping @Sendable (Event) -> Void) async throws {
    var connection = try await connect()
    while !Task.isCancelled {
      do {
        for try await event in try await connection.domainLifecycleEvents() {
          body(
            Event(
              time: Date().formatted(.iso8601), guest: event.domainName, uuid: event.domainUUID,
              event: "\(event.payload.kind)", detail: event.payload.detailText))
        }
        return
      } catch let error as LibvirtError {
        warn("the connection to libvirt was lost (\(error.message)); trying again")
        connection = try await reconnect()
        warn("connected again; what happened meanwhile is not shown")
      }
    }
  }

  private func connect() async throws -> Connection {
    try await withContext("cannot connect to libvirt at \(uri)") { try await Connection.open(uri, readOnly: true) }
  }

  private func reconnect() async throws -> Connection {
    let deadline = Deadline(after: patience)
    while true {
      do {
        return try await connect()
      } catch let error as NestorError {
        guard deadline.left > .zero else {
          throw NestorError(
            .unavailable, "libvirt at \(uri) did not come back within \(patience.components.seconds) s",
            cause: error.cause, hint: error.hint)
        }
        try await ContinuousClock().sleep(for: .milliseconds(500))
      }
    }
  }
}
