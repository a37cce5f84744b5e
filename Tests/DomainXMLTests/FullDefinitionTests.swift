import DomainXML
import Testing

@Suite("A definition that uses everything")
struct FullDefinitionTests {
  static func full() throws -> DomainDefinition {
    var full = DomainDefinition(
      name: "full", memory: .gibibytes(2), vcpus: 4, type: .kvm, uuid: "6ba7b810-9dad-11d1-80b4-00c04fd430c8")
    full.generationID = .value("43dc0cf8-809b-4adb-9bea-a9abb5f3d90e")
    full.title = "Everything & more"
    full.description = "Two\nlines <of> text"
    full.metadata["https://example.org/nestor/1"] = try XMLTree(
      parsing:
        #"<n:guest xmlns:n="https://example.org/nestor/1" owner="a&amp;b"><n:template>debian</n:template></n:guest>"#)
    full.currentMemory = .gibibytes(1)
    full.memoryBacking = MemoryBacking(
      hugePages: [.init(size: .mebibytes(2), nodeset: "0")], source: .memfd, access: .shared, allocation: .immediate,
      isLocked: true, allowsPageSharing: false, discards: true)
    full.currentVCPUs = 2
    full.ioThreads = 2
    full.smbios = SMBIOSInformation(
      bios: [.init("vendor", "Nestor")], system: [.init("serial", "A,B\"C'<&>")],
      oemStrings: ["io.systemd.credential:motd=hello, \"you\" & <them>", "plain"])
    full.os = OperatingSystem(
      architecture: "x86_64", machine: "pc-q35-7.2", firmware: .efi,
      firmwareFeatures: [.secureBoot(true), .enrolledKeys(true)],
      loader: .init(isSecure: true), nvram: .init(path: "/var/lib/full_VARS.fd"), bootMenu: true, smbiosMode: "sysinfo")
    full.features = DomainFeatures(pae: true, smm: true, vmCoreInfo: true, vmPort: false, pmu: true)
    full.cpu = CPUModel(
      mode: .hostPassthrough, check: "none", migratable: true,
      topology: .init(sockets: 1, dies: 1, cores: 2, threads: 2)
    ).disabling(["svm"])
    full.clock = DomainClock(
      offset: .utc, timers: [.init("rtc", tickPolicy: "catchup"), .init("hpet", present: false)])
    full.onPowerOff = .destroy
    full.onReboot = .restart
    full.onCrash = .preserve
    full.securityLabels = [SecurityLabel(type: "none", model: "apparmor")]
    full.devices = Self.devices()
    return full
  }

  static func devices() -> DomainDevices {
    var devices = DomainDevices(emulator: "/usr/bin/qemu-system-x86_64")
    var system = Disk.qcow2("/var/lib/a & \"b\" '<c>'.qcow2", target: "vda")
    system.cache = Disk.Cache.none
    system.io = .native
    system.discard = .unmap
    system.detectZeroes = "unmap"
    system.errorPolicy = "stop"
    system.ioThread = 1
    system.queues = 2
    system.serial = "system"
    system.bootOrder = 1
    system.alias = "ua-system"
    system.backingChain = BackingChain([BackingImage(source: .file("/var/lib/base.qcow2"), format: .qcow2)])
    let data = Disk(
      source: .file("/var/lib/data.raw"), format: .raw, target: "sda", bus: .scsi, isShareable: true,
      wwn: "5000c50015ea71ac")
    let scratch = Disk(source: .file("/var/lib/scratch.qcow2"), format: .qcow2, target: "vdb", isTransient: true)
    let block = Disk(source: .block("/dev/vg/lv"), format: .raw, target: "vdc")
    let volume = Disk(source: .volume(pool: "default", name: "v"), format: .raw, target: "vdd")
    devices.disks = [
      system, data, scratch, block, volume, .cdrom("/var/lib/seed.iso", target: "sdb"), .cdrom(nil, target: "sdc"),
    ]
    devices.controllers = [.virtioSCSI(ioThread: 2, queues: 4), Controller(type: "usb", model: "none")]
    devices.interfaces = [
      NetworkInterface(
        source: .network("lab"), mac: "52:54:00:00:00:01", driver: .vhost, queues: 2, targetDevice: "lab0",
        isLinkUp: false, mtu: 1400,
        bandwidth: .init(
          inbound: .init(average: 1000, peak: 5000, burst: 1024, floor: 10), outbound: .init(average: 500)),
        filter: .init("clean-traffic", parameters: [.init("IP", "10.0.0.2")]), isIsolated: true, bootOrder: 2,
        alias: "ua-lab"),
      NetworkInterface(source: .bridge("br0"), driver: .qemu),
      NetworkInterface(source: .vhostUser(path: "/run/ovs.sock", isServer: false)),
      NetworkInterface(source: .user, model: .e1000e),
      NetworkInterface(source: .ethernet, targetDevice: "tap9"),
      NetworkInterface(source: .direct(device: "eth0", mode: "bridge")),
    ]
    devices.serialPorts = [
      SerialPort(
        log: CharacterLog(path: "/var/log/full.log", appends: true), targetType: "isa-serial", port: 0,
        model: "isa-serial")
    ]
    devices.consoles = [Console(port: 0)]
    devices.channels = [
      .guestAgent,
      Channel(source: .unix(path: "/run/nestor/full.0", listens: true), name: "org.nestor.0"),
      Channel(source: .unix(path: "/run/nestor/full.1", listens: false), name: "org.nestor.1"),
    ]
    devices.tpms = [TPM(isStatePersistent: true)]
    devices.graphics = [.vnc, Graphics(type: "spice", port: 5901, choosesPort: false, listenAddress: "127.0.0.1")]
    devices.videos = [Video(vram: 16384, heads: 1)]
    devices.hostDevices = [
      HostDevice(source: .pci(.init(bus: 3, slot: 0x1F, function: 7))),
      HostDevice(source: .vhostSCSI(wwpn: "naa.5123456789abcde0")),
    ]
    devices.watchdogs = [Watchdog(action: .powerOff)]
    devices.memoryBalloon = MemoryBalloon(statsPeriod: 10, autoDeflates: true, reportsFreePages: true)
    devices.randomNumberGenerators = [RandomNumberGenerator(rateBytes: 1024, ratePeriod: 1000)]
    devices.panicDevices = [PanicDevice(model: .isa), PanicDevice(model: .hyperV, alias: "ua-panic")]
    devices.vsock = Vsock(contextID: .automatic(assigned: 3))
    return devices
  }

  @Test("is written to the byte")
  func bytes() throws {
    #expect(try Self.full().xml() == Samples.text("full"))
  }

  @Test("reads back the same, and writes the same again")
  func roundTrip() throws {
    let full = try Self.full()
    let xml = try full.xml()
    let read = try DomainDefinition(xml: xml)
    #expect(read == full)
    #expect(read.unknown.isEmpty)
    #expect(read.devices.unknown.isEmpty)
    #expect(try read.xml() == xml)
  }

  @Test("fits libvirt's schema")
  func schema() throws {
    #expect(try SchemaValidator(.domain).problems(in: Self.full().xml()) == [])
  }

  @Test("fits it with each device alone, too", arguments: 0..<16)
  func eachDevice(_ kind: Int) throws {
    let all = Self.devices()
    var one = DomainDevices()
    switch kind {
    case 0: one.disks = all.disks
    case 1: one.controllers = all.controllers
    case 2: one.interfaces = all.interfaces
    case 3: one.serialPorts = all.serialPorts
    case 4: one.consoles = all.consoles
    case 5: one.channels = all.channels
    case 6: one.tpms = all.tpms
    case 7: one.graphics = all.graphics
    case 8: one.videos = all.videos
    case 9: one.hostDevices = all.hostDevices
    case 10: one.watchdogs = all.watchdogs
    case 11: one.memoryBalloon = MemoryBalloon.none
    case 12: one.randomNumberGenerators = all.randomNumberGenerators
    case 13: one.vsock = Vsock()
    case 14: one.panicDevices = [PanicDevice()]
    default: one.serialPorts = [SerialPort(source: .file(path: "/tmp/out", appends: false)), SerialPort(source: .null)]
    }
    let domain = DomainDefinition(name: "one", memory: .mebibytes(64), devices: one)
    let xml = try domain.xml()
    #expect(try SchemaValidator(.domain).problems(in: xml) == [])
    #expect(try DomainDefinition(xml: xml) == domain)
    #expect(one != DomainDevices())
  }
}
