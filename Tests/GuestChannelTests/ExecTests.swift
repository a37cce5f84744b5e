import ChannelScenarios
import Glibc
import GuestAgent
import GuestClient
import GuestProtocol
import GuestTransport
import NestorSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct ExecTests {
  @Test("a program's exit status comes back, or the signal that ended it", arguments: [0, 1, 42, 255] as [UInt32])
  func statuses(code: UInt32) throws {
    let session = try AgentPair().session()
    let result = try session.collect("exit \(code)")
    #expect(result.status.code == code && result.status.signal == 0)
    #expect(try session.collect("kill -9 $$").status.signal == 9)
  }

  @Test("output and errors stay apart, to the last byte")
  func streams() throws {
    let session = try AgentPair().session()
    let result = try session.collect("echo out; echo err >&2; printf last")
    #expect(result.output == Array("out\nlast".utf8))
    #expect(result.errors == Array("err\n".utf8))
  }

  @Test("input goes through unchanged, and its end ends the program")
  func input() throws {
    let bytes = try Scenario.random(16 << 20)
    let session = try AgentPair().session()
    let result = try session.collect("cat", input: .bytes(bytes))
    #expect(result.status.code == 0)
    // Not by ==, which would show where sixteen megabytes differ, for many minutes.
    #expect(Scenario.same(result.output, bytes))
  }

  @Test("a program that reads nothing does not hold up its end")
  func unreadInput() throws {
    let session = try AgentPair().session()
    let result = try session.collect("exec <&-; exit 7", input: .bytes([UInt8](repeating: 7, count: 4 << 20)))
    #expect(result.status.code == 7)
  }

  @Test("environment, folder and user are as asked for")
  func surroundings() throws {
    let session = try AgentPair().session()
    var request = ExecRequest.shell("echo $GREETING; pwd; id -u; id -g; echo $HOME")
    request.environment = [Array("GREETING=hello there".utf8)]
    request.directory = Array("/etc".utf8)
    request.user = "nobody"
    let result = try session.collect(request)
    #expect(result.text == "hello there\n/etc\n65534\n65534\n/nonexistent\n")
    request.user = "nobody:daemon"
    #expect(try session.collect(request).text.contains("65534\n1\n"))
  }

  @Test("what cannot be started is said to be so, and the session goes on")
  func notStarted() throws {
    let session = try AgentPair().session()
    for (request, code) in [
      (ExecRequest.program(["/no/such/program"]), ProtocolError.Code.notFound),
      (.program(["nosuchprogram"]), .notFound),
      (.program(["/etc/passwd"]), .system), (.program([]), .invalid),
    ] {
      #expect { try session.collect(request) } throws: { ($0 as? OperationFailure)?.error.code == code }
    }
    var request = ExecRequest.shell("true")
    request.directory = Array("/no/such/folder".utf8)
    #expect { try session.collect(request) } throws: { ($0 as? OperationFailure)?.error.code == .notFound }
    request.directory = []
    request.user = "nosuchuser"
    #expect { try session.collect(request) } throws: { ($0 as? OperationFailure)?.error.code == .invalid }
    #expect(try session.collect("echo fine").text == "fine\n")
  }

  @Test("a program on a terminal sees its size, and ctrl-C interrupts it")
  func terminal() throws {
    let session = try AgentPair().session()
    var request = ExecRequest.shell("stty size; tty >/dev/null && echo terminal")
    request.terminal = TerminalSize(rows: 33, columns: 99)
    #expect(try session.collect(request).text == "33 99\r\nterminal\r\n")
    var sleeper = ExecRequest.program(["sleep", "100"])
    sleeper.terminal = TerminalSize(rows: 24, columns: 80)
    let result = try session.collect(sleeper, input: .bytes([3]))
    #expect(result.status.signal == UInt32(SIGINT))
  }

  @Test("a control sends signals and sizes")
  func control() throws {
    let session = try AgentPair().session()
    let control = try ExecControl()
    var request = ExecRequest.shell("trap 'stty size; exit 5' WINCH; echo ready; while :; do sleep 0.05; done")
    request.terminal = TerminalSize(rows: 24, columns: 80)
    let result = try session.collect(request, control: control, started: nil) { text in
      if text.hasSuffix("ready\r\n") { control.resize(TerminalSize(rows: 10, columns: 20)) }
    }
    #expect(result.text == "ready\r\n10 20\r\n" && result.status.code == 5)
    let stopped = try session.collect(
      ExecRequest.program(["sleep", "100"]), control: control,
      started: {
        control.send(signal: UInt32(SIGTERM))
      })
    #expect(stopped.status.signal == UInt32(SIGTERM))
  }

  @Test("a program whose time is over is ended with all of its group")
  func timeLimit() throws {
    let session = try AgentPair().session()
    var request = ExecRequest.shell("sleep 100 & echo $!; wait")
    request.timeLimit = 300
    let result = try session.collect(request)
    #expect(result.status.timedOut)
    let process = try #require(pid_t(result.text.dropLast()))
    #expect(kill(process, 0) != 0 && errno == ESRCH)
  }

  @Test("what a program leaves in its group is ended with it")
  func leftovers() throws {
    let session = try AgentPair().session()
    let result = try session.collect("sleep 100 >/dev/null 2>&1 & echo $!")
    let process = try #require(pid_t(result.text.dropLast()))
    #expect(kill(process, 0) != 0 && errno == ESRCH)
    #expect(result.status.code == 0)
  }

  @Test("a program that holds its output open from outside of its group does not hold up the end")
  func escaped() throws {
    let session = try AgentPair().session()
    let result = try session.collect("setsid sleep 3 & echo done")
    #expect(result.text == "done\n")
  }

  @Test("the end of the session ends the program")
  func sessionEnd() throws {
    let pair = try AgentPair()
    let interruption = try Interruption()
    var process: pid_t = 0
    let session = try GuestSession(try pair.stream(), key: pair.key, interruption: interruption)
    #expect(throws: SessionEnd.interrupted) {
      _ = try session.exec(
        .shell("sleep 100 & wait"), ExecStreams(input: .none, output: .discard, errors: .discard),
        onStart: {
          process = pid_t($0)
          interruption.raise()
        })
    }
    #expect(process > 0 && kill(process, 0) == 0)
    session.close()
    #expect(eventually { kill(-process, 0) != 0 })
    #expect(kill(-process, 0) != 0 && errno == ESRCH)
  }

  @Test("a client that does not read stops the program, not the session")
  func slowReader() throws {
    let session = try AgentPair().session()
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    let reader = ends[0]
    BlockingWork.start {
      usleep(500_000)
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      while read(reader, &buffer, buffer.count) > 0 {}
      close(reader)
    }
    let status = try session.exec(
      .shell("head -c 8000000 /dev/zero"), ExecStreams(input: .none, output: .descriptor(ends[1]), errors: .discard))
    close(ends[1])
    #expect(status.code == 0)
  }

  @Test("two hundred programs in a row, and sixteen at once, leave no descriptor and no child behind")
  func leaks() async throws {
    let pair = try AgentPair()
    let session = try pair.session()
    _ = try session.collect("true")
    for _ in 0..<200 { #expect(try session.collect(ExecRequest.program(["true"])).status.code == 0) }
    let texts = await withTaskGroup(of: String.self) { group in
      for number in 0..<16 {
        group.addTask {
          await BlockingWork.run { (try? pair.session().collect("sleep 0.2; echo \(number)").text) ?? "" }
        }
      }
      return await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(texts == Set((0..<16).map { "\($0)\n" }))
    #expect(pair.agent.runningPrograms == 0)
  }
}
