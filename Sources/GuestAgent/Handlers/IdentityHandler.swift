import Glibc
import GuestProtocol
import GuestTransport
import Synchronization

/// Gives a copy of a guest an identity of its own.
///
/// Once begun it goes on to its end, whatever becomes of the session: half an identity would be worse than either.
final class IdentityHandler: SessionWork {
  private(set) var isFinished = false
  private let context: OperationContext
  private let request: IdentityRequest
  private var task: BackgroundTask<IdentityReply>?

  init(_ context: OperationContext, _ request: Request) throws {
    self.context = context
    self.request = try context.message(request)
  }

  var descriptors: [(descriptor: Int32, events: Int16)] {
    guard let task else { return [] }
    return [(task.descriptor, Int16(truncatingIfNeeded: POLLIN))]
  }

  func begin() throws {
    let agent = context.agent
    let reset = try IdentityReset(agent.system, request) { key throws(KernelError) in try agent.take(key) }
    let system = context.agent.system
    guard
      system.isResetting.withLock({ isResetting in
        defer { isResetting = true }
        return !isResetting
      })
    else {
      throw OperationFailure(.busy, "another session is giving the guest an identity")
    }
    do {
      task = try BackgroundTask.start {
        defer { system.isResetting.withLock { $0 = false } }
        var reset = reset
        return reset.run()
      }
    } catch {
      system.isResetting.withLock { $0 = false }
      throw (error as? KernelError)?.failure ?? error
    }
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
    guard header.type == .cancel else {
      throw ProtocolError(.unexpected, "the client sent \(header.type) instead of waiting for the guest's identity")
    }
  }

  func handle(_ descriptor: Int32, _ events: Int16) throws {
    guard let reply = task?.value else { return }
    context.connection.send(.done, reply)
    isFinished = true
  }
}
