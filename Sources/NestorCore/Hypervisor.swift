import Libvirt
// libvirt's errors are told by what this knows of them.
import LibvirtFailures
import NestorImages
import NestorSupport
import Synchronization

/// Drives the guests of one libvirt connection.
///
/// All state is libvirt's and the state folder's, so any number of these may work side by side, in one process or in
/// many. Nothing here prints; what a user should know goes to the handlers.
package final class Hypervisor: Sendable {
  /// The connection that all calls use.
  package let connection: Connection
  /// Where files and locks lie.
  package let state: StateDirectory
  /// The images of this machine.
  package let images: ImageStore
  /// Takes word of how far the work is.
  let report: ProgressHandler
  /// Takes sentences that the user should see although nothing failed.
  let warn: @Sendable (String) -> Void
  /// The unfinished work that was tried to be ended, see ``LockedGuest/recover()``.
  let triedToEnd = Mutex<Set<String>>([])

  /// Takes a connection that is open already.
  package init(
    connection: Connection, state: StateDirectory, report: @escaping ProgressHandler = { _ in },
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.connection = connection
    self.state = state
    self.images = ImageStore(state)
    self.report = report
    self.warn = warn
  }

  /// The URI that is used unless the user names another: `LIBVIRT_DEFAULT_URI`, or this machine's system daemon.
  package static var defaultURI: String {
    EnvironmentVariable.value("LIBVIRT_DEFAULT_URI") ?? "qemu:///system"
  }

  /// Opens a connection and takes it.
  package static func connect(
    _ uri: String = Hypervisor.defaultURI, state: StateDirectory = .fromEnvironment(), readOnly: Bool = false,
    report: @escaping ProgressHandler = { _ in }, warn: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws -> Hypervisor {
    let connection = try await withContext("cannot connect to libvirt at \(uri)") {
      try await Connection.open(uri, readOnly: readOnly)
    }
    return Hypervisor(connection: connection, state: state, report: report, warn: warn)
  }

  /// Whether QEMU runs on this machine, so that files made here are there for it.
  func isLocal() async throws -> Bool {
    let uri = try await withContext("cannot ask libvirt for its URI") { try await connection.uri() }
    // scheme[+transport]://[host]/path: without a host, or by a socket file, it is this machine, see libvirt's uri.html.
    guard let start = uri.firstRange(of: "://")?.upperBound else { return false }
    return uri[start...].first == "/"
  }

  /// Refuses what can only be done where QEMU runs.
  func requireLocal(_ purpose: String) async throws {
    guard try await isLocal() else {
      throw NestorError(
        .unsupported, "cannot \(purpose) over a connection to another machine",
        cause: "the guest's files have to be made where QEMU runs",
        hint: "run nestor there; list, info, xml, life cycle and events work from here")
    }
  }
}
