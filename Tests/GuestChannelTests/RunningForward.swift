import Glibc
import GuestClient
import GuestProtocol
import GuestTransport
import NestorSupport
import Synchronization
import Testing

/// A forwarder on a thread of its own, ended with the test.
final class RunningForward: Sendable {
  let addresses: [LocalAddress]
  private let interruption: Interruption
  private let reader = Reader()
  private let seen = Mutex<[ForwardEvent]>([])

  init(_ pair: AgentPair, _ rules: [PortForwarder.Rule]) throws {
    let interruption = try Interruption()
    self.interruption = interruption
    // Safe: made here and used on one thread only, the one below.
    nonisolated(unsafe) let forwarder = try PortForwarder(rules)
    addresses = forwarder.addresses
    reader.start { [weak self] in
      let session = try GuestSession(try pair.stream(), key: pair.key, interruption: interruption)
      do {
        try forwarder.run(over: session) { event in self?.seen.withLock { $0.append(event) } }
        return "ended"
      } catch SessionEnd.interrupted {
        return "interrupted"
      }
    }
  }

  deinit {
    interruption.raise()
  }

  var events: [ForwardEvent] { seen.withLock { $0 } }

  /// Interrupts it and answers with how it ended.
  func stop() throws -> SessionEnd? {
    interruption.raise()
    return try reader.wait() == "interrupted" ? .interrupted : nil
  }
}

/// A server in Python that prints its port first; ended with the test.
final class PythonServer: Sendable {
  let port: UInt32
  private let process: pid_t
  private let output: Int32

  init(_ script: String) throws {
    var ends: [Int32] = [-1, -1]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    let arguments = ["/usr/bin/env", "python3", "-c", script]
    let vector = arguments.map { strdup($0) } + [nil]
    defer { for pointer in vector { free(pointer) } }
    var process: pid_t = 0
    let status = posix_spawn(&process, "/usr/bin/env", &actions, nil, vector, environ)
    close(ends[1])
    try #require(status == 0)
    self.process = process
    output = ends[0]
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while read(ends[0], &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
    port = try #require(UInt32(String(decoding: line, as: UTF8.self)))
  }

  deinit {
    kill(process, SIGKILL)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    close(output)
  }

  /// Sends back what it was sent, once that has ended.
  static func echoAtEnd(path: String? = nil) throws -> PythonServer {
    let listener = path.map { "socket.socket(socket.AF_UNIX); listener.bind('\($0)'); listener.listen(64)" }
    return try PythonServer(
      """
      import socket, threading
      def serve(connection):
          data = b''
          while piece := connection.recv(65536): data += piece
          connection.sendall(data)
          connection.close()
      listener = \(listener ?? "socket.create_server(('127.0.0.1', 0))")
      print(\(path == nil ? "listener.getsockname()[1]" : "1"), flush=True)
      while True: threading.Thread(target=serve, args=[listener.accept()[0]], daemon=True).start()
      """)
  }
}
