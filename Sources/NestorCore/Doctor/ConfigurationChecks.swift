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

  var requirements: [Requirement] { [qemuConfiguration, appArmor] }

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
        let failure = NestorError(explaining: error, "\(Self.path) cannot be read")
        return Finding(
          .fail, [failure.message, failure.cause].compactMap(\.self).joined(separator: ": "), remedy: failure.hint)
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
    try FileReplacement.write(configuration.bytes, to: context.root.path(path))
    context.note("wrote \(path)")
    let outcome = try await context.restartDaemon()
    let others = guests > 0 ? "; the \(guests) running guests go on, with the settings they started with" : ""
    context.note(outcome + others)
  }

  private var appArmor: Requirement {
    Requirement(
      id: "apparmor", what: "AppArmor lets QEMU use vhost-vsock",
      reason: "libvirt leaves the device out of a guest's profile when it restores the guest or plugs a vsock in: both"
        + " fail then with messages that name other causes",
      isFatal: false,
      remedy: "echo '\(AppArmorRules.vhostVsock)' >> \(AppArmorProbe.localRulesPath)",
      fix: { [context] in try Self.mendAppArmor(context) }
    ) { [context] in
      let probe = AppArmorProbe(root: context.root)
      guard probe.run().isEnabled else { return Finding(.skip, "AppArmor is not on") }
      guard FileTree.exists(context.root.path("/dev/vhost-vsock")) else {
        return Finding(.skip, "there is no vhost-vsock")
      }
      guard let own = context.text(AppArmorProbe.ownRulesPath) else {
        return Finding(.skip, "libvirt installed no \(AppArmorProbe.ownRulesPath)")
      }
      if probe.allowsGuests("/dev/vhost-vsock") { return Finding(.pass, "the rules name /dev/vhost-vsock") }
      guard own.contains("local/abstractions/libvirt-qemu") else {
        return Finding(
          .fail, "the rules do not name /dev/vhost-vsock, and do not include \(AppArmorProbe.localRulesPath)",
          remedy: "add the line '\(AppArmorRules.vhostVsock)' to \(AppArmorProbe.ownRulesPath)")
      }
      return Finding(.fail, "\(AppArmorProbe.localRulesPath) does not name /dev/vhost-vsock")
    }
  }

  private static func mendAppArmor(_ context: DoctorContext) throws {
    let path = context.root.path(AppArmorProbe.localRulesPath)
    guard context.text(AppArmorProbe.ownRulesPath)?.contains("local/abstractions/libvirt-qemu") ?? false else {
      throw NestorError(
        .unsupported, "\(AppArmorProbe.ownRulesPath) does not include \(AppArmorProbe.localRulesPath)",
        hint: "add the line '\(AppArmorRules.vhostVsock)' to \(AppArmorProbe.ownRulesPath)")
    }
    var rules = AppArmorRules(FileTree.exists(path) ? try FileTree.read(path) : [])
    rules.append(
      AppArmorRules.vhostVsock,
      comment: "Added by nestor doctor: libvirt's virt-aa-helper leaves the device out of the profile of a guest that\n"
        + "is restored, or that gets a vsock while it runs.")
    try FileReplacement.write(rules.bytes, to: path)
    context.note("wrote \(AppArmorProbe.localRulesPath); it holds for guests that start from now on")
  }
}
