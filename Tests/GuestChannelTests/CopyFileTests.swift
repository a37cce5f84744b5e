import Glibc
import GuestAgent
import GuestClient
import GuestProtocol
import GuestTransport
import NestorSupport
import Testing

@Suite struct CopyFileTests {
  let folder: CopyFolder
  let pair: AgentPair

  init() throws {
    folder = try CopyFolder()
    pair = try AgentPair()
  }

  private func failure(_ body: () throws -> Void) throws -> ProtocolError {
    let failure = #expect(throws: OperationFailure.self, performing: body)
    return try #require(failure).error
  }

  @Test("two hundred mebibytes arrive unchanged in both directions")
  func large() throws {
    try folder.shell("head -c 209715200 /dev/urandom > there")
    let session = try pair.session()
    var seen: [CopyProgress] = []
    let began = Instant.now
    let put = try session.put([folder("there")], to: folder.bytes("guest")) { seen.append($0) }
    let middle = Instant.now
    let get = try session.get(folder.bytes("guest"), to: folder("back"))
    let end = Instant.now
    print(
      "200 MiB: put \(Int(.seconds(200) / (middle - began))) MiB/s, get \(Int(.seconds(200) / (end - middle))) MiB/s")
    for summary in [put, get] {
      #expect(summary.files == 1)
      #expect(summary.bytes == 209_715_200)
      #expect(summary.changedCount == 0)
    }
    let last = try #require(seen.last)
    #expect(last.bytes == 209_715_200)
    #expect(last.total == 209_715_200)
    #expect(last.path == Array("there".utf8))
    #expect(zip(seen, seen.dropFirst()).allSatisfy { $0.bytes <= $1.bytes })
    let sums = try folder.shell("sha256sum there guest back | cut -d' ' -f1 | uniq | wc -l")
    #expect(sums == "1\n")
    #expect(try folder.unfinished() == "")
  }

  @Test("a file goes into a folder by its own name, and to any other path by that one")
  func destinations() throws {
    try folder.shell("mkdir in; printf one > a; printf two > b; chmod 751 a; touch -d '2001-02-03 04:05:06.789' a")
    let session = try pair.session()
    _ = try session.put([folder("a")], to: folder.bytes("in"))
    _ = try session.put([folder("a"), folder("b")], to: folder.bytes("in/"))
    _ = try session.put([folder("a")], to: folder.bytes("in/new name"))
    _ = try session.get(folder.bytes("b"), to: folder("in"))
    _ = try session.get(folder.bytes("b"), to: folder("in/from guest"))
    #expect(
      try folder.shell("cd in; ls; cat a b 'new name' 'from guest'") == "a\nb\nfrom guest\nnew name\nonetwoonetwo")
    #expect(try folder.shell("stat -c '%a %.Y' in/a 'in/new name' | uniq").hasPrefix("751 981173106.789"))
    #expect(try folder.shell("stat -c %U in/a") == "root\n" || getuid() != 0)
  }

  @Test("a destination that cannot be is refused, here and in the guest")
  func wrongDestinations() throws {
    try folder.shell("mkdir in in/a; printf one > a; printf two > b")
    let session = try pair.session()
    #expect(try failure { _ = try session.put([folder("a")], to: folder.bytes("no/such")) }.code == .notFound)
    #expect(try failure { _ = try session.put([folder("a")], to: folder.bytes("new/")) }.number == ENOTDIR)
    #expect(try failure { _ = try session.put([folder("a")], to: folder.bytes("in")) }.number == EISDIR)
    #expect(try failure { _ = try session.put([folder("a"), folder("b")], to: folder.bytes("b")) }.number == ENOTDIR)
    #expect(try failure { _ = try session.put([folder("a")], to: Array("relative".utf8)) }.code == .invalid)
    #expect(try failure { _ = try session.put([folder("a")], to: []) }.code == .invalid)
    #expect(try failure { _ = try session.put([folder("a")], to: Array("/dev/null".utf8)) }.number == EEXIST)
    #expect(try failure { _ = try session.put([folder("none")], to: folder.bytes("in")) }.code == .notFound)
    #expect(try failure { _ = try session.put([folder("in")], to: folder.bytes("x")) }.number == EISDIR)
    #expect(try failure { _ = try session.get(folder.bytes("none"), to: folder("x")) }.code == .notFound)
    #expect(try failure { _ = try session.get(folder.bytes("a"), to: folder("no/such")) }.code == .notFound)
    #expect(try failure { _ = try session.get(folder.bytes("in"), to: folder("x")) }.number == EISDIR)
    #expect(try failure { _ = try session.get(Array("/dev/null".utf8), to: folder("x")) }.code == .unsupported)
    #expect(try failure { _ = try session.get(folder.bytes("a\0b"), to: folder("x")) }.code == .invalid)
    // The session has survived all of it.
    #expect(try session.put([folder("a")], to: folder.bytes("x")).files == 1)
    #expect(try folder.shell("find . -type f | sort") == "./a\n./b\n./x\n")
  }

  @Test("a link is replaced and not written through, and what it pointed to stays")
  func linkAtDestination() throws {
    try folder.shell("printf new > a; printf old > target; ln -s target link")
    let session = try pair.session()
    _ = try session.put([folder("a")], to: folder.bytes("link"))
    #expect(try folder.shell("stat -c %F link; cat link target") == "regular file\nnewold")
  }

  @Test("a link as the source is followed or copied, as asked for")
  func linkAsSource() throws {
    try folder.shell("printf text > target; ln -s target link")
    let session = try pair.session()
    var options = CopyOptions()
    _ = try session.get(folder.bytes("link"), to: folder("followed"), options: options)
    options.followsLinks = false
    _ = try session.get(folder.bytes("link"), to: folder("kept"), options: options)
    _ = try session.put([folder("link")], to: folder.bytes("put"), options: options)
    #expect(try folder.shell("cat followed; readlink kept put") == "texttarget\ntarget\n")
  }

  @Test("a sparse file stays sparse in both directions, wherever its holes are")
  func sparse() throws {
    try folder.shell(
      """
      truncate -s 300M there; printf begin | dd of=there conv=notrunc status=none
      printf middle | dd of=there bs=1M seek=200 conv=notrunc status=none
      truncate -s 1T empty
      """)
    let session = try pair.session()
    for name in ["there", "empty"] {
      _ = try session.put([folder(name)], to: folder.bytes("\(name)-guest"))
      _ = try session.get(folder.bytes("\(name)-guest"), to: folder("\(name)-back"))
    }
    #expect(
      try folder.shell("stat -c '%s %b' there-guest there-back empty-guest empty-back; cmp there there-back")
        == "314572800 16\n314572800 16\n1099511627776 0\n1099511627776 0\n")
  }

  @Test("what comes from a pipe becomes a file, and a file goes into a pipe")
  func pipes() throws {
    try folder.shell("head -c 30000000 /dev/urandom > there; mkfifo in out; mkdir folder")
    let session = try pair.session()
    // Opened for both directions, a named pipe does not wait for its other end; but then it never ends by itself.
    BlockingWork.start { [folder] in _ = try? folder.shell("cat there > in") }
    let source = open(folder("in"), O_RDONLY)
    defer { close(source) }
    let put = try session.put(stdin: source, to: folder.bytes("guest"), mode: 0o640)
    #expect(put.files == 1)
    #expect(put.bytes == 30_000_000)
    #expect(try folder.shell("cmp there guest; stat -c %a guest") == "640\n")

    let reading = Reader()
    reading.start { [folder] in try folder.shell("sha256sum < out") }
    let target = open(folder("out"), O_WRONLY)
    let get = try session.get(folder.bytes("guest"), into: target)
    close(target)
    #expect(get.bytes == 30_000_000)
    #expect(try reading.wait() == folder.shell("sha256sum < there"))

    let null = open("/dev/null", O_RDWR)
    defer { close(null) }
    #expect(try failure { _ = try session.put(stdin: null, to: folder.bytes("folder")) }.number == EISDIR)
    #expect(try failure { _ = try session.get(folder.bytes("folder"), into: null) }.number == EISDIR)
    #expect(try session.put(stdin: null, to: folder.bytes("empty")).bytes == 0)
    #expect(try folder.shell("stat -c %s empty") == "0\n")
  }

  @Test("a sparse file goes into a pipe with its zeros")
  func sparseIntoPipe() throws {
    try folder.shell("truncate -s 40M there; printf x | dd of=there bs=1M seek=20 conv=notrunc status=none; mkfifo out")
    let session = try pair.session()
    let reading = Reader()
    reading.start { [folder] in try folder.shell("sha256sum < out") }
    let target = open(folder("out"), O_WRONLY)
    _ = try session.get(folder.bytes("there"), into: target)
    close(target)
    #expect(try reading.wait() == folder.shell("sha256sum < there"))
  }

  @Test("files whose size the kernel does not tell are copied whole")
  func kernelFiles() throws {
    let session = try pair.session()
    _ = try session.get(Array("/proc/version".utf8), to: folder("version"))
    _ = try session.put(["/proc/version"], to: folder.bytes("put"))
    let sysfs = try session.get(Array("/sys/kernel/mm/transparent_hugepage/enabled".utf8), to: folder("sys"))
    #expect(sysfs.changedCount == 0)
    #expect(
      try folder.shell(
        "cmp version /proc/version; cmp put version; cmp sys /sys/kernel/mm/transparent_hugepage/enabled; stat -c %s put"
      )
        != "0\n")
  }

  @Test("a file that grows or shrinks while it is read arrives as it was read, and is told of")
  func changing() throws {
    try folder.shell("head -c 60000000 /dev/zero > there")
    let session = try pair.session()
    for (change, rest) in [("printf more >> there", 0...0), ("truncate -s 20000000 there", 1...60_000_000)] {
      var isDone = false
      let summary = try session.put([folder("there")], to: folder.bytes("guest")) { [folder] progress in
        guard !isDone, progress.bytes < 15_000_000 else { return }
        isDone = true
        _ = try? folder.shell(change)
      }
      #expect(isDone)
      #expect(summary.changedCount == 1)
      #expect(summary.changed == [Array("there".utf8)])
      #expect(rest.contains(60_000_000 - Int(summary.bytes)))
      #expect(try folder.shell("stat -c %s guest") == "\(summary.bytes)\n")
    }
  }

  @Test("a full disk is reported and the file that did not fit is removed", .enabled(if: getuid() == 0))
  func fullDisk() throws {
    try folder.shell("mkdir small; mount -t tmpfs -o size=4m tmpfs small; head -c 9000000 /dev/urandom > there")
    defer { _ = try? folder.shell("umount small") }
    try folder.shell("printf old > small/there")
    let session = try pair.session()
    #expect(try failure { _ = try session.put([folder("there")], to: folder.bytes("small")) }.number == ENOSPC)
    #expect(try failure { _ = try session.get(folder.bytes("there"), to: folder("small")) }.number == ENOSPC)
    #expect(try folder.shell("ls -A small; cat small/there") == "there\nold")
    #expect(try session.get(folder.bytes("small/there"), to: folder("x")).files == 1)
  }

  @Test("a client that goes in the middle of a file leaves nothing behind")
  func cutOff() throws {
    // Far more than what can be copied between the first two reports.
    try folder.shell("mkdir in; head -c 600000000 /dev/zero > there")
    for direction in ["put", "get"] {
      let interruption = try Interruption()
      let session = try GuestSession(try pair.stream(), key: pair.key, interruption: interruption)
      #expect(throws: SessionEnd.interrupted) {
        let stop = { (progress: CopyProgress) in if progress.bytes > 0 { interruption.raise() } }
        if direction == "put" {
          _ = try session.put([folder("there")], to: folder.bytes("in"), progress: stop)
        } else {
          _ = try session.get(folder.bytes("there"), to: folder("in"), progress: stop)
        }
      }
    }
    // The agent learns of it a moment later.
    let deadline = Instant.now + .seconds(200)
    while try folder.shell("ls -A in") != "", Instant.now < deadline { sched_yield() }
    #expect(try folder.shell("ls -A in") == "")
  }
}

/// Something that a test does on another thread.
final class Reader: Sendable {
  // Safe: written by one thread before it writes to the pipe, read by the other after it read from there.
  nonisolated(unsafe) private var result: Result<String, any Error>?
  private let ends: (Int32, Int32)

  init() {
    var ends: [Int32] = [-1, -1]
    socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends)
    self.ends = (ends[0], ends[1])
  }

  deinit {
    close(ends.0)
    close(ends.1)
  }

  func start(_ body: @escaping @Sendable () throws -> String) {
    BlockingWork.start { [self] in
      result = Result { try body() }
      write(ends.1, "x", 1)
    }
  }

  func wait() throws -> String {
    var byte: UInt8 = 0
    _ = read(ends.0, &byte, 1)
    return try #require(result).get()
  }
}
