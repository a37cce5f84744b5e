import NestorSupport
import Probes

/// The rules that AppArmor has for guests, and for libvirt's program that writes them.
struct AppArmorChecks: Sendable {
  let context: DoctorContext

  var requirements: [Requirement] { [guests, helper] }

  /// libvirt's rules for virt-aa-helper, its program that writes a guest's profile.
  private static let helperRulesPath = "/etc/apparmor.d/usr.lib.libvirt.virt-aa-helper"
  private static let localHelperRulesPath = "/etc/apparmor.d/local/usr.lib.libvirt.virt-aa-helper"

  private var guests: Requirement {
    Requirement(
      id: "apparmor", what: "AppArmor lets QEMU use vhost-vsock",
      reason: "libvirt leaves the device out of a guest's profile when it restores the guest or plugs a vsock in: both"
        + " fail then with messages that name other causes",
      isFatal: false,
      remedy: "echo '\(AppArmorRules.vhostVsock)' >> \(AppArmorProbe.localRulesPath)",
      fix: { [self] in
        try add(
          AppArmorRules.vhostVsock, to: AppArmorProbe.localRulesPath, readBy: AppArmorProbe.ownRulesPath,
          comment:
            "Added by nestor doctor: libvirt's virt-aa-helper leaves the device out of the profile of a guest that\n"
            + "is restored, or that gets a vsock while it runs.")
        context.note("wrote \(AppArmorProbe.localRulesPath); it holds for guests that start from now on")
      }
    ) { [context] in
      let probe = AppArmorProbe(root: context.root)
      guard probe.run().isEnabled else { return Finding(.skip, "AppArmor is not on") }
      guard context.has("/dev/vhost-vsock") else { return Finding(.skip, "there is no vhost-vsock") }
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

  /// The disks of all guests.
  private var rule: String { "\(context.state.guests)/*/* r," }

  private var helper: Requirement {
    Requirement(
      id: "apparmor-disks", what: "AppArmor lets libvirt's virt-aa-helper read the guests' disks",
      reason:
        "it looks into a disk for what that is laid over, which the guest may read as well; libvirt's own names for the"
        + " files in which disks go on from a snapshot are none that it may read, and QEMU is then refused what is below",
      isFatal: false,
      remedy: "echo '\(rule)' >> \(Self.localHelperRulesPath) && apparmor_parser -r \(Self.helperRulesPath)",
      fix: { [self] in
        try add(
          rule, to: Self.localHelperRulesPath, readBy: Self.helperRulesPath,
          comment: "Added by nestor doctor: the disks of guests, to find what they are laid over.")
        try await context.reloadProfile(Self.helperRulesPath)
        context.note("wrote \(Self.localHelperRulesPath)")
      }
    ) { [context, rule] in
      guard AppArmorProbe(root: context.root).run().isEnabled else { return Finding(.skip, "AppArmor is not on") }
      guard let own = context.text(Self.helperRulesPath) else {
        return Finding(.skip, "libvirt installed no \(Self.helperRulesPath)")
      }
      let local = AppArmorRules(Array((context.text(Self.localHelperRulesPath) ?? "").utf8))
      if local.has(rule) || AppArmorRules(Array(own.utf8)).has(rule) {
        return Finding(.pass, "the rules name \(context.state.guests)")
      }
      return Finding(.fail, "\(Self.localHelperRulesPath) does not name \(context.state.guests)")
    }
  }

  /// Adds a rule to a file of the administrator's, if the file of libvirt's that is named includes it.
  private func add(_ rule: String, to local: String, readBy own: String, comment: String) throws {
    let included = local.replacing("/etc/apparmor.d/", with: "")
    guard context.text(own)?.contains(included) ?? false else {
      throw NestorError(
        .unsupported, "\(own) does not include \(local)", hint: "add the line '\(rule)' to \(own)")
    }
    let path = context.root.path(local)
    var rules = AppArmorRules(FileTree.exists(path) ? try FileTree.read(path) : [])
    rules.append(rule, comment: comment)
    try FileTree.replace(path, with: rules.bytes)
  }
}
