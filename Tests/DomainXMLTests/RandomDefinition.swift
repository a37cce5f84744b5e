import DomainXML
import TestSupport

/// Makes definitions by chance, with every field set or not and hostile strings in it.
struct RandomDefinition {
  var generator: SeededGenerator

  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
  mutating func chance() -> Bool { Bool.random(using: &generator) }
  mutating func maybe<Value>(_ value: (inout Self) -> Value) -> Value? { chance() ? value(&self) : nil }
  mutating func flag() -> Bool? { maybe { $0.chance() } }
  mutating func pick<Value>(_ values: [Value], or other: Value) -> Value {
    values.randomElement(using: &generator) ?? other
  }

  mutating func list<Value>(_ value: (inout Self) -> Value) -> [Value] {
    var list: [Value] = []
    for _ in 0..<number(0...3) { list.append(value(&self)) }
    return list
  }

  /// A string of letters and of what XML must escape or keep.
  mutating func text() -> String {
    let pieces = [
      "a", "Z", "0", " ", "\n", "\t", "\r", "&", "<", ">", "\"", "'", "/", "é", "漢", "🎉", "]]>", "--", "\u{FFFD}",
    ]
    var text = ""
    for _ in 0..<number(0...8) { text += pick(pieces, or: "") }
    return text
  }

  /// A string without white space at its ends, not empty.
  mutating func word() -> String { "w" + text() + "w" }

  mutating func tree(depth: Int = 0) -> XMLTree {
    var tree = XMLTree(pick(["x", "y-z", "ü", "_1"], or: "x"))
    for name in ["a", "b.c", "é"] where chance() { tree[name] = text() }
    if depth < 3, chance() {
      tree.children = list { .element($0.tree(depth: depth + 1)) }
    } else {
      let text = text()
      if !text.isEmpty { tree.children = [.text(text)] }
    }
    return tree
  }

  mutating func unknown() -> UnknownXML {
    var unknown = UnknownXML()
    unknown.unknownElements = list { $0.tree() }
    return unknown
  }

  mutating func source() -> DiskSource {
    switch number(0...3) {
    case 0: .file(maybe { $0.text() })
    case 1: .block(maybe { $0.text() })
    case 2: .volume(pool: text(), name: text())
    default: .other(type: "network" + text())
    }
  }

  mutating func disk() -> Disk {
    var disk = Disk(
      device: pick([.disk, .cdrom, .floppy, .other("w" + text())], or: .disk), source: source(),
      format: maybe { .other($0.text()) }, target: text(), bus: maybe { .other($0.text()) },
      cache: maybe { .other($0.text()) }, io: maybe { $0.pick([.native, .threads], or: .native) },
      discard: maybe { .other($0.text()) }, detectZeroes: maybe { $0.text() }, errorPolicy: maybe { $0.text() },
      ioThread: maybe { $0.number(-5...5) }, queues: maybe { $0.number(0...Int.max) }, isReadOnly: chance(),
      isShareable: chance(), isTransient: chance(), serial: maybe { $0.text() }, wwn: maybe { $0.text() },
      bootOrder: maybe { $0.number(1...9) }, alias: maybe { $0.text() })
    disk.driverName = maybe { $0.text() }
    if chance() {
      let images = list { random in
        BackingImage(
          source: random.source(), format: random.maybe { .other($0.text()) }, index: random.maybe { $0.number(0...9) })
      }
      disk.backingChain = BackingChain(images, terminated: images.isEmpty || chance())
    }
    disk.unknown = unknown()
    return disk
  }

  mutating func interface() -> NetworkInterface {
    let sources: [NetworkInterface.Source] = [
      .network(text()), .bridge(text()), .user, .ethernet, .vhostUser(path: text(), isServer: chance()),
      .direct(device: text(), mode: maybe { $0.text() }), .other(type: "w" + text()),
    ]
    var interface = NetworkInterface(source: pick(sources, or: .user))
    interface.mac = maybe { $0.text() }
    interface.model = maybe { .other($0.text()) }
    interface.driver = maybe { $0.pick([.vhost, .qemu], or: .qemu) }
    interface.queues = maybe { $0.number(1...8) }
    interface.targetDevice = maybe { $0.text() }
    interface.isLinkUp = flag()
    interface.mtu = maybe { $0.number(0...9000) }
    interface.bandwidth = maybe { random in
      .init(
        inbound: random.maybe { .init(average: $0.number(0...99), floor: $0.maybe { $0.number(0...9) }) },
        outbound: random.maybe { .init(peak: $0.maybe { $0.number(0...9) }, burst: $0.number(0...9)) })
    }
    interface.filter = maybe { random in .init(random.text(), parameters: random.list { .init($0.text(), $0.text()) }) }
    interface.isIsolated = flag()
    interface.bootOrder = maybe { $0.number(1...9) }
    interface.alias = maybe { $0.text() }
    interface.unknown = unknown()
    return interface
  }

  mutating func character() -> CharacterSource {
    pick(
      [
        .pty(path: maybe { $0.text() }), .unix(path: maybe { $0.text() }, listens: chance()), .null, .stdio, .spicevmc,
        .file(path: text(), appends: flag()), .other(type: "w" + text()),
      ], or: .null)
  }

  mutating func log() -> CharacterLog? { maybe { CharacterLog(path: $0.text(), appends: $0.flag()) } }

  mutating func devices() -> DomainDevices {
    var devices = DomainDevices(emulator: maybe { $0.text() })
    devices.disks = list { $0.disk() }
    devices.controllers = list { random in
      Controller(
        type: random.text(), index: random.maybe { $0.number(0...9) }, model: random.maybe { $0.text() },
        ioThread: random.maybe { $0.number(0...9) }, queues: random.maybe { $0.number(0...9) },
        ports: random.maybe { $0.number(0...9) })
    }
    devices.interfaces = list { $0.interface() }
    devices.serialPorts = list { random in
      SerialPort(
        source: random.character(), log: random.log(), targetType: random.maybe { $0.text() },
        port: random.maybe { $0.number(0...3) }, model: random.maybe { $0.text() })
    }
    devices.consoles = list { Console(source: $0.character(), log: $0.log(), port: $0.maybe { $0.number(0...3) }) }
    devices.channels = list { random in
      Channel(
        source: random.character(), log: random.log(), name: random.maybe { $0.text() },
        state: random.maybe { $0.text() })
    }
    devices.tpms = list {
      TPM(model: $0.maybe { $0.text() }, version: $0.maybe { $0.text() }, isStatePersistent: $0.flag())
    }
    devices.graphics = list {
      Graphics(type: $0.text(), port: $0.maybe { $0.number(-1...9999) }, choosesPort: $0.flag())
    }
    devices.videos = list { Video(model: $0.maybe { $0.text() }, vram: $0.maybe { $0.number(0...9) }) }
    devices.hostDevices = list { random in
      let address = HostDevice.PCIAddress(
        domain: .random(in: 0...UInt32.max, using: &random.generator),
        bus: .random(in: 0...255, using: &random.generator),
        slot: .random(in: 0...255, using: &random.generator), function: .random(in: 0...255, using: &random.generator))
      let sources: [HostDevice.Source] = [
        .pci(address), .vhostSCSI(wwpn: random.text()), .other(type: "w" + random.text()),
      ]
      return HostDevice(source: random.pick(sources, or: .pci(address)), isManaged: random.flag())
    }
    devices.watchdogs = list { Watchdog(model: $0.text(), action: $0.maybe { .other($0.text()) }) }
    devices.memoryBalloon = maybe { MemoryBalloon(model: $0.text(), statsPeriod: $0.maybe { $0.number(0...9) }) }
    devices.randomNumberGenerators = list { random in
      DomainXML.RandomNumberGenerator(path: random.maybe { $0.word() }, rateBytes: random.maybe { $0.number(0...9) })
    }
    devices.panicDevices = list { PanicDevice(model: $0.maybe { .other($0.text()) }) }
    devices.vsock = maybe { random in
      let cid = UInt32.random(in: Vsock.validIDs, using: &random.generator)
      return Vsock(
        contextID: random.pick(
          [.automatic(assigned: random.maybe { _ in cid }), .fixed(cid), .unspecified], or: .unspecified))
    }
    devices.unknown = unknown()
    return devices
  }

  mutating func domain() -> DomainDefinition {
    var domain = DomainDefinition(
      name: text(), memory: MemorySize(bytes: .random(in: 0...UInt64.max, using: &generator)), vcpus: number(0...999),
      type: .other("w" + text()))
    domain.id = maybe { $0.number(-1...99) }
    domain.uuid = maybe { $0.word() }
    domain.generationID = maybe { $0.chance() ? .automatic : .value($0.word()) }
    domain.title = maybe { $0.text() }
    domain.description = maybe { $0.text() }
    domain.metadata.elements = list { random in
      var tree = random.tree()
      tree.namespaces = [.init(prefix: "", uri: "urn:" + random.word())]
      return tree
    }
    domain.currentMemory = maybe { .kibibytes(UInt64($0.number(0...99))) }
    domain.memoryBacking = maybe { random in
      MemoryBacking(
        hugePages: random.maybe {
          $0.list { .init(size: .bytes(UInt64($0.number(0...9999))), nodeset: $0.maybe { $0.text() }) }
        },
        source: random.maybe { .other($0.text()) }, access: random.maybe { $0.pick([.shared, .private], or: .shared) },
        isLocked: random.chance(), allowsPageSharing: random.chance(), discards: random.chance())
    }
    domain.currentVCPUs = maybe { $0.number(0...9) }
    domain.ioThreads = maybe { $0.number(0...9) }
    domain.smbios = maybe { random in
      SMBIOSInformation(
        bios: random.list { .init($0.text(), $0.text()) }, system: random.list { .init($0.text(), $0.text()) },
        oemStrings: random.list { $0.text() })
    }
    domain.os = OperatingSystem(
      architecture: maybe { $0.text() }, machine: maybe { $0.text() }, firmware: maybe { .other($0.text()) },
      firmwareFeatures: list { .init($0.text(), enabled: $0.chance()) },
      loader: maybe {
        .init(path: $0.maybe { $0.word() }, isReadOnly: $0.flag(), isStateless: $0.flag(), type: $0.maybe { $0.text() })
      },
      nvram: maybe {
        .init(
          path: $0.maybe { $0.word() }, template: $0.maybe { $0.text() }, templateFormat: $0.maybe { $0.text() },
          format: $0.maybe { $0.text() })
      },
      kernel: maybe { $0.text() },
      initrd: maybe { $0.text() }, commandLine: maybe { $0.text() }, bootDevices: list { .other($0.text()) },
      bootMenu: flag(), smbiosMode: maybe { $0.text() }, type: word())
    domain.features = DomainFeatures(
      acpi: chance(), apic: chance(), pae: chance(), smm: flag(), vmCoreInfo: flag(), vmPort: flag(), pmu: flag())
    domain.cpu = maybe { random in
      CPUModel(
        mode: random.maybe { .other($0.text()) }, match: random.maybe { $0.text() }, migratable: random.flag(),
        model: random.maybe { $0.word() }, fallback: random.maybe { $0.text() },
        topology: random.maybe { .init(sockets: $0.number(0...9), dies: $0.maybe { $0.number(0...9) }) },
        features: random.list { random in .init(random.text(), policy: random.maybe { .other($0.text()) }) })
    }
    domain.clock = maybe { random in
      DomainClock(
        offset: random.maybe { .other($0.text()) },
        timers: random.list { .init($0.text(), present: $0.flag(), tickPolicy: $0.maybe { $0.text() }) })
    }
    domain.onReboot = maybe { .other($0.word()) }
    domain.devices = devices()
    domain.securityLabels = list {
      SecurityLabel(model: $0.maybe { $0.text() }, relabels: $0.flag(), label: $0.maybe { $0.text() })
    }
    domain.unknown = unknown()
    return domain
  }
}
