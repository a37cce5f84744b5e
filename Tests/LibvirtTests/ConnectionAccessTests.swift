import Foundation
import Libvirt
import Synchronization
import Testing

@Suite("A connection")
struct ConnectionAccessTests {
  /// A host of the test driver of its own, with a password.
  private func withAuthenticatedHost(_ body: (String) async throws -> Void) async throws {
    let path = "/tmp/nestor-auth-\(UUID().uuidString).xml"
    try """
    <node>
      <auth><user password='right'>someone</user></auth>
    </node>
    """.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await body("test://\(path)")
  }

  @Test("asks for name and password where the driver wants them", arguments: [false, true])
  func authentication(readOnly: Bool) async throws {
    try await withAuthenticatedHost { uri in
      let asked = Mutex<[Credential]>([])
      let connection = try await Connection.open(
        uri, readOnly: readOnly,
        authentication: Authentication { credential in
          asked.withLock { $0.append(credential) }
          return credential.kind == .passphrase ? "right" : "someone"
        })
      #expect(try await connection.driverName() == "TEST")
      #expect(asked.withLock { $0.map(\.kind).contains(.passphrase) })
      #expect(asked.withLock { $0.allSatisfy { !$0.prompt.isEmpty } })
    }
  }

  @Test("is opened by a fixed name and password, and refused with a wrong one or none")
  func refusal() async throws {
    try await withAuthenticatedHost { uri in
      let connection = try await Connection.open(
        uri, authentication: Authentication(userName: "someone", password: "right"))
      #expect(try await connection.isAlive())
      for authentication in [
        Authentication(userName: "someone", password: "wrong"), Authentication(userName: "other", password: "right"),
        Authentication { _ in nil },
      ] {
        let error = await #expect(throws: LibvirtError.self) {
          try await Connection.open(uri, authentication: authentication)
        }
        #expect(error?.code == .authenticationFailed)
        #expect(error?.call == "virConnectOpenAuth")
      }
      let error = await #expect(throws: LibvirtError.self) { try await Connection.open(uri) }
      #expect(error?.code == .invalidArgument)
      #expect(error?.call == "virConnectOpen")
    }
  }

  @Test("that is read-only refuses changes, by credentials too", arguments: [nil, Authentication { _ in nil }])
  func readOnly(authentication: Authentication?) async throws {
    let connection = try await Connection.open(
      "test:///default", readOnly: true, authentication: authentication)
    let domain = try await connection.domain(named: "test")
    let error = await #expect(throws: LibvirtError.self) { try await domain.suspend() }
    #expect(error?.code == .operationDenied)
  }

  @Test("that was closed fails clearly, twice as well, and its objects go on", .timeLimit(.minutes(20)))
  func closing() async throws {
    let connection = try await Connection.open("test:///default")
    let domain = try await connection.domain(named: "test")
    let events = try await connection.domainLifecycleEvents()
    let waiting = Task { await connection.waitUntilClosed() }
    connection.close()
    connection.close()
    let error = await #expect(throws: LibvirtError.self) { try await connection.domains() }
    #expect(error?.code == .connectionInvalid)
    #expect(error?.message.contains("open a new one") == true)
    await #expect(throws: LibvirtError.self) { try await connection.domainLifecycleEvents() }
    await #expect(throws: LibvirtError.self) { try await domain.screenshot() }
    #expect(try await domain.xml().contains("<name>test</name>"))
    // It ends, and not by an error.
    for try await _ in events {}
    #expect(await waiting.value == .byThisProgram)
    #expect(await connection.waitUntilClosed() == .byThisProgram)
  }

  @Test("knows the models of CPUs, and what one is to another")
  func cpus() async throws {
    let connection = try await Connection.open("test:///default")
    #expect(try await connection.cpuModelNames(architecture: "x86_64").contains("Haswell"))
    let error = await #expect(throws: LibvirtError.self) {
      try await connection.cpuModelNames(architecture: "abacus")
    }
    #expect(error?.call == "virConnectGetCPUModelNames")
    #expect(try await connection.maximumCPUs() > 0)
    let models = ["Penryn", "Nehalem"].map { "<cpu><arch>x86_64</arch><model>\($0)</model></cpu>" }
    #expect(try await connection.baselineCPU(xmls: models).contains("<model fallback='allow'>Penryn</model>"))
    let empty = await #expect(throws: LibvirtError.self) { try await connection.baselineCPU(xmls: []) }
    #expect(empty?.code == .invalidArgument)
  }

  @Test("is secure and not encrypted within a process")
  func security() async throws {
    let connection = try await Connection.open("test:///default", keepAlive: .off)
    #expect(try await connection.isSecure())
    #expect(try await connection.isEncrypted() == false)
    #expect(try await connection.systemInformation().contains("<sysinfo"))
  }
}
