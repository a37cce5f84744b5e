import GuestProtocol

/// All messages that travel as payloads of frames and packets, or in other messages.
enum EveryMessage {
  static let types: [any Message.Type] = [
    AgentHello.self, ClientHello.self, ClockReply.self, ClockRequest.self, CopySummary.self, ExecRequest.self,
    ExecStarted.self, ExecEnd.self, Failure.self, FileEnd.self, FileEntry.self, ForwardTarget.self, FreezeEnd.self,
    FreezeReply.self, FreezeRequest.self, GetRequest.self, GuestReport.self, IdentityReply.self, IdentityRequest.self,
    InterfaceIdentity.self, InterfaceReport.self, PowerRequest.self, PutRequest.self, Refusal.self, Request.self,
    SessionEntry.self, SessionList.self, StatReply.self, StatRequest.self, SystemState.self, TerminalSize.self,
    WatchRequest.self,
  ]
}
