import Glibc
import GuestClient
import GuestProtocol
import GuestTransport
import NestorSupport
import Synchronization
import Testing

@testable import GuestAgent

@Suite("Freezing a guest's file systems") struct FreezeTests {
  private func guest() throws -> FakeGuest {
    let guest = try FakeGuest()
    try guest.write("/proc/self/mountinfo", MountTableTests.list)
    try guest.write("/proc/filesystems", MountTableTests.types)
    for path in ["/image", "/media/readable", "/srv", "/data disk", "/boot/efi", "/run"] { guest.folder(path) }
    return guest
  }

  private func request(_ paths: [String] = [], limit: UInt32 = 0) -> FreezeRequest {
    var request = FreezeRequest()
    request.mountPoints = paths.map { Array($0.utf8) }
    request.timeLimit = limit
    return request
  }

  @Test("happens in order, lasts as long as the work, and ends the other way round")
  func whole() throws {
    let guest = try guest()
    let session = try AgentPair(system: guest.system).session()
    let order = ["/image", "/media/readable", "/srv", "/data disk", "/boot/efi", "/"]
    let value = try session.freeze { mountPoints in
      #expect(mountPoints == order.map { Array($0.utf8) })
      #expect(guest.kernel.frozen == Set(order))
      #expect(guest.text("/run/nestor/frozen")?.isEmpty == false)
      return 42
    }
    #expect(value == 42)
    #expect(guest.kernel.frozen.isEmpty)
    #expect(guest.kernel.calls == order.map { "freeze \($0)" } + order.reversed().map { "thaw \($0)" })
    #expect(guest.text("/run/nestor/frozen") == nil)
    #expect(try session.freeze(request(["/srv", "/"])) { $0 } == [Array("/srv".utf8), Array("/".utf8)])
  }

  @Test("leaves out what cannot be frozen, unless it was named")
  func unsupported() throws {
    let guest = try guest()
    guest.kernel.fail("freeze /boot/efi", EOPNOTSUPP)
    let session = try AgentPair(system: guest.system).session()
    #expect(try session.freeze { $0.contains(Array("/boot/efi".utf8)) } == false)
    #expect { try session.freeze(request(["/boot/efi", "/"])) { _ in } } throws: {
      ($0 as? OperationFailure)?.error.number == EOPNOTSUPP
    }
    #expect(guest.kernel.frozen.isEmpty)
  }

  @Test("that fails half way thaws what it had frozen, and the session goes on")
  func partial() throws {
    let guest = try guest()
    guest.kernel.fail("freeze /data disk", EIO)
    let session = try AgentPair(system: guest.system).session()
    #expect { try session.freeze { _ in Issue.record("the work was done all the same") } } throws: { error in
      let failure = (error as? OperationFailure)?.error
      return failure?.code == .system && failure?.number == EIO && failure?.message.contains("/data disk") == true
    }
    #expect(guest.kernel.frozen.isEmpty)
    #expect(
      guest.kernel.calls == [
        "freeze /image", "freeze /media/readable", "freeze /srv", "freeze /data disk", "thaw /srv",
        "thaw /media/readable", "thaw /image",
      ])
    #expect(try session.report().hostname == "origin")
  }

  @Test("is over after its time limit, and the client's work does not count")
  func limit() throws {
    let guest = try guest()
    let session = try AgentPair(system: guest.system).session()
    #expect {
      try session.freeze(request(limit: 50)) { _ in #expect(eventually { guest.kernel.frozen.isEmpty }) }
    } throws: {
      ($0 as? OperationFailure)?.error.code == .timedOut
    }
    #expect(try session.report().hostname == "origin")
    #expect { try session.freeze(request(limit: 600_001)) { _ in } } throws: {
      ($0 as? OperationFailure)?.error.code == .invalid
    }
  }

  @Test("is over when the session is")
  func sessionEnd() throws {
    let guest = try guest()
    let pair = try AgentPair(system: guest.system)
    let interruption = try Interruption()
    do {
      let session = try GuestSession(try pair.stream(), key: pair.key, interruption: interruption)
      #expect(throws: SessionEnd.interrupted) {
        try session.freeze { _ in
          #expect(!guest.kernel.frozen.isEmpty)
          interruption.raise()
        }
      }
    }
    #expect(eventually { guest.kernel.frozen.isEmpty })
    #expect(eventually { !guest.system.isFreezing.withLock { $0 } })
  }

  /// A stream to an agent that raises `done` when it has served it.
  private func serve(_ agent: Agent, _ interruption: Interruption, _ done: Interruption) throws -> ByteStream {
    let (mine, theirs) = try ByteStream.pair()
    BlockingWork.start {
      agent.serve(theirs, transport: "test", interruption: interruption.descriptor)
      done.raise()
    }
    return mine
  }

  @Test("is over when the agent is interrupted")
  func agentEnd() throws {
    let guest = try guest()
    let pair = try AgentPair(system: guest.system)
    let interruption = try Interruption()
    let done = try Interruption()
    let session = try GuestSession(try serve(pair.agent, interruption, done), key: pair.key)
    #expect(throws: SessionEnd.peerGone) {
      try session.freeze { _ in
        interruption.raise()
        // The agent's session ends no sooner than the file systems are thawed.
        #expect(Waiting.wait(for: done.descriptor, timeout: .seconds(200)))
        #expect(guest.kernel.frozen.isEmpty)
      }
    }
  }

  @Test("ends when the work fails, with the work's own error")
  func workFails() throws {
    let guest = try guest()
    let session = try AgentPair(system: guest.system).session()
    #expect(throws: SystemError.self) {
      try session.freeze { _ in throw SystemError("work", number: EIO) }
    }
    #expect(guest.kernel.frozen.isEmpty)
  }

  @Test("is for one session at a time")
  func busy() throws {
    let guest = try guest()
    let pair = try AgentPair(system: guest.system)
    let (first, second) = (try pair.session(), try pair.session())
    try first.freeze { _ in
      #expect { try second.freeze { _ in } } throws: { ($0 as? OperationFailure)?.error.code == .busy }
      #expect { try second.power(PowerRequest()) } throws: { ($0 as? OperationFailure)?.error.code == .busy }
      #expect(!guest.kernel.frozen.isEmpty)
    }
    #expect(try second.freeze { $0.count } == 6)
  }

  @Test(
    "refuses what is not mounted or has no disk",
    arguments: [
      ("/nowhere", ProtocolError.Code.notFound), ("/run", .invalid), ("/media/seed", .invalid), ("", .notFound),
    ])
  func named(path: String, code: ProtocolError.Code) throws {
    let guest = try guest()
    let session = try AgentPair(system: guest.system).session()
    #expect { try session.freeze(request([path, "/"])) { _ in } } throws: {
      ($0 as? OperationFailure)?.error.code == code
    }
    #expect(guest.kernel.calls.isEmpty)
  }

  @Test("that could not be undone is told of")
  func stuck() throws {
    let guest = try guest()
    guest.kernel.fail("thaw /", EIO)
    let session = try AgentPair(system: guest.system).session()
    #expect { try session.freeze { _ in } } throws: { ($0 as? OperationFailure)?.error.number == EIO }
    #expect(guest.kernel.frozen == ["/"])
  }

  @Test("by an agent that was killed is undone by the next one")
  func leftovers() throws {
    let guest = try guest()
    try guest.write("/run/nestor/frozen", "/srv\0/data disk\0/gone")
    #expect(Freezer.thawLeftovers(guest.system) == [Array("/data disk".utf8), Array("/srv".utf8)])
    #expect(guest.kernel.calls == ["thaw /data disk", "thaw /srv"])
    #expect(guest.text("/run/nestor/frozen") == nil)
    #expect(Freezer.thawLeftovers(guest.system).isEmpty)
  }
}
