import DomainXML
import Testing

@Suite("What the model does not know")
struct UnknownXMLTests {
  /// Every element and attribute of a tree as a path, but for the order and for what reading is free to write otherwise.
  private func inventory(_ tree: XMLTree, path: String = "") -> [String] {
    let path = path + "/" + tree.name
    var list = [path + "=" + (tree.elements.isEmpty ? tree.text : "")]
    for attribute in tree.attributes { list.append(path + "/@\(attribute.name)=\(attribute.value)") }
    for namespace in tree.namespaces { list.append(path + "/xmlns:\(namespace.prefix)=\(namespace.uri)") }
    for element in tree.elements { list += inventory(element, path: path) }
    return list.sorted()
  }

  @Test("survives reading and writing, all of it", arguments: ["test-driver", "qemu-driver", "full"])
  func nothingIsLost(_ sample: String) throws {
    let text = try Samples.text(sample)
    let written = try DomainDefinition(xml: text).xml()
    #expect(try inventory(XMLTree(parsing: written)) == inventory(XMLTree(parsing: text)))
  }

  @Test("survives from a running guest, but for units of memory and where metadata declares its namespace")
  func running() throws {
    let text = try Samples.text("running")
    let written = try DomainDefinition(xml: text).xml()
    let before = try inventory(XMLTree(parsing: text))
    let after = try inventory(XMLTree(parsing: written))
    let lost = Set(before).subtracting(after).sorted()
    #expect(
      lost == [
        "/domain/currentMemory/@unit=b", "/domain/currentMemory=268435456", "/domain/memory/@unit=MiB",
        "/domain/memory=256",
      ])
    #expect(
      Set(after).subtracting(before).sorted() == [
        "/domain/currentMemory/@unit=KiB", "/domain/currentMemory=262144", "/domain/memory/@unit=KiB",
        "/domain/memory=262144", "/domain/metadata/n:guest/xmlns:n=https://example.org/nestor/1",
      ])
  }

  @Test("is written the same again and still fits the schema", arguments: Samples.domains)
  func stable(_ sample: String) throws {
    let first = try DomainDefinition(xml: Samples.text(sample))
    let once = try first.xml()
    let second = try DomainDefinition(xml: once)
    #expect(second == first)
    #expect(try second.xml() == once)
    #expect(try SchemaValidator(.domain).problems(in: once) == [])
  }

  @Test("stays when what is known changes")
  func changes() throws {
    var domain = try DomainDefinition(xml: Samples.text("running"))
    domain.name = "lab-2"
    domain.vcpus = 4
    domain.devices.disks[0].source = .file("/var/lib/nestor/lab-2.qcow2")
    domain.devices.disks[0].cache = Disk.Cache.none
    domain.devices.interfaces[0].mac = "52:54:00:00:00:09"
    let tree = try XMLTree(parsing: domain.xml())
    #expect(tree.element("vcpu")?["cpuset"] == "0-1")
    #expect(tree.element("vcpu")?.text == "4")
    #expect(tree.element("cputune")?.element("shares")?.text == "512")
    #expect(tree.element("qemu:commandline")?.element("qemu:arg")?["value"] == "-nodefaults")
    let disk = try #require(tree.element("devices")?.element("disk"))
    #expect(
      disk.element("driver")?.attributes == [
        .init("name", "qemu"), .init("type", "qcow2"), .init("cache", "none"), .init("copy_on_read", "on"),
      ])
    #expect(disk.element("source")?["startupPolicy"] == "optional")
    #expect(disk.element("iotune")?.element("total_iops_sec")?.text == "1000")
    #expect(disk.element("target")?["rotation_rate"] == "1")
    #expect(tree.element("devices")?.element("sound")?["model"] == "ich9")
  }

  @Test("of a source goes when the source becomes one of another type")
  func sourceType() throws {
    var domain = try DomainDefinition(xml: Samples.text("running"))
    domain.devices.interfaces[0].source = .bridge("br0")
    domain.devices.interfaces[1].source = .network("lab")
    domain.devices.disks[1].source = .file("/var/lib/x.raw")
    domain.devices.serialPorts[1].source = .pty()
    let devices = try #require(try XMLTree(parsing: domain.xml()).element("devices"))
    let interfaces = devices.elements.filter { $0.name == "interface" }
    #expect(interfaces[0].element("source")?.attributes == [.init("bridge", "br0")])
    #expect(
      interfaces[1].elements.filter { $0.name == "source" } == [
        XMLTree("source", attributes: [.init("network", "lab")])
      ])
    let disk = devices.elements.filter { $0.name == "disk" }[1]
    #expect(
      disk.elements.filter { $0.name == "source" } == [
        XMLTree("source", attributes: [.init("file", "/var/lib/x.raw")])
      ])
    #expect(interfaces[0].element("rom")?["enabled"] == "no")
  }

  @Test("may be added to by hand")
  func unknownElements() throws {
    var domain = DomainDefinitionTests.tiny()
    domain.devices.unknown.unknownElements.append(XMLTree("sound", attributes: [.init("model", "ich9")]))
    let xml = try domain.xml()
    #expect(xml.contains(#"<sound model="ich9"/>"#))
    #expect(try DomainDefinition(xml: xml) == domain)
  }

  @Test("keeps words that a later libvirt brings")
  func words() throws {
    let xml = try Samples.text("running").replacing("bus='virtio' rotation", with: "bus='warp' rotation")
    let domain = try DomainDefinition(xml: xml)
    #expect(domain.devices.disks[0].bus == .other("warp"))
    #expect(domain.devices.disks[1].bus == .virtio)
    #expect(try domain.xml().contains(#"bus="warp""#))
  }

  @Test("keeps elements that are there twice where one is meant")
  func duplicates() throws {
    let xml = """
      <domain type="kvm"><name>a</name><memory>1</memory><vcpu>1</vcpu><title/><title>x</title><os><type>hvm</type></os>
      <devices><disk><driver/><driver name="q"/><target dev="vda"/><readonly/><readonly x="1"/></disk></devices></domain>
      """
    let first = try DomainDefinition(xml: xml)
    let once = try first.xml()
    let second = try DomainDefinition(xml: once)
    #expect(first == second)
    #expect(try second.xml() == once)
    #expect(once.contains(#"<driver name="q"/>"#))
    #expect(once.contains("<title>x</title>"))
  }
}
