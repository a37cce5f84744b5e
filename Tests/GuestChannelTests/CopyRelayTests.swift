import Glibc
import GuestAgent
import GuestClient
import GuestProtocol
import GuestTransport
import NestorSupport
import Testing

@Suite struct CopyRelayTests {
  let folder: CopyFolder
  let first: AgentPair
  let second: AgentPair

  init() throws {
    folder = try CopyFolder()
    first = try AgentPair()
    second = try AgentPair()
  }

  private func failure(_ body: () throws -> Void) throws -> ProtocolError {
    let failure = #expect(throws: OperationFailure.self, performing: body)
    return try #require(failure).error
  }

  @Test("a tree goes from one guest to another, sparse files and links too")
  func tree() throws {
    try folder.shell(
      """
      mkdir there; cd there; head -c 30000000 /dev/urandom > large; truncate -s 10G sparse; mkdir sub
      for file in $(seq 200); do echo $file > sub/$file; done; ln large sub/hard; ln -s large link
      """)
    let (from, to) = (try first.session(), try second.session())
    var options = CopyOptions()
    options.isRecursive = true
    let summary = try from.copy(folder.bytes("there"), to: to, at: folder.bytes("guest"), options: options)
    #expect(summary.files == 204)
    #expect(summary.folders == 2)
    // The large file again by itself: what is compared does not read ten gibibytes of zeros.
    #expect(
      try folder.shell("stat -c '%s %b %h' guest/sparse guest/large | sed 's/ [0-9]* / - /'")
        == "10737418240 - 1\n30000000 - 2\n")
    #expect(try folder.shell("stat -c %b guest/sparse; rm */sparse; diff -r there guest") == "0\n")
    #expect(try from.copy(folder.bytes("there/large"), to: to, at: folder.bytes("guest")).files == 1)
  }

  @Test("where one of two guests fails, its reason is told, and both sessions go on")
  func failures() throws {
    try folder.shell("mkdir in in/large; head -c 30000000 /dev/urandom > large; printf x > small")
    let (from, to) = (try first.session(), try second.session())
    #expect(try failure { _ = try from.copy(folder.bytes("none"), to: to, at: folder.bytes("x")) }.code == .notFound)
    #expect(try failure { _ = try from.copy(folder.bytes("small"), to: to, at: folder.bytes("a/b")) }.code == .notFound)
    #expect(try failure { _ = try from.copy(folder.bytes("large"), to: to, at: folder.bytes("in")) }.number == EISDIR)
    #expect(try failure { _ = try from.copy(folder.bytes("in"), to: to, at: folder.bytes("x")) }.number == EISDIR)
    #expect(try from.copy(folder.bytes("small"), to: to, at: folder.bytes("in")).bytes == 1)
    #expect(try folder.shell("find . -type f | sort") == "./in/small\n./large\n./small\n")
  }
}
