extension TextRule {
  /// The types of keys that OpenSSH knows, `ssh -Q key-sig`; the certificates of these are no keys to be handed out.
  private static let publicKeyTypes = [
    "ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
  ]

  /// A line of `authorized_keys` without options, see sshd(8).
  static let publicKey = TextRule(
    "a public SSH key such as 'ssh-ed25519 AAAA… me@here'",
    pattern: "^(\(publicKeyTypes.joined(separator: "|").replacing(".", with: "\\."))) [A-Za-z0-9+/]{16,}={0,2}( .*)?$"
  ) { text in
    let words = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard words.count >= 2, publicKeyTypes.contains(String(words[0])) else { return false }
    let padding = words[1].utf8.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    let digits = words[1].utf8.dropLast(padding)
    return padding <= 2 && digits.count >= 16 && digits.allSatisfy(isBase64)
  }

  private static func isBase64(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
      true
    default: false
    }
  }

  /// A host name as RFC 1123 has it, of the length that Linux keeps.
  static let hostName = TextRule(
    "a host name: letters, digits and '-', or several of these with '.' between, at most 64 in all",
    pattern:
      "^(?=.{1,64}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$"
  ) { text in
    guard (1...64).contains(text.utf8.count) else { return false }
    return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
      (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
        && label.utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: "-") }
    }
  }

  /// A user's name as useradd(8) takes it everywhere.
  static let userName = TextRule(
    "a user's name: 1 to 32 of a to z, digits, '_' and '-', the first a letter or '_'",
    pattern: "^[a-z_][a-z0-9_-]{0,31}$"
  ) { text in
    guard (1...32).contains(text.utf8.count), let first = text.utf8.first else { return false }
    return isLowercase(first)
      && text.utf8.allSatisfy {
        isLowercase($0) || $0 == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
      }
  }

  /// A path in the guest, so it begins nowhere here.
  static let absolutePath = TextRule(
    "a path that begins with '/'", pattern: "^/[A-Za-z0-9._/-]{1,254}$"
  ) { text in
    (2...255).contains(text.utf8.count) && text.utf8.first == UInt8(ascii: "/")
      && text.utf8.allSatisfy { isWord($0) || "._/-".utf8.contains($0) }
  }

  private static func isLowercase(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "_")
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    isBase64(byte) && byte != UInt8(ascii: "+") && byte != UInt8(ascii: "/")
  }

  /// A password's hash by one of the methods of crypt(5) that are not known to be weak.
  static let passwordHash: TextRule = {
    let methods = ["y", "gy", "7", "2b", "6", "5"]
    var rule = TextRule(
      "a password's hash, as made by: openssl passwd -6",
      pattern: "^\\$(\(methods.joined(separator: "|")))\\$[A-Za-z0-9./$=,]{8,500}$"
    ) { text in
      let parts = text.split(separator: "$", maxSplits: 2, omittingEmptySubsequences: false)
      return parts.count == 3 && parts[0].isEmpty && methods.contains(String(parts[1]))
        && (8...500).contains(parts[2].utf8.count)
        && parts[2].utf8.allSatisfy { isWord($0) || "./$=,".utf8.contains($0) }
    }
    let problem = rule.problem
    // What somebody wrote here may be the password itself, and messages end up in logs.
    rule.problem = { problem($0) == nil ? nil : "this is none, or one of a weak method" }
    return rule
  }()

  /// A package as the package managers of Linux name it, with a version or an architecture where one likes.
  static let package = TextRule(
    "a package's name", pattern: "^[A-Za-z0-9@][A-Za-z0-9+._:~=@/-]{0,127}$"
  ) { text in
    guard (1...128).contains(text.utf8.count), let first = text.utf8.first else { return false }
    return (isWord(first) || first == UInt8(ascii: "@"))
      && text.utf8.allSatisfy { isWord($0) || "+._:~=@/-".utf8.contains($0) }
  }
}
