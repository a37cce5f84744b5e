import GuestProtocol
import GuestTransport

extension GuestSession {
  /// Asks the guest about itself.
  package func report() throws -> GuestReport {
    try ask(.report)
  }

  /// Powers the guest off, reboots or halts it. Returns once the agent has agreed; the guest ends some time after.
  ///
  /// Throws ``OperationFailure`` with `unsupported` where the guest's init is not known; a forced request always works.
  package func power(_ request: PowerRequest) throws {
    try require(.power, "end the machine")
    _ = try ask(.power, request, for: EmptyReply.self)
  }

  /// Sets the guest's clock to a time in nanoseconds since 1970, in the years from 2020 to 2199; answers with how far it
  /// was behind, negative where it was ahead. The time on the way is not accounted for.
  package func setClock(_ time: Int64) throws -> Duration {
    try require(.clock, "set the clock")
    var request = ClockRequest()
    request.time = time
    return .nanoseconds(try ask(.clock, request, for: ClockReply.self).offset)
  }

  /// Gives the guest, a copy of another, an identity of its own. What could not be done is in the reply's problems.
  ///
  /// New SSH host keys can take minutes in a guest without hardware virtualisation. The agent goes on even when the session
  /// ends. A session whose network card changes is not affected, since it does not go over the network.
  package func resetIdentity(_ request: IdentityRequest) throws -> IdentityReply {
    try require(.identity, "take another identity")
    return try ask(.identity, request)
  }

  /// Reports how far the guest's system is, now and whenever that changes, until `body` answers false.
  ///
  /// An error of `body` ends it too and is thrown on; the session can be used again in both cases. It does so for ever if
  /// nothing changes: give the session an ``Interruption`` for a time limit.
  package func watch(cloudInit: Bool = false, _ body: (SystemState) throws -> Bool) throws {
    try require(.watch, "report how far its system is")
    var request = WatchRequest()
    request.wantsCloudInit = cloudInit
    try withoutActuallyEscaping(body) { body in
      try run(WatchOperation(connection, request, body))
    }
  }

  /// Checks that the agent has a feature, so that the user hears of an old one in words.
  func require(_ feature: Features, _ words: String) throws {
    guard !terms.features.contains(feature) else { return }
    throw OperationFailure(
      .unsupported, "the guest's agent (\(terms.peerProgram)) cannot \(words); it is older than this client")
  }
}
