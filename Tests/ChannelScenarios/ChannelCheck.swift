import Glibc
import GuestProtocol
import GuestTransport

/// The scenarios as a program, for where no test framework runs: inside a guest.
///
///     channel-check vsock CID PORT KEY-FILE
///     channel-check ports KEY-FILE SOCKET…
package enum ChannelCheck {
  /// Runs all scenarios; answers with 1 where one failed, or 64 for a wrong command line.
  package static func run(_ arguments: [String]) -> Int32 {
    signal(SIGPIPE, SIG_IGN)
    do {
      guard let channel = try channel(arguments) else {
        print("usage: channel-check vsock CID PORT KEY-FILE | ports KEY-FILE SOCKET…")
        return 64
      }
      return check(channel) ? 0 : 1
    } catch {
      print("FAIL: \(error)")
      return 1
    }
  }

  private static func channel(_ arguments: [String]) throws -> (any Channel)? {
    if arguments.count == 4, arguments[0] == "vsock", let contextID = UInt32(arguments[1]),
      let port = UInt32(arguments[2])
    {
      let address = VsockSocket.Address(contextID: contextID, port: port)
      return SocketChannel(key: try key(arguments[3]), isAlone: true) {
        try VsockSocket.connect(address, timeout: .seconds(30))
      }
    }
    guard arguments.count > 2, arguments[0] == "ports" else { return nil }
    return PortChannel(key: try key(arguments[1]), sockets: Array(arguments[2...]))
  }

  private static func key(_ path: String) throws -> GuestKey {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    try expect(file >= 0, "cannot open \(path): \(errno)")
    defer { close(file) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    return try GuestKey(file: Array(buffer[..<max(0, read(file, &buffer, buffer.count))]))
  }

  private static func check(_ channel: any Channel) -> Bool {
    var failures = 0
    for scenario in Scenario.all {
      let begun = Instant.now
      do {
        try scenario.run(channel)
        print("PASS \(scenario) (\(Instant.now - begun))")
        fflush(nil)
      } catch {
        failures += 1
        print("FAIL \(scenario): \(error)")
      }
    }
    print("\(Scenario.all.count - failures) passed, \(failures) failed")
    return failures == 0
  }
}
