import Glibc

extension TextRule {
  private static func all(_ text: String, in allowed: String, first: String? = nil, count: ClosedRange<Int>) -> Bool {
    guard count.contains(text.unicodeScalars.count) else { return false }
    if let first, let letter = text.unicodeScalars.first, !isAllowed(letter, in: first) { return false }
    return text.unicodeScalars.allSatisfy { isAllowed($0, in: allowed) }
  }

  /// ASCII letters and digits are always allowed.
  private static func isAllowed(_ scalar: Unicode.Scalar, in others: String) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9": true
    default: others.unicodeScalars.contains(scalar)
    }
  }

  private static func isHexadecimal(_ text: Substring) -> Bool {
    text.utf8.allSatisfy { "0123456789abcdefABCDEF".utf8.contains($0) }
  }

  /// The name of an image, a network, a filter or a template.
  static func name(_ what: String) -> TextRule {
    TextRule(
      "\(what): 1 to 63 letters, digits, '.', '_' or '-', the first a letter or digit",
      pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$"
    ) { all($0, in: "._-", first: "", count: 1...63) }
  }

  static let macAddress = TextRule(
    "a MAC address of one card such as 52:54:00:12:34:56", pattern: "^[0-9A-Fa-f][02468ACEace](:[0-9A-Fa-f]{2}){5}$"
  ) { text in
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 6, parts.allSatisfy({ $0.utf8.count == 2 && isHexadecimal($0) }),
      let first = UInt8(parts[0], radix: 16)
    else { return false }
    return first & 1 == 0
  }

  /// libvirt's DHCP server keeps an IPv6 address by a client's DUID only, which nobody knows before the guest's first boot.
  static let ipv4Address = TextRule("an IPv4 address such as 192.168.122.50") { text in
    guard !text.utf8.contains(0) else { return false }
    var address = in_addr()
    return inet_pton(AF_INET, text, &address) == 1
  }

  static let interfaceName = TextRule(
    "the name of a bridge: 1 to 15 letters, digits, '.', '_' or '-', the first a letter or digit",
    pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$"
  ) { all($0, in: "._-", first: "", count: 1...15) }

  static let machine = TextRule(
    "q35, or a version of it such as pc-q35-7.2", pattern: "^(q35|pc-q35-[0-9]{1,3}\\.[0-9]{1,3})$"
  ) { text in
    if text == "q35" { return true }
    guard text.hasPrefix("pc-q35-") else { return false }
    let parts = text.dropFirst(7).split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 2
      && parts.allSatisfy { (1...3).contains($0.utf8.count) && $0.utf8.allSatisfy { (48...57).contains($0) } }
  }

  static let cpuModel = TextRule(
    "auto, host-passthrough, host-model, maximum or a model's name", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$"
  ) { all($0, in: "._-", first: "", count: 1...63) }

  static let serial = TextRule(
    "a serial number: 1 to 20 letters, digits, '_', '.', '+' or '-'",
    pattern: "^(?!nestor-(memory|seed)$)[A-Za-z0-9_.+-]{1,20}$"
  ) {
    all($0, in: "_.+-", count: 1...20)
  }.refusing { text in
    GuestTemplate.Disk.OwnSerial(rawValue: text) == nil ? nil : "\(text.quoted) is that of a disk of Nestor's own"
  }

  static let pciAddress = TextRule(
    "a PCI address such as 0000:01:00.0", pattern: "^[0-9A-Fa-f]{4}:[0-9A-Fa-f]{2}:[01][0-9A-Fa-f]\\.[0-7]$"
  ) { text in
    let bytes = Array(text.utf8)
    guard bytes.count == 12, text.unicodeScalars.count == 12 else { return false }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2, isHexadecimal(parts[0]),
      isHexadecimal(parts[1])
    else { return false }
    let slot = parts[2].split(separator: ".", omittingEmptySubsequences: false)
    guard slot.count == 2, slot[0].utf8.count == 2, isHexadecimal(slot[0]), slot[1].utf8.count == 1 else {
      return false
    }
    return (UInt8(slot[0], radix: 16) ?? 32) < 32 && (UInt8(slot[1], radix: 8) ?? 8) < 8
  }

  static let vhostSCSI = TextRule(
    "the WWPN of a vhost-scsi target such as naa.5001405c0ffee000", pattern: "^naa\\.[0-9A-Fa-f]{16}$"
  ) { text in
    text.hasPrefix("naa.") && text.utf8.count == 20 && isHexadecimal(text.dropFirst(4))
  }

  static let channel = TextRule(
    "a port's name: 1 to 63 letters, digits, '.', '_' or '-', the first a letter or digit",
    pattern: "^(?!org\\.qemu\\.guest_agent\\.)[A-Za-z0-9][A-Za-z0-9._-]{0,62}$"
  ) {
    all($0, in: "._-", first: "", count: 1...63)
  }.refusing { text in
    text.hasPrefix("org.qemu.guest_agent.") ? "the agent's port comes with 'guestAgent: true'" : nil
  }

  static let notEmpty = TextRule("a text that is not empty", pattern: "^.+$") { !$0.isEmpty }

  static let xpath = TextRule("an XPath that begins with '/'", pattern: "^/") { $0.hasPrefix("/") }

  static let labelKey = TextRule(
    "a label's name: 1 to 63 letters, digits, '.', '_', '-' or '/', the first a letter or digit",
    pattern: "^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$"
  ) { all($0, in: "._-/", first: "", count: 1...63) }
}
