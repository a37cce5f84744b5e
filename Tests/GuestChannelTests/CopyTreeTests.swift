import Glibc
import GuestAgent
import GuestClient
import GuestProtocol
import GuestTransport
import NestorSupport
import Testing

@Suite struct CopyTreeTests {
  let folder: CopyFolder
  let pair: AgentPair
  let recursive: CopyOptions

  init() throws {
    folder = try CopyFolder()
    pair = try AgentPair()
    var options = CopyOptions()
    options.isRecursive = true
    recursive = options
  }

  @Test("a tree of two thousand files with links and odd names is the same in both directions")
  func tree() throws {
    try folder.shell(
      """
      mkdir there; cd there
      for folder in $(seq 40); do
        mkdir -p "d$folder/sub folder"
        for file in $(seq 50); do echo "$folder $file" > "d$folder/sub folder/$file.txt"; done
      done
      printf x > "$(printf 'new\\nline')"; printf y > "$(printf 'not \\377\\376 text')"; printf z > ' -leading and trailing '
      : > empty; mkdir "$(printf 'folder\\001')" hollow; printf q > '*'; printf r > "quote'\\"s"
      ln -s ../outside dangling; ln -s d1 folderlink; ln -s /etc/passwd absolute
      ln d1/'sub folder'/1.txt hard1; ln d1/'sub folder'/1.txt d40/hard2; mkfifo pipe
      chmod 000 empty; chmod 4711 hard1; chmod 1777 d2; chmod 555 d3; chmod 640 d4/'sub folder'/*
      touch -d '1969-12-31 23:59:58.5 UTC' d5/'sub folder'/1.txt; touch -h -d '2038-01-20 01:02:03.123456789' dangling
      touch -d '2010-01-01 00:00:00.000000001' d3 hollow .
      """)
    let session = try pair.session()
    var options = recursive
    options.keepsOwners = getuid() == 0
    if options.keepsOwners {
      try folder.shell(
        "chown -h 1234:5678 there/d6 there/hard1 there/dangling there/pipe; chmod 4711 there/hard1")
    }
    let began = Instant.now
    let put = try session.put([folder("there")], to: folder.bytes("guest"), options: options)
    let middle = Instant.now
    let get = try session.get(folder.bytes("guest"), to: folder("back"), options: options)
    print("2,000 files: put \(middle - began), get \(Instant.now - middle)")
    let there = try folder.description(of: "there")
    #expect(there.utf8.count > 100_000)
    #expect(try folder.description(of: "guest") == there)
    #expect(try folder.description(of: "back") == there)
    #expect(try folder.shell("stat -c '%a %.9Y' there guest back | uniq | wc -l") == "1\n")
    #expect(
      try folder.shell("stat -c %i guest/hard1 guest/d40/hard2 guest/d1/'sub folder'/1.txt | uniq | wc -l") == "1\n")
    if options.keepsOwners {
      let owners = try folder.shell("cd back; stat -c '%u:%g %a' d6 hard1 dangling pipe d7")
      #expect(owners == "1234:5678 755\n1234:5678 4711\n1234:5678 777\n1234:5678 644\n0:0 755\n")
    }
    for summary in [put, get] {
      #expect(summary.files == 2_012)
      #expect(summary.folders == 83)
      #expect(summary.skippedCount == 0)
    }
    #expect(try folder.unfinished() == "")
  }

  @Test("without owners, bits that were meant for another owner are left out")
  func ownersNotKept() throws {
    try folder.shell("mkdir there; printf x > there/a; chmod 6755 there/a; chmod 3777 there")
    let session = try pair.session()
    _ = try session.put([folder("there")], to: folder.bytes("guest"), options: recursive)
    #expect(try folder.shell("stat -c %a guest guest/a") == "1777\n755\n")
  }

  @Test("a tree is merged into one that is there, whose own folders keep their modes")
  func merging() throws {
    try folder.shell(
      """
      mkdir -p there/sub in/there/sub; printf new > there/sub/a; printf old > in/there/sub/a; printf keep > in/there/sub/b
      chmod 700 there/sub; chmod 751 in/there/sub
      """)
    let session = try pair.session()
    _ = try session.put([folder("there")], to: folder.bytes("in"), options: recursive)
    #expect(try folder.shell("cd in/there/sub; cat a b; stat -c %a .") == "newkeep751\n")
    _ = try session.put([folder("there/.")], to: folder.bytes("in"), options: recursive)
    _ = try session.get(folder.bytes("there/."), to: folder("in/there/sub"), options: recursive)
    #expect(try folder.shell("cat in/sub/a in/there/sub/sub/a") == "newnew")
  }

  @Test("a file is never put where a folder is, nor a folder where a file or a link is")
  func kindsDiffer() throws {
    try folder.shell("mkdir -p there/x outside in1/there/x in2/there in3/there; ln -s ../../outside in2/there/x")
    try folder.shell("printf f > in3/there/x; mkdir files; mkdir files/there; printf f > files/there/x")
    let session = try pair.session()
    for (source, target, number) in [
      ("files/there", "in1", EISDIR), ("there", "in2", ENOTDIR), ("there", "in3", ENOTDIR),
    ] {
      let failure = #expect(throws: OperationFailure.self) {
        _ = try session.put([folder(source)], to: folder.bytes(target), options: recursive)
      }
      #expect(failure?.error.number == number)
    }
    #expect(try folder.shell("ls -A outside; readlink in2/there/x") == "../../outside\n")
  }

  @Test("sockets and devices are left out and listed")
  func leftOut() throws {
    try folder.shell("mkdir there; printf x > there/a")
    let listener = try unixListener(folder("there/socket"))
    defer { close(listener) }
    let session = try pair.session()
    let put = try session.put([folder("there")], to: folder.bytes("guest"), options: recursive)
    let get = try session.get(folder.bytes("there"), to: folder("back"), options: recursive)
    for summary in [put, get] {
      #expect(summary.files == 1)
      #expect(summary.skipped == [Array("there/socket".utf8)])
      #expect(summary.skippedCount == 1)
    }
    #expect(try folder.shell("ls guest back") == "back:\na\n\nguest:\na\n")
  }

  @Test("a tree deeper than any path of the kernel's arrives, or is refused where its paths are too long for a frame")
  func deep() throws {
    let script = """
      import os, sys
      os.chdir(sys.argv[1])
      for i in range(int(sys.argv[2])):
          os.mkdir('n' * int(sys.argv[3]))
          os.chdir('n' * int(sys.argv[3]))
          for other in ('before', 'zz'):
              open(other, 'w').write(str(i))
      """
    try folder.shell("mkdir deep wide")
    _ = try CopyFolder.run(["python3", "-c", script, folder("deep"), "500", "9"])
    _ = try CopyFolder.run(["python3", "-c", script, folder("wide"), "200", "200"])
    let session = try pair.session()
    let put = try session.put([folder("deep")], to: folder.bytes("guest"), options: recursive)
    #expect(put.folders == 501)
    #expect(put.files == 1_000)
    let get = try session.get(folder.bytes("guest"), to: folder("back"), options: recursive)
    #expect(get.folders == 501)
    // find and the shell cannot go there themselves.
    #expect(try folder.shell("cd back; tar cf - . | tar tf - | wc -l") == "1501\n")
    let failure = #expect(throws: OperationFailure.self) {
      _ = try session.put([folder("wide")], to: folder.bytes("other"), options: recursive)
    }
    #expect(failure?.error.number == ENAMETOOLONG)
    #expect(try session.stat(folder.bytes("guest")).exists)
  }

  @Test("a folder with more names than memory for them is read as it goes, beside a deep one too")
  func manyNames() throws {
    try folder.shell(
      "mkdir -p there/$(seq -s / 40); cd there; seq 5000 | sed 's/^/file/' | xargs touch; cd 1/2/3; touch $(seq -f x%g 900)"
    )
    let session = try pair.session()
    let put = try session.put([folder("there")], to: folder.bytes("guest"), options: recursive)
    #expect(put.files == 5_900)
    #expect(try folder.description(of: "guest") == folder.description(of: "there"))
  }

  @Test("what goes away while a tree is read is left out, and the rest arrives")
  func goingAway() throws {
    try folder.shell("mkdir there; cd there; seq -f %05g 3000 | xargs touch; head -c 20000000 /dev/zero > 00000")
    let session = try pair.session()
    var isDone = false
    let summary = try session.put([folder("there")], to: folder.bytes("guest"), options: recursive) { [folder] _ in
      guard !isDone else { return }
      isDone = true
      _ = try? folder.shell("cd there; rm -f 000[1-9]* 00[1-9]* 01* 02*")
    }
    #expect(summary.files + summary.skippedCount >= 2)
    #expect(summary.files + summary.skippedCount <= 3_001)
    #expect(try folder.shell("ls guest | wc -l") == "\(summary.files)\n")
  }

  private func unixListener(_ path: String) throws -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let status = withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(status == 0)
    return descriptor
  }
}
