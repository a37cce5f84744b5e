import Glibc
import GuestProtocol
import GuestTransport
import Synchronization

/// Powers off or reboots; the answer leaves first, ``act()`` is called when it has.
final class PowerHandler: SessionWork {
  /// How long the client is given to take the answer and go.
  static let patience = Duration.milliseconds(300)
  /// How long a forced end waits for what is dirty to be written.
  static let synchronisation = Duration.seconds(20)

  let isFinished = true
  private let context: OperationContext
  private let request: PowerRequest
  private let initSystem: InitSystem

  init(_ context: OperationContext, _ request: Request) throws {
    self.context = context
    self.request = try context.message(request)
    initSystem = InitSystem(context.agent.system)
  }

  private var system: GuestSystem { context.agent.system }

  func begin() throws {
    if !request.isForced {
      guard !system.isFreezing.withLock({ $0 }) else {
        throw OperationFailure(.busy, "file systems are frozen; the system could not stop its services")
      }
      do throws(KernelError) {
        if initSystem.signal(for: request.action) != nil { try system.kernel.signal(1, 0) }
      } catch {
        throw error.failure
      }
      let program = InitSystem.program(for: request.action)
      guard initSystem != .programs || ProgramRun.find(program, in: system) != nil else {
        throw OperationFailure(.unsupported, "the guest's init is not known, and there is no program '\(program)'")
      }
    }
    context.connection.send(.done)
  }

  func receive(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) {}

  /// Does it.
  func act() {
    // The bytes have left the agent, but not yet the machine; a client that has them closes its end.
    _ = Waiting.wait(for: context.connection.descriptor, timeout: Self.patience)
    let action = request.action
    context.agent.log.note("a client asks for \(action)\(request.isForced ? " at once" : "")")
    do {
      if let signal = initSystem.signal(for: action), !request.isForced {
        try system.kernel.signal(1, signal)
      } else if initSystem == .programs, !request.isForced {
        let end = try ProgramRun.run([InitSystem.program(for: action)], in: system, timeout: .seconds(30))
        guard end.status == 0 else {
          return context.agent.log.note("\(action) failed: \(shown(end.output))")
        }
      } else {
        let kernel = system.kernel
        // A file system whose disk does not answer must not keep the machine on.
        if let task = try? BackgroundTask.start({ kernel.synchronise() }) {
          task.wait(timeout: Self.synchronisation)
        }
        try system.kernel.power(action)
      }
    } catch {
      context.agent.log.note("\(action) failed: \(error)")
    }
  }
}
