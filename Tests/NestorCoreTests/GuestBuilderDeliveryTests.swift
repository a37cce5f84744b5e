import DomainXML
import NestorSupport
import NestorTestSupport
import Templates
import Testing

@testable import NestorCore

@Suite("How agent and settings come to a guest")
struct GuestBuilderDeliveryTests {
  private typealias Planned = PlannedGuest

  private static let ports = (0..<8).map { "org.nestor.agent.\($0)" }

  private func ports(_ guest: PlannedGuest) -> [String?] {
    (0..<(guest.find("devices/channel#").flatMap { Int($0) } ?? 0)).map {
      guest.find("devices/channel[\($0)]/target@name")
    }
  }

  @Test("A guest of a kernel image gets it behind the initramfs, and both lie in its folder")
  func kernelImage() throws {
    let guest = try Planned("image: tiny", host: Planned.kvmWithAgent)
    #expect(guest.find("os/kernel") == "DIR/kernel" && guest.find("os/initrd") == "DIR/initramfs")
    #expect(guest.find("os/cmdline") == "console=ttyS0 quiet no_timer_check panic=1 hostname=it")
    let images = "\(guest.scratch.state.images)/tiny"
    let way = GuestDelivery.Way.initramfs("\(images)/initramfs", kernel: "\(images)/kernel")
    #expect(guest.plan.delivery == GuestDelivery(way: way, agent: "/usr/lib/nestor/nestor-agent"))
    #expect(guest.find("devices/disk#") == "1" && guest.plan.warnings == [])
  }

  @Test("with a vsock systemd is told where to say that it is up, beside the template's own strings")
  func notifySocket() throws {
    let told = try Planned("image: tiny\nsmbios: {oemStrings: [mine]}", host: Planned.kvmWithAgent)
    let start = "io.systemd.credential:vmm.notify_socket=vsock-stream:2:"
    #expect(told.find("sysinfo/oemStrings/entry[0]") == "mine")
    let text = try #require(told.find("sysinfo/oemStrings/entry[1]"))
    let port = try #require(UInt32(text.dropFirst(start.count)))
    #expect(text.hasPrefix(start) && port >= 0x1_0000 && port < UInt32.max && told.find("os/smbios@mode") == "sysinfo")
    #expect(try Planned("image: tiny", host: Planned.kvmWithAgent).find("sysinfo/oemStrings/entry[0]") == text)
    let silent = try Planned("image: tiny\nvsock: {enabled: false}", host: Planned.kvmWithAgent)
    #expect(silent.find("sysinfo#") == "0" && silent.find("os/smbios@mode") == nil)
  }

  @Test("a context ID that is asked for goes before the template's, and cannot be had without a vsock")
  func contextID() throws {
    let scratch = try ScratchState()
    func cid(_ text: String, host: HostCapabilities = Planned.tcg) throws -> String? {
      let builder = GuestBuilder(state: scratch.state, host: host)
      let template = try scratch.template(text + "\nboot: {kernel: /k}\nagent: {enabled: false}\n")
      let plan = try builder.plan(try GuestName("it"), template, contextID: 4711)
      #expect(plan.record.contextID == 4711)
      return try DomainDefinition(xml: plan.xml).devices.vsock?.cid.map { "\($0)" }
    }
    #expect(try cid("cpus: 1") == "4711")
    #expect(try cid("vsock: {cid: 5}") == "4711")
    #expect(throws: NestorError.self) { try cid("vsock: {enabled: false}") }
  }

  @Test("vsock carries it where there is one, eight ports where not or where they are asked for")
  func transport() throws {
    let vsock = try Planned("image: tiny", host: Planned.kvmWithAgent)
    #expect(vsock.find("devices/vsock#") == "1" && ports(vsock) == [])
    let none = try Planned("image: tiny", host: Planned.tcgWithAgent)
    #expect(none.find("devices/vsock#") == "0" && ports(none) == Self.ports)
    #expect(none.find("devices/channel[7]@type") == "unix")
    // Beside the key, where only root gets.
    #expect(none.find("devices/channel[7]/source@path") == "DIR/private/port-7")
    #expect(none.find("devices/channel[7]/source@mode") == "bind")
    let forced = try Planned("image: tiny\nagent: {transport: serial}", host: Planned.kvmWithAgent)
    #expect(forced.find("devices/vsock#") == "1" && ports(forced) == Self.ports)
    let asked = try Planned("image: tiny\nagent: {transport: vsock}", host: Planned.tcgWithAgent)
    #expect(asked.find("devices/vsock#") == "1" && ports(asked) == [])
    let deaf = try Planned("image: tiny\nvsock: {enabled: false}", host: Planned.kvmWithAgent)
    #expect(deaf.find("devices/vsock#") == "0" && ports(deaf) == Self.ports)
    let own = try Planned("image: tiny\nchannels: [own]\nagent: {transport: serial}", host: Planned.kvmWithAgent)
    #expect(ports(own) == ["own"] + Self.ports)
    #expect(own.find("devices/controller@ports") == "12", "room for all of them, and for two more")
  }

  @Test("Ports that a template asks for are taken rather than a vsock")
  func endpoint() throws {
    func transport(_ text: String, _ host: HostCapabilities) throws -> GuestEndpoint.Transport? {
      var definition = try DomainDefinition(xml: try Planned(text, host: host).plan.xml)
      // libvirt chooses the sockets at the start.
      for index in definition.devices.channels.indices { definition.devices.channels[index].source = .unix(path: "/s") }
      return GuestEndpoint(definition, uuid: Planned.uuid).transport
    }
    let cid = Identifiers.contextID(uuid: Planned.uuid)
    #expect(try transport("image: tiny", Planned.kvmWithAgent) == .vsock(cid))
    let ports = GuestEndpoint.Transport.ports([String](repeating: "/s", count: 8))
    #expect(try transport("image: tiny\nagent: {transport: serial}", Planned.kvmWithAgent) == ports)
    #expect(try transport("image: tiny\nagent: {enabled: false}", Planned.tcgWithAgent) == nil)
  }

  @Test("Switched off, nothing comes of it")
  func off() throws {
    let guest = try Planned("image: tiny\nagent: {enabled: false}", host: Planned.tcgWithAgent)
    #expect(guest.plan.delivery == nil && ports(guest) == [] && guest.plan.warnings == [])
    #expect(guest.find("os/kernel") == "TMP/state/images/tiny/kernel")
  }

  @Test("Without the agent's program `auto` warns, and `true` is refused at its line")
  func missing() throws {
    let guest = try Planned("image: tiny", host: Planned.tcg)
    #expect(guest.plan.delivery == nil && ports(guest) == [])
    #expect(guest.plan.warnings.count == 1)
    #expect(guest.plan.warnings.first?.hasPrefix("guests get no agent, ") == true)
    let error = try #require(try Planned.failure("image: tiny\nagent: {enabled: true}", host: Planned.tcg))
    #expect(error.code == .unavailable && error.message.hasPrefix("it.yaml:2:18: "), "\(error)")
    #expect(error.hint?.contains("NESTOR_AGENT") == true)
  }

  @Test("A guest of a kernel or a disk of one's own gets it only when the template asks")
  func own() throws {
    for text in ["boot: {kernel: /k, initramfs: /i}", "disks: [{path: /d}]\nboot: {}"] {
      let guest = try Planned(text, host: Planned.kvmWithAgent)
      #expect(guest.plan.delivery == nil && guest.plan.warnings == [], "\(text)")
    }
    let kernel = try Planned(
      "boot: {kernel: /k, initramfs: /i}\nagent: {enabled: true}", host: Planned.kvmWithAgent)
    #expect(kernel.plan.delivery?.way == .initramfs("/i", kernel: "/k"))
    #expect(kernel.find("os/initrd") == "DIR/initramfs" && kernel.find("os/kernel") == "DIR/kernel")
    let disk = try Planned("disks: [{path: /d}]\nboot: {}\nagent: {enabled: true}", host: Planned.kvmWithAgent)
    #expect(disk.find("devices/disk[1]/serial") == "nestor-seed")
    let neither = try #require(
      try Planned.failure("boot: {kernel: /k}\nagent: {enabled: true}", host: Planned.kvmWithAgent))
    #expect(neither.code == .unsupported && neither.message.hasPrefix("it.yaml:2:18: "), "\(neither)")
  }

  @Test("A disk image gives a disk of the guest's own over it, as the first, and a seed, as the last")
  func diskImage() throws {
    let guest = try Planned(
      "image: debian\ndisks: [{size: 1GiB}]\nnetworks: [{network: a}]", host: Planned.kvmWithAgent)
    #expect(guest.find("os/kernel") == nil && guest.find("os/initrd") == nil && guest.find("os/cmdline") == nil)
    #expect((0..<3).map { guest.find("devices/disk[\($0)]/target@dev") } == ["vda", "vdb", "vdc"])
    #expect(guest.find("devices/disk#") == "3")
    #expect(guest.find("devices/disk[0]/source@file") == "DIR/image.qcow2")
    #expect(guest.find("devices/disk[2]/source@file") == "DIR/seed.iso")
    #expect(guest.find("devices/disk[2]/driver@type") == "raw" && guest.find("devices/disk[2]/readonly#") == "1")
    #expect(guest.find("devices/disk[2]/serial") == "nestor-seed" && guest.find("devices/disk[2]@device") == "disk")
    let folder = guest.scratch.state.guest(Planned.uuid)
    #expect(
      guest.plan.disks == [
        GuestPlan.NewDisk(
          path: "\(folder)/image.qcow2", size: 10 << 30, base: "\(guest.scratch.state.images)/debian/disk.qcow2"),
        GuestPlan.NewDisk(path: "\(folder)/disk0.qcow2", size: 1 << 30, base: nil),
      ])
    let mac = try #require(guest.find("devices/interface/mac@address"))
    #expect(
      guest.plan.delivery?.way == .noCloud(SeedSettings(instance: Planned.uuid, name: "it", macAddresses: [mac])))
    #expect(guest.plan.record.image == "debian" && guest.plan.record.diskImages == ["debian": "cc"])
  }

  @Test("An entry of `disks` is laid over an image too, with a size of its own")
  func diskEntry() throws {
    let guest = try Planned(
      "boot: {}\ndisks: [{image: debian, size: 3GiB}, {image: debian}]", host: Planned.kvmWithAgent)
    #expect(guest.plan.disks.map(\.size) == [3 << 30, 10 << 30])
    #expect(guest.plan.disks.allSatisfy { $0.base?.hasSuffix("/images/debian/disk.qcow2") == true })
    #expect(guest.find("devices/disk[2]/serial") == "nestor-seed")
    #expect(guest.plan.record.image == "debian" && guest.plan.record.needs("debian"))
  }

  @Test("A guest of a disk image has its seed even without the agent")
  func seedAlone() throws {
    let guest = try Planned("image: debian\nagent: {enabled: false}", host: Planned.kvmWithAgent)
    #expect(guest.plan.delivery?.agent == nil && guest.find("devices/disk[1]/serial") == "nestor-seed")
  }

  @Test("Once other devices have a place in the boot order, the image's disk has one behind them")
  func bootOrder() throws {
    let text = "image: debian\nnetworks: [{network: a, bootOrder: 1}]\ndisks: [{size: 1GiB, bootOrder: 4}]"
    #expect(try Planned(text).find("devices/disk[0]/boot@order") == "5")
    #expect(try Planned("image: debian").find("devices/disk[0]/boot#") == "0")
  }

  @Test("What cannot be is refused at its line")
  func refused() throws {
    let small = try #require(try Planned.failure("boot: {}\ndisks:\n  - {image: debian, size: 1GiB}"))
    #expect(small.code == .invalidTemplate && small.message.hasPrefix("it.yaml:3:5: "), "\(small)")
    #expect(small.cause == "the image 'debian' under it has 2GiB, and the disk 1GiB")
    let line = try #require(try Planned.failure("image: debian\nboot: {cmdline: quiet}"))
    #expect(line.code == .invalidTemplate && line.message.hasPrefix("it.yaml:2:17: "), "\(line)")
    let missing = try #require(try Planned.failure("boot: {}\ndisks:\n  - image: debain"))
    #expect(missing.code == .notFound && missing.message == "it.yaml:3:5: there is no image 'debain'", "\(missing)")
    #expect(missing.hint?.contains("did you mean 'debian'?") == true)
  }
}
