import Glibc
import GuestClient
import GuestProtocol
import GuestTransport
import NestorSupport

/// One try at a session with a guest's agent. Blocks its thread.
struct GuestDialer: Sendable {
  /// What came of a try.
  enum Outcome<Value: Sendable>: Sendable {
    /// There was a session, and this is what came of it.
    case ended(Result<Value, any Error>)
    /// The agent cannot be reached at this moment.
    case unreachable(any Error)
    /// Whoever answered has another key: a stranger, or the agent on a copy of another guest's disk, which gets its own key
    /// only while it boots.
    case unauthenticated(ProtocolError)
    /// The agent, or its ports, have no room for another session at this moment.
    case busy(String)
  }

  let endpoint: GuestEndpoint
  let key: GuestKey
  let state: StateDirectory
  let interruption: Interruption

  /// How long an agent that can be connected to may take for its hello.
  private static let patience = Duration.seconds(5)

  /// Connects, authenticates and runs `body`.
  func run<Value: Sendable>(_ body: (GuestSession) throws -> Value) -> Outcome<Value> {
    let session: GuestSession
    var portLock: FileLock?
    // The port is free for the next client only after this one has left it.
    defer { withExtendedLifetime(portLock) {} }
    do {
      switch endpoint.transport {
      case .vsock(let cid):
        let address = VsockSocket.Address(contextID: cid, port: ProtocolLimits.vsockPort)
        let stream = try VsockSocket.connect(address, timeout: .seconds(2))
        session = try GuestSession(stream, key: key, timeout: Self.patience, interruption: interruption)
      case .ports(let paths):
        guard let (path, lock) = try PortPool(paths: paths, uuid: endpoint.uuid, state: state).take() else {
          return .busy("all \(paths.count) ports to its agent are in use")
        }
        portLock = lock
        session = try GuestSession(
          try UnixSocket.connect(path), key: key, isPort: true, timeout: Self.patience, interruption: interruption)
      case nil:
        return .ended(
          .failure(
            NestorError(
              .unsupported, "guest '\(endpoint.name)' cannot be talked to",
              cause: "it has neither a vsock nor ports for Nestor's agent",
              hint: "make it anew from a template with agent: {enabled: true}")))
      }
    } catch let error as ProtocolError {
      switch error.code {
      case .busy: return .busy(error.message)
      case .authentication: return .unauthenticated(error)
      default: return .ended(.failure(error))
      }
    } catch SessionEnd.interrupted {
      return .ended(.failure(CancellationError()))
    } catch {
      return .unreachable(error)
    }
    return .ended(Result { try body(session) })
  }
}
