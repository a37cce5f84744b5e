import GuestTransport
import NestorSupport

extension AgentChannel {
  /// Listens for what a guest's systemd says of itself; nil where it was not told to, or nobody can listen here, or another
  /// program does already.
  func notifications() async throws -> NotifyListener? {
    let endpoint = try await endpointInTime()
    guard let socket = endpoint.notifySocket, let contextID = endpoint.contextID else { return nil }
    return try? NotifyListener(port: socket.port, contextID: contextID)
  }

  /// Waits until a guest's systemd says that it is up.
  func readyMessage(from listener: NotifyListener) async throws -> String {
    let interruption = try Interruption()
    let result = await withTaskCancellationHandler {
      await BlockingWork.run {
        Result {
          while true {
            let message = try listener.next(interruption: interruption)
            if message.isReady { return }
            if let progress = message.progress { report("waiting: \(progress)") }
          }
        }
      }
    } onCancel: {
      interruption.raise()
    }
    do {
      try result.get()
    } catch SessionEnd.interrupted {
      throw CancellationError()
    }
    return "ready"
  }
}
