import Testing

@testable import NestorCommands

@Suite("A guest, or a snapshot of it, on the command line")
struct GuestAtSnapshotTests {
  @Test("is a guest's name, with a snapshot's behind a slash")
  func parts() throws {
    let now = try #require(GuestAtSnapshot(argument: "web"))
    #expect(now.guest == "web" && now.snapshot == nil)
    let then = try #require(GuestAtSnapshot(argument: "web/installed"))
    #expect(then.guest == "web" && then.snapshot == "installed")
  }

  @Test("is refused where a part of it is empty, or there are three", arguments: ["", "/", "web/", "/one", "web/a/b"])
  func refused(_ text: String) {
    #expect(GuestAtSnapshot(argument: text) == nil)
  }
}
