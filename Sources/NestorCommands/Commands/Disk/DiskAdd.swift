import ArgumentParser
import NestorCore
import Templates

extension DiskCommand {
  struct Add: HypervisorCommand {
    static let configuration = CommandConfiguration(
      commandName: "add", abstract: "Add a disk to a guest, and print its name.",
      discussion: """
          nestor disk add web --size 10GiB
          nestor disk add web --image debian
          nestor disk add web --path /srv/data.img --format raw
          nestor disk add web --size 10GiB -o cache=none -o io=native
        """)

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The guest's name.", completion: .guests) var guest: String
    @Option(
      name: .long,
      help: "The size of a new, empty disk, or to which an image is grown (default: 10GiB, or the image's if larger).")
    var size: String?
    @Option(name: .long, help: "The image that it is laid over.", completion: .images) var image: String?
    @Option(name: .long, help: "A file that is there, which the guest changes in place.", completion: .file())
    var path: String?
    @Option(
      name: .long, help: "The format of the file: qcow2 or raw (default: qcow2).", completion: .list(["qcow2", "raw"]))
    var format: String?
    @Option(name: .long, help: "The serial number that the guest sees.") var serial: String?
    @Flag(name: .customLong("read-only"), help: "The guest can only read it.") var readOnly = false
    @OptionGroup var keys: TemplateKeyOptions

    func validate() throws {
      guard size != nil || image != nil || path != nil || !keys.others.isEmpty else {
        throw ValidationError("Name --size, --image or --path.")
      }
    }

    private func disk() throws -> GuestTemplate.Disk {
      try GuestTemplate.Disk(
        options: keys.all(
          TemplateOption("size", given: size), TemplateOption("image", given: image),
          TemplateOption("path", given: path), TemplateOption("format", given: format),
          TemplateOption("serial", given: serial), TemplateOption("readOnly", given: readOnly ? "true" : nil)))
    }

    func check() throws { _ = try disk() }

    func run(_ hypervisor: Hypervisor) async throws -> String {
      try await hypervisor.guest(guest).disks.add(try disk()) + "\n"
    }
  }
}
