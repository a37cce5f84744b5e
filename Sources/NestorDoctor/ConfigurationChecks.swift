import Glibc
import Libvirt
import NestorSupport
import Probes

/// libvirt's and AppArmor's files, which an unprivileged container needs otherwise than a host.
struct ConfigurationChecks: Sendable {
  let context: DoctorContext

  private static let path = "/etc/libvirt/qemu.conf"
  /// The newest version of libvirt that was seen to need `namespaces = []` in an unprivileged container.
  private static let lastWithoutNamespaces = Version(9, 0, 999)
  /// The oldest version that was seen not to need it.
  private static let firstWithNamespaces = Version(11, 3)

  var requirements: [Requirement] { [qemuConfiguration] }

  /// A setting that this place needs.
  private struct Setting: Sendable {
    let name: String
    let value: QEMUConfiguration.Value
    let text: String
    let comment: String

    static let rememberOwner = Setting(
      name: "remember_owner", value: .number(0), text: "remember_owner = 0",
      comment: "Set by nestor doctor: an unprivileged container may not set the trusted.* attributes in which libvirt\n"
        + "remembers the owners of files, and no guest would start.")
    static let namespaces = Setting(
      name: "namespaces", value: .list([]), text: "namespaces = []",
      comment: "Set by nestor doctor: this libvirt cannot give QEMU a private /dev in an unprivileged container.")
  }

  private var qemuConfiguration: Requirement {
    let daemon = LibvirtDaemon(root: context.root)
    return Requirement(
      id: "qemu-conf", what: "qemu.conf suits an unprivileged container",
      reason: "libvirt's defaults need rights that root has on a host only: without these settings no guest starts",
      isFatal: true, remedy: "nestor doctor --fix",
      fix: { [context] in try await Self.mend(context) }
    ) { [context] in
      guard context.container.isUnprivileged else {
        return Finding(.skip, "only unprivileged containers need settings here")
      }
      guard context.isRoot else { return context.needsRoot }
      do {
        let configuration = try Self.read(context)
        let missing = await Self.needed(context).filter { configuration[$0.name] != $0.value }
        guard missing.isEmpty else {
          let texts = missing.map(\.text)
          let detail = "\(Self.path) lacks \(texts.joined(separator: " and "))"
          // libvirt reads the first line of a name: one more at the end would change nothing.
          guard missing.allSatisfy({ configuration[$0.name] == nil }) else { return Finding(.fail, detail) }
          let lines = texts.map { "'\($0)'" }.joined(separator: " ")
          return Finding(
            .fail, detail,
            remedy: "nestor doctor --fix\nor: printf '%s\\n' \(lines) >> \(Self.path) && \(daemon.restartCommand)")
        }
        if configuration["namespaces"] == .list([]),
          let version = try? await context.libvirt.connection().libvirtVersion(),
          version >= Self.firstWithNamespaces
        {
          return Finding(
            .warn, "namespaces = [] gives up QEMU's private /dev, which libvirt \(version) can have here",
            remedy: "take the line 'namespaces = []' out of \(Self.path), then: \(daemon.restartCommand)")
        }
        return Finding(.pass, await Self.needed(context).map(\.text).joined(separator: " and "))
      } catch {
        return Finding(failing: NestorError(wrapping: error, "\(Self.path) cannot be read"))
      }
    }
  }

  private static func read(_ context: DoctorContext) throws -> QEMUConfiguration {
    do {
      return try QEMUConfiguration(parsing: try FileTree.read(context.root.path(path)), path: path)
    } catch let error as SystemError where error.number == ENOENT {
      throw NestorError(
        .notFound, "there is no \(path)", hint: "apt-get install libvirt-daemon-system")
    }
  }

  /// The settings that this libvirt needs here. Without an answer of libvirt only what all versions need is sure.
  private static func needed(_ context: DoctorContext) async -> [Setting] {
    guard let version = try? await context.libvirt.connection().libvirtVersion() else { return [.rememberOwner] }
    return version <= lastWithoutNamespaces ? [.rememberOwner, .namespaces] : [.rememberOwner]
  }

  private static func mend(_ context: DoctorContext) async throws {
    var configuration = try read(context)
    for setting in await needed(context) {
      try configuration.set(setting.name, to: setting.value, comment: setting.comment)
    }
    let guests = (try? await context.libvirt.connection().runningGuests()) ?? 0
    try FileTree.replace(context.root.path(path), with: configuration.bytes)
    context.note("wrote \(path)")
    let outcome = try await context.restartDaemon()
    let others = guests > 0 ? "; the \(guests) running guests go on, with the settings they started with" : ""
    context.note(outcome + others)
  }
}
