import Glibc
import GuestClient
import GuestProtocol
import GuestTransport
import Testing

/// Programs that run through an agent.
@Suite("Programs at the edges", .serialized)
struct ExecEdgeTests {
  @Test("The exit status arrives as the program gave it", arguments: [0, 1, 42, 255])
  func statuses(_ code: UInt32) throws {
    let result = try Command("sh", "-c", "exit \(code)").run()
    #expect(result.status.code == code)
    #expect(result.status.signal == 0)
  }

  @Test("A program that a signal ended is told from one that exited", arguments: [SIGKILL, SIGTERM, SIGSEGV, SIGPIPE])
  func signals(_ number: Int32) throws {
    let result = try Command("sh", "-c", "kill -\(number) $$").run()
    #expect(result.status.signal == UInt32(number))
    #expect(result.status.code == 0)
  }

  @Test("Output and errors stay apart")
  func apart() throws {
    let result = try Command("sh", "-c", "echo out; echo err >&2; echo more").run()
    #expect(result.output == "out\nmore\n")
    #expect(result.errors == "err\n")
  }

  @Test("The end of the input ends the program that reads it")
  func endOfInput() throws {
    #expect(try Command("cat").run(input: .bytes(Array("one\ntwo".utf8))).output == "one\ntwo")
    #expect(try Command("cat").run(input: .bytes([])).output == "")
    #expect(try Command("cat").run().output == "", "without input it reads from /dev/null")
  }

  @Test("64 MiB of random bytes come back from cat unchanged, through pipes on the client's side")
  func manyBytes() throws {
    let size = 64 << 20
    var seed: UInt64 = 0x9e37_79b9_7f4a_7c15
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { room, count in
      for index in 0..<size {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        room[index] = UInt8(truncatingIfNeeded: seed >> 33)
      }
      count = size
    }
    var received: [UInt8] = []
    received.reserveCapacity(size)
    let session = try AgentPair().session()
    let status = try session.exec(
      Command("cat").request,
      ExecStreams(input: .bytes(bytes), output: .handler { received += $0 }, errors: .discard))
    #expect(status == ExecEnd())
    #expect(received == bytes)
  }

  @Test("A session runs one program after another")
  func oneAfterAnother() throws {
    let session = try AgentPair().session()
    for round in 0..<5 {
      #expect(try Command("echo", "\(round)").run(on: session, input: .bytes([1])).output == "\(round)\n")
    }
  }

  @Test("The input that a program does not read is given up, and the session goes on")
  func unreadInput() throws {
    let session = try AgentPair().session()
    let much = [UInt8](repeating: 7, count: 4 << 20)
    #expect(try Command("true").run(on: session, input: .bytes(much)).status.code == 0)
    #expect(
      try Command("sh", "-c", "exec <&-; sleep 0.2; echo late").run(on: session, input: .bytes(much)).output == "late\n"
    )
    #expect(try Command("echo", "on").run(on: session).output == "on\n")
  }

  @Test("A program whose output nobody reads gets SIGPIPE")
  func brokenOutput() throws {
    let pipe = try Pipe()
    close(pipe.takeReading())
    let status = try AgentPair().session().exec(
      Command("yes").request, ExecStreams(input: .none, output: .descriptor(pipe.writing), errors: .discard))
    #expect(status.signal == UInt32(SIGPIPE))
  }

  @Test("The environment is that of a login, with what the request adds and replaces")
  func environment() throws {
    var command = Command("env")
    command.request.environment = [Array("LANG=xyz".utf8), Array("HOME=/somewhere".utf8), [0x41, 0x3d, 0xff, 0xfe]]
    var bytes: [UInt8] = []
    _ = try AgentPair().session().exec(
      command.request, ExecStreams(input: .none, output: .handler { bytes += $0 }, errors: .discard))
    let lines = bytes.split(separator: UInt8(ascii: "\n")).map(Array.init)
    #expect(lines.contains([0x41, 0x3d, 0xff, 0xfe]), "bytes that are no UTF-8")
    let names = lines.map { String(decoding: $0.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self) }
    #expect(names.sorted() == ["A", "HOME", "LANG", "LOGNAME", "NESTOR_EXEC", "PATH", "SHELL", "USER"])
    #expect(lines.contains(Array("HOME=/somewhere".utf8)))
    #expect(lines.contains(Array("USER=root".utf8)))
  }

  @Test("PATH of the request's environment is where the program is looked for")
  func path() throws {
    var command = Command("true")
    command.request.environment = [Array("PATH=/no/such/folder".utf8)]
    #expect(throws: OperationFailure.self) { try command.run() }
    command.request.environment = [Array("PATH=/no/such/folder:/bin".utf8)]
    #expect(try command.run().status.code == 0)
  }

  @Test("A program runs in the folder of the request, and else in the user's home")
  func directory() throws {
    var command = Command("pwd")
    command.request.directory = Array("/usr/bin".utf8)
    #expect(try command.run().output == "/usr/bin\n")
    command.request.directory = []
    #expect(try command.run().output == "/root\n")
    command.request.user = "nobody"
    #expect(try command.run().output == "/\n", "the home of nobody is not there")
  }

  @Test("A program runs as a user by name or number, in the user's groups or in others")
  func users() throws {
    func identity(_ user: String, groups: [String] = []) throws -> String {
      var command = Command("sh", "-c", "echo $(id -u) $(id -g) $(id -G)")
      command.request.user = user
      command.request.groups = groups
      return try command.run().output
    }
    #expect(try identity("") == "0 0 0\n")
    #expect(try identity("nobody") == "65534 65534 65534\n")
    #expect(try identity("65534:daemon") == "65534 1 1\n")
    #expect(try identity("12345") == "12345 12345 12345\n")
    #expect(try identity("12345:54321", groups: ["tty", "777"]) == "12345 54321 54321 5 777\n")
  }

  @Test("The user's shell is run as a login shell")
  func login() throws {
    var command = Command()
    command.request.isLogin = true
    let result = try command.run(input: .bytes(Array("echo $0; pwd".utf8)))
    #expect(result.output.hasPrefix("-"))
    #expect(result.output.hasSuffix("/root\n"))
  }

  @Test("A script without an interpreter line is run by the shell, as execvp(3) does")
  func script() throws {
    let path = "/tmp/nestor-script-\(getpid())"
    let file = try #require(fopen(path, "w"))
    fputs("echo \"script $1\"\n", file)
    fclose(file)
    defer { unlink(path) }
    chmod(path, 0o755)
    #expect(try Command(path, "here").run().output == "script here\n")
    chmod(path, 0o644)
    #expect { try Command(path).run() } throws: { ($0 as? OperationFailure)?.error.number == EACCES }
  }

  @Test(
    "What cannot be run fails with the reason, and the session goes on",
    arguments: [
      (["/no/such/program"], "", "", ProtocolError.Code.notFound, ENOENT),
      (["no-such-program"], "", "", .notFound, ENOENT),
      (["true"], "/no/such/folder", "", .notFound, ENOENT),
      (["true"], "/etc/passwd", "", .notFound, ENOTDIR),
      (["true"], "/root", "nobody", .system, EACCES),
      (["true"], "", "no-such-user", .invalid, 0),
      (["true"], "", "root:no-such-group", .invalid, 0),
      (["/etc/passwd"], "", "", .system, EACCES),
      (["/etc"], "", "", .system, EACCES),
      ([""], "", "", .notFound, ENOENT),
      ([], "", "", .invalid, 0),
      (["a\0b"], "", "", .invalid, 0),
    ])
  func failures(_ words: [String], directory: String, user: String, code: ProtocolError.Code, number: Int32) throws {
    let session = try AgentPair().session()
    chmod("/root", 0o700)
    var command = Command(words)
    command.request.directory = Array(directory.utf8)
    command.request.user = user
    let error = #expect(throws: OperationFailure.self) { try command.run(on: session) }
    #expect(error?.error.code == code, "\(String(describing: error))")
    #expect(error?.error.number == number, "\(String(describing: error))")
    #expect(try Command("echo", "on").run(on: session).output == "on\n")
  }

  @Test("Arguments that do not fit into a request are refused before they are sent")
  func tooLong() throws {
    let session = try AgentPair().session()
    let error = #expect(throws: OperationFailure.self) {
      try Command("echo", String(repeating: "x", count: 70_000)).run(on: session)
    }
    #expect(error?.error.code == .invalid)
    #expect(try Command("echo", "on").run(on: session).output == "on\n")
  }

  @Test("A program starts with no signal blocked or ignored and no descriptor but its three")
  func clean() throws {
    let ignored = signal(SIGUSR1, SIG_IGN)
    defer { signal(SIGUSR1, ignored) }
    let open = dup(0)
    defer { close(open) }
    let result = try Command("sh", "-c", "grep -E '^Sig(Blk|Ign)' /proc/self/status; ls /proc/self/fd | wc -l; umask")
      .run()
    #expect(result.output == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n4\n0022\n")
  }

  @Test("What a process that outlives the program has yet to write is not lost")
  func stragglers() throws {
    let result = try Command("bash", "-c", "seq 1 300000 > >(sleep 0.2; cat)").run()
    #expect(result.output.utf8.count == 1_988_895)
    #expect(result.output.hasSuffix("\n300000\n"))
  }

  @Test("What floods the output behind the end of the program is ended too")
  func floods() throws {
    let result = try Command("sh", "-c", "yes & exec sleep 0.1").run()
    #expect(result.status == ExecEnd())
  }

  @Test("On a terminal, jobs in groups of their own end with the program")
  func jobs() throws {
    var command = Command("bash", "-c", "set -m; sleep 1000 & echo $!; set +m; trap '' HUP; sleep 0.2")
    command.request.terminal = TerminalSize(rows: 24, columns: 80)
    let output = try command.run().output
    let digits = output.prefix { $0.isNumber }
    let job = try #require(pid_t(String(digits)), "\(output)")
    // It is dead, but whoever adopts orphans here has to reap it.
    #expect(eventually { kill(job, 0) != 0 })
    #expect(kill(job, 0) != 0 && errno == ESRCH)
  }

  @Test("A signal for a program on a terminal reaches the job in the foreground")
  func foreground() throws {
    var command = Command(
      "bash", "-c",
      "set -m; sh -c 'trap \"echo caught; exit 3\" INT; echo ready; while :; do sleep 0.01; done'; echo $?")
    command.request.terminal = TerminalSize(rows: 24, columns: 80)
    let control = try ExecControl()
    var output: [UInt8] = []
    var isSent = false
    _ = try AgentPair().session().exec(
      command.request,
      ExecStreams(
        input: .none,
        output: .handler {
          output += $0
          if !isSent && output.starts(with: "ready".utf8) {
            isSent = true
            control.send(signal: 2)
          }
        }, errors: .discard), control: control)
    #expect(String(decoding: output, as: UTF8.self) == "ready\r\ncaught\r\n3\r\n")
  }

  @Test("A terminal's device belongs to the user, who can open it by its name")
  func device() throws {
    var command = Command("sh", "-c", "echo hello > $(tty)")
    command.request.user = "nobody"
    command.request.terminal = TerminalSize(rows: 24, columns: 80)
    #expect(try command.run().output == "hello\r\n")
  }
}
