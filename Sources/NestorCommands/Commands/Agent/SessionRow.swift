import CommandLineKit
import GuestProtocol

/// A session of a guest's agent as a row.
struct SessionRow: TableRow {
  let guest: String
  let number: UInt64
  let operation: String
  let detail: String
  let user: String
  let process: UInt32
  let seconds: Double
  let transport: String
  let client: String

  init(guest: String, _ entry: SessionEntry) {
    self.guest = guest
    number = entry.number
    operation = entry.operation == .none ? "idle" : "\(entry.operation)"
    detail = entry.detail
    user = entry.user
    process = entry.process
    seconds = Double(entry.age / 100) / 10
    transport = entry.transport
    client = entry.client
  }

  static let columns = ["GUEST", "SESSION", "DOES", "PID", "USER", "SECONDS", "OVER", "WHAT"]

  var cells: [String] {
    [
      guest, "\(number)", operation, process == 0 ? "-" : "\(process)", user.isEmpty ? "-" : user, "\(seconds)",
      transport, detail,
    ]
  }

  var name: String { "\(guest):\(number)" }
}
