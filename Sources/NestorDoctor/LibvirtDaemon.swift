import Glibc
import NestorSupport
import Probes
import Processes

/// The daemon of libvirt on this machine: libvirtd, or virtqemud where libvirt runs as several daemons.
struct LibvirtDaemon: Sendable {
  /// Where /run and /proc lie.
  var root = SystemRoot.machine

  /// A daemon that runs.
  struct Process: Sendable, Equatable {
    /// `libvirtd` or `virtqemud`.
    let name: String
    /// Its process.
    let id: pid_t
  }

  /// systemd runs the services here, see sd_booted(3).
  var hasSystemd: Bool { FileTree.isDirectory(root.path("/run/systemd/system")) }

  /// The daemon that runs; nil where none does.
  func running() -> Process? {
    for name in ["virtqemud", "libvirtd"] {
      guard let text = try? FileTree.readText(root.path("/run/\(name).pid"), limit: 64),
        let id = pid_t(text.filter(\.isWholeNumber)), id > 0,
        let command = try? FileTree.readText(root.path("/proc/\(id)/comm"), limit: 64),
        // The file outlives a killed daemon, and its number may have gone to another process.
        command.split(whereSeparator: \.isWhitespace).first.map(String.init) == name
      else { continue }
      return Process(name: name, id: id)
    }
    return nil
  }

  /// The commands by which a person starts it.
  var startCommand: String { hasSystemd ? "systemctl enable --now libvirtd" : "virtlogd -d; libvirtd -d" }

  /// The commands by which a person restarts it.
  var restartCommand: String {
    let name = running()?.name ?? "libvirtd"
    return hasSystemd ? "systemctl restart \(name)" : "kill $(cat /run/\(name).pid); sleep 2; \(name) -d"
  }

  /// Restarts it by systemd, or by its own command line where there is none, and answers with what was done. Guests run
  /// in processes of their own and go on. A daemon that does not run stays so: it will read its files when it starts.
  func restart() async throws -> String {
    guard let process = running() else { return "no daemon of libvirt runs; it reads the file when it starts" }
    if hasSystemd {
      try await Program("systemctl", package: "systemd").run(["restart", process.name])
      return "restarted \(process.name) by systemd"
    }
    var arguments = try FileTree.readText(root.path("/proc/\(process.id)/cmdline")).split(separator: "\0").map(
      String.init)
    if !arguments.isEmpty { arguments.removeFirst() }
    if !arguments.contains(where: { $0 == "-d" || $0 == "--daemon" }) { arguments.append("-d") }
    try await end(process)
    try await Program(process.name, package: "libvirt-daemon-system").run(arguments)
    return "restarted \(process.name)"
  }

  private func end(_ process: Process) async throws {
    guard kill(process.id, SIGTERM) == 0 else { throw SystemError("kill \(process.id)") }
    let deadline = ContinuousClock.now + .seconds(15)
    // It is nobody's child here that could be waited for, so this looks again and again.
    while running() == process {
      guard ContinuousClock.now < deadline else {
        throw NestorError(
          .timedOut, "\(process.name) (process \(process.id)) does not end",
          hint: "end it yourself, then start it again: \(startCommand)")
      }
      try await ContinuousClock().sleep(for: .milliseconds(20))
    }
  }
}
