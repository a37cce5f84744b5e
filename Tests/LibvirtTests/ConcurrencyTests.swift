import Libvirt
import Testing

@Suite("Many calls at once", .timeLimit(.minutes(20)))
struct ConcurrencyTests {
  @Test("five hundred tasks each get their own answer over one connection")
  func manyTasks() async throws {
    let node = try await TestNode()
    let results = try await withThrowingTaskGroup(of: (String, String, Bool).self) { group in
      for number in 0..<500 {
        group.addTask {
          let name = "guest-\(number)"
          let domain = try await node.define(name)
          try await domain.start()
          let found = try await node.connection.domain(uuid: domain.uuid)
          return (name, found.name, try await found.isActive())
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.count == 500)
    #expect(results.allSatisfy { $0.0 == $0.1 && $0.2 })
    #expect(try await node.connection.domains(.active).count == 500)
  }

  @Test("Swift's own threads stay free while libvirt's calls wait")
  func freeThreads() async throws {
    // Far more calls than there are threads of either kind, and a task that must run in between.
    let node = try await TestNode()
    let domain = try await node.define()
    async let calls: Void = withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<2000 { group.addTask { _ = try await domain.xml() } }
      try await group.waitForAll()
    }
    let turns = await Task { (0..<1000).reduce(0, +) }.value
    #expect(turns == 499_500)
    try await calls
  }
}
