import Libvirt
import Testing

@Suite("Events of domains", .timeLimit(.minutes(1)))
struct EventTests {
  @Test("come in the order of what happened")
  func order() async throws {
    let node = try await TestNode()
    let events = try await node.connection.domainLifecycleEvents()
    let domain = try await node.define()
    try await domain.start()
    try await domain.suspend()
    try await domain.resume()
    try await domain.destroy()
    try await domain.undefine()
    var seen: [LifecycleEvent.Kind] = []
    for try await event in events {
      #expect(event.domainName == "guest")
      #expect(event.domainUUID == domain.uuid)
      seen.append(event.payload.kind)
      if event.payload.kind == .undefined { break }
    }
    #expect(seen == [.defined, .started, .suspended, .resumed, .stopped, .undefined])
  }

  @Test("of one domain leave the others' out")
  func oneDomain() async throws {
    let node = try await TestNode()
    let wanted = try await node.define("wanted")
    let other = try await node.define("other")
    let events = try await node.connection.domainLifecycleEvents(domain: wanted)
    try await other.start()
    try await wanted.start()
    try await other.destroy()
    try await wanted.destroy()
    var seen: [String] = []
    for try await event in events {
      seen.append("\(event.domainName) \(event.payload.kind)")
      if event.payload.kind == .stopped { break }
    }
    #expect(seen == ["wanted started", "wanted stopped"])
  }

  @Test("end without an error for a task that is cancelled")
  func cancellation() async throws {
    let node = try await TestNode()
    let events = try await node.connection.domainLifecycleEvents()
    let (began, beginning) = AsyncStream<Void>.makeStream()
    let listener = Task {
      for try await _ in events { beginning.finish() }
      return Task.isCancelled
    }
    let domain = try await node.define()
    for await _ in began {}
    listener.cancel()
    #expect(try await listener.value)
    #expect(try await domain.isPersistent())
  }
}
