import Glibc
import GuestClient
import GuestProtocol
import GuestTransport
import NestorSupport

extension Scenario {
  static let copyScenarios: [Scenario] = [
    Scenario(description: "a file of 64 MiB goes there and comes back unchanged") { channel in
      try withFolder(channel) { folder in
        let bytes = try random(64 << 20)
        try write(bytes, to: "\(folder)/here")
        try channel.withSession { session in
          _ = try session.put(["\(folder)/here"], to: Array("\(folder)/there".utf8))
          _ = try session.get(Array("\(folder)/there".utf8), to: "\(folder)/back")
        }
        try expect(same(try read("\(folder)/back", bytes.count), bytes), "the file that came back differs")
      }
    },
    Scenario(description: "a tree of 2,000 files with links and odd names comes back as it was") { channel in
      try withFolder(channel) { folder in
        let made = try channel.collect(
          """
          set -e; mkdir -p \(folder)/tree/a/b "\(folder)/tree/odd name
          here"; cd \(folder)/tree
          for i in $(seq 1990); do echo "file $i" >a/b/$i; done
          ln -s b/1 a/link; ln a/b/2 a/hard
          printf x >"odd name
          here/ -leading"
          chmod 4755 a/b/3; chmod 000 a/b/4;
          TZ=UTC touch -t 200102030405.06 a/b/5; mkfifo a/pipe; mkdir hollow
          """)
        try expect(made.status.code == 0, "\(made)")
        var options = CopyOptions()
        options.isRecursive = true
        options.keepsOwners = true
        let summary = try channel.withSession { session in
          let got = try session.get(Array("\(folder)/tree".utf8), to: "\(folder)/one", options: options)
          _ = try session.put(["\(folder)/one"], to: Array("\(folder)/two".utf8), options: options)
          _ = try session.get(Array("\(folder)/two".utf8), to: "\(folder)/three", options: options)
          return got
        }
        try expect(summary.files >= 1_990 && summary.skippedCount == 0, "\(summary)")
        let first = try TreeListing.lines(of: "\(folder)/one")
        let last = try TreeListing.lines(of: "\(folder)/three")
        try expect(first.count > 1_995, "\(first.count) entries")
        try expect(first == last, "what came back differs: \(Set(first).symmetricDifference(last).prefix(4))")
        try expect(first.contains { $0.hasPrefix("/a/b/5|100644|981173106|") }, "a mode or time differs")
      }
    },
    Scenario(description: "a file that is not there is said to be so, and the session goes on") { channel in
      try channel.withSession { session in
        do {
          _ = try session.get(Array("/no/such/file".utf8), to: "/tmp/nestor-never")
          throw ScenarioFailure(description: "it was found")
        } catch let failure as OperationFailure {
          try expect(failure.error.code == .notFound, "\(failure)")
        }
        let status = try session.outcome(of: .line("exit 3")).status
        try expect(status.code == 3, "\(status)")
      }
    },
  ]

  private static func write(_ bytes: [UInt8], to path: String) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    try expect(file >= 0, "cannot make \(path): \(errno)")
    defer { close(file) }
    try expect(Glibc.write(file, bytes, bytes.count) == bytes.count, "cannot write \(path): \(errno)")
  }

  private static func read(_ path: String, _ count: Int) throws -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    try expect(file >= 0, "cannot open \(path): \(errno)")
    defer { close(file) }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = max(0, Glibc.read(file, buffer.baseAddress, count))
    }
  }

  /// A folder of the same name here and there, which may be the same one.
  private static func withFolder(_ channel: any Channel, _ body: (String) throws -> Void) throws {
    var template = Array("/tmp/nestor-scenario-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw ScenarioFailure(description: "mkdtemp: \(errno)") }
    let folder = String(cString: made)
    defer {
      _ = try? channel.collect("rm -rf \(folder)")
      try? FileTree.remove(folder)
    }
    try expect(channel.collect("mkdir -p \(folder)").status.code == 0, "no folder there")
    try body(folder)
  }
}
