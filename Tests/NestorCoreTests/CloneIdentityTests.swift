import DomainXML
import Testing

@testable import NestorCore

@Suite("The identity of a copy")
struct CloneIdentityTests {
  private let source = "11111111-2222-4333-8444-555555555555"
  private let copy = CloneIdentity(
    source: ("web", "11111111-2222-4333-8444-555555555555"), name: "web-1", uuid: "99999999-2222-4333-8444-555555555555"
  )

  private func definition() throws -> DomainDefinition {
    let xml = """
      <domain type='kvm'><name>web</name><uuid>\(source)</uuid><genid>11111111-0000-4000-8000-000000000000</genid>
      <memory unit='KiB'>65536</memory><vcpu>1</vcpu>
      <sysinfo type='smbios'><oemStrings><entry>\(NotifySocket(uuid: source).credential)</entry><entry>mine</entry>
      </oemStrings></sysinfo>
      <os><type arch='x86_64'>hvm</type><kernel>/k</kernel><cmdline>quiet hostname=web hostname=webs</cmdline></os>
      <devices>
      <disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/state/guests/\(source)/vda.qcow2'/>
      <backingStore type='file'><format type='qcow2'/><source file='/images/base'/></backingStore>
      <target dev='vda' bus='virtio'/></disk>
      <interface type='network'><mac address='52:54:00:00:00:01'/><source network='lab'/><target dev='vnet3'/></interface>
      <interface type='network'><mac address='52:54:00:00:00:02'/><source network='lab'/><link state='down'/></interface>
      <serial type='pty'><log file='/state/guests/\(source)/console.log'/><target port='0'/></serial>
      <channel type='unix'><source mode='bind' path='/var/lib/libvirt/qemu/channel/target/domain-web/agent'/>
      <target type='virtio' name='agent'/></channel>
      <vsock model='virtio'><cid auto='no' address='77'/></vsock>
      </devices></domain>
      """
    return try DomainDefinition(xml: xml)
  }

  @Test("follows from its name and its UUID in all that is named by these")
  func definitionOfCopy() throws {
    let made = try copy.definition(definition(), record: GuestRecord(stage: .incomplete, template: "tiny"))
    #expect(made.name == "web-1" && made.uuid == copy.uuid && made.generationID == .automatic)
    #expect(try made.guestRecord()?.stage == .incomplete)
    let devices = made.devices
    #expect(devices.disks.map(\.source.path) == ["/state/guests/\(copy.uuid)/vda.qcow2"])
    #expect(devices.disks[0].backingChain == nil)
    #expect(devices.interfaces.map(\.mac) == (0..<2).map { Identifiers.macAddress(uuid: copy.uuid, index: $0) })
    #expect(
      devices.interfaces.map(\.targetDevice) == [nil, nil] && devices.interfaces.map(\.isLinkUp) == [nil, false])
    #expect(devices.serialPorts.compactMap(\.log?.path) == ["/state/guests/\(copy.uuid)/console.log"])
    #expect(devices.vsock?.cid == Identifiers.contextID(uuid: copy.uuid))
    #expect(made.smbios?.oemStrings == [NotifySocket(uuid: copy.uuid).credential, "mine"])
    // A word that only begins like the name is none.
    #expect(made.os.commandLine == "quiet hostname=web-1 hostname=webs")
    let xml = try made.xml()
    #expect(!xml.contains(source) && !xml.contains("domain-web/"))
  }

  @Test("has firmware variables of its own: a copy of those in the source's directory, or new ones")
  func variables() throws {
    var definition = try definition()
    definition.os.firmware = .efi
    for (old, new) in [
      ("/state/guests/\(source)/nvram.qcow2", "/state/guests/\(copy.uuid)/nvram.qcow2"),
      ("/var/lib/libvirt/qemu/nvram/web_VARS.fd", nil), ("/elsewhere/\(source)/nvram.qcow2", nil),
    ] {
      definition.os.nvram = .init(path: old, template: "/t", templateFormat: "raw", format: "qcow2")
      let made = try copy.definition(definition, record: nil)
      #expect(
        made.os.nvram == .init(path: new, template: "/t", templateFormat: "raw", format: new == nil ? nil : "qcow2"))
    }
    // libvirt would delete its file with the copy.
    let text = try definition.xml().replacing(
      /<nvram.*<\/nvram>/, with: "<nvram type='file'><source file='/mine/vars.fd'/></nvram>")
    let made = try copy.definition(try DomainDefinition(xml: text), record: nil)
    #expect(try made.os.nvram == nil && !made.xml().contains("vars.fd"))
  }

  @Test("has its links down until its agent has given it another address")
  func linksDown() throws {
    let made = try copy.definition(
      definition(), record: GuestRecord(stage: .incomplete, template: "tiny"), linksDown: true)
    #expect(made.devices.interfaces.map(\.isLinkUp) == [false, false])
    let nics = copy.nics(try definition())
    #expect(nics.map(\.old) == ["52:54:00:00:00:01", "52:54:00:00:00:02"])
    #expect(nics.map(\.new) == made.devices.interfaces.map(\.mac))
  }

  @Test("has a record of where it comes from, of a guest that is not whole yet")
  func record() {
    var record = GuestRecord(stage: .complete, template: "tiny")
    record.contextID = 77
    let made = copy.record(record)
    #expect(made.stage == .incomplete && made.copiedFrom == "web" && made.contextID == nil && made.template == "tiny")
  }
}
