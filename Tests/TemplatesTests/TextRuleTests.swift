import Testing

@testable import Templates

@Suite("What a text must look like")
struct TextRuleTests {
  static let rules: [TextRule] = [
    .macAddress, .interfaceName, .machine, .cpuModel, .serial, .pciAddress, .vhostSCSI, .channel, .notEmpty, .xpath,
    .labelKey, .name("a name"), ParameterKeys.name, .publicKey, .hostName, .userName, .passwordHash, .package,
    .absolutePath,
  ]

  static let samples: [String] = {
    var samples = [
      "", "a", "A-b_c.d", "-a", ".a", "_a", "a b", "a/b", "/", "/a", "é", "aé", "0", "9a", "a\tb", "q35", "pc-q35-7.2",
      "pc-q35-10.0", "pc-q35-", "pc-q35-7", "pc-q35-7.", "pc-q35-7.2.1", "pc-q35-1234.1", "pc-q35-٣.1", "i440fx",
      "52:54:00:12:34:56", "53:54:00:12:34:56", "52:54:00:12:34", "52:54:00:12:34:56:78", "52:54:00:12:34:5",
      "ff:FF:0:1:2:3",
      "fe:ff:ff:ff:ff:ff", "52-54-00-12-34-56", "+2:54:00:12:34:56", "0000:01:00.0", "0000:01:1f.7", "0000:01:20.0",
      "0000:01:00.8", "01:00.0", "0000:01:00", "00000:1:00.0", "0000:1:000.0", "naa.5001405c0ffee000",
      "naa.5001405c0ffee00",
      "naa.5001405c0ffee00g", "NAA.5001405c0ffee000", "iqn.5001405c0ffee000", "org.qemu.guest_agent.0",
      "org.qemu.guest_agent", "org.example", "a+b",
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5== me@here", "ssh-ed25519 AAAA",
      "ssh-ed25519  AAAAC3NzaC1lZDI1NTE5", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5===", "ssh-dss AAAAC3NzaC1lZDI1NTE5",
      "ssh-ed25519 AAAAC3NzaC1l=DI1NTE5", "ssh-ed25519 ===", "ssh-ed25519",
      "sk-ssh-ed25519@openssh.com AAAAC3NzaC1lZDI1",
      "a.b", "a..b", "a.", "a-", "a-.b", "x.-a", "me", "_apt", "1me", "$6$abcdefgh$012345", "$6$abcdefgh",
      "$1$abcdefgh$0123456789", "$6$ab cdefgh$01", "$6$short$", "$y$j9T$salt$hash,=", "hunter2", "nginx=1.2-3~4:5",
      "@core", "-o", "/bin/sh", "/bin/a b", "nestor-memory", "nestor-seed", "nestor-seeds", "nestor-",
    ]
    for length in [14, 15, 16, 19, 20, 21, 62, 63, 64] { samples.append(String(repeating: "a", count: length)) }
    return samples
  }()

  @Test("is the same in code and in the JSON Schema", arguments: rules.indices)
  func agree(index: Int) throws {
    let rule = Self.rules[index]
    let pattern = try Regex(#require(rule.pattern))
    for sample in Self.samples {
      let matches = try pattern.firstMatch(in: sample) != nil
      let accepted = rule.problem(sample) == nil
      #expect(accepted == matches, "\(sample.debugDescription) and \(rule.expectation)")
    }
  }

  @Test(
    "an address that is kept is one of IPv4",
    arguments: [
      ("10.0.0.1", true), ("fd00::1", false), ("10.0.0", false), ("10.0.0.256", false), ("::1%lo", false), ("", false),
      ("10.0.0.1/24", false), ("localhost", false), ("10.0.0.1\0", false),
    ])
  func addresses(text: String, isGood: Bool) {
    #expect((TextRule.ipv4Address.problem(text) == nil) == isGood)
  }
}
