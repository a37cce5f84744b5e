import Glibc
import NestorSupport
import Testing

@testable import NestorDoctor

@Suite("qemu.conf")
struct DoctorQEMUConfigurationTests {
  private func parsed(_ text: String) throws -> QEMUConfiguration {
    try QEMUConfiguration(parsing: Array(text.utf8))
  }

  private func text(_ configuration: QEMUConfiguration) -> String {
    String(decoding: configuration.bytes, as: UTF8.self)
  }

  @Test("is read with numbers, strings in each kind of quotes, and lists over several lines")
  func values() throws {
    let configuration = try parsed(
      """
      # head
      remember_owner = 0 # why
        user="+64055"
      group = 'kvm'
      negative = -7
      long = \"\"\"one "quoted"
      two\"\"\"
      cgroup_device_acl = [
        "/dev/null", '/dev/kvm',
        7,
      ]
      empty = [ ]
      nested = [["a"], []]
      """)
    #expect(configuration["remember_owner"] == .number(0))
    #expect(configuration["user"] == .text("+64055"))
    #expect(configuration["group"] == .text("kvm"))
    #expect(configuration["negative"] == .number(-7))
    #expect(configuration["long"] == .text("one \"quoted\"\ntwo"))
    #expect(configuration["cgroup_device_acl"] == .list([.text("/dev/null"), .text("/dev/kvm"), .number(7)]))
    #expect(configuration["empty"] == .list([]))
    #expect(configuration["nested"] == .list([.list([.text("a")]), .list([])]))
    #expect(configuration["head"] == nil)
  }

  @Test("does not take a commented default for a setting, and leaves it where it is")
  func commentedDefaults() throws {
    let original = "#namespaces = [ \"mount\" ]\n#remember_owner = 1\n"
    var configuration = try parsed(original)
    #expect(configuration["namespaces"] == nil)
    try configuration.set("namespaces", to: .list([]), comment: "because")
    #expect(text(configuration) == original + "\n# because\nnamespaces = []\n")
    #expect(configuration["namespaces"] == .list([]))
  }

  @Test("changes only the value that is set, and says why on the line before it")
  func replacing() throws {
    var configuration = try parsed("a = 1\r\n  remember_owner =\t1   # mine\nb = \"x\"")
    try configuration.set("remember_owner", to: .number(0), comment: "one\ntwo")
    #expect(text(configuration) == "a = 1\r\n# one\n# two\n  remember_owner =\t0   # mine\nb = \"x\"")
  }

  @Test("keeps its bytes when it says already what is set, comments and wrong UTF-8 included")
  func untouched() throws {
    let bytes: [UInt8] = Array("# caf".utf8) + [0xe9, 0x0a] + Array("namespaces = [ ] # mine".utf8)
    var configuration = try QEMUConfiguration(parsing: bytes)
    try configuration.set("namespaces", to: .list([]), comment: "because")
    #expect(configuration.bytes == bytes)
    try configuration.set("remember_owner", to: .number(0), comment: "because")
    #expect(configuration.bytes == bytes + Array("\n\n# because\nremember_owner = 0\n".utf8))
  }

  @Test("is written from nothing")
  func empty() throws {
    var configuration = try parsed("")
    try configuration.set("security_driver", to: .list([.text("apparmor"), .text("a\"b")]), comment: "because")
    #expect(text(configuration) == "# because\nsecurity_driver = [ \"apparmor\", 'a\"b' ]\n")
  }

  @Test("of two lines with one name counts the first, as in libvirt, and that one is changed")
  func duplicates() throws {
    var configuration = try parsed("a = 1\na = 2\n")
    #expect(configuration["a"] == .number(1))
    try configuration.set("a", to: .number(2), comment: "c")
    #expect(text(configuration) == "# c\na = 2\na = 2\n")
  }

  @Test(
    "that is malformed is refused with file and line",
    arguments: [
      ("a = 1\n= 2\n", 2), ("a\n", 1), ("\n\na = \n", 3), ("a = \"x\nb = 1\n", 1), ("a = [ \"x\"\nb = 1\n", 2),
      ("a = [ 1 2 ]\n", 1), ("a = 1 b = 2\n", 1), ("a = 99999999999999999999\n", 1), ("a = -\n", 1),
      ("a = \"\"\"x\n\n", 3), ("a = [\n[\n", 3), ("a = [,]\n", 1), ("\u{0}", 1),
    ])
  func malformed(text: String, line: Int) {
    let error = #expect(throws: NestorError.self) {
      try QEMUConfiguration(parsing: Array(text.utf8), path: "/etc/libvirt/qemu.conf")
    }
    #expect(error?.code == .corrupted)
    #expect(error?.message.contains("/etc/libvirt/qemu.conf:\(line) ") == true, "\(error?.description ?? "")")
    #expect(error?.cause != nil && error?.hint != nil)
  }

  @Test("with lists a thousand deep is refused and does not overflow the stack")
  func deepLists() {
    let text = "a = " + String(repeating: "[", count: 100_000)
    #expect(throws: NestorError.self) { try parsed(text) }
  }

  @Test("refuses to write strings that no quotes can hold")
  func unwritable() throws {
    var configuration = try parsed("a = 1\n")
    for value in ["both \" and '", "line\nend"] {
      #expect(throws: NestorError.self) { try configuration.set("a", to: .text(value), comment: "c") }
    }
    #expect(text(configuration) == "a = 1\n")
  }

  @Test(
    "as this machine's libvirt installed it is read, and stays whole around what is added",
    .enabled(if: access("/etc/libvirt/qemu.conf", R_OK) == 0, "no readable /etc/libvirt/qemu.conf here"))
  func installedFile() throws {
    let path = "/etc/libvirt/qemu.conf"
    let original = try FileTree.read(path)
    var configuration = try QEMUConfiguration(parsing: original, path: path)
    try configuration.set("nestor_test", to: .number(1), comment: "c")
    #expect(configuration.bytes.starts(with: original))
    #expect(configuration["nestor_test"] == .number(1))
  }
}
