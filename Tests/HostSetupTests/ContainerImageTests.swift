import Glibc
import NestorSupport
import Testing

@testable import HostSetup

@Suite struct ContainerImageTests {
  @Test("an old libvirt is told to leave the private /dev alone, a new one keeps it")
  func namespaces() {
    let old = ContainerImageFiles.qemuSettings(libvirt: "9.0.0-4+deb12u2")
    #expect(old.contains("\nremember_owner = 0\n") && old.contains("\nnamespaces = []\n"))
    for version in ["11.3.0-3", "10.0.0-2ubuntu8", "unknown"] {
      let new = ContainerImageFiles.qemuSettings(libvirt: version)
      #expect(new.contains("\nremember_owner = 0\n") && !new.contains("namespaces"), "libvirt \(version)")
    }
  }

  @Test("every template that the image's description names is there, and none is left over")
  func templates() throws {
    let files = ContainerImageFiles.metadata(suite: "trixie", created: 1_700_000_000)
    let description = try #require(files.first { $0.path == "/metadata.yaml" }).text
    #expect(description.contains("creation_date: 1700000000\n") && description.contains("  release: trixie\n"))
    let named = description.split(separator: "\n").compactMap { line -> String? in
      guard line.hasSuffix("}"), let name = line.dropLast().split(separator: " ").last else { return nil }
      return "/templates/\(name)"
    }
    #expect(named.sorted() == files.map(\.path).filter { $0 != "/metadata.yaml" }.sorted())
    #expect(description.contains("/var/lib/cloud/seed/nocloud-net/user-data: {when: [create, copy]"))
  }

  @Test("a container's settings reach cloud-init by either of their names, the newer before the older")
  func settings() throws {
    let files = ContainerImageFiles.metadata(suite: "trixie", created: 0)
    let template = try #require(files.first { $0.path == "/templates/user-data.tpl" }).text
    #expect(template.hasPrefix("{% if config_get(\"cloud-init.user-data\", \"\") != \"\" %}"))
    #expect(template.contains("{% elif config_get(\"user.user-data\", \"\") != \"\" %}"))
    #expect(template.contains("{% else %}#cloud-config\n{}\n{% endif %}"))
  }

  @Test("the programs, the templates and the catalogue of images have their places")
  func payload() throws {
    let scratch = try ScratchPayload()
    for name in ["schema.json", "notes.txt"] { try scratch.write("domains/\(name)", "") }
    let shared = "/usr/local/share/nestor/domains"
    let always = [
      "/usr/lib/nestor/nestor-agent", "/usr/local/bin/nestor", "\(shared)/base.yaml", "\(shared)/schema.json",
    ]
    #expect(try scratch.payload().items.map(\.target).sorted() == always)
    try scratch.write("domains/images/catalogue.yaml", "")
    #expect(
      try scratch.payload().items.map(\.target).sorted() == (always + ["\(shared)/images/catalogue.yaml"]).sorted())
  }

  @Test("what cannot become an image is refused before anything is installed")
  func refusals() async throws {
    let scratch = try ScratchPayload()
    let (folder, payload) = (scratch.folder, try scratch.payload())
    func refusal(_ image: ContainerImage, into target: String, replacing: Bool = false) async -> NestorError? {
      await #expect(throws: NestorError.self) { try await image.build(into: target, replacing: replacing) }
    }
    let suite = await refusal(ContainerImage(suite: "sid", payload: payload), into: "\(folder)/image")
    #expect(suite?.code == .invalidArgument && suite?.hint == "one of: bookworm, trixie")
    guard geteuid() == 0 else { return }
    let guest = await refusal(
      ContainerImage(payload: payload, guestImages: ["\(folder)/domains"]), into: "\(folder)/image")
    #expect(guest?.code == .notFound && guest?.message.contains("\(folder)/domains") == true)
    let image = ContainerImage(payload: payload)
    let present = await refusal(image, into: "\(folder)/domains/")
    #expect(present?.code == .exists && present?.message == "\(folder)/domains is there already")
    let foreign = await refusal(image, into: "\(folder)/domains", replacing: true)
    #expect(foreign?.code == .exists && foreign?.cause == "it holds base.yaml")
    #expect(FileTree.exists("\(folder)/domains/base.yaml") && !FileTree.exists("\(folder)/image.new"))
  }

  @Test("an image is made in a folder that is not there yet, by one program at a time")
  func lock() throws {
    let scratch = try ScratchPayload()
    let folder = scratch.folder
    let target = "\(folder)/new/deep/image"
    #expect(ContainerImage.withoutSlashes("\(target)//") == target && ContainerImage.withoutSlashes("/") == "/")
    do {
      let lock = try ContainerImage.lock(target)
      let second = #expect(throws: NestorError.self) { try ContainerImage.lock(target) }
      #expect(second?.code == .busy && second?.cause == "another program is making it")
      withExtendedLifetime(lock) {}
    }
    #expect(try FileTree.names(in: "\(folder)/new/deep") == [])
    try FileTree.write([], to: "\(folder)/file")
    let wrong = #expect(throws: NestorError.self) { try ContainerImage.lock("\(folder)/file/image") }
    #expect(wrong?.message == "cannot make the image \(folder)/file/image")
  }
}
