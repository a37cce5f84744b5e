import Glibc
import GuestProtocol
import GuestTransport
import Synchronization

/// Listens on vsock and serves each connection on a thread of its own.
final class VsockService: Sendable {
  /// Connections that have not proved themselves yet; with one more, the oldest is closed: a client that has the key takes
  /// milliseconds, who sits there for longer keeps others out.
  private static let maximumUnauthenticated = 64
  /// How long to wait before listening is tried again: the module may be loaded later.
  private static let pause = Duration.seconds(2)

  private let agent: Agent
  private let port: UInt32
  private let peer: UInt32
  private let interruption: Interruption
  private let unauthenticated = Mutex<[ByteStream]>([])

  init(_ agent: Agent, _ options: AgentOptions, _ interruption: Interruption) {
    self.agent = agent
    port = options.vsockPort
    peer = options.peer
    self.interruption = interruption
  }

  func start() {
    AgentThread.start { self.run() }
  }

  private func run() {
    var hasComplained = false
    while !isInterrupted(after: .zero) {
      do {
        let listener = OwnedDescriptor(try VsockSocket.listen(port: port))
        agent.log.note("listens on vsock port \(port)")
        try accept(listener)
        return
      } catch {
        if !hasComplained { agent.log.note("no vsock for now: \(error)") }
        hasComplained = true
        if isInterrupted(after: Self.pause) { return }
      }
    }
  }

  private func accept(_ listener: OwnedDescriptor) throws {
    while true {
      var entries = [listener.number, interruption.descriptor].map {
        pollfd(fd: $0, events: Int16(truncatingIfNeeded: POLLIN), revents: 0)
      }
      guard poll(&entries, UInt(entries.count), -1) >= 0 || errno == EINTR else { throw TransportError("poll") }
      if entries[1].revents != 0 { return }
      do {
        while let (descriptor, address) = try VsockSocket.accept(listener.number) { greet(descriptor, address) }
      } catch {
        // Out of descriptors or memory: those that there are have to go first.
        agent.log.note("\(error)")
        if isInterrupted(after: .milliseconds(200)) { return }
      }
    }
  }

  private func greet(_ descriptor: Int32, _ address: VsockSocket.Address) {
    guard let stream = try? ByteStream(owning: descriptor, name: "\(address)") else { return }
    guard address.contextID == peer else {
      agent.log.logUnauthenticated("refused \(address): only context ID \(peer) may connect")
      return
    }
    let oldest = unauthenticated.withLock { unauthenticated in
      unauthenticated.append(stream)
      return unauthenticated.count > Self.maximumUnauthenticated ? unauthenticated.removeFirst() : nil
    }
    if let oldest {
      oldest.shutDown()
      agent.log.logUnauthenticated("closed \(oldest.name): too many connections that have not proved themselves")
    }
    let isServed = AgentThread.start { [self] in
      AgentSession(agent: agent, stream: stream, transport: "vsock", interruption: interruption.descriptor).run {
        forget(stream)
      }
      forget(stream)
    }
    if !isServed {
      forget(stream)
      agent.log.logUnauthenticated("closed \(address): there is no room for another thread")
    }
  }

  private func forget(_ stream: ByteStream) {
    unauthenticated.withLock { $0.removeAll { $0 === stream } }
  }

  private func isInterrupted(after pause: Duration) -> Bool {
    Waiting.wait(for: interruption.descriptor, timeout: pause)
  }
}
