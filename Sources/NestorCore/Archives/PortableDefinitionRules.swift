import DomainXML
import NestorSupport
import Templates

/// What a ``PortableDefinition`` may hold. All that is not named here is refused, because libvirt lets a definition name files
/// that QEMU reads and writes, programs that run as root, and devices, in more ways every year.
enum PortableDefinitionRules {
  /// The rule of an element: the types it may have, and what may lie in it; nil for anything.
  private struct Rule {
    var types: Set<String>?
    var elements: Set<String>?
    /// The attributes that it may have; nil for any.
    var attributes: Set<String>?
    /// Attributes that it must not have.
    var without: Set<String> = []
  }

  private static let character = Rule(
    types: ["pty", "unix", "null", "spicevmc"], elements: ["source", "target", "log", "alias", "address"],
    without: ["tty"])

  /// The rules by the elements' paths; an element without one may hold anything that names no path.
  private static let rules: [String: Rule] = [
    "domain": Rule(elements: [
      "name", "uuid", "genid", "title", "description", "metadata", "memory", "currentMemory", "maxMemory",
      "memoryBacking", "vcpu", "vcpus", "iothreads", "iothreadids", "cputune", "sysinfo", "os", "features", "cpu",
      "clock", "on_poweroff", "on_reboot", "on_crash", "pm", "devices",
    ]),
    "domain/os": Rule(elements: [
      "type", "firmware", "loader", "nvram", "kernel", "initrd", "cmdline", "boot", "bootmenu", "smbios", "bios",
    ]),
    "domain/os/loader": Rule(elements: [], attributes: ["format"]),
    "domain/os/nvram": Rule(elements: [], attributes: ["format"]),
    "domain/cputune": Rule(elements: [
      "shares", "period", "quota", "global_period", "global_quota", "emulator_period", "emulator_quota",
      "iothread_period", "iothread_quota", "vcpupin", "emulatorpin", "iothreadpin",
    ]),
    "domain/sysinfo": Rule(
      types: ["smbios"], elements: ["bios", "system", "baseBoard", "chassis", "processor", "oemStrings"]),
    "domain/devices": Rule(elements: [
      "disk", "controller", "interface", "serial", "console", "channel", "input", "tpm", "graphics", "video", "audio",
      "sound", "watchdog", "memballoon", "rng", "panic", "vsock", "iommu",
    ]),
    "domain/devices/disk": Rule(
      types: ["file"],
      elements: [
        "driver", "source", "target", "iotune", "readonly", "shareable", "transient", "serial", "wwn", "vendor",
        "product", "boot", "alias", "address", "geometry", "blockio",
      ]),
    "domain/devices/disk/source": Rule(elements: []),
    "domain/devices/interface": Rule(
      // By user networking a guest reaches whatever listens on the container's loopback.
      types: ["network", "bridge"],
      elements: [
        "mac", "source", "model", "driver", "mtu", "link", "boot", "alias", "address", "bandwidth", "filterref", "port",
        "vlan", "rom", "coalesce", "acpi",
      ]),
    "domain/devices/interface/source": Rule(elements: []),
    "domain/devices/interface/rom": Rule(without: ["file"]),
    "domain/devices/serial": character, "domain/devices/console": character, "domain/devices/channel": character,
    "domain/devices/serial/source": Rule(elements: []), "domain/devices/console/source": Rule(elements: []),
    "domain/devices/channel/source": Rule(elements: []),
    "domain/devices/input": Rule(types: ["mouse", "tablet", "keyboard"]),
    "domain/devices/tpm": Rule(elements: ["backend", "alias", "address"]),
    "domain/devices/tpm/backend": Rule(types: ["emulator"], elements: ["profile"]),
    "domain/devices/tpm/backend/profile": Rule(elements: [], without: ["source"]),
    "domain/devices/video": Rule(elements: ["model", "alias", "address"]),
    "domain/devices/graphics": Rule(types: ["vnc", "spice"], elements: ["listen"], without: ["socket"]),
    "domain/devices/graphics/listen": Rule(types: ["address", "none"], elements: []),
    "domain/devices/audio": Rule(types: ["none", "spice"]),
    "domain/devices/rng/backend": Rule(elements: []),
  ]

  /// Attributes and elements that have one of a few values, by their paths.
  private static let values: [String: Set<String>] = [
    "domain/os/kernel": ["@guest@/kernel", "@boot@/kernel"],
    "domain/os/initrd": ["@guest@/initramfs", "@boot@/initramfs"],
    // Earlier versions wrote these, and they are ignored.
    "domain/os/loader": [], "domain/os/loader/@format": ["qcow2"],
    "domain/os/nvram": [], "domain/os/nvram/@format": ["qcow2"],
    // The host's tables tell its serial numbers.
    "domain/os/smbios/@mode": ["sysinfo", "emulate"],
    // A core dump fills the machine's disk as often as the guest likes.
    "domain/on_crash": ["destroy", "restart", "preserve"],
    "domain/devices/watchdog/@action": ["reset", "shutdown", "poweroff", "pause", "none", "inject-nmi"],
    "domain/devices/rng/backend": ["/dev/urandom", "/dev/random", "/dev/hwrng"],
    "domain/devices/serial/log/@file": ["@guest@/console.log"],
    "domain/devices/console/log/@file": ["@guest@/console.log"],
    "domain/devices/channel/log/@file": ["@guest@/console.log"],
    // What only the machine itself reaches.
    "domain/devices/graphics/@listen": ["127.0.0.1", "::1", "localhost"],
    "domain/devices/graphics/listen/@address": ["127.0.0.1", "::1", "localhost"],
  ]

  /// Attributes that name a socket in the guest's directory, by their paths.
  private static let sockets: Set<String> = [
    "domain/devices/serial/source/@path", "domain/devices/console/source/@path", "domain/devices/channel/source/@path",
  ]

  /// Elements of which there may be several in one, but for those of `<devices>`. Of others libvirt takes one, or all, and
  /// not always the one that is looked at elsewhere.
  private static let repeatable: Set<String> = [
    "boot", "feature", "vcpu", "vcpupin", "iothreadpin", "iothread", "page", "cell", "cache", "timer", "entry",
    "baseBoard", "parameter", "listen", "tag", "node", "sibling", "codec", "queue",
  ]

  /// What holds text of the user's or the guest's, of which no machine reads a path, by its path.
  private static func isFreeText(_ path: String) -> Bool {
    ["domain/title", "domain/description", "domain/os/cmdline", "domain/devices/graphics/@passwd"].contains(path)
      || path.hasPrefix("domain/sysinfo/") && path.hasSuffix("/entry")
  }

  /// Refuses a definition that has what is not named above; throws ``DomainXMLError`` with the path, and the line if it was
  /// read.
  static func check(_ tree: XMLTree) throws(DomainXMLError) {
    guard tree.name == "domain" else {
      throw DomainXMLError(.unexpectedRoot, "<\(tree.name)> is no definition of a guest", line: tree.line)
    }
    try check(tree, at: "domain")
  }

  private static func check(_ tree: XMLTree, at path: String) throws(DomainXMLError) {
    // What applications keep with the guest, libvirt only keeps.
    if path == "domain/metadata" { return }
    // libvirt reads attributes whatever their prefix, and elements only of no namespace.
    let names = [tree.name] + tree.attributes.map(\.name)
    let mayDeclare = path == "domain" && !tree.namespaces.contains { $0.prefix.isEmpty }
    guard mayDeclare || tree.namespaces.isEmpty, !names.contains(where: { $0.contains(":") }) else {
      throw unclear("<\(tree.name)> with names of another namespace", path, tree)
    }
    let rule = rules[path]
    if let types = rule?.types, let type = tree["type"] ?? defaultType(path), !types.contains(type) {
      throw refusal("a <\(tree.name)> of the type '\(type)'", path, tree)
    }
    for attribute in tree.attributes {
      let place = "\(path)/@\(attribute.name)"
      guard rule?.without.contains(attribute.name) != true, rule?.attributes?.contains(attribute.name) != false else {
        throw refusal("the attribute \(attribute.name)", place, tree)
      }
      try check(attribute.value, at: place, tree)
    }
    if !tree.text.isEmpty { try check(tree.text, at: path, tree) }
    var seen: Set<String> = []
    for element in tree.elements {
      guard seen.insert(element.name).inserted || path == "domain/devices" || repeatable.contains(element.name) else {
        throw unclear("a second <\(element.name)>", "\(path)/\(element.name)", element)
      }
      if let elements = rule?.elements, !elements.contains(element.name) {
        throw refusal("<\(element.name)>", "\(path)/\(element.name)", element)
      }
      try check(element, at: "\(path)/\(element.name)")
    }
    switch path {
    case "domain/devices/disk": try checkDisk(tree, path)
    // libvirt would choose another address each time that it is told of the guest.
    case "domain/devices/interface" where tree.element("mac")?["address"] == nil:
      throw refusal("a NIC without a MAC address", path, tree)
    default: break
    }
  }

  private static func check(_ value: String, at path: String, _ tree: XMLTree) throws(DomainXMLError) {
    if isFreeText(path) { return }
    // Values are shown to the user.
    guard value.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
      throw refusal("a value with control characters", path, tree)
    }
    if let values = values[path] {
      guard values.contains(value) else { throw refusal("'\(value)'", path, tree) }
    } else if path == "domain/devices/interface/mac/@address" {
      // As libvirt writes them, so that two that are one can be told.
      guard value.wholeMatch(of: /([0-9a-f]{2}:){5}[0-9a-f]{2}/) != nil else {
        throw refusal("the MAC address '\(value)'", path, tree)
      }
    } else if sockets.contains(path) {
      guard value.wholeMatch(of: /@guest@\/private\/port-[0-9]{1,3}/) != nil else {
        throw refusal("the socket '\(value)'", path, tree)
      }
    } else if path == "domain/devices/disk/source/@file" {
      guard let match = value.wholeMatch(of: /@guest@\/([A-Za-z0-9][A-Za-z0-9._-]{0,79})/), !isReserved(match.1) else {
        throw refusal("the file '\(value)'", path, tree)
      }
    } else if value.utf8.contains(UInt8(ascii: "/")) {
      throw refusal("'\(value)', which may be a path,", path, tree)
    }
  }

  /// Whether a file's name in the guest's directory is one of Nestor's own; ``checkDisk(_:_:)`` knows whose disks they are.
  private static func isReserved(_ name: Substring) -> Bool {
    ["kernel", "initramfs", "private"].contains(name) || name.hasPrefix("console") || name.hasPrefix("nvram")
      || [".new", ".kept", ".previous", ".log"].contains { name.hasSuffix($0) }
  }

  private static func checkDisk(_ tree: XMLTree, _ path: String) throws(DomainXMLError) {
    let (device, source) = (tree["device"] ?? "disk", tree.element("source")?["file"])
    let format = tree.element("driver")?["type"] ?? "raw"
    guard device == "disk" else {
      guard ["cdrom", "floppy"].contains(device), source == nil else {
        throw refusal("a drive of the kind '\(device)' with '\(source ?? "")' in it", path, tree)
      }
      return
    }
    guard let source else { throw refusal("a disk without a file", path, tree) }
    guard ["qcow2", "raw"].contains(format) else { throw refusal("a disk of the format '\(format)'", path, tree) }
    // Nestor makes its own disks again, and looks into none of them. After a snapshot in files that for memory has another
    // file.
    let (own, isReadOnly) = (tree.element("serial")?.text ?? "", tree.element("readonly") != nil)
    let isSeed = source == "@guest@/seed.iso"
    let isRight =
      switch GuestTemplate.Disk.OwnSerial(rawValue: own) {
      case .seed: isSeed && format == "raw" && isReadOnly
      case .memory: !isSeed && format == "qcow2" && !isReadOnly
      case nil: !isSeed && source != "@guest@/memory.qcow2"
      }
    guard isRight else { throw refusal("a disk with the serial number '\(own)' and the file '\(source)'", path, tree) }
  }

  /// What libvirt takes an element for that names no type.
  private static func defaultType(_ path: String) -> String? {
    switch path {
    case "domain/devices/disk": "file"
    case "domain/devices/serial", "domain/devices/console", "domain/devices/channel": "pty"
    default: nil
    }
  }

  /// The refusal of what one program reads so and another in another way.
  private static func unclear(_ what: String, _ path: String, _ tree: XMLTree) -> DomainXMLError {
    DomainXMLError(.invalidValue, "\(what) is not taken", path: path, line: tree.line)
  }

  private static func refusal(_ what: String, _ path: String, _ tree: XMLTree) -> DomainXMLError {
    DomainXMLError(.invalidValue, "\(what) does not go into an archive", path: path, line: tree.line)
  }
}
