import ArgumentParser
import CommandLineKit
import HostSetup
import NestorSupport

struct HostDoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check whether everything is here that guests in containers need.",
    discussion: """
      It looks at the host alone and changes nothing: the processor, KVM by running code in it, devices and modules, what
      holds vsock, the users for containers, the daemon with its project and pools, and what networks need of the kernel.
      PASS is well; WARN is poorer than it could be; FAIL keeps guests from running; SKIP could not be tried. WARN and
      FAIL say why it matters and what to do.

      With -q only the names of the checks that warn or fail are printed. The exit status is 0 when nothing fails, 69
      when something does.
      """)

  @OptionGroup var daemon: DaemonOptions
  @OptionGroup var output: OutputOptions
  @Option(name: .long, help: "Check for what is handed in on request, too: vhost-scsi, hugepages, vfio, vfio-N.")
  var with: [String] = []

  func run() async throws {
    let line = ProgressLine()
    line.show(ProgressReport("doctor", "checking"))
    let found: Result<ContainerDaemon, NestorError>
    do {
      found = .success(try await daemon.connect())
    } catch let error as NestorError {
      found = .failure(error)
    }
    let results = await HostRequirements(daemon: found, extras: Set(with)).examine()
    line.end()
    try CheckOutput.show(results, output, fixedBy: "nestor-host prepare")
  }
}
