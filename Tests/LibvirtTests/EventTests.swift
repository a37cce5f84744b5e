import Libvirt
import Testing

@Suite("Events of domains", .timeLimit(.minutes(20)))
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

  @Test("reach everyone who listens, on every connection to the node")
  func several() async throws {
    let first = try await Connection.open("test:///default")
    let second = try await Connection.open("test:///default")
    let name = "heard-by-all"
    let streams = [
      try await first.domainLifecycleEvents(), try await first.domainLifecycleEvents(),
      try await second.domainLifecycleEvents(),
    ]
    let domain = try await first.createDomain(xml: TestNode.domain(name))
    try await domain.destroy()
    let counts = try await withThrowingTaskGroup(of: Int.self) { group in
      for stream in streams {
        group.addTask {
          var count = 0
          for try await event in stream where event.domainName == name {
            count += 1
            if event.payload.kind == .stopped { break }
          }
          return count
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(counts == [2, 2, 2])
  }

  @Test("go on for one listener when another of the same connection goes, and begin anew after the last went")
  func leaving() async throws {
    let connection = try await TestNode().connection
    let domain = try await connection.defineDomain(xml: TestNode.domain("guest"))
    var leaving: DomainEventStream<LifecycleEvent>? = try await connection.domainLifecycleEvents()
    let staying = try await connection.domainLifecycleEvents()
    try await domain.start()
    if let events = leaving {
      for try await event in events where event.payload.kind == .started { break }
    }
    leaving = nil
    // Each that goes could take the registration of the one that stays along.
    for _ in 0..<50 {
      _ = try await connection.domainLifecycleEvents()
      try await domain.suspend()
      try await domain.resume()
    }
    try await domain.destroy()
    var seen: [LifecycleEvent.Kind] = []
    for try await event in staying {
      seen.append(event.payload.kind)
      if event.payload.kind == .stopped { break }
    }
    #expect(seen == [.started] + Array(repeating: [.suspended, .resumed], count: 50).joined() + [.stopped])
    // Leaving and coming at once, many times over: neither may overtake the other in libvirt.
    for _ in 0..<200 {
      let events = try await connection.domainLifecycleEvents(domain: domain)
      let listener = Task { for try await _ in events {} }
      listener.cancel()
      try await listener.value
    }
    let last = try await connection.domainLifecycleEvents(domain: domain)
    try await domain.start()
    for try await event in last {
      #expect(event.payload.kind == .started)
      break
    }
  }

  @Test("of networks reach two listeners of one connection")
  func networks() async throws {
    let connection = try await TestNode().connection
    let network = try await connection.network(named: "segment")
    let streams = [try await connection.networkEvents(), try await connection.networkEvents()]
    try await network.destroy()
    for stream in streams {
      for try await event in stream {
        #expect(event.network.uuid == network.uuid)
        break
      }
    }
    #expect(try await network.isActive() == false)
  }

  @Test("that pile up unread end by an error, not by a gap")
  func flood() async throws {
    let connection = try await TestNode().connection
    let domain = try await connection.defineDomain(xml: TestNode.domain("guest"))
    let slow = try await connection.domainLifecycleEvents()
    let barrier = try await connection.domainLifecycleEvents()
    let reader = Task {
      var count = 0
      for try await event in barrier {
        if event.payload.kind == .suspended || event.payload.kind == .resumed { count += 1 }
        if event.payload.kind == .stopped { break }
      }
      return count
    }
    try await domain.start()
    for _ in 0..<5100 {
      try await domain.suspend()
      try await domain.resume()
    }
    try await domain.destroy()
    #expect(try await reader.value == 10_200)
    var count = 0
    let error = await #expect(throws: LibvirtError.self) {
      for try await _ in slow { count += 1 }
    }
    #expect(error?.code == .eventsDropped)
    #expect(count == 10_000)
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
