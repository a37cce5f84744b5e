import DomainXML
import Testing

@Suite("Reading a domain")
struct ReadingTests {
  @Test("takes a running guest apart")
  func running() throws {
    let domain = try DomainDefinition(xml: Samples.text("running"))
    #expect(domain.type == .qemu)
    #expect(domain.id == 4)
    #expect(domain.memory == .mebibytes(256))
    #expect(domain.currentMemory == .mebibytes(256))
    #expect(domain.vcpus == 2)
    #expect(domain.os.bootDevices == [.disk, .cdrom])
    #expect(domain.features.acpi)
    #expect(domain.features.smm == nil)
    #expect(domain.cpu?.model == "qemu64")
    #expect(domain.cpu?.features.map(\.name) == ["x2apic"])
    #expect(domain.clock?.offset == .variable)
    #expect(domain.onCrash == .coredumpRestart)
    let disk = domain.devices.disks[0]
    #expect(disk.source == .file("/var/lib/nestor/lab-1.qcow2"))
    #expect(disk.backingChain?.images.map(\.source.path) == ["/var/lib/nestor/mid.qcow2", "/var/lib/nestor/base.raw"])
    #expect(disk.backingChain?.images.map(\.format) == [.qcow2, .raw])
    #expect(disk.backingChain?.images.map(\.index) == [2, 1])
    #expect(disk.backingChain?.isTerminated == true)
    #expect(domain.devices.disks[1].source == .other(type: "network"))
    #expect(domain.devices.interfaces[0].source == .network("default"))
    #expect(domain.devices.interfaces[0].targetDevice == "vnet3")
    #expect(domain.devices.interfaces[0].driver == .vhost)
    #expect(domain.devices.consoles[0].source == .pty(path: "/dev/pts/2"))
    #expect(domain.devices.graphics[0].port == 5900)
    #expect(domain.devices.hostDevices[0].source == .other(type: "usb"))
    #expect(domain.devices.vsock?.cid == 5)
    #expect(domain.securityLabels[0].label == "+64055:+64055")
    #expect(domain.metadata["https://example.org/nestor/1"]?["owner"] == "me")
    #expect(domain.metadata["https://example.org/other"] != nil)
    #expect(domain.metadata["https://example.org/none"] == nil)
  }

  @Test(
    "knows libvirt's units of memory",
    arguments: [
      ("unit='b'", 3), ("unit='bytes'", 3), ("unit='KB'", 3000), ("unit='KiB'", 3072), ("unit='k'", 3072), ("", 3072),
      ("unit='MB'", 3_000_000), ("unit='M'", 3 << 20), ("unit='GiB'", 3 << 30), ("unit='T'", 3 << 40),
      ("unit='PiB'", 3 << 50), ("unit='E'", 3 << 60),
    ] as [(String, UInt64)])
  func units(_ unit: String, bytes: UInt64) throws {
    let xml = "<domain type='kvm'><name>a</name><memory \(unit)>3</memory></domain>"
    let domain = try DomainDefinition(xml: xml)
    #expect(domain.memory.bytes == bytes)
    #expect(try DomainDefinition(xml: domain.xml()).memory.bytes == bytes)
  }

  @Test(
    "refuses values that cannot be, and tells where they stand",
    arguments: [
      ("<memory unit='EiB'>16</memory>", "domain/memory"), ("<memory unit='stone'>1</memory>", "domain/memory/@unit"),
      ("<memory>-1</memory>", "domain/memory"), ("<memory>many</memory>", "domain/memory"),
      ("<memory>99999999999999999999999</memory>", "domain/memory"), ("", "domain"),
      ("<memory>1</memory><vcpu>x</vcpu>", "domain/vcpu"),
      ("<memory>1</memory><vcpu current='1.5'>2</vcpu>", "domain/vcpu/@current"),
      ("<memory>1</memory><devices><disk type='file'/></devices>", "domain/devices/disk"),
      ("<memory>1</memory><devices><interface/></devices>", "domain/devices/interface"),
      (
        "<memory>1</memory><devices><vsock><cid auto='no' address='2'/></vsock></devices>",
        "domain/devices/vsock/cid/@address"
      ),
      (
        "<memory>1</memory><devices><vsock><cid auto='no' address='4294967295'/></vsock></devices>",
        "domain/devices/vsock/cid/@address"
      ),
      ("<memory>1</memory><features><smm state='perhaps'/></features>", "domain/features/smm/@state"),
      (
        "<memory>1</memory><devices><hostdev mode='subsystem' type='pci'><source><address bus='0x100' slot='0'/></source></hostdev></devices>",
        "domain/devices/hostdev/source/address/@bus"
      ),
    ])
  func invalid(_ inner: String, path: String) throws {
    let xml = "<domain type='kvm'>\n<name>a</name>\n\(inner)</domain>"
    let error = #expect(throws: DomainXMLError.self) { try DomainDefinition(xml: xml) }
    #expect(error?.kind == .invalidValue || error?.kind == .missing)
    #expect(error?.path == path)
    #expect(error?.line == (inner.isEmpty ? 1 : 3))
  }

  @Test("refuses documents of another kind")
  func otherRoot() throws {
    let network = try Samples.text("network")
    let error = #expect(throws: DomainXMLError.self) { try DomainDefinition(xml: network) }
    #expect(error?.kind == .unexpectedRoot)
    #expect(throws: DomainXMLError.self) { try NetworkDefinition(xml: Samples.text("full")) }
    #expect(throws: DomainXMLError.self) { try SnapshotDefinition(xml: Samples.text("full")) }
  }

  @Test(
    "carries hostile names there and back",
    arguments: [
      "a/b", "a\nb", "'\"&<>", "-rf", "../../etc/passwd", "Ünïcödé 漢字 🎉", "&lt;", "]]>", "<!-- -->", "$(reboot)", " ",
      "",
      String(repeating: "n", count: 300), "\r", "{{x}}", "%n%s",
    ])
  func hostileNames(_ name: String) throws {
    var domain = DomainDefinitionTests.tiny()
    domain.name = name
    domain.title = name
    domain.os.commandLine = name
    domain.devices.disks[0].source = .file(name)
    domain.devices.interfaces[0].source = .bridge(name)
    domain.devices.channels.append(Channel(source: .unix(path: name), name: name))
    domain.smbios = SMBIOSInformation(oemStrings: [name])
    let xml = try domain.xml()
    #expect(try DomainDefinition(xml: xml) == domain)
    #expect(try DomainDefinition(xml: xml).xml() == xml)
  }

  @Test("refuses to write control characters, naming the element")
  func controlCharacters() throws {
    var domain = DomainDefinitionTests.tiny()
    domain.devices.channels[0].name = "bell\u{7}"
    let error = #expect(throws: DomainXMLError.self) { try domain.xml() }
    #expect(error?.kind == .invalidCharacter)
    #expect(error?.path == "domain/devices/channel/target/@name")
    #expect(error?.message.contains("U+0007") == true)
  }

  @Test("refuses to write a CID that no guest may have", arguments: [0, 1, 2, 0xFFFF_FFFF] as [UInt32])
  func reservedCIDs(_ cid: UInt32) throws {
    var domain = DomainDefinitionTests.tiny()
    domain.devices.vsock = Vsock(contextID: .fixed(cid))
    let error = #expect(throws: DomainXMLError.self) { try domain.xml() }
    #expect(error?.kind == .invalidValue)
    #expect(domain.problems().map(\.path) == ["domain/devices/vsock/cid/@address"])
  }

  @Test("knows PCI addresses as Linux writes them")
  func pciAddresses() {
    #expect(HostDevice.PCIAddress("0000:03:1f.7") == .init(bus: 3, slot: 0x1F, function: 7))
    #expect(HostDevice.PCIAddress("03:00.0")?.description == "0000:03:00.0")
    for wrong in ["", "3", "03:20.0", "03:00.8", "0:0:0:0.0", "xx:00.0", "03:00", "03:00.0.0", "100:00.0"] {
      #expect(HostDevice.PCIAddress(wrong) == nil)
    }
  }

  @Test("sizes never overflow")
  func sizes() {
    #expect(MemorySize.gibibytes(.max).bytes == .max)
    #expect(MemorySize.mebibytes(512).description == "512 MiB")
    #expect(MemorySize.bytes(1000).description == "1000 bytes")
    #expect(MemorySize.gibibytes(1) < .mebibytes(1025))
  }
}
