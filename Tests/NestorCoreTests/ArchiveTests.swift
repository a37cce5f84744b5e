import DomainXML
import Libvirt
import NestorImages
import NestorSupport
import NestorTestSupport
import Processes
import Templates
import Testing

@testable import NestorCore

@Suite("A guest in an archive")
struct ArchiveTests {
  private let driver: TestDriverGuests
  private let guest: Guest
  private var hypervisor: Hypervisor { driver.hypervisor }
  private var state: StateDirectory { driver.scratch.state }
  private var archive: String { "\(driver.scratch.folder)/web.nestor" }

  /// A guest with two disks, which boots what lies outside of its directory.
  init() async throws {
    driver = try await TestDriverGuests("other")
    let kernel = try driver.scratch.write("boot/vmlinuz", "kernel")
    let initramfs = try driver.scratch.write("boot/initrd", "initramfs")
    let template = """
      boot: {kernel: \(kernel), initramfs: \(initramfs)}
      disks: [{size: 1MiB}, {size: 1MiB, format: raw}]
      networks: [{network: lab}]
      vsock: {enabled: true}
      """
    let hypervisor = driver.hypervisor
    try await hypervisor.create(try driver.plan("web", template))
    guest = try await hypervisor.guest("web")
    try await guest.domain.setAutostart(true)
    try FileTree.write([UInt8](repeating: 7, count: 1 << 20), to: "\(guest.directory)/disk1.raw")
    try await Program("qemu-io", package: "qemu-utils").run(
      ["-f", "qcow2", "-c", "write -P 9 64k 64k", "\(guest.directory)/disk0.qcow2"])
    _ = driver.warnings.taken()
  }

  private func importGuest(_ name: String? = nil, isCopy: Bool = false) async throws -> String {
    try await hypervisor.importGuest(from: .file(archive), as: name.map { try GuestName($0) }, isCopy: isCopy)
  }

  private func names() async throws -> [String] { try await hypervisor.connection.domains().map(\.name).sorted() }

  /// The disks of a guest have the bytes that those of this one got.
  private func expectDisks(_ directory: String) async throws {
    #expect(try FileTree.read("\(directory)/disk1.raw") == [UInt8](repeating: 7, count: 1 << 20))
    let read = try await Program("qemu-io", package: "qemu-utils").run(
      ["-f", "qcow2", "-c", "read -P 9 64k 64k", "-c", "read -P 0 0 64k", "\(directory)/disk0.qcow2"])
    #expect(read.contains("read 65536") && !read.contains("failed"), "\(read)")
  }

  @Test("is the same guest when it comes back, and its archive is its owner's alone")
  func moved() async throws {
    let before = try DomainDefinition(xml: try await guest.domain.xml(.inactive))
    try await guest.export(to: .file(archive))
    #expect(try await Program("stat", package: "coreutils").run(["-c", "%a", archive]) == "600\n")
    try await guest.delete(force: true)
    try FileTree.remove("\(driver.scratch.folder)/boot")
    #expect(try await importGuest() == "web")
    #expect(
      driver.warnings.taken() == [
        "guest 'web' starts once there is a network 'lab', see nestor network create",
        "guest 'web' started with its container where it was, and does not here: nestor set web --autostart yes",
      ])
    let after = try await hypervisor.guest("web")
    var definition = try DomainDefinition(xml: try await after.domain.xml(.inactive))
    let image = try hypervisor.images.image("web-boot")
    #expect(definition.os.kernel == "\(image.directory)/kernel")
    #expect(try FileTree.readText("\(image.directory)/kernel") == "kernel")
    #expect(try definition.os.initrd.map { try FileTree.readText($0) } == "initramfs")
    let record = try #require(try await after.record())
    #expect(record.image == "web-boot" && record.stage == .complete && record.templateFile == nil)
    #expect(record.template == "it" && record.copiedFrom == nil)
    #expect(try await hypervisor.guestsByImage(["web-boot"]) == ["web-boot": ["web"]])
    (definition.os.kernel, definition.os.initrd) = (before.os.kernel, before.os.initrd)
    #expect(definition.generationID != nil && definition.generationID != before.generationID)
    (definition.metadata, definition.generationID) = (before.metadata, before.generationID)
    #expect(try definition.xml() == before.xml())
    #expect(after.uuid == guest.uuid)
    #expect(try await !after.domain.autostart())
    try await expectDisks(after.directory)
    #expect(try FileTree.names(in: after.directory) == ["disk0.qcow2", "disk1.raw", "private"])
    #expect(try FileTree.names(in: state.privateFolder(after.uuid)) == [])
    try await after.delete(force: true)
    #expect(try await hypervisor.prunableImages().map(\.name) == ["web-boot"])
  }

  @Test("is another guest as a copy, and takes the image that is here already")
  func copied() async throws {
    try await guest.export(to: .file(archive))
    #expect(try await importGuest("www", isCopy: true) == "www")
    #expect(try await importGuest("wxw", isCopy: true) == "wxw")
    #expect(try hypervisor.images.list().map(\.name) == ["tiny", "www-boot"])
    let copy = try await hypervisor.guest("www")
    #expect(copy.uuid != guest.uuid)
    let (old, new) = (try await guest.domain.xml(.inactive), try await copy.domain.xml(.inactive))
    #expect(!new.contains(guest.uuid))
    let nics = try [old, new].map { try DomainDefinition(xml: $0).devices }
    #expect(nics[0].interfaces[0].mac != nics[1].interfaces[0].mac && nics[0].vsock?.cid != nics[1].vsock?.cid)
    #expect(try await copy.record()?.copiedFrom == "web")
    #expect(try await !copy.domain.autostart())
    try await expectDisks(copy.directory)
    #expect(driver.warnings.taken().contains { $0.contains("keeps the machine ID of 'web'") })
  }

  @Test("is not written over a file, nor while it runs, and what it cannot take along is said")
  func notExported() async throws {
    func refusal(_ path: String) async -> NestorError? {
      await #expect(throws: NestorError.self) { try await guest.export(to: .file(path)) }
    }
    try driver.scratch.write("there", "old")
    let there = await refusal("\(driver.scratch.folder)/there")
    #expect(there?.code == .exists && there?.message == "cannot export guest 'web'", "\(String(describing: there))")
    #expect(try FileTree.readText("\(driver.scratch.folder)/there") == "old")
    #expect(await refusal("/proc/web.nestor")?.hint?.contains("nestor export web - >/proc/web.nestor") == true)
    #expect(await refusal("\(driver.scratch.folder)/no/web.nestor")?.code == .notFound)

    try await hypervisor.create(try driver.plan("kept", "boot: {kernel: \(archive)}\ndisks: [{size: 1MiB}]"))
    try FileTree.write([1], to: archive)
    let kept = try await hypervisor.guest("kept")
    try await driver.takeSnapshot("one", of: kept)
    try await kept.export(to: .file("\(driver.scratch.folder)/kept.nestor"))
    #expect(driver.warnings.taken() == ["the archive of guest 'kept' is without its snapshots (one)"])
    try FileTree.remove(archive)
    _ = try await kept.start()
    let runs = await #expect(throws: NestorError.self) { try await kept.export(to: .file(archive)) }
    #expect(runs?.code == .invalidState && runs?.hint == "stop it: nestor stop kept, or name a snapshot with --from")
    #expect(try FileTree.names(in: driver.scratch.folder).filter { $0.hasPrefix("web") } == [])

    let plan = try driver.plan("bare", "boot: {kernel: /k}") { definition in
      definition.devices.hostDevices = [HostDevice(source: .pci(HostDevice.PCIAddress("0000:01:00.0")!))]
    }
    try await hypervisor.create(plan)
    let bare = try await hypervisor.guest("bare")
    let error = await #expect(throws: NestorError.self) { try await bare.export(to: .file(archive)) }
    #expect(error?.code == .unsupported && error?.hint == "take it away for the export: nestor edit bare")
    #expect(error?.cause == "<hostdev> does not go into an archive (at domain/devices/hostdev)")
  }

  @Test("does not come where something of it is already, and that stays as it is")
  func here() async throws {
    try await guest.export(to: .file(archive))
    let files = driver.scratch.files()
    func refusal(_ name: String?, isCopy: Bool = false) async throws -> NestorError? {
      let error = await #expect(throws: NestorError.self) { _ = try await importGuest(name, isCopy: isCopy) }
      #expect(driver.scratch.files().filter { !$0.contains("/locks/") } == files.filter { !$0.contains("/locks/") })
      #expect(error?.code == .exists)
      return error
    }
    #expect(try await refusal(nil)?.message == "guest 'web' exists already")
    #expect(try await refusal("other", isCopy: true)?.message == "guest 'other' exists already")
    let known = try await refusal("www")
    #expect(known?.cause == "guest 'web' is this guest, by its UUID" && known?.hint?.contains("--copy") == true)
    // libvirt does not know it any more, but its files are here.
    let xml = try await guest.domain.xml(.inactive)
    try await guest.domain.undefine()
    #expect(try await refusal(nil)?.cause?.hasPrefix("\(guest.directory) holds files of it") == true)
    // Another guest has its address.
    let mac = try #require(try DomainDefinition(xml: xml).devices.interfaces[0].mac)
    let twin = TestDriverGuests.xml("twin", uuid: TestDriverGuests.uuid(5)).replacing("52:54:00:00:00:01", with: mac)
    _ = try await hypervisor.connection.defineDomain(xml: twin)
    try FileTree.rename(guest.directory, to: "\(driver.scratch.folder)/away")
    let error = await #expect(throws: NestorError.self) { _ = try await importGuest() }
    #expect(error?.cause == "guest 'twin' has its MAC address \(mac)", "\(String(describing: error))")
    #expect(try await names() == ["other", "twin"])
  }

  /// Something that somebody does to an archive, and what is said of it.
  struct Harm: CustomTestStringConvertible {
    let words: String
    let change: @Sendable (inout ArchiveFiles) async throws -> Void
    var isSealed = true

    init(
      _ words: String, isSealed: Bool = true, _ change: @escaping @Sendable (inout ArchiveFiles) async throws -> Void
    ) {
      (self.words, self.isSealed, self.change) = (words, isSealed, change)
    }

    var testDescription: String { words }
  }

  /// A qcow2 file with these options of qemu-img's.
  private static func disk(_ options: [String]) async throws -> [UInt8] {
    let scratch = try ScratchState()
    try scratch.write("secret", "secret")
    let file = "\(scratch.folder)/d.qcow2"
    try await Program("qemu-img", package: "qemu-utils").run(
      ["create", "-q", "-f", "qcow2"] + options + [file, "1M"], directory: scratch.folder)
    return try FileTree.read(file)
  }

  static let harms: [Harm] = [
    Harm("guest.json cannot be read") { $0["guest.json"] = Array("{".utf8) },
    Harm("a later version of nestor") { $0.replace("guest.json", "\"format\" : 1", "\"format\" : 2") },
    Harm("contradict each other") { $0.replace("guest.json", "\"hasAgent\" : false", "\"hasAgent\" : true") },
    Harm("contradict each other") {
      $0.replace("guest.json", "\"hasAgent\" : false", "\"hasAgent\" : true, \"way\" : \"initramfs\"")
    },
    Harm("contradict each other") { $0.replace("guest.json", "{", "{\"way\" : \"seed\",") },
    Harm("contradict each other") { $0.replace("domain.xml", "<kernel>@boot@/kernel</kernel>", "") },
    Harm("contradict each other") { $0.replace("domain.xml", "@boot@/initramfs", "@guest@/initramfs") },
    Harm("names a path as its template") { $0.replace("domain.xml", "template=\"it\"", "template=\"/etc/x\"") },
    Harm("libvirt's schema refuses") { $0.replace("domain.xml", "<memory unit", "<memory evil=\"1\" unit") },
    Harm("at most 4194304 are taken") { $0["guest.json"] = [UInt8](repeating: 32, count: 5 << 20) },
    Harm("there is no guest.json where it has to be") { $0.files.swapAt(0, 1) },
    Harm("there is no domain.xml where it has to be") { $0.files.swapAt(1, 2) },
    Harm("domain.xml is refused: line ") { $0.replace("domain.xml", "</devices>", "<hostdev/></devices>") },
    Harm("is not one of a guest that nestor made") { $0.replace("domain.xml", "urn:nestor:guest:1", "urn:other") },
    Harm("'../../../etc/cron.d/x' does not belong") { $0.add("../../../etc/cron.d/x", "* * * * * root evil") },
    Harm("'/etc/cron.d/x' does not belong") { $0.add("/etc/cron.d/x", "* * * * * root evil") },
    Harm("'disks/../x' does not belong") { $0.add("disks/../x", "x") },
    Harm("'disks/disk2.qcow2' does not belong") { $0.add("disks/disk2.qcow2", "x") },
    Harm("'seed/user-data' does not belong") { $0.add("seed/user-data", "x") },
    Harm("'agent.key' does not belong") { $0.add("agent.key", "x") },
    Harm("'nvram' does not belong") { $0.add("nvram", "x") },
    Harm("'boot/kernel' is in it twice") { $0.add("boot/kernel", "x") },
    Harm("'guest.json' is in it twice") { $0.add("guest.json", "x") },
    Harm("it has no 'disks/disk0.qcow2'") { $0.remove("disks/disk0.qcow2") },
    Harm("it has no 'boot/initramfs'") { $0.remove("boot/initramfs") },
    Harm("it has no 'SHA256SUMS'") { $0.remove("SHA256SUMS") },
    Harm("the checksum of 'disks/disk1.raw' is wrong", isSealed: false) { $0["disks/disk1.raw"][5] = 0 },
    Harm("the checksum of 'boot/initramfs' is wrong", isSealed: false) { $0["SHA256SUMS"] = [] },
    Harm("does not belong into it", isSealed: false) { $0.files.append(("more", [])) },
    Harm("backing file") { $0["disks/disk0.qcow2"] = try await disk(["-u", "-b", "/etc/shadow", "-F", "raw"]) },
    Harm("keeps its data in another file") {
      $0["disks/disk0.qcow2"] = try await disk(["-o", "data_file=secret,data_file_raw=on"])
    },
    Harm("no qcow2 header") { $0["disks/disk0.qcow2"] = [UInt8](repeating: 1, count: 70000) },
    Harm("the disk 'disks/disk0.qcow2' is refused") { $0["disks/disk0.qcow2"].removeLast(70000) },
  ]

  @Test("is refused when somebody meddled with it, with the reason, and nothing is left of it", arguments: Self.harms)
  func hostile(_ harm: Harm) async throws {
    try await guest.export(to: .file(archive))
    try await guest.delete(force: true)
    var files = try await ArchiveFiles(archive)
    try await harm.change(&files)
    if harm.isSealed { files.seal() }
    try await files.write(to: archive)
    let before = driver.scratch.files()
    for isCopy in [false, true] {
      let error = await #expect(throws: NestorError.self) { _ = try await importGuest(isCopy: isCopy) }
      #expect(
        error?.code == .corrupted && error.map { "\($0)".contains(harm.words) } == true, "\(String(describing: error))")
    }
    #expect(driver.scratch.files().filter { !$0.hasSuffix("locks") } == before.filter { !$0.hasSuffix("locks") })
    #expect(try await names() == ["other"])
  }

  @Test("is not taken where libvirt has read something else than what was looked at")
  func otherwise() async throws {
    try await guest.export(to: .file(archive))
    let arrival = try await Program("zstd", package: "zstd").run(["-dcq", "--", archive], from: 0) { pipe, _ in
      var reader = TarReader(pipe)
      let arrival = try await GuestArrival(&reader, as: nil, isCopy: false)
      while try await reader.nextFile() != nil { _ = try await reader.content(limit: 1 << 28) }
      return arrival
    }
    let definition = try await arrival.firstDefinition(by: hypervisor)
    func judge(_ change: (inout DomainDefinition) -> Void) async throws {
      var changed = definition
      change(&changed)
      let domain = try await hypervisor.connection.defineDomain(xml: try changed.xml())
      try await arrival.requireSame(hypervisor.held(domain, to: "import"))
    }
    try await judge { _ in }
    let changes: [(inout DomainDefinition) -> Void] = [
      { $0.devices.disks[0].format = .raw }, { $0.devices.disks[1].source = .file("/etc/shadow") },
      { $0.devices.disks.removeLast() }, { $0.devices.interfaces.append($0.devices.interfaces[0]) },
      { $0.metadata = DomainMetadata() }, { $0.devices.graphics = [Graphics(type: "vnc", listenAddress: "0.0.0.0")] },
    ]
    for change in changes {
      await #expect(throws: TarHeader.Refusal.self) { try await judge(change) }
    }
  }

  @Test("boots its own kernel beside a disk with a seed, too, also without an initramfs")
  func kernelAndSeed() async throws {
    try driver.scratch.addDiskImage("debian")
    try await Program("qemu-img", package: "qemu-utils").run(
      ["create", "-q", "-f", "qcow2", "\(state.images)/debian/disk.qcow2", "2G"])
    let kernel = try driver.scratch.write("boot/mine", "my kernel")
    let template = "boot: {kernel: \(kernel)}\ndisks: [{image: debian}]\nagent: {enabled: false}"
    try await hypervisor.create(try driver.plan("mine", template))
    let mine = try await hypervisor.guest("mine")
    let seed = state.privateFolder(mine.uuid) + "/seed"
    let told = try FileTree.names(in: seed).map { try FileTree.readText("\(seed)/\($0)") }
    try await mine.export(to: .file(archive))
    try await mine.delete(force: true)
    try FileTree.remove("\(state.images)/debian")
    #expect(try await importGuest() == "mine")
    #expect(try FileTree.names(in: seed).map { try FileTree.readText("\(seed)/\($0)") } == told && told.count > 2)
    #expect(FileTree.exists(state.seed(mine.uuid)))
    let xml = try await hypervisor.guest("mine").domain.xml(.inactive)
    #expect(xml.contains("<kernel>\(state.images)/mine-boot/kernel</kernel>") && !xml.contains("<initrd>"), "\(xml)")
    // As a copy it is another machine to cloud-init.
    _ = try await importGuest("other-1", isCopy: true)
    let copy = try await hypervisor.guest("other-1")
    let metaData = try FileTree.readText("\(state.privateFolder(copy.uuid))/seed/meta-data")
    #expect(metaData.contains(copy.uuid) && metaData.contains("other-1"), "\(metaData)")
  }

  @Test("is refused when it is cut off, or no archive, and nothing is left of it")
  func cutOff() async throws {
    try await guest.export(to: .file(archive))
    try await guest.delete(force: true)
    let whole = try FileTree.read(archive)
    var damaged = whole
    // The last bytes are zstd's checksum of all.
    damaged[whole.count - 2] ^= 1
    let cases: [([UInt8], String)] = [
      ([], "unexpected end"), (Array(whole.dropLast()), "it is damaged"),
      (Array(whole.prefix(whole.count / 2)), "it is"),
      (damaged, "it is damaged"), (Array("no archive at all".utf8), "no archive of a guest"),
      (whole + Array("more".utf8), "it is damaged"), (whole + whole, "more follows behind its end"),
    ]
    for (bytes, words) in cases {
      try FileTree.write(bytes, to: archive)
      let error = await #expect(throws: NestorError.self) { _ = try await importGuest() }
      #expect(
        error?.code == .corrupted && error?.cause?.contains(words) == true, "\(words): \(String(describing: error))")
      #expect(try await names() == ["other"])
      #expect(try FileTree.names(in: state.guests) == [] && hypervisor.images.list().map(\.name) == ["tiny"])
    }
    try FileTree.write(whole, to: archive)
    #expect(try await importGuest() == "web")
  }
}
