import ArgumentParser
import CommandLineKit
import NestorCore
import NestorDoctor
import NestorSupport

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check by trying whether everything is here that guests need.",
    discussion: """
      Every check tries the thing itself: KVM by running code in it, the network by asking for an address on it, and so
      on. PASS is well; WARN is poorer than it could be; FAIL keeps guests from running; SKIP could not be tried, or has
      no meaning here. WARN and FAIL say why it matters and what to do.

      --fix does what is safe to do unasked, checks again and says "fixed":

        qemu.conf    writes the settings that an unprivileged container needs, then restarts libvirt's daemon; guests
                     that run go on
        AppArmor     appends the rule for /dev/vhost-vsock to the administrator's file
        network      starts libvirt's network default, now and with libvirt from now on

      It never loads kernel modules and never touches the host. With -q only the names of the checks that warn or fail
      are printed. The exit status is 0 when nothing fails, 69 when something does. Run it as root: for other users the
      checks that take root are skipped.
      """)

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @Flag(name: .long, help: "Mend what is safe to mend, and check again.") var fix = false
  @Flag(name: .customLong("require-kvm"), help: "Fail, not only warn, where guests cannot use KVM.") var requireKVM =
    false

  func run() async throws {
    let line = ProgressLine()
    line.show(ProgressReport("doctor", "checking"))
    let doctor = Doctor(uri: connection.connect ?? Hypervisor.defaultURI, requiresKVM: requireKVM) { note in
      line.clear()
      Terminal.note("doctor: \(note)")
    }
    let results = await doctor.examine(fixing: fix)
    line.end()
    try CheckOutput.show(results, output, fixedBy: "nestor doctor --fix")
  }
}
