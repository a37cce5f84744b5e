import Foundation
import Libvirt
import LibvirtTestSupport
import Testing

@Suite("What connections take of the system", .timeLimit(.minutes(20)))
struct ResourceTests {
  @Test("is given back when a thousand of them are opened and closed")
  func manyConnections() async {
    // A process of its own, since the other tests open files and take memory meanwhile.
    await #expect(processExitsWith: .success) {
      func turn() async throws {
        let node = try await TestNode()
        let domain = try await node.define()
        let events = try await node.connection.domainLifecycleEvents(domain: domain)
        try await domain.start()
        for try await event in events where event.payload.kind == .started { break }
        _ = try await domain.createSnapshot(xml: "<domainsnapshot/>").xml()
        _ = try await node.connection.domainStatistics()
        _ = try? await node.connection.domain(named: "nobody")
      }
      for _ in 0..<300 { try await turn() }
      let files = try openFiles()
      let memory = try residentMemory()
      for _ in 0..<1000 { try await turn() }
      // Swift's run time opens a few of its own, such as a timer.
      #expect(try openFiles() < files + 20)
      // A connection of the test driver takes some 60 KiB: a thousand that stayed would take 60 MiB.
      #expect(try residentMemory() - memory < 8 << 20)
    }
  }

  @Test("is given back by connections to a daemon: no socket stays open", .privateLibvirtd)
  func daemonConnections() async throws {
    let uri = try await PrivateLibvirtd.shared.uri
    await #expect(processExitsWith: .success) { [uri = uri as String] in
      let first = try await Connection.open(uri)
      let before = try openSockets()
      for _ in 0..<30 {
        let connection = try await Connection.open(uri)
        #expect(try await connection.isAlive())
      }
      try await settle { try openSockets() <= before }
      #expect(try openSockets() <= before)
      #expect(try await first.isAlive())
    }
  }

  @Test("is given back by listeners that are cancelled, that stop, and that never began", .privateLibvirtd)
  func listeners() async throws {
    let uri = try await PrivateLibvirtd.shared.uri
    await #expect(processExitsWith: .success) { [uri = uri as String] in
      let first = try await Connection.open(uri)
      let before = try openSockets()
      for _ in 0..<10 {
        let cancelled = try await Connection.open(uri).domainLifecycleEvents()
        let task = Task { for try await _ in cancelled {} }
        task.cancel()
        try await task.value
        let connection = try await Connection.open(uri)
        let stopped = try await connection.domainLifecycleEvents()
        _ = try await connection.defineDomain(
          xml: """
            <domain type='qemu'><name>listened-to</name>
            <uuid>5f7b9c1e-0d9a-4b0e-9c44-1c1f8f1d7a01</uuid><memory unit='MiB'>32</memory><os><type arch='x86_64' machine='q35'>hvm</type></os></domain>
            """)
        for try await _ in stopped { break }
        _ = try await Connection.open(uri).domainLifecycleEvents()
      }
      // A listener that stays registered keeps its connection open.
      try await settle { try openSockets() <= before }
      #expect(try openSockets() <= before)
      try await first.domain(named: "listened-to").undefine()
    }
  }
}

/// How many files this process has open.
private func openFiles() throws -> Int {
  try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
}

/// How many sockets this process has open.
private func openSockets() throws -> Int {
  try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count { number in
    let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")
    return target?.hasPrefix("socket:") == true
  }
}

/// How many bytes of this process are in memory.
private func residentMemory() throws -> Int {
  let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
  return try #require(text.split(separator: " ").dropFirst().first.flatMap { Int($0) }) * 4096
}

/// Waits until the condition holds, or for 200 s: what is closed is closed by another thread.
private func settle(_ condition: () throws -> Bool) async throws {
  let deadline = ContinuousClock.now + .seconds(200)
  while try !condition(), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(5)) }
}
