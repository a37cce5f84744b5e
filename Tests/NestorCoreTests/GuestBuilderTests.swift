import DomainXML
import NestorSupport
import NestorTestSupport
import Templates
import Testing

@testable import NestorCore

@Suite("A guest's definition")
struct GuestBuilderTests {
  /// One key of a template, a place in the XML, and what stands there.
  struct Rule: Sendable, CustomTestStringConvertible {
    let text: String
    let path: String
    let value: String?

    init(_ text: String, _ path: String, _ value: String?) {
      (self.text, self.path, self.value) = (text, path, value)
    }

    var testDescription: String { "\(text.split(separator: "\n").joined(separator: "; ")) → \(path)" }
  }

  private static let machine = [
    Rule("description: a small one", "description", "a small one"),
    Rule("cpus: 1", "description", nil),
    Rule("cpus: 1", "name", "it"),
    Rule("cpus: 1", "uuid", PlannedGuest.uuid),
    Rule("cpus: 3", "vcpu", "3"),
    Rule("memory: 300MiB", "memory", "307200"),
    Rule("memory: 300MiB", "memory@unit", "KiB"),
    Rule("machine: pc-q35-7.2", "os/type@machine", "pc-q35-7.2"),
    Rule("cpus: 1", "os/type@machine", "q35"),
    Rule("cpus: 1", "os@firmware", nil),
    Rule("firmware: uefi", "os@firmware", "efi"),
    Rule("firmware: uefi", "os/firmware/feature[0]@enabled", "no"),
    Rule("firmware: uefi\nsecureBoot: true", "os/firmware/feature[0]@enabled", "yes"),
    Rule("firmware: uefi\nsecureBoot: true", "features/smm@state", "on"),
    Rule("accelerator: auto", "@type", "kvm"),
    Rule("accelerator: tcg", "@type", "qemu"),
    Rule("accelerator: kvm", "@type", "kvm"),
    Rule("cpus: 1", "cpu@mode", "host-passthrough"),
    Rule("cpus: 1", "cpu/feature@name", "svm"),
    Rule("cpus: 1", "cpu/feature@policy", "disable"),
    Rule("cpu: {nested: true}", "cpu/feature#", "0"),
    Rule("cpu: {model: host-model}", "cpu@mode", "host-model"),
    Rule("cpu: {model: maximum}", "cpu@mode", "maximum"),
    Rule("cpu: {model: EPYC}", "cpu/model", "EPYC"),
    Rule("cpus: 4\ncpu: {topology: {sockets: 1, cores: 2, threads: 2}}", "cpu/topology@cores", "2"),
    Rule("cpus: 4\ncpu: {topology: {sockets: 1, cores: 2, threads: 2}}", "cpu/topology@threads", "2"),
    Rule("cpus: 1", "memoryBacking#", "0"),
    Rule("memoryBacking: {source: memfd, shared: true}", "memoryBacking/source@type", "memfd"),
    Rule("memoryBacking: {source: memfd, shared: true}", "memoryBacking/access@mode", "shared"),
    Rule("memoryBacking: {locked: true}", "memoryBacking/locked#", "1"),
    Rule("memoryBacking: {source: memfd, hugePages: true}", "memoryBacking/hugepages#", "1"),
    Rule("memoryBacking: {source: memfd, hugePages: true}", "memoryBacking/hugepages/page#", "0"),
    Rule("memoryBacking: {source: memfd, hugePages: 2MiB}", "memoryBacking/hugepages/page@size", "2048"),
    Rule("smbios: {oemStrings: [one, two]}", "sysinfo/oemStrings/entry[1]", "two"),
    Rule("smbios: {oemStrings: [one, two]}", "os/smbios@mode", "sysinfo"),
    Rule("cpus: 1", "clock@offset", "utc"),
    Rule("cpus: 1", "on_crash", "destroy"),
    Rule("cpus: 1", "genid#", "1"),
    Rule("labels: {b: two, a: \"<&>\"}", "metadata/labels:labels/labels:label[0]@value", "<&>"),
    Rule("labels: {b: two, a: one}", "metadata/labels:labels/labels:label[1]@name", "b"),
  ]

  private static let boot = [
    Rule("image: tiny", "os/kernel", "TMP/state/images/tiny/kernel"),
    Rule("image: tiny", "os/initrd", "TMP/state/images/tiny/initramfs"),
    Rule("image: tiny", "os/cmdline", "console=ttyS0 quiet no_timer_check panic=1 hostname=it"),
    Rule(
      "image: tiny\nboot: {cmdline: a=b}", "os/cmdline", "console=ttyS0 quiet no_timer_check panic=1 hostname=it a=b"),
    Rule("image: tiny", "metadata/nestor:guest@image", "tiny"),
    Rule("image: tiny", "metadata/nestor:guest@image-digest", "bb:aa"),
    Rule("boot: {kernel: /k, initramfs: /i, cmdline: c}", "os/kernel", "/k"),
    Rule("boot: {kernel: /k, initramfs: /i, cmdline: c}", "os/initrd", "/i"),
    Rule("boot: {kernel: /k, initramfs: /i, cmdline: c}", "os/cmdline", "c"),
    Rule("boot: {kernel: /k}", "os/cmdline", nil),
    Rule("ready: {console: \"it's up\"}", "metadata/nestor:guest@ready-line", "it's up"),
    Rule("ready: {timeout: 900}", "metadata/nestor:guest@ready-timeout", "900"),
    Rule("cpus: 1", "metadata/nestor:guest@stage", "incomplete"),
    Rule("cpus: 1", "metadata/nestor:guest@template", "it"),
  ]

  private static let disks = [
    Rule("disks: [{size: 1GiB}]", "devices/disk/source@file", "DIR/disk0.qcow2"),
    Rule("disks: [{size: 1GiB}]", "devices/disk#", "1"),
    Rule("disks: [{size: 1GiB}]", "devices/disk/driver@type", "qcow2"),
    Rule("disks: [{size: 1GiB}]", "devices/disk/driver@discard", "unmap"),
    Rule("disks: [{size: 1GiB}]", "devices/disk/driver@cache", nil),
    Rule("disks: [{size: 1GiB}]", "devices/disk/target@dev", "vda"),
    Rule("disks: [{size: 1GiB}]", "devices/disk/target@bus", "virtio"),
    Rule("disks: [{path: /d, format: raw}]", "devices/disk/source@file", "/d"),
    Rule("disks: [{path: /d, format: raw}]", "devices/disk/driver@type", "raw"),
    Rule("disks: [{path: /d, format: raw}]", "devices/disk[1]/serial", "nestor-memory"),
    Rule("disks: [{path: /d, format: raw}]", "devices/disk[1]/target@dev", "vdb"),
    Rule("disks: [{path: /d, readOnly: true}]", "devices/disk/readonly#", "1"),
    Rule("disks: [{path: /d, readOnly: true}]", "devices/disk#", "2"),
    Rule("disks: [{size: 1GiB, bus: scsi}, {size: 1GiB}]", "devices/disk/target@dev", "sda"),
    Rule("disks: [{size: 1GiB, bus: scsi}, {size: 1GiB}]", "devices/disk[1]/target@dev", "vda"),
    Rule("disks: [{size: 1GiB, bus: scsi}]", "devices/controller@model", "virtio-scsi"),
    Rule("disks: [{size: 1GiB}]\nhotplugSlots: 0", "devices/controller#", "0"),
    // One place for each of the guest's own devices, and for those that may come: disk, rng, balloon, vsock, USB.
    Rule("disks: [{size: 1GiB}]", "devices/controller#", "9"),
    Rule("disks: [{size: 1GiB}]\nhotplugSlots: 1", "devices/controller[5]@model", "pcie-root-port"),
    Rule(
      "disks: [{size: 1GiB, bus: scsi}]\nnetworks: [{network: a}]\nhotplugSlots: 1", "devices/controller[7]@index", "7"),
    Rule("disks: [{size: 1GiB, cache: none}]", "devices/disk/driver@cache", "none"),
    Rule("disks: [{size: 1GiB, discard: ignore}]", "devices/disk/driver@discard", "ignore"),
    Rule("disks: [{size: 1GiB, io: io_uring}]", "devices/disk/driver@io", "io_uring"),
    Rule("disks: [{size: 1GiB, iothread: true}, {size: 1GiB, iothread: true}]", "iothreads", "2"),
    Rule("disks: [{size: 1GiB, iothread: true}, {size: 1GiB, iothread: true}]", "devices/disk[1]/driver@iothread", "2"),
    Rule("disks: [{size: 1GiB}]", "iothreads", nil),
    Rule("disks: [{size: 1GiB, serial: DATA1}]", "devices/disk/serial", "DATA1"),
    Rule("disks: [{size: 1GiB, bootOrder: 2}]", "devices/disk/boot@order", "2"),
    Rule("cpus: 1", "devices/disk/serial", "nestor-memory"),
    Rule("cpus: 1", "devices/disk/source@file", "DIR/memory.qcow2"),
  ]

  private static let cards = [
    Rule("cpus: 1", "devices/interface#", "0"),
    Rule("networks: [{network: lan}]", "devices/interface@type", "network"),
    Rule("networks: [{network: lan}]", "devices/interface/source@network", "lan"),
    Rule("networks: [{network: lan}]", "devices/interface/model@type", "virtio"),
    Rule("networks: [{network: lan}]", "devices/interface/driver#", "0"),
    Rule("networks: [{network: lan}]", "devices/interface/link#", "0"),
    Rule("networks: [{network: lan}]", "devices/interface/port#", "0"),
    Rule("networks: [{bridge: br0}]", "devices/interface/source@bridge", "br0"),
    Rule(
      "networks: [{network: lan, mac: \"52:54:00:AB:00:01\"}]", "devices/interface/mac@address", "52:54:00:ab:00:01"),
    Rule("networks: [{network: lan, model: e1000e}]", "devices/interface/model@type", "e1000e"),
    Rule("networks: [{network: lan, vhost: true}]", "devices/interface/driver@name", "vhost"),
    Rule("networks: [{network: lan, vhost: false}]", "devices/interface/driver@name", "qemu"),
    Rule("networks: [{network: lan, queues: 4}]", "devices/interface/driver@queues", "4"),
    Rule("cpus: 4\nnetworks: [{network: lan}]", "devices/interface/driver#", "0"),
    Rule("cpus: 4\nnetworks: [{network: lan, vhost: true}]", "devices/interface/driver@queues", "4"),
    Rule("cpus: 4\nnetworks: [{network: lan, vhost: true, queues: 1}]", "devices/interface/driver@queues", nil),
    Rule("cpus: 1\nnetworks: [{network: lan, vhost: true}]", "devices/interface/driver@queues", nil),
    Rule(
      "networks: [{network: lan, bandwidth: {inbound: {average: 2MiB, peak: 4MiB, burst: 8MiB}}}]",
      "devices/interface/bandwidth/inbound@average", "2048"),
    Rule(
      "networks: [{network: lan, bandwidth: {inbound: {average: 2MiB, peak: 4MiB, burst: 8MiB}}}]",
      "devices/interface/bandwidth/inbound@peak", "4096"),
    Rule(
      "networks: [{network: lan, bandwidth: {outbound: {average: 1KiB}}}]",
      "devices/interface/bandwidth/outbound@average", "1"),
    Rule(
      "networks: [{network: lan, bandwidth: {outbound: {average: 1KiB}}}]", "devices/interface/bandwidth/inbound#", "0"),
    Rule("networks: [{network: lan, mtu: 9000}]", "devices/interface/mtu@size", "9000"),
    Rule("networks: [{network: lan, link: down}]", "devices/interface/link@state", "down"),
    Rule("networks: [{network: lan, portIsolation: true}]", "devices/interface/port@isolated", "yes"),
    Rule("networks: [{network: lan, filter: clean}]", "devices/interface/filterref@filter", "clean"),
    Rule("networks: [{network: lan, bootOrder: 1}]", "devices/interface/boot@order", "1"),
    Rule(
      "memoryBacking: {source: memfd, shared: true}\nnetworks: [{vhostUser: /run/ovs}]",
      "devices/interface/source@path", "/run/ovs"),
  ]

  private static let others = [
    Rule("cpus: 1", "devices/serial/log@file", "DIR/console.log"),
    Rule("cpus: 1", "devices/serial/log@append", "on"),
    Rule("console: {log: false}", "devices/serial/log#", "0"),
    Rule("console: {log: false}", "devices/serial@type", "pty"),
    Rule("channels: [org.example.a, org.example.b]", "devices/channel[1]/target@name", "org.example.b"),
    Rule("channels: [org.example.a, org.example.b]", "devices/controller@type", "virtio-serial"),
    Rule("channels: [org.example.a, org.example.b]", "devices/controller@ports", "5"),
    Rule("channels: [a]\nxml:\n  - remove: /domain/devices/rng\n", "devices/controller@type", "pci"),
    Rule("guestAgent: true", "devices/channel/target@name", "org.qemu.guest_agent.0"),
    Rule("cpus: 1", "devices/channel#", "0"),
    Rule("cpus: 1", "devices/rng@model", "virtio"),
    Rule("rng: false", "devices/rng#", "0"),
    Rule("cpus: 1", "devices/memballoon/stats@period", "10"),
    Rule("balloon: {statsPeriod: 0}", "devices/memballoon/stats#", "0"),
    Rule("cpus: 1", "devices/memballoon@freePageReporting", "on"),
    Rule("balloon: {freePageReporting: false}", "devices/memballoon@freePageReporting", nil),
    Rule("balloon: {enabled: false}", "devices/memballoon@model", "none"),
    Rule("watchdog: {model: i6300esb, action: poweroff}", "devices/watchdog@action", "poweroff"),
    Rule("cpus: 1", "devices/watchdog#", "0"),
    Rule("cpus: 1", "devices/panic@model", "isa"),
    Rule("cpus: 1", "on_crash", "destroy"),
    Rule("onCrash: preserve", "on_crash", "preserve"),
    Rule("tpm: \"2.0\"", "devices/tpm/backend@version", "2.0"),
    Rule("cpus: 1", "devices/tpm#", "0"),
    Rule("graphics: vnc", "devices/graphics@listen", "127.0.0.1"),
    Rule("graphics: vnc", "devices/graphics@autoport", "yes"),
    Rule("cpus: 1", "devices/graphics#", "0"),
    Rule("hostDevices: [{pci: \"0000:01:00.0\"}]", "devices/hostdev@managed", "no"),
    Rule("hostDevices: [{pci: \"0000:01:00.0\"}]", "devices/hostdev/source/address@bus", "0x01"),
    Rule("hostDevices: [{vhostScsi: naa.5001405c0ffee000}]", "devices/hostdev/source@wwpn", "naa.5001405c0ffee000"),
    Rule("vsock: {enabled: false}", "devices/vsock#", "0"),
    Rule("vsock: {cid: 77}", "devices/vsock/cid@address", "77"),
    Rule("vsock: {cid: 77}", "devices/vsock/cid@auto", "no"),
  ]

  @Test("A card has a queue for each CPU where the kernel moves its packets, and one where it does not")
  func automaticQueues() throws {
    var host = PlannedGuest.kvm
    host.hasVhostNet = true
    let cards =
      "networks: [{network: a}, {network: a, vhost: false}, {network: a, model: e1000e}, {network: a, queues: 2}]"
    let guest = try PlannedGuest("cpus: 3\n\(cards)\n", host: host)
    let queues = (0..<4).map { guest.find("devices/interface[\($0)]/driver@queues") }
    #expect(queues == ["3", nil, nil, "2"])
  }

  @Test("Each key of a template stands where libvirt wants it", arguments: machine + boot + disks + cards + others)
  func key(_ rule: Rule) throws {
    #expect(try PlannedGuest(rule.text).find(rule.path) == rule.value)
  }

  @Test("The same template, name and UUID give the same bytes, and another UUID other MACs, paths and CIDs")
  func stable() throws {
    let scratch = try ScratchState()
    let template = try scratch.template("image: tiny\nnetworks: [{network: a}, {network: b}]\nlabels: {x: y, a: b}")
    let builder = GuestBuilder(state: scratch.state, host: PlannedGuest.kvm)
    let name = try GuestName("it")
    let first = try builder.plan(name, template, uuid: PlannedGuest.uuid).xml
    for _ in 1...20 { #expect(try builder.plan(name, template, uuid: PlannedGuest.uuid).xml == first) }
    let other = try builder.plan(name, template)
    #expect(try other.xml != first && other.uuid != PlannedGuest.uuid)
    #expect(try !other.xml.contains(PlannedGuest.uuid))
  }

  @Test("KVM is used where it was proved; without it `auto` emulates and `kvm` is refused at its line")
  func acceleration() throws {
    let emulated = try PlannedGuest("cpus: 1", host: PlannedGuest.tcg)
    #expect(emulated.find("@type") == "qemu" && emulated.plan.usesEmulation)
    #expect(emulated.find("cpu@mode") == "maximum" && emulated.find("cpu/feature@name") == "la57")
    #expect(try !PlannedGuest("cpus: 1").plan.usesEmulation)
    let error = try #require(try PlannedGuest.failure("cpus: 1\naccelerator: kvm", host: PlannedGuest.tcg))
    #expect(error.code == .unavailable && error.message.hasPrefix("it.yaml:2:14: ") && error.cause == "too slow")
  }

  @Test("A vsock comes by itself where the host has vhost-vsock, and when it is asked for")
  func vsock() throws {
    let cid = try #require(try PlannedGuest("cpus: 1").find("devices/vsock/cid@address").flatMap { UInt32($0) })
    #expect(cid == Identifiers.contextID(uuid: PlannedGuest.uuid))
    #expect(try PlannedGuest("cpus: 1", host: PlannedGuest.tcg).find("devices/vsock#") == "0")
    #expect(try PlannedGuest("vsock: {enabled: true}", host: PlannedGuest.tcg).find("devices/vsock#") == "1")
  }

  @Test("A guest without a qcow2 disk gets a small one for the memory of its snapshots, and only then")
  func memoryDisk() throws {
    let plain = try PlannedGuest("cpus: 1").plan
    #expect(plain.disks.map(\.size) == [1 << 20] && plain.disks.allSatisfy { $0.path.hasSuffix("/memory.qcow2") })
    let own = try PlannedGuest("disks: [{size: 2GiB}]").plan
    #expect(own.disks.map(\.size) == [2 << 30] && own.disks.allSatisfy { $0.path.hasSuffix("/disk0.qcow2") })
    #expect(try PlannedGuest("disks: [{path: /d}]").plan.disks == [])
  }

  @Test("What is planned beside the XML: networks to start, autostart, the record")
  func rest() throws {
    let plan = try PlannedGuest(
      "parameters: {m: {type: size, default: 64MiB}}\nmemory: ${m}\nautostart: true\nimage: tiny\n"
        + "networks: [{network: a}, {bridge: b}, {network: c}]\nready: {console: up}",
      parameters: ["m": "80MiB"], name: "web-1.a_b"
    ).plan
    #expect(
      plan.definition.devices.interfaces.compactMap(\.networkName) == ["a", "c"] && plan.autostart
        && plan.name == "web-1.a_b")
    #expect(
      plan.record.parameters == ["m": "80MiB"] && plan.record.readyLine == "up" && plan.record.stage == .incomplete)
    #expect(try plan.xml.contains("<memory unit=\"KiB\">81920</memory>") && plan.xml.contains("hostname=web-1.a_b"))
  }

  @Test("Two guests of one template share neither MAC nor path nor CID")
  func apart() throws {
    let scratch = try ScratchState()
    try scratch.write("it.yaml", "image: tiny\nnetworks: [{network: a}, {network: b}]\ndisks: [{size: 1GiB}]")
    let planner = Planner(
      state: scratch.state, host: PlannedGuest.kvm, library: TemplateLibrary(searchPath: [scratch.folder]))
    let plans = try planner.plan(template: "it", names: (1...50).map { "g\($0)" }, parameters: [:])
    let definitions = try plans.map { try DomainDefinition(xml: $0.xml) }
    #expect(Set(definitions.flatMap(\.devices.interfaces).compactMap(\.mac)).count == 100)
    #expect(Set(plans.flatMap(\.disks).map(\.path)).count == 50)
    #expect(Set(plans.map(\.uuid)).count == 50)
    #expect(Set(definitions.compactMap(\.devices.vsock?.cid)).count == 50)
  }

  @Test("An image that is not there, and one that a disk cannot be made from, are refused at their line")
  func images() throws {
    let missing = try #require(try PlannedGuest.failure("cpus: 1\nimage: tni"))
    #expect(missing.code == .notFound && missing.message == "it.yaml:2:8: there is no image 'tni'")
    let disk = try #require(try PlannedGuest.failure("disks:\n  - size: 1GiB\n  - image: tiny"))
    #expect(disk.code == .unsupported && disk.message.hasPrefix("it.yaml:3:"), "\(disk)")
  }

  @Test(
    "Every template that is shipped gives XML that libvirt's schema takes",
    arguments: ["disk", "uefi", "kernel", "debian"])
  func shipped(_ name: String) throws {
    let scratch = try ScratchState()
    try scratch.addDiskImage("debian")
    let repository = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()
    let planner = Planner(
      state: scratch.state, host: PlannedGuest.kvm, library: TemplateLibrary(searchPath: ["\(repository)/domains"]))
    let given = [
      "disk": ["disk": "/d.qcow2"], "uefi": ["disk": "/d.qcow2"], "kernel": ["kernel": "/vmlinuz"],
    ]
    let plans = try planner.plan(template: name, names: ["a"], parameters: given[name] ?? [:])
    #expect(plans.count == 1 && plans[0].record.template == name)
    #expect(throws: Never.self) { try SchemaValidator(.domain).validate(try plans[0].xml) }
  }
}
