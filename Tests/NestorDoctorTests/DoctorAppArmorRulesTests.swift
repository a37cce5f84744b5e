import NestorDoctor
import Testing

@Suite("The file of AppArmor's local rules")
struct DoctorAppArmorRulesTests {
  private func appended(_ text: String) -> String {
    var rules = AppArmorRules(Array(text.utf8))
    rules.append(AppArmorRules.vhostVsock, comment: "because\nof that")
    return String(decoding: rules.bytes, as: UTF8.self)
  }

  private let addition = "# because\n# of that\n/dev/vhost-vsock rw,\n"

  @Test("gets the rule at its end, and keeps all that was there")
  func appends() {
    #expect(appended("") == addition)
    #expect(appended("  /dev/other rw,\n") == "  /dev/other rw,\n" + addition)
    #expect(appended("/dev/other rw,") == "/dev/other rw,\n" + addition)
  }

  @Test("stays as it is where the rule is there already")
  func idempotent() {
    for text in ["/dev/vhost-vsock rw,\n", "  /dev/vhost-vsock\trw, # mine", "a r,\n/dev/vhost-vsock rw,\nb r,\n"] {
      #expect(appended(text) == text)
    }
  }

  @Test("gets the rule where only a comment or another device names it")
  func comments() {
    for text in [
      "# /dev/vhost-vsock rw,\n", "/dev/vhost-vsock2 rw,\n", "deny /dev/vhost-vsock rw,\n", "/dev/vhost-vsock r,\n",
    ] {
      #expect(appended(text) == text + addition)
    }
  }

  @Test("keeps bytes that are no UTF-8")
  func bytes() {
    let original: [UInt8] = [0x23, 0xff, 0xfe, 0x0a]
    var rules = AppArmorRules(original)
    rules.append(AppArmorRules.vhostVsock, comment: "c")
    #expect(rules.bytes == original + Array("# c\n/dev/vhost-vsock rw,\n".utf8))
  }
}
