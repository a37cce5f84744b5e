import DomainXML
import NestorSupport
import Templates
import Testing

@testable import NestorCore

@Suite("A definition that holds on any machine")
struct PortableDefinitionTests {
  private static let uuid = "11111111-2222-4333-8444-555555555555"
  private static let directory = "/var/lib/nestor/guests/\(uuid)"

  /// A definition; the words go in at the places that their names say.
  private static func xml(
    root: String = "", os: String = "", disk: String = "", devices: String = "", name: String = "web",
    uuid: String = uuid
  ) -> String {
    """
    <domain type="kvm" xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0">
    <name>\(name)</name><uuid>\(uuid)</uuid><description>of /any/path</description>
    <metadata><n:guest xmlns:n="urn:nestor:guest:1" template="tiny"/></metadata>
    <memory>65536</memory><vcpu>1</vcpu>
    <os><type arch="x86_64">hvm</type><cmdline>root=/dev/vda</cmdline>\(os)</os>
    <devices>
    <disk type="file" device="disk"><driver name="qemu" type="qcow2"/>
    <source file="@guest@/disk0.qcow2"/><target dev="vda" bus="virtio"/>\(disk)</disk>
    \(devices)
    </devices>\(root)
    </domain>
    """
  }

  private static func disk(
    _ source: String, type: String = "file", device: String = "disk", format: String = "raw"
  ) -> String {
    """
    <disk type="\(type)" device="\(device)"><driver name="qemu" type="\(format)"/>\(source)<target dev="vdb"/></disk>
    """
  }

  @Test("is taken with what guests of all kinds have")
  func taken() throws {
    let devices = """
      <interface type="network"><mac address="52:54:11:00:00:01"/><source network="lab"/><model type="virtio"/></interface>
      <interface type="bridge"><mac address="52:54:11:00:00:02"/><source bridge="br0"/></interface>
      <serial type="pty"><log file="@guest@/console.log" append="on"/><target port="0"/></serial>
      <console type="pty"><target type="serial"/></console>
      <channel type="unix"><source mode="bind" path="@guest@/private/port-0"/><target type="virtio" name="a"/></channel>
      <channel type="unix"><target type="virtio" name="b"/></channel>
      <rng model="virtio"><backend model="random">/dev/urandom</backend></rng>
      <tpm model="tpm-crb"><backend type="emulator" version="2.0"><profile name="default-v1"/></backend></tpm><vsock><cid auto="no" address="70"/></vsock>
      <graphics type="vnc" port="-1" listen="127.0.0.1"><listen type="address" address="127.0.0.1"/></graphics>
      <video><model type="virtio"/></video><audio id="1" type="none"/><input type="mouse" bus="ps2"/>
      <disk type="file" device="cdrom"><target dev="sda" bus="sata"/></disk>
      <disk type="file"><driver name="qemu" type="qcow2"/><source file="@guest@/vdc-one.qcow2"/><target dev="vdc"/>
      <serial>nestor-memory</serial></disk>
      <graphics type="spice" passwd="a/b"/><sound model="ich9"><codec type="duplex"/><codec type="micro"/></sound>
      """
    let text = Self.xml(
      os:
        "<loader format='qcow2'/><nvram format='qcow2'/><kernel>@boot@/kernel</kernel><initrd>@guest@/initramfs</initrd>",
      devices: devices)
    let portable = try PortableDefinition(xml: Array(text.utf8))
    #expect(portable.name.text == "web" && portable.uuid == Self.uuid)
    #expect(portable.disks.map(\.file) == ["disk0.qcow2"] && portable.bootsFromOutside)
    let local = try portable.definition(in: "/here", boot: ("/i/kernel", nil))
    #expect(local.os.kernel == "/i/kernel" && local.os.initrd == nil)
    #expect(local.devices.disks[0].source.path == "/here/disk0.qcow2")
    #expect(try !local.xml().contains("@"))
  }

  /// A definition that is refused, and by which words.
  struct Refused: CustomTestStringConvertible {
    let text: String
    let words: String

    var testDescription: String { words }
  }

  static let refused: [Refused] = texts.map { Refused(text: $0.0, words: $0.1) }

  private static let texts: [(String, String)] = [
    // Files, programs and devices of the machine.
    (xml(devices: disk("<source file='/etc/shadow'/>")), "'/etc/shadow'"),
    (xml(devices: disk("<source file='@guest@/../other/disk'/>")), "domain/devices/disk/source/@file"),
    (xml(devices: disk("<source file='@guest@/private/agent.key'/>")), "private/agent.key"),
    (xml(devices: disk("<source file='@boot@/kernel'/>")), "@boot@"),
    (xml(devices: disk("<source file='disk0.qcow2'/>")), "'disk0.qcow2'"),
    (xml(devices: disk("<source file='@guest@/disk0.qcow2'/>")), "two disks have one file"),
    (xml(devices: disk("<source file='@guest@/a'/><source file='/etc/shadow'/>")), "a second <source>"),
    (xml(devices: disk("<source file='@guest@/a'><!-- --><seclabel model='dac'/></source>")), "<seclabel>"),
    (xml(devices: disk("<source dev='/dev/sda'/>", type: "block")), "of the type 'block'"),
    (xml(devices: disk("<source dir='/etc'/>", type: "dir")), "of the type 'dir'"),
    (xml(devices: disk("<source protocol='nbd'/>", type: "network")), "of the type 'network'"),
    (xml(devices: disk("<source pool='p' volume='v'/>", type: "volume")), "of the type 'volume'"),
    (xml(devices: disk("<source type='unix'/>", type: "vhostuser")), "of the type 'vhostuser'"),
    (xml(devices: disk("<source file='@guest@/a'/>", device: "lun")), "'lun'"),
    (xml(devices: disk("<source file='@guest@/a'/>", device: "cdrom")), "'cdrom' with '@guest@/a'"),
    (xml(devices: disk("<source file='@guest@/a'/>", format: "vmdk")), "'vmdk'"),
    // QEMU would take it for the firmware's variables, in the format of those.
    (xml(devices: disk("<source file='@guest@/nvram.qcow2'/>")), "'@guest@/nvram.qcow2'"),
    (xml(devices: disk("")), "without a file"),
    (xml(disk: "<backingStore type='file'><source file='/etc/shadow'/></backingStore>"), "<backingStore>"),
    (xml(disk: "<mirror file='/etc/cron.d/x'/>"), "<mirror>"),
    (xml(disk: "<auth username='x'/>"), "<auth>"), (xml(disk: "<encryption format='luks'/>"), "<encryption>"),
    (xml(os: "<kernel>/boot/vmlinuz</kernel>"), "domain/os/kernel"),
    (xml(os: "<kernel>\n@guest@/kernel</kernel>"), "domain/os/kernel"),
    (xml(os: "<initrd>@guest@/private/agent.key</initrd>"), "domain/os/initrd"),
    (xml(os: "<loader>/etc/shadow</loader>"), "domain/os/loader"), (xml(os: "<nvram>x</nvram>"), "domain/os/nvram"),
    (xml(os: "<loader type='rom'/>"), "the attribute type"),
    (xml(os: "<nvram template='x'/>"), "the attribute template"),
    (xml(os: "<nvram><source file='x'/></nvram>"), "<source>"), (xml(os: "<nvram format='vmdk'/>"), "'vmdk'"),
    (xml(os: "<dtb>/etc/shadow</dtb>"), "<dtb>"),
    (xml(os: "<acpi><table type='slic'>/etc/shadow</table></acpi>"), "<acpi>"),
    (xml(devices: "<emulator>/tmp/evil</emulator>"), "<emulator>"),
    (xml(devices: "<hostdev mode='subsystem' type='pci'/>"), "<hostdev>"),
    (xml(devices: "<filesystem type='mount'><source dir='/'/></filesystem>"), "<filesystem>"),
    (xml(devices: "<shmem name='x'/>"), "<shmem>"), (xml(devices: "<redirdev bus='usb'/>"), "<redirdev>"),
    (xml(devices: "<smartcard mode='host'/>"), "<smartcard>"), (xml(devices: "<crypto model='virtio'/>"), "<crypto>"),
    (xml(devices: "<memory model='nvdimm'/>"), "<memory>"), (xml(devices: "<lease/>"), "<lease>"),
    (xml(devices: "<parallel type='file'/>"), "<parallel>"),
    (xml(devices: "<serial type='file'><source path='@guest@/x'/></serial>"), "of the type 'file'"),
    (xml(devices: "<serial type='dev'><source path='/dev/ttyS0'/></serial>"), "of the type 'dev'"),
    (xml(devices: "<serial type='tcp'><source host='0.0.0.0'/></serial>"), "of the type 'tcp'"),
    (xml(devices: "<serial type='pty'><source path='/dev/tty1'/></serial>"), "/dev/tty1"),
    (xml(devices: "<serial type='pty' tty='/dev/tty1'/>"), "the attribute tty"),
    (xml(devices: "<serial><log file='/etc/cron.d/x'/></serial>"), "/etc/cron.d/x"),
    (xml(devices: "<serial type='pty'><log file='@guest@/private/agent.key'/></serial>"), "private/agent.key"),
    (xml(devices: "<channel type='unix'><source mode='bind' path='/run/x'/></channel>"), "/run/x"),
    (xml(devices: "<rng model='virtio'><backend model='random'>/etc/shadow</backend></rng>"), "/etc/shadow"),
    (xml(devices: "<rng model='virtio'><backend model='egd'><source/></backend></rng>"), "<source>"),
    (xml(devices: "<tpm><backend type='passthrough'><device path='/dev/tpm0'/></backend></tpm>"), "'passthrough'"),
    (xml(devices: "<tpm><backend type='emulator'><encryption secret='x'/></backend></tpm>"), "<encryption>"),
    (xml(devices: "<tpm><backend type='emulator'><source type='dir' path='/etc'/></backend></tpm>"), "<source>"),
    (xml(devices: "<input type='passthrough'/>"), "'passthrough'"), (xml(devices: "<input type='evdev'/>"), "'evdev'"),
    (xml(devices: "<interface type='ethernet'><script path='/tmp/evil'/></interface>"), "'ethernet'"),
    (xml(devices: "<interface type='network'><script path='evil'/></interface>"), "<script>"),
    (xml(devices: "<interface type='direct'><source dev='eth0'/></interface>"), "'direct'"),
    (xml(devices: "<interface type='hostdev'/>"), "'hostdev'"),
    (xml(devices: "<interface type='vhostuser'><source path='x'/></interface>"), "'vhostuser'"),
    (xml(devices: "<interface type='network'><backend tap='x'/></interface>"), "<backend>"),
    (xml(devices: "<interface type='network'><rom file='vmlinuz'/></interface>"), "the attribute file"),
    (xml(devices: "<graphics type='vnc' listen='0.0.0.0'/>"), "'0.0.0.0' does not go into an archive"),
    (
      xml(devices: "<graphics type='vnc'><listen type='address' address='::'/></graphics>"),
      "'::' does not go into an archive"
    ),
    (xml(devices: "<graphics type='vnc'><listen type='network' network='lab'/></graphics>"), "'network'"),
    (xml(devices: "<graphics type='vnc' socket='x'/>"), "the attribute socket"),
    (xml(devices: "<graphics type='spice'><gl rendernode='/dev/dri/x'/></graphics>"), "<gl>"),
    (xml(devices: "<video><model type='/x'/></video>"), "which may be a path"),
    (xml(devices: "<audio type='file'/>"), "'file'"),
    (xml(root: "<qemu:commandline><qemu:arg value='-snapshot'/></qemu:commandline>"), "<qemu:commandline>"),
    (xml(root: "<seclabel type='none'/>"), "<seclabel>"),
    (xml(root: "<launchSecurity type='sev'/>"), "<launchSecurity>"),
    (xml(root: "<resource><partition>/machine</partition></resource>"), "<resource>"),
    (xml(root: "<sysinfo type='fwcfg'><entry name='x' file='/etc/shadow'/></sysinfo>"), "'fwcfg'"),
    (xml(root: "<cpu><model>a/b</model></cpu>"), "which may be a path"),
    // What libvirt reads in another way than others.
    (xml(devices: "<graphics type='vnc' qemu:listen='0.0.0.0'/>"), "names of another namespace"),
    (xml(disk: "<readonly xmlns:x='urn:x'/>"), "names of another namespace"),
    (xml(devices: "<rng xmlns='urn:x' model='virtio'/>"), "names of another namespace"),
    (xml().replacing("<domain ", with: "<domain xmlns='urn:x' "), "names of another namespace"),
    (xml(root: "<devices/>"), "a second <devices>"), (xml(root: "<os firmware='efi'/>"), "a second <os>"),
    (xml(os: "<kernel>@guest@/kernel</kernel><kernel>/boot/k</kernel>"), "a second <kernel>"),
    (xml(disk: "<driver name='qemu' type='raw'/>"), "a second <driver>"),
    (xml(disk: "<source file='@guest@/b'/>"), "a second <source>"),
    // Files of Nestor's own in the guest's directory.
    (xml(devices: disk("<source file='@guest@/kernel'/>")), "'@guest@/kernel'"),
    (xml(devices: disk("<source file='@guest@/console.log.1'/>")), "console.log.1"),
    (xml(devices: disk("<source file='@guest@/disk1.raw.new'/>")), "disk1.raw.new"),
    (xml(devices: disk("<source file='@guest@/seed.iso'/>")), "seed.iso"),
    (xml(devices: disk("<source file='@guest@/memory.qcow2'/>", format: "qcow2")), "memory.qcow2"),
    (
      xml(
        devices: disk("<source file='@guest@/a'/>")
          + disk("<source file='@guest@/a'/><readonly/><serial>nestor-seed</serial>", format: "qcow2")),
      "the serial number 'nestor-seed'"
    ),
    (xml(devices: disk("<source file='@guest@/a'/><serial>nestor-memory</serial>")), "'nestor-memory'"),
    (xml(devices: "<serial type='pty'><log file='@guest@/kernel' append='off'/></serial>"), "'@guest@/kernel'"),
    (xml(os: "<kernel>@guest@/disk0.qcow2</kernel>"), "domain/os/kernel"),
    // What else a guest could do to the machine, or learn of it.
    (xml(devices: "<interface type='user'/>"), "'user'"),
    (xml(root: "<on_crash>coredump-restart</on_crash>"), "coredump"),
    (xml(devices: "<watchdog model='itco' action='dump'/>"), "'dump'"), (xml(os: "<smbios mode='host'/>"), "'host'"),
    (xml(root: "<cputune><vcpusched vcpus='0' scheduler='fifo'/></cputune>"), "<vcpusched>"),
    (xml(devices: "<video><driver name='vhostuser'/></video>"), "<driver>"),
    (xml(devices: "<channel type='unix'><source mode='bind'><seclabel model='dac'/></source></channel>"), "<seclabel>"),
    (xml(devices: "<channel type='unix'><source mode='bind' path='lib64'/></channel>"), "'lib64'"),
    (xml(devices: "<rng model='virtio'><backend model='random'>vmlinuz</backend></rng>"), "'vmlinuz'"),
    (
      xml(root: "<sysinfo type='smbios'><system><entry name='x' file='/etc/shadow'/></system></sysinfo>"), "/etc/shadow"
    ),
    (xml(root: "<cpu><model>a/\u{301}b</model></cpu>"), "which may be a path"),
    (xml(devices: "<interface type='network'><source network='lab'/></interface>"), "without a MAC address"),
    (xml(devices: "<interface type='network'><mac address='52:54:0:1:2:3'/></interface>"), "'52:54:0:1:2:3'"),
    (
      xml(devices: "<interface type='network'><source network='lab&#10;warning: x'/></interface>"),
      "a value with control characters"
    ), (xml(devices: "<video><model type='&#x9b;31m'/></video>"), "a value with control characters"),
    // What it is called by.
    (xml(name: "../web"), "domain/name"), (xml(name: "a&#10;b"), "domain/name"),
    (xml(uuid: "../../../../../../../../../../../../"), "domain/uuid"),
    (xml(uuid: "11111111-2222-4333-8444-55555555555A"), "domain/uuid"), (xml(uuid: ""), "domain/uuid"),
    ("<network><name>web</name></network>", "<network> is no definition of a guest"), ("<domain", "line 1"),
    ("<!DOCTYPE d [<!ENTITY x SYSTEM '/etc/shadow'>]><domain>&x;</domain>", "document type"),
  ]

  @Test("is refused with anything else, by its place", arguments: Self.refused)
  func refusal(_ refused: Refused) throws {
    let error = #expect(throws: DomainXMLError.self) {
      _ = try PortableDefinition(xml: Array(refused.text.utf8))
    }
    #expect(error.map { "\($0)".contains(refused.words) } == true, "\(String(describing: error))")
  }

  @Test("tells the line of what is refused")
  func line() throws {
    let text = Self.xml(devices: "<hostdev mode='subsystem' type='pci'/>")
    let error = #expect(throws: DomainXMLError.self) { try PortableDefinition(xml: Array(text.utf8)) }
    #expect(error?.line == 9 && error?.path == "domain/devices/hostdev")
  }

  @Test(
    "is made of every guest that needs nothing of the machine, and is its definition again",
    arguments: [
      "image: tiny", "image: tiny\ndisks: [{size: 1GiB}, {size: 1GiB, format: raw, bus: scsi, iothread: true}]",
      "image: debian", "image: debian\nfirmware: uefi\nsecureBoot: true\ntpm: \"2.0\"",
      "image: tiny\nnetworks: [{network: lab, mtu: 1400, queues: 2, bandwidth: {inbound: {average: 1MiB}}}, {bridge: br0}]",
      "image: tiny\ngraphics: vnc\nwatchdog: {model: i6300esb}\nchannels: [a.b]\nguestAgent: true",
      "image: tiny\nmemoryBacking: {source: memfd, shared: true, hugePages: 2MiB, locked: true}\ncpus: 4",
      "image: tiny\nsmbios: {oemStrings: [\"a/b\"]}\nlabels: {owner: me}",
    ])
  func leaving(_ template: String) throws {
    for host in [PlannedGuest.kvmWithAgent, PlannedGuest.tcgWithAgent] {
      let guest = try PlannedGuest(template, host: host)
      let directory = guest.scratch.state.guest(PlannedGuest.uuid)
      let portable = try PortableDefinition(of: guest.plan.definition, in: directory)
      #expect(try !portable.definition.xml().contains(guest.scratch.folder))
      let boot = guest.plan.definition.os.kernel.map { (kernel: $0, initramfs: guest.plan.definition.os.initrd) }
      let again = try portable.definition(in: directory, boot: boot)
      var before = guest.plan.definition
      before.metadata[GuestRecord.namespace] = again.metadata[GuestRecord.namespace]
      #expect(try again.xml() == before.xml())
    }
  }

  @Test("is not made of a guest that has something of the machine")
  func staying() throws {
    for template in ["disks: [{path: /dev/sdz, format: raw}]", "hostDevices: [{pci: \"0000:01:00.0\"}]"] {
      let guest = try PlannedGuest(template)
      let directory = guest.scratch.state.guest(PlannedGuest.uuid)
      #expect(throws: DomainXMLError.self) { try PortableDefinition(of: guest.plan.definition, in: directory) }
    }
  }

  @Test("leaves the choice of the firmware to libvirt, in whatever format that and its variables were")
  func variables() throws {
    let text = """
      <domain type="kvm"><name>web</name><uuid>\(Self.uuid)</uuid><memory>65536</memory><vcpu>1</vcpu>
      <os firmware="efi"><type>hvm</type><loader readonly="yes" type="pflash" format="qcow2">/usr/share/OVMF/c.qcow2</loader>
      <nvram template="/usr/share/OVMF/v.qcow2" format="qcow2">/var/lib/libvirt/qemu/nvram/web_VARS.qcow2</nvram></os>
      </domain>
      """
    let xml = try PortableDefinition(of: try DomainDefinition(xml: text), in: Self.directory).definition.xml()
    #expect(xml.contains("firmware=\"efi\"") && !xml.contains("loader") && !xml.contains("nvram"), "\(xml)")
    // So it was written before, and libvirt on Debian would find no firmware of that format.
    let old = Self.xml(os: "<loader format='qcow2'/><nvram format='qcow2'/>")
      .replacing("<os>", with: "<os firmware='efi'>")
    let os = try PortableDefinition(xml: Array(old.utf8)).definition.os
    #expect(os.firmware == .efi && os.loader == nil && os.nvram == nil)
  }

  @Test("leaves what libvirt chose for one machine, and the media in drives")
  func chosen() throws {
    let text = """
      <domain type="kvm" id="3"><name>web</name><uuid>\(Self.uuid)</uuid><memory>65536</memory><vcpu>1</vcpu>
      <resource><partition>/machine</partition></resource>
      <os firmware="efi"><type>hvm</type><loader readonly="yes" type="pflash">/usr/share/OVMF/OVMF_CODE_4M.fd</loader>
      <nvram template="/usr/share/OVMF/OVMF_VARS_4M.fd" templateFormat="raw">/var/lib/libvirt/qemu/nvram/web_VARS.fd</nvram></os>
      <devices><emulator>/usr/bin/qemu-system-x86_64</emulator>
      <disk type="file" device="disk"><driver name="qemu" type="qcow2"/><source file="\(Self.directory)/disk0.qcow2"/>
      <backingStore type="file"><format type="qcow2"/><source file="/images/base"/></backingStore><target dev="vda"/></disk>
      <disk type="file" device="cdrom"><source file="/isos/some.iso"/><target dev="sda" bus="sata"/></disk>
      <interface type="network"><mac address="52:54:11:00:00:01"/><source network="lab"/><target dev="vnet3"/></interface>
      <channel type="unix"><source mode="bind" path="/var/lib/libvirt/qemu/channel/target/domain-web/agent"/>
      <target type="virtio" name="agent"/></channel>
      </devices><seclabel type="dynamic" model="apparmor" relabel="yes"><label>libvirt-\(Self.uuid)</label></seclabel></domain>
      """
    let portable = try PortableDefinition(of: try DomainDefinition(xml: text), in: Self.directory).definition
    let xml = try portable.xml()
    for words in ["/var", "/usr", "/images", "/isos", "/machine", "vnet3", "libvirt-"] {
      #expect(!xml.contains(words), "\(words) in \(xml)")
    }
    #expect(portable.devices.disks.map(\.source.path) == ["@guest@/disk0.qcow2", nil])
    #expect(portable.os.firmware == .efi && portable.id == nil && !xml.contains("nvram") && !xml.contains("loader"))
  }
}
