import Glibc
import GuestClient
import GuestProtocol
import GuestTransport
import NestorSupport
import Synchronization

extension Scenario {
  static let execScenarios: [Scenario] = [
    Scenario(description: "exit statuses and signals come back") { channel in
      for code in [0, 1, 42, 255] as [UInt32] {
        let status = try channel.collect("exit \(code)").status
        try expect(status.code == code && status.signal == 0, "exit \(code) gave \(status)")
      }
      let killed = try channel.collect("kill -9 $$").status
      try expect(killed.signal == 9, "\(killed)")
    },
    Scenario(description: "output and errors stay apart") { channel in
      let result = try channel.collect("echo out; echo err >&2; printf last")
      try expect(result.text == "out\nlast", result.text)
      try expect(result.errors == Array("err\n".utf8), "\(result.errors)")
    },
    Scenario(description: "the end of the input ends cat") { channel in
      let result = try channel.collect("cat", input: .bytes(Array("one\ntwo".utf8)))
      try expect(result.text == "one\ntwo" && result.status.code == 0, "\(result)")
    },
    Scenario(description: "64 MiB of random bytes go in and come out unchanged") { channel in
      let bytes = try random(64 << 20)
      let result = try channel.collect("cat", input: .bytes(bytes))
      try expect(same(result.output, bytes), "\(result.output.count) bytes came back")
    },
    Scenario(description: "ctrl-C interrupts a program on a terminal") { channel in
      var request = ExecRequest.line("exec sleep 100")
      request.terminal = TerminalSize(rows: 24, columns: 80)
      let status = try channel.collect(request, input: .bytes([3])).status
      try expect(status.signal == UInt32(SIGINT), "\(status)")
    },
    Scenario(description: "a terminal has the size that it was given, and the next one") { channel in
      var request = ExecRequest.line(
        "stty size; trap 'stty size; exit 5' WINCH; echo ready; while :; do sleep 0.1; done")
      request.terminal = TerminalSize(rows: 33, columns: 99)
      let control = try ExecControl()
      let result = try channel.withSession {
        try $0.outcome(of: request, control: control) { text in
          if text.hasSuffix("ready\r\n") { control.resize(TerminalSize(rows: 10, columns: 20)) }
        }
      }
      try expect(result.text == "33 99\r\nready\r\n10 20\r\n" && result.status.code == 5, "\(result)")
    },
    Scenario(description: "a program and its children end with their session") { channel in
      var group: UInt32 = 0
      do {
        _ = try channel.withSession { session in
          try session.exec(
            .line("sleep 4711 & exec sleep 4711"), ExecStreams(input: .none, output: .discard, errors: .discard),
            onStart: {
              group = $0
              session.close()
            })
        }
        throw ScenarioFailure(description: "the command outlived its session")
      } catch is SessionEnd {}
      let wait = "for i in $(seq 100); do kill -0 -\(group) 2>/dev/null || { echo gone; exit; }; sleep 0.1; done"
      let left = try channel.collect(wait)
      try expect(group != 0 && left.text == "gone\n", "the group \(group): \(left.text)")
    },
    Scenario(description: "200 programs in a row leave no process and no session") { channel in
      let before = try processes(channel)
      for number in 0..<200 {
        let result = try channel.collect("echo \(number)")
        try expect(result.text == "\(number)\n", "\(number): \(result)")
      }
      try expectAlone(channel)
      let after = try processes(channel)
      try expect(after <= before, "processes before: \(before), after: \(after)")
    },
    Scenario(description: "16 programs run at once, each with its own output") { channel in
      let before = try processes(channel)
      let failures = Mutex<[String]>([])
      let ended = Semaphore()
      for number in 0..<16 {
        BlockingWork.start {
          do {
            let result = try channel.collect("sleep 1; echo \(number)")
            try expect(result.text == "\(number)\n", "\(number): \(result)")
          } catch {
            failures.withLock { $0.append("\(number): \(error)") }
          }
          ended.signal()
        }
      }
      for _ in 0..<16 { ended.wait() }
      try failures.withLock { try expect($0 == [], "\($0)") }
      try expectAlone(channel)
      let after = try processes(channel)
      try expect(after <= before, "processes before: \(before), after: \(after)")
    },
  ]

  /// How many processes there are beside the kernel's own threads, which come and go; 0 where they cannot be counted.
  private static func processes(_ channel: any Channel) throws -> Int {
    guard channel.isAlone else { return 0 }
    // Files of /proc have no size, and a thread of the kernel has no command line. A pipe's other end would be counted, or not.
    let text = try channel.collect("set -- $(grep -l . /proc/[0-9]*/cmdline 2>/dev/null); echo $#").text
    let count = Int(text.prefix { $0.isNumber }) ?? 0
    try expect(count > 2, "found '\(text)' processes")
    return count
  }

  /// That the agent has no session but the one that asks; the last ones may take a moment to end.
  private static func expectAlone(_ channel: any Channel) throws {
    var others: [SessionEntry] = []
    for _ in 0..<50 {
      others = try channel.withSession { try $0.sessions().filter { !$0.isOwn } }
      if others.isEmpty { return }
      usleep(100_000)
    }
    throw ScenarioFailure(description: "sessions are left: \(others)")
  }

  /// Bytes of the kernel: quick also where the processor is emulated.
  package static func random(_ count: Int) throws -> [UInt8] {
    let file = open("/dev/urandom", O_RDONLY | O_CLOEXEC)
    try expect(file >= 0, "no /dev/urandom")
    defer { close(file) }
    return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let read = Glibc.read(file, buffer.baseAddress?.advanced(by: filled), count - filled)
        try expect(read > 0, "reading /dev/urandom failed with \(errno)")
        filled += read
      }
    }
  }

  /// Whether all bytes are the same.
  package static func same(_ first: [UInt8], _ second: [UInt8]) -> Bool {
    first.count == second.count && memcmp(first, second, first.count) == 0
  }
}
