import NestorSupport
import Probes

/// What becomes of guests when the container stops and starts again: libvirt-guests(8) saves and wakes them.
struct ShutdownChecks: Sendable {
  let context: DoctorContext

  /// The service's settings, lines of shell.
  static let settingsPath = "/etc/default/libvirt-guests"
  /// What sets the clocks of guests that the service has woken.
  static let addition = "/etc/systemd/system/libvirt-guests.service.d/nestor.conf"
  private static let service = "libvirt-guests.service"
  private static let wanted = [("ON_SHUTDOWN", "suspend"), ("ON_BOOT", "start")]

  var requirements: [Requirement] { [savedGuests] }

  private var savedGuests: Requirement {
    Requirement(
      id: "shutdown", what: "guests are saved when the container stops, and wake when it starts",
      reason: "otherwise its stop is a power cut for them", isFatal: false, remedy: "nestor doctor --fix",
      fix: { [context] in try await Self.mend(context) }
    ) { [context] in
      guard context.container.isContainer else { return Finding(.skip, "only in containers Nestor sees to that") }
      guard ["/usr/lib", "/lib"].contains(where: { context.has("\($0)/systemd/system/\(Self.service)") }) else {
        return Finding(.skip, "libvirt brought no \(Self.service)")
      }
      let settings = ShellSettings(context.text(Self.settingsPath) ?? "")
      for (name, value) in Self.wanted where settings[name] != value {
        return Finding(.warn, "\(Self.settingsPath) does not say \(name)=\(value)")
      }
      guard context.has(Self.addition) else { return Finding(.warn, "there is no \(Self.addition)") }
      guard context.has("/etc/systemd/system/multi-user.target.wants/\(Self.service)") else {
        return Finding(.warn, "\(Self.service) does not start with the container")
      }
      return Finding(.pass, "libvirt-guests saves and wakes them")
    }
  }

  private static func mend(_ context: DoctorContext) async throws {
    var settings = ShellSettings(context.text(settingsPath) ?? "")
    settings.set(wanted, comment: "Set by nestor doctor: guests are saved when the container stops, and wake with it.")
    try FileTree.replace(context.root.path(settingsPath), with: Array(settings.text.utf8))
    context.note("wrote \(settingsPath)")
    let addition = """
      # Written by nestor doctor: a guest that wakes has the time at which it was saved.
      [Service]
      ExecStartPost=-\(try FileTree.ownProgram()) sync-clock --all

      """
    try FileTree.replace(context.root.path(Self.addition), with: Array(addition.utf8))
    context.note("wrote \(Self.addition)")
    try await context.enableService(service)
    context.note("enabled \(service)")
  }
}
