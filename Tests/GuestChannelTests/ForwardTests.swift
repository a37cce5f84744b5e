import Glibc
import GuestAgent
import GuestClient
import GuestProtocol
import GuestTransport
import NestorSupport
import Synchronization
import Testing

@Suite struct ForwardTests {
  let folder: CopyFolder
  let pair: AgentPair

  init() throws {
    folder = try CopyFolder()
    pair = try AgentPair()
  }

  @Test("a forwarded HTTP server answers five hundred requests, fifty at once")
  func http() throws {
    try folder.shell("mkdir web; head -c 300000 /dev/urandom > web/large; printf hello > web/small")
    let server = try PythonServer(
      """
      import functools, http.server
      class Server(http.server.ThreadingHTTPServer):
          request_queue_size = 128
      class Handler(http.server.SimpleHTTPRequestHandler):
          def log_message(self, *arguments): pass
      server = Server(('127.0.0.1', 0), functools.partial(Handler, directory='\(folder("web"))'))
      print(server.server_port, flush=True)
      server.serve_forever()
      """)
    let forward = try RunningForward(pair, [.init(.tcp(port: 0), to: .tcp("localhost", server.port))])
    let result = try CopyFolder.run([
      "python3", "-c",
      """
      import concurrent.futures, hashlib, sys, urllib.request
      def get(number):
          name = 'large' if number % 5 == 0 else 'small'
          with urllib.request.urlopen('http://\(forward.addresses[0])/' + name, timeout=60) as answer:
              return hashlib.sha256(answer.read()).hexdigest()
      with concurrent.futures.ThreadPoolExecutor(50) as pool:
          sums = list(pool.map(get, range(500)))
      print(len(sums), *sorted({(sums.count(sum), sum) for sum in sums}))
      """,
    ])
    let sums = try folder.shell("cat web/large web/small > /dev/null; sha256sum web/large web/small").split(
      separator: "\n"
    )
    .map { $0.prefix(64) }
    #expect(result == "500 (100, '\(sums[0])') (400, '\(sums[1])')\n")
    #expect(try forward.stop() == .interrupted)
    #expect(forward.events.count { if case .connected = $0 { true } else { false } } == 500)
    #expect(!forward.events.contains { if case .failed = $0 { true } else { false } })
  }

  @Test("each direction of a connection ends by itself")
  func halfClose() throws {
    // Answers only once its input has ended.
    let server = try PythonServer.echoAtEnd()
    let forward = try RunningForward(pair, [.init(.tcp(port: 0), to: .tcp("127.0.0.1", server.port))])
    let text = try CopyFolder.run([
      "python3", "-c",
      """
      import socket
      connection = socket.create_connection('\(forward.addresses[0])'.split(':'), 20)
      data = bytes(range(256)) * 20000
      connection.sendall(data)
      connection.shutdown(socket.SHUT_WR)
      answer = b''
      while piece := connection.recv(65536): answer += piece
      print(answer == data)
      """,
    ])
    #expect(text == "True\n")
  }

  @Test("unix sockets are forwarded on both sides, and the listener is its owner's only and removed at the end")
  func unixSockets() throws {
    let server = try PythonServer.echoAtEnd(path: folder("server"))
    var target = ForwardTarget()
    target.path = folder.bytes("server")
    do {
      let forward = try RunningForward(pair, [.init(.unix(path: folder("listener")), to: target)])
      #expect(try folder.shell("stat -c '%a %F' listener") == "600 socket\n")
      #expect(throws: NestorError.self) { try PortForwarder([.init(.unix(path: folder("listener")), to: target)]) }
      let text = try CopyFolder.run([
        "python3", "-c",
        """
        import socket
        connection = socket.socket(socket.AF_UNIX)
        connection.connect('\(folder("listener"))')
        connection.sendall(b'hello')
        connection.shutdown(socket.SHUT_WR)
        print(connection.recv(100))
        """,
      ])
      #expect(text == "b'hello'\n")
      #expect(try forward.stop() == .interrupted)
    }
    // The forwarder goes with its thread, a moment later.
    let deadline = Instant.now + .seconds(200)
    while try folder.shell("ls") != "server\n", Instant.now < deadline { sched_yield() }
    #expect(try folder.shell("ls") == "server\n")
    _ = server
  }

  @Test("a refused connection is told of with its reason, and the others go on")
  func refused() throws {
    let server = try PythonServer.echoAtEnd()
    let forward = try RunningForward(
      pair,
      [
        .init(.tcp(port: 0), to: .tcp("127.0.0.1", 1)), .init(.tcp(port: 0), to: .tcp("127.0.0.1", server.port)),
      ])
    let text = try CopyFolder.run([
      "python3", "-c",
      """
      import socket
      good = socket.create_connection('\(forward.addresses[1])'.split(':'), 20)
      good.sendall(b'hel')
      # The reset may come before connect has returned.
      try:
          bad = socket.create_connection('\(forward.addresses[0])'.split(':'), 20)
          print(bad.recv(100))
      except ConnectionResetError:
          print('reset')
      good.sendall(b'lo')
      good.shutdown(socket.SHUT_WR)
      print(good.recv(100))
      """,
    ])
    #expect(text == "reset\nb'hello'\n")
    #expect(try forward.stop() == .interrupted)
    let failures = forward.events.compactMap { if case .failed(_, let error) = $0 { error } else { nil } }
    #expect(failures.map(\.number) == [ECONNREFUSED])
  }

  @Test("a target or an address that makes no sense is refused before anything happens")
  func nonsense() throws {
    for target in [
      ForwardTarget.tcp("no.such.name", 80), .tcp("", 80), .tcp("127.0.0.1", 0), .tcp("127.0.0.1", 65_536),
      .unix(String(repeating: "n", count: 108)), .unix("a\0b"),
    ] {
      let error = #expect(throws: NestorError.self) { try PortForwarder([.init(.tcp(port: 0), to: target)]) }
      #expect(error?.code == .invalidArgument)
      let session = try pair.session()
      #expect(throws: OperationFailure.self) { try session.connect(to: target, input: 0, output: 1) }
    }
    let first = try PortForwarder([.init(.tcp(port: 0), to: .tcp("127.0.0.1", 1))])
    let second = #expect(throws: NestorError.self) {
      try PortForwarder([.init(first.addresses[0], to: .tcp("127.0.0.1", 1))])
    }
    #expect(second?.hint != nil)
    #expect(throws: NestorError.self) { try PortForwarder([.init(.tcp(address: "a.b", port: 0), to: .tcp("::1", 1))]) }
  }

  @Test("a connection joins two descriptors, and the session can be used afterwards")
  func joined() throws {
    let server = try PythonServer.echoAtEnd()
    let session = try pair.session()
    try folder.shell("head -c 10000000 /dev/urandom > there")
    let source = open(folder("there"), O_RDONLY)
    let target = open(folder("back"), O_WRONLY | O_CREAT, 0o600)
    defer {
      close(source)
      close(target)
    }
    try session.connect(to: .tcp("localhost", server.port), input: source, output: target)
    #expect(try folder.shell("cmp there back && echo same") == "same\n")
    let failure = #expect(throws: OperationFailure.self) {
      try session.connect(to: .tcp("127.0.0.1", 1), input: source, output: target)
    }
    #expect(failure?.error.number == ECONNREFUSED)
    let absent = #expect(throws: OperationFailure.self) {
      try session.connect(to: .unix(folder("none")), input: source, output: target)
    }
    #expect(absent?.error.number == ENOENT)
    #expect(try session.stat(folder.bytes("there")).exists)
  }

  @Test("a connection that nobody reads from does not keep the others from theirs")
  func slowReader() throws {
    let server = try PythonServer(
      """
      import socket, threading
      def serve(connection):
          try:
              while True: connection.sendall(bytes(65536))
          except OSError: pass
      listener = socket.create_server(('127.0.0.1', 0))
      print(listener.getsockname()[1], flush=True)
      while True: threading.Thread(target=serve, args=[listener.accept()[0]], daemon=True).start()
      """)
    let forward = try RunningForward(pair, [.init(.tcp(port: 0), to: .tcp("127.0.0.1", server.port))])
    // Three never read; two others get as much as they like, and about as much as each other.
    let text = try CopyFolder.run([
      "python3", "-c",
      """
      import socket, select
      slow = [socket.create_connection('\(forward.addresses[0])'.split(':'), 20) for _ in range(3)]
      for connection in slow: connection.recv(1)
      quick = [socket.create_connection('\(forward.addresses[0])'.split(':'), 20) for _ in range(2)]
      counts = {connection: 0 for connection in quick}
      while min(counts.values()) < 20000000:
          for connection in select.select(quick, [], [], 20)[0]: counts[connection] += len(connection.recv(65536))
      print(max(counts.values()) < 3 * min(counts.values()))
      """,
    ])
    #expect(text == "True\n")
    #expect(try forward.stop() == .interrupted)
  }
}

extension ForwardTarget {
  static func tcp(_ host: String, _ port: UInt32) -> ForwardTarget {
    var target = ForwardTarget()
    (target.host, target.port) = (host, port)
    return target
  }

  static func unix(_ path: String) -> ForwardTarget {
    var target = ForwardTarget()
    target.path = Array(path.utf8)
    return target
  }
}
