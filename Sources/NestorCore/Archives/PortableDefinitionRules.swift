import DomainXML
import NestorSupport

/// What a ``PortableDefinition`` may hold. All that is not named here is refused, since libvirt lets a definition name files
/// that QEMU reads and writes, programs that run as root, and devices, in more ways every year.
enum PortableDefinitionRules {
  /// The rule of an element: the types it may have, and what may lie in it; nil for anything.
  private struct Rule {
    var types: Set<String>?
    var elements: Set<String>?
    /// Attributes that it must not have.
    var without: Set<String> = []
  }

  private static let character = Rule(
    types: ["pty", "unix", "null", "spicevmc"], elements: ["source", "protocol", "target", "log", "alias", "address"],
    without: ["tty"])

  /// The rules by the elements' paths; an element without one may hold anything that names no path.
  private static let rules: [String: Rule] = [
    "domain": Rule(elements: [
      "name", "uuid", "genid", "title", "description", "metadata", "memory", "currentMemory", "maxMemory",
      "memoryBacking", "vcpu", "vcpus", "iothreads", "iothreadids", "cputune", "sysinfo", "os", "features", "cpu",
      "clock", "on_poweroff", "on_reboot", "on_crash", "pm", "devices",
    ]),
    "domain/os": Rule(elements: [
      "type", "firmware", "kernel", "initrd", "cmdline", "boot", "bootmenu", "smbios", "bios",
    ]),
    "domain/sysinfo": Rule(types: ["smbios"]),
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
      types: ["network", "bridge", "user"],
      elements: [
        "mac", "source", "model", "driver", "mtu", "link", "boot", "alias", "address", "bandwidth", "filterref", "port",
        "vlan", "rom", "coalesce", "acpi",
      ]),
    "domain/devices/interface/source": Rule(elements: []),
    "domain/devices/interface/rom": Rule(without: ["file"]),
    "domain/devices/serial": character, "domain/devices/console": character, "domain/devices/channel": character,
    "domain/devices/input": Rule(types: ["mouse", "tablet", "keyboard"]),
    "domain/devices/tpm/backend": Rule(types: ["emulator"], elements: []),
    "domain/devices/graphics": Rule(types: ["vnc", "spice"], elements: ["listen"], without: ["socket"]),
    "domain/devices/graphics/listen": Rule(types: ["address", "none"], elements: []),
    "domain/devices/audio": Rule(types: ["none", "spice"]),
    "domain/devices/rng/backend": Rule(elements: []),
  ]

  /// Attributes and elements that name a file of the guest's directory, by their paths.
  private static let files: Set<String> = [
    "domain/os/kernel", "domain/os/initrd", "domain/devices/disk/source/@file",
    "domain/devices/serial/source/@path", "domain/devices/console/source/@path", "domain/devices/channel/source/@path",
    "domain/devices/serial/log/@file", "domain/devices/console/log/@file", "domain/devices/channel/log/@file",
  ]

  /// Elements with text of the user's or the guest's, of which no machine reads a path.
  private static func isFreeText(_ path: String) -> Bool {
    ["domain/title", "domain/description", "domain/os/cmdline"].contains(path)
      || path.hasPrefix("domain/sysinfo/") && path.hasSuffix("/entry")
  }

  /// The random numbers of the machine, which a guest may have.
  private static let sourcesOfRandomness: Set<String> = ["/dev/urandom", "/dev/random", "/dev/hwrng"]

  /// The addresses of displays that only the machine itself reaches.
  private static let loopback: Set<String> = ["127.0.0.1", "::1", "localhost"]

  /// Refuses a definition that has what is not named above; throws ``DomainXMLError`` with the path, and the line if it was read.
  static func check(_ tree: XMLTree) throws(DomainXMLError) {
    guard tree.name == "domain" else {
      throw DomainXMLError(.unexpectedRoot, "<\(tree.name)> is no definition of a guest", line: tree.line)
    }
    try check(tree, at: "domain")
  }

  private static func check(_ tree: XMLTree, at path: String) throws(DomainXMLError) {
    // What applications keep with the guest, libvirt only keeps.
    if path == "domain/metadata" { return }
    let rule = rules[path]
    if let types = rule?.types, let type = tree["type"] ?? defaultType(path), !types.contains(type) {
      throw refusal("a <\(tree.name)> of the type '\(type)'", path, tree)
    }
    for attribute in tree.attributes {
      let place = "\(path)/@\(attribute.name)"
      guard rule?.without.contains(attribute.name) != true else {
        throw refusal("\(attribute.name)='\(attribute.value)'", place, tree)
      }
      try check(attribute.value, at: place, tree)
    }
    if !tree.text.isEmpty, !isFreeText(path) { try check(tree.text, at: path, tree) }
    for element in tree.elements {
      if let elements = rule?.elements, !elements.contains(element.name) {
        throw refusal("<\(element.name)>", "\(path)/\(element.name)", element)
      }
      try check(element, at: "\(path)/\(element.name)")
    }
    if path == "domain/devices/disk" { try checkDisk(tree, path) }
  }

  private static func check(_ value: String, at path: String, _ tree: XMLTree) throws(DomainXMLError) {
    if files.contains(path) {
      let isBoot = path.hasPrefix("domain/os/") && value.wholeMatch(of: /@boot@\/(kernel|initramfs)/) != nil
      let isOwn = value.wholeMatch(of: /@guest@\/[A-Za-z0-9][A-Za-z0-9._-]{0,79}/) != nil
      let isPort = path.contains("/source/@path") && value.wholeMatch(of: /@guest@\/private\/port-[0-9]+/) != nil
      guard isBoot || isOwn || isPort else { throw refusal("the file '\(value)'", path, tree) }
    } else if path == "domain/devices/rng/backend", sourcesOfRandomness.contains(value) {
      return
    } else if path == "domain/devices/graphics/@listen" || path == "domain/devices/graphics/listen/@address" {
      guard loopback.contains(value) else { throw refusal("a display that listens on \(value)", path, tree) }
    } else if value.contains("/") {
      throw refusal("'\(value)', which may be a path,", path, tree)
    }
  }

  private static func checkDisk(_ tree: XMLTree, _ path: String) throws(DomainXMLError) {
    let source = tree.element("source")?["file"]
    guard (tree["device"] ?? "disk") == "disk" else {
      guard source == nil else { throw refusal("a drive with the medium '\(source ?? "")'", path, tree) }
      return
    }
    guard tree["device"] != "lun", source != nil else { throw refusal("a disk without a file", path, tree) }
    guard ["qcow2", "raw"].contains(tree.element("driver")?["type"] ?? "raw") else {
      throw refusal("a disk of the format '\(tree.element("driver")?["type"] ?? "")'", path, tree)
    }
  }

  /// What libvirt takes an element for that names no type.
  private static func defaultType(_ path: String) -> String? {
    switch path {
    case "domain/devices/disk": "file"
    case "domain/devices/serial", "domain/devices/console", "domain/devices/channel": "pty"
    default: nil
    }
  }

  private static func refusal(_ what: String, _ path: String, _ tree: XMLTree) -> DomainXMLError {
    DomainXMLError(.invalidValue, "\(what) belongs to one machine", path: path, line: tree.line)
  }
}
