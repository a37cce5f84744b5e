import ArgumentParser
import CommandLineKit
import HostSetup

struct LaunchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "launch", abstract: "Make a container in which guests run, and start it.",
    discussion: """
      Applies what is not applied yet, makes the container with a volume for images that outlives it, waits until it is
      up, installs libvirt where the image has none, puts nestor, its agent and the templates there, mends libvirt's
      settings, and checks all by nestor doctor inside. It can be run again: what is done stays, the rest is finished.

      The image is an alias or fingerprint of the daemon's, REMOTE:ALIAS of an image server, or a path with a slash in it:
      an image's file, or a folder with its metadata and root file system. Without --image it is the alias nestor, which
      nestor-host image build makes, or else images:debian/12/cloud.

      With --bridge the container's card is put into a bridge inside, and libvirt gets a network 'lan' of it: guests there are
      on the daemon's network like the container, with addresses from its DHCP server. Without it guests are behind the
      container's own address, on libvirt's network 'default'.

        nestor-host launch lab
        nestor-host launch lab --image ./images/nestor --memory 8GiB
        nestor-host launch lab --bridge
        nestor-host launch lab -P limits.cpu=4 -P boot.autostart=true
      """)

  @OptionGroup var daemon: DaemonOptions
  @OptionGroup var choices: ChoiceOptions
  @OptionGroup var container: ContainerOptions
  @OptionGroup var output: OutputOptions
  @Option(name: .long, help: "What the container is made from.") var image: String?
  @Flag(name: .long, help: "Let guests be on the daemon's network, by libvirt's network 'lan'.") var bridge = false
  @Flag(name: .long, help: "Overwrite a profile that was changed by hand.") var force = false
  @Flag(name: .long, help: "Show what would be made, and make nothing.") var dryRun = false
  @Argument(help: "The container's name.") var name: String

  func run() async throws {
    let line = ProgressLine()
    let options = try container.options(image: image, bridgesCard: bridge)
    let provisioner = try await daemon.provisioner(line)
    guard !dryRun else {
      let plan = try await provisioner.launchPlan(name, choices: choices.choices, options: options, force: force)
      line.end()
      return try PlanOutput.show(plan, output)
    }
    try await provisioner.launch(name, choices: choices.choices, options: options, force: force)
    let results = try await provisioner.verify(choices.choices, names: [name])
    line.end()
    try CheckOutput.show(results, output, fixedBy: "nestor-host prepare")
  }
}
