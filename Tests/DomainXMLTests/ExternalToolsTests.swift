import DomainXML
import Glibc
import Testing

@Suite("Other programs")
struct ExternalToolsTests {
  /// Runs a program and gives its exit status and what it wrote to standard output.
  private static func run(_ arguments: [String]) -> (status: Int32, output: String)? {
    var pipe: [Int32] = [0, 0]
    guard Glibc.pipe(&pipe) == 0 else { return nil }
    for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, pipe[1], 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var pid: pid_t = 0
    let failed = posix_spawnp(&pid, arguments[0], &actions, nil, &words, environ)
    close(pipe[1])
    defer { close(pipe[0]) }
    guard failed == 0 else { return nil }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(pipe[0], &buffer, buffer.count)
      if count <= 0 { break }
      bytes += buffer[..<count]
    }
    var status: Int32 = 0
    guard waitpid(pid, &status, 0) == pid else { return nil }
    return ((status >> 8) & 0xFF, String(decoding: bytes, as: UTF8.self))
  }

  private static func has(_ program: String) -> Bool { access("/usr/bin/" + program, X_OK) == 0 }

  private func withFile<Value>(_ text: String, _ body: (String) throws -> Value) throws -> Value {
    var template = Array("/tmp/nestor-domain-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    try #require(descriptor >= 0)
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unlink(path) }
    let bytes = Array(text.utf8)
    try #require(write(descriptor, bytes, bytes.count) == bytes.count)
    close(descriptor)
    return try body(path)
  }

  @Test(
    "virt-xml-validate accepts what is written, and refuses what our own check refuses",
    .enabled(if: has("virt-xml-validate"), "virt-xml-validate is not installed"))
  func virtXMLValidate() throws {
    let xml = try FullDefinitionTests.full().xml()
    let good = try withFile(xml) { Self.run(["virt-xml-validate", $0, "domain"]) }
    #expect(good?.status == 0)
    let bad = try withFile(xml.replacing("<on_crash>preserve", with: "<on_crash>perhaps")) {
      Self.run(["virt-xml-validate", $0, "domain"])
    }
    #expect(bad?.status != 0)
  }

  @Test(
    "libvirt's test driver defines what is written and shows it unchanged in what is known",
    .enabled(if: has("virsh"), "virsh is not installed"))
  func testDriver() throws {
    var tiny = DomainDefinitionTests.tiny()
    tiny.os.kernel = nil
    tiny.os.initrd = nil
    tiny.os.commandLine = nil
    let shown = try withFile(tiny.xml()) {
      Self.run(["virsh", "-q", "-c", "test:///default", "define \($0); dumpxml tiny"])
    }
    #expect(shown?.status == 0)
    let output = try #require(shown?.output)
    let start = try #require(output.firstRange(of: "<domain"))
    let read = try DomainDefinition(xml: String(output[start.lowerBound...]))
    #expect(read.name == tiny.name)
    #expect(read.uuid == tiny.uuid)
    #expect(read.memory == tiny.memory)
    #expect(read.devices.vsock?.cid == 77)
    #expect(read.devices.disks.map(\.source) == tiny.devices.disks.map(\.source))
    #expect(read.devices.interfaces.map(\.mac) == tiny.devices.interfaces.map(\.mac))
    #expect(read.devices.serialPorts.first?.log == tiny.devices.serialPorts.first?.log)
    #expect(read.devices.memoryBalloon?.statsPeriod == 5)
  }

  @Test(
    "virt-install's description of a guest is read, kept whole and fits the schema",
    .enabled(if: has("virt-install"), "virt-install is not installed"))
  func virtInstall() throws {
    let result = Self.run([
      "virt-install", "--connect", "test:///default", "--print-xml", "--dry-run", "--name", "sample", "--memory", "512",
      "--vcpus", "2", "--disk", "none", "--import", "--osinfo", "detect=off,require=off", "--network",
      "network=default",
      "--graphics", "vnc", "--rng", "/dev/urandom",
    ])
    #expect(result?.status == 0)
    let domain = try DomainDefinition(xml: try #require(result?.output))
    #expect(domain.name == "sample")
    #expect(domain.memory == .mebibytes(512))
    #expect(domain.vcpus == 2)
    #expect(domain.devices.interfaces.map(\.source) == [.network("default")])
    let xml = try domain.xml()
    #expect(try DomainDefinition(xml: xml) == domain)
    #expect(try SchemaValidator(.domain).problems(in: xml) == [])
  }
}
