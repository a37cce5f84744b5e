import Foundation
import TestSupport
import Testing

extension GuestTier {
  /// Commands in a real guest that has no network, over its virtio-serial ports.
  @Suite("Talking to a guest")
  struct ExecTests {
    @Test("A guest without a network runs commands, copies files and forwards ports, and outlives all who leave midway")
    func talk() async throws {
      try await withTalker("talk", memory: "192MiB") { lab in
        try await statuses(lab)
        try await streams(lab, bytes: 4 << 20)
        try await copies(lab, files: 50)
        try await serve(lab)
        try await forwards(lab, requests: 40)
        try await waits(lab)
        try await departures(lab)
      }
    }

    @Test(
      "Terminals, much data, many commands, and a guest that sleeps, goes back or is reset under a command", .notInGate)
    func endurance() async throws {
      try await withTalker("endurance", memory: "768MiB") { lab in
        try await streams(lab, bytes: 64 << 20)
        try await terminals(lab)
        try await leaks(lab)
        try await large(lab)
        try await copies(lab, files: 1990)
        try await serve(lab)
        try await forwards(lab, requests: 500)
        try await interruptions(lab)
      }
    }

    private func withTalker(_ label: String, memory: String, _ body: @Sendable (Lab) async throws -> Void) async throws
    {
      try await Lab.with(label) { lab in
        let template = try lab.template(
          "talker", "image: tiny\nmemory: \(memory)\nready: {console: \"nestor: up\"}\nagent: {transport: serial}\n")
        try await lab.succeed("run", template, "web")
        let hello = try await lab.succeed("wait", "web", "--for", "agent")
        #expect(hello.output.hasPrefix("nestor-agent "), "\(hello)")
        try await body(lab)
        try await lab.succeed("delete", "--force", "web")
        try await lab.expectNothingLeft()
      }
    }

    /// The status is the command's own; a signal is 128 and its number.
    private func statuses(_ lab: Lab) async throws {
      for (line, status) in [
        ("exit 0", 0), ("exit 1", 1), ("exit 42", 42), ("exit 255", 255), ("kill -9 $$", 137), ("kill -15 $$", 143),
      ] {
        let result = try await lab.nestor("exec", "web", "--", "sh", "-c", line)
        #expect(result.status == Int32(status), "\(line): \(result)")
      }
      let missing = try await lab.nestor("exec", "web", "--", "/no/such/program")
      #expect(missing.status == 66 && missing.errors.contains("/no/such/program"), "\(missing)")
      let late = try await lab.nestor("exec", "--timeout", "1", "web", "--", "sleep", "600")
      #expect(late.status == 124 && late.seconds < 200, "\(late)")
      let nobody = try await lab.nestor("exec", "-u", "nosuchuser", "web", "--", "true")
      #expect(nobody.status != 0 && nobody.errors.contains("nosuchuser"), "\(nobody)")
      let environment = try await lab.succeed(
        "exec", "-e", "COLOR=deep blue", "-w", "/etc", "web", "--", "sh", "-c", "echo $COLOR; pwd")
      #expect(environment.output == "deep blue\n/etc\n")
      // The agent may have many descriptors open, and its programs as many as any other program of the guest.
      let asked = "ulimit -Sn; sed -n 's/^Max open files *//p' /proc/$(pidof nestor-agent)/limits"
      let limits = try await lab.succeed("exec", "web", "--", "sh", "-c", asked)
      let agent = limits.lines.last?.split(separator: " ") ?? []
      #expect(limits.lines.first == "1024", "\(limits)")
      #expect(agent.count > 1 && agent[0] == agent[1] && agent[0] != "1024", "\(limits)")
    }

    private func streams(_ lab: Lab, bytes: Int) async throws {
      let apart = try await lab.succeed("exec", "web", "--", "sh", "-c", "echo out; echo err >&2; echo out2")
      #expect(apart.output == "out\nout2\n" && apart.errors == "err\n", "\(apart)")
      let ended = try await lab.shell("printf 'one\\ntwo' | nestor exec -i web -- cat")
      #expect(ended.status == 0 && ended.output == "one\ntwo", "\(ended)")
      let file = "\(lab.folder)/random"
      let echoed = try await lab.shell(
        "head -c \(bytes) /dev/urandom >\(file); nestor exec -i web -- cat <\(file) >\(file).back; cmp \(file) \(file).back"
      )
      #expect(echoed.status == 0, "\(echoed)")
      #expect(FileManager.default.contents(atPath: "\(file).back")?.count == bytes)
    }

    /// script(1) gives nestor a terminal of its own here.
    private func terminals(_ lab: Lab) async throws {
      let size = try await lab.shell(
        "script -qec 'stty rows 33 cols 99; nestor exec -it web -- stty size' /dev/null </dev/null")
      #expect(size.output.contains("33 99"), "\(size)")
      // script(1) ends with its input.
      let typed = "\(lab.folder)/typescript"
      let interrupted = try await lab.shell(
        """
        { until nestor ps web | grep -q 'sleep 4710'; do sleep 0.1; done; printf '\\003'
          until grep -q 'status [0-9]' \(typed); do sleep 0.1; done; } |
          script -qfec 'nestor exec -it web -- sleep 4710; echo status $?' \(typed)
        """)
      #expect(interrupted.output.contains("status 130"), "\(interrupted)")
    }

    /// Two hundred in a row and sixteen at once leave nothing behind, neither in the guest nor here.
    private func leaks(_ lab: Lab) async throws {
      // Threads of the kernel, which have no command line, come and go.
      // The other end of a pipe would be counted, or not.
      let count =
        "ls /proc/$(pidof nestor-agent)/fd | wc -l; set -- $(grep -l . /proc/[0-9]*/cmdline 2>/dev/null); echo $#"
      let before = try await lab.succeed("exec", "web", "--", "sh", "-c", count)
      let row = try await lab.shell("for i in $(seq 200); do nestor exec web -- true || exit; done")
      #expect(row.status == 0, "\(row)")
      let crowd = try await lab.shell(
        "for i in $(seq 16); do nestor exec web -- sh -c \"sleep 1; echo $i\" & done; wait")
      #expect(Set(crowd.lines) == Set((1...16).map(String.init)), "\(crowd)")
      let after = try await lab.succeed("exec", "web", "--", "sh", "-c", count)
      let (old, new) = (before.lines.compactMap { Int($0) }, after.lines.compactMap { Int($0) })
      try #require(old.count == 2 && new.count == 2, "\(before), \(after)")
      // What the test before this one started may have been about to end.
      #expect(new[0] == old[0] && new[1] <= old[1], "descriptors and processes before: \(old), after: \(new)")
      #expect(try await lab.succeed("ps", "web", "-q").output == "")
      #expect(try lab.files().filter { $0.hasPrefix("run/locks") } == [])
    }

    private func large(_ lab: Lab) async throws {
      let file = "\(lab.folder)/big"
      let big = try await lab.shell(
        """
        head -c 209715200 /dev/urandom >\(file) && nestor cp \(file) web:/tmp/big && nestor cp web:/tmp/big \(file).back &&
        cmp \(file) \(file).back && nestor exec web -- sha256sum /tmp/big | cut -d' ' -f1 && sha256sum \(file) | cut -d' ' -f1 &&
        nestor exec web -- rm /tmp/big; rm -f \(file) \(file).back
        """)
      #expect(big.status == 0 && big.lines.count == 2 && big.lines.first == big.lines.last, "\(big)")
    }

    private func copies(_ lab: Lab, files: Int) async throws {
      let tree = "\(lab.folder)/tree"
      try await lab.shell(
        """
        mkdir -p \(tree)/a/b "\(tree)/odd name
        here"; cd \(tree); for i in $(seq \(files)); do echo "file $i" >a/b/$i; done; ln -s b/1 a/link; ln a/b/2 a/hard
        printf x >"odd name
        here/$(printf 'caf\\351')"; chmod 4755 a/b/3; truncate -s 10M a/sparse; touch -d 2001-02-03T04:05:06 a/b/4; mkfifo a/pipe
        """)
      let list =
        "find . -printf '%P|%y|%m|%l|%T@\\0' | sort -z | sha256sum; find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum"
      let round = try await lab.shell(
        """
        set -e; nestor cp -r --keep-owners \(tree) web:/tmp/; nestor cp -r --keep-owners web:/tmp/tree \(tree).back
        (cd \(tree); \(list)); (cd \(tree).back; \(list)); stat -c %b \(tree).back/a/sparse; stat -c %h \(tree).back/a/hard
        """)
      try #require(round.status == 0 && round.lines.count == 6, "\(round)")
      #expect(round.lines[0] == round.lines[2] && round.lines[1] == round.lines[3], "\(round)")
      #expect(round.lines[4] == "0" && round.lines[5] == "2", "holes and hard links stay: \(round)")
      let standard = try await lab.shell("echo hello | nestor cp - web:/tmp/greeting; nestor cp web:/tmp/greeting -")
      #expect(standard.output == "hello\n", "\(standard)")
      let escape = try await lab.nestor("cp", "web:/no/such", "\(lab.folder)/x")
      #expect(escape.status == 66 && !FileManager.default.fileExists(atPath: "\(lab.folder)/x"), "\(escape)")
    }

    private func serve(_ lab: Lab) async throws {
      try await lab.succeed(
        "exec", "web", "--", "sh", "-c",
        "ip link set lo up; mkdir -p /www; echo page >/www/index.html; httpd -p 127.0.0.1:80 -h /www")
    }

    private func forwards(_ lab: Lab, requests: Int) async throws {
      let answers = try await lab.shell(
        """
        nestor forward web 127.0.0.1:0:80 2>\(lab.folder)/forwarding & forwarding=$!
        until port=$(sed -n 's/^listening on 127.0.0.1:\\([0-9]*\\) .*/\\1/p' \(lab.folder)/forwarding) && [ "$port" ]; do
          sleep 0.1
        done
        python3 - $port <<'END'
        import concurrent.futures, sys, urllib.request
        def ask(_):
            return urllib.request.urlopen(f'http://127.0.0.1:{sys.argv[1]}/', timeout=60).read()
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            print(sum(answer == b'page\\n' for answer in pool.map(ask, range(\(requests)))))
        END
        kill $forwarding
        """)
      #expect(answers.lines.last == "\(requests)", "\(answers)")
    }

    private func waits(_ lab: Lab) async throws {
      #expect(try await lab.succeed("wait", "web", "--for", "file:/etc/passwd").output == "/etc/passwd\n")
      #expect(try await lab.succeed("wait", "web", "--for", "port:80").output == "80\n")
      #expect(try await lab.succeed("wait", "web", "--for", "command:test -e /www/index.html").status == 0)
      let late = try await lab.nestor("wait", "web", "--for", "file:/no/such", "--timeout", "2")
      #expect(late.status == 124 && late.errors.contains("waiting for the file /no/such"), "\(late)")
    }

    /// Who leaves in the middle takes along what he began.
    private func departures(_ lab: Lab) async throws {
      let running = try lab.start(["exec", "web", "--", "sh", "-c", "sleep 4711 & sleep 4711"])
      try await lab.until("the command") {
        try await lab.nestor("ps", "web").output.contains("sleep 4711")
      }
      running.signal(9)
      _ = try await running.wait()
      try await lab.until("the end of the process group") {
        try await lab.nestor("exec", "web", "--", "sh", "-c", "ps | grep -c '[s]leep 4711'").output == "0\n"
      }
      // The agent itself: its supervisor in the guest starts another.
      let cut = try lab.start(["exec", "web", "--", "sleep", "4712"])
      try await lab.until("the command") { try await lab.nestor("ps", "web").output.contains("sleep 4712") }
      try await lab.nestor("exec", "web", "--", "sh", "-c", "kill -9 $(pidof nestor-agent)")
      let lost = try await cut.wait()
      #expect(lost.status == 69 && lost.errors.contains("was lost"), "\(lost)")
      #expect(try await lab.succeed("exec", "web", "--", "echo", "again").output == "again\n")
      let survivors = try await lab.nestor("exec", "web", "--", "sh", "-c", "ps | grep -c '[s]leep 4712'")
      #expect(survivors.output == "0\n", "\(survivors)")
    }

    /// Whatever happens to the guest's memory, the next command finds its agent, and the one under way ends.
    private func interruptions(_ lab: Lab) async throws {
      let saved = try lab.start(["exec", "web", "--", "sleep", "4713"])
      try await lab.until("the command") { try await lab.nestor("ps", "web").output.contains("sleep 4713") }
      try await lab.succeed("save", "web")
      #expect(try await saved.wait().status == 69)
      try await lab.succeed("start", "web")
      #expect(try await lab.succeed("exec", "web", "--", "echo", "awake").output == "awake\n")

      try await lab.succeed("snapshot", "create", "web", "one")
      let reverted = try lab.start(["exec", "web", "--", "sleep", "4714"])
      try await lab.until("the command") { try await lab.nestor("ps", "web").output.contains("sleep 4714") }
      try await lab.succeed("snapshot", "revert", "web", "one")
      #expect(try await reverted.wait().status == 69)
      #expect(try await lab.succeed("exec", "web", "--", "echo", "back").output == "back\n")

      let reset = try lab.start(["exec", "web", "--", "sleep", "4715"])
      try await lab.until("the command") { try await lab.nestor("ps", "web").output.contains("sleep 4715") }
      try await lab.virsh("reset", "web")
      #expect(try await reset.wait().status == 69)
      #expect(try await lab.succeed("exec", "--connect-timeout", "120", "web", "--", "echo", "up").output == "up\n")
    }
  }
}
