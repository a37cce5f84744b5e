import Glibc
import GuestClient
import GuestProtocol
import NestorSupport
import Templates
import Testing

@testable import NestorCommands

@Suite("Commands that talk to guests")
struct GuestCommandTests {
  @Test(
    "One side of a copy is a path here, a stream, or a path in a guest",
    arguments: [
      ("web:/etc/passwd", .guest(name: "web", path: "/etc/passwd")), ("web:", .guest(name: "web", path: ".")),
      ("web:a:b", .guest(name: "web", path: "a:b")), ("./a:b", .local("./a:b")), ("/a:b", .local("/a:b")),
      ("plain", .local("plain")), ("-", .standard), ("web:-", .guest(name: "web", path: "-")),
    ] as [(String, GuestPath)])
  func paths(text: String, path: GuestPath) throws {
    #expect(try GuestPath(parsing: text) == path)
  }

  @Test("A copy that names nothing is refused", arguments: ["", ":/etc"])
  func noPath(_ text: String) {
    #expect(#expect(throws: NestorError.self) { try GuestPath(parsing: text) }?.code == .invalidArgument)
  }

  @Test("A rule names where to listen and what to reach")
  func rules() throws {
    let plain = try ForwardRule(parsing: "8080:80")
    #expect(plain.address == .tcp(port: 8080) && plain.target.host == "localhost" && plain.target.port == 80)
    let far = try ForwardRule(parsing: "127.0.0.2:8080:[fe80::1]:443")
    #expect(far.address == .tcp(address: "127.0.0.2", port: 8080))
    #expect(far.target.host == "fe80::1" && far.target.port == 443)
    let sockets = try ForwardRule(parsing: "/run/here.sock:/run/there.sock")
    #expect(sockets.address == .unix(path: "/run/here.sock") && sockets.target.path == Array("/run/there.sock".utf8))
  }

  @Test(
    "A rule that says not enough, or no port, is refused",
    arguments: ["", "80", "80:", "80:0", "80:70000", "a:b:c:d:e"])
  func wrongRules(_ text: String) {
    #expect(#expect(throws: NestorError.self) { try ForwardRule(parsing: text) }?.code == .invalidArgument, "\(text)")
  }

  @Test(
    "ssh gets its options, then the host, then the command",
    arguments: [
      ([], ["h"]), (["uptime", "-p"], ["h", "uptime", "-p"]), (["-v"], ["-v", "h"]),
      (["-i", "key", "-vT", "ls", "-l"], ["-i", "key", "-vT", "h", "ls", "-l"]),
      (["-p22", "true"], ["-p22", "h", "true"]), (["-vo", "A=b", "true"], ["-vo", "A=b", "h", "true"]),
      (["-i"], ["-i", "h"]),
    ] as [([String], [String])])
  func order(given: [String], words: [String]) {
    #expect(SSHCommand.order(given, host: "h") == words)
  }

  @Test("ssh's settings quote what a shell would take apart, and know a guest by its UUID")
  func settings() throws {
    let settings = try SSHSettings(
      name: "web", uuid: "1-2", program: "/opt/my nestor/it's 100%", connect: "test:///a b")
    #expect(
      settings.text.contains("ProxyCommand '/opt/my nestor/it'\\''s 100%%' connect --connect 'test:///a b' web 22\n"),
      "\(settings.text)")
    #expect(settings.text.hasPrefix("Host nestor/web\n") && settings.text.contains("HostKeyAlias nestor-1-2\n"))
  }

  @Test("Lines of several guests carry their names, and a last one gets its end")
  func prefixes() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    defer { close(ends[0]) }
    let prefixer = LinePrefixer("web", to: ends[1])
    for part in ["one\nt", "wo\n", "", "three"] { Array(part.utf8).withUnsafeBytes { prefixer.write($0) } }
    prefixer.end()
    close(ends[1])
    var buffer = [UInt8](repeating: 0, count: 1000)
    let count = read(ends[0], &buffer, buffer.count)
    #expect(String(decoding: buffer[..<max(0, count)], as: UTF8.self) == "web: one\nweb: two\nweb: three\n")
  }

  @Test("A context ID is one that a guest can have")
  func contextIDs() throws {
    #expect(try TemplateOptions.contextID("3") == 3 && TemplateOptions.contextID("4294967294") == 0xFFFF_FFFE)
    for text in ["2", "0", "-1", "4294967295", "99999999999", "x", "", "3 "] {
      #expect(throws: (any Error).self, "\(text)") { try TemplateOptions.contextID(text) }
    }
  }

  @Test("Keys of a device follow the options that have names, and need a value")
  func templateKeys() throws {
    let keys = try TemplateKeyOptions.parse(["-o", "cache=none", "--option", "serial=a=b"])
    #expect(
      try keys.all(TemplateOption("size", given: "1GiB"), TemplateOption("image", given: nil)) == [
        TemplateOption("size", "1GiB"), TemplateOption("cache", "none", name: "-o cache"),
        TemplateOption("serial", "a=b", name: "-o serial"),
      ])
    for text in ["cache", "=none", ""] {
      #expect(throws: NestorError.self, "\(text)") { try TemplateKeyOptions.parse(["-o", text]).all() }
    }
  }
}
