import GuestProtocol
import GuestTransport

extension GuestSession {
  /// Looks at a path in the guest.
  package func stat(_ path: [UInt8]) throws -> StatReply {
    var request = StatRequest()
    request.path = path
    return try ask(.stat, request)
  }

  /// Lists the sessions of the guest's agent, this one among them.
  package func sessions() throws -> [SessionEntry] {
    try ask(.sessions, for: SessionList.self).sessions
  }

  /// Whether somebody in the guest takes connections at a TCP port or a unix socket.
  package func answers(_ target: ForwardTarget) throws -> Bool {
    let check = ConnectCheck(connection, target)
    try run(check)
    return check.isAnswered
  }
}
