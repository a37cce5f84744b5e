import GuestTransport
import Testing

@testable import GuestAgent

@Suite struct UserDatabaseTests {
  private let users = UserDatabase(
    passwd: Array(
      "root:x:0:0:root:/root:/bin/bash\nweb:x:33:33::/srv:\n1000:x:7:7::/odd:/bin/sh\nann:x:1000:100:A:/home/ann:/bin/zsh\nbroken:x:1\n"
        .utf8),
    group: Array("root:x:0:\nusers:x:100:\nwheel:x:10:ann,web\nbad:x:x:ann\ntty:x:5:annabel\n".utf8))

  @Test("a user has the groups that name him, after his own")
  func groups() throws {
    let ann = try users.user("ann")
    #expect(ann.number == 1000 && ann.group == 100 && ann.groups == [100, 10])
    #expect(String(decoding: ann.home, as: UTF8.self) == "/home/ann")
    #expect(String(decoding: try users.user("web").shell, as: UTF8.self) == "/bin/sh")
    #expect(try users.user("").name == "root")
  }

  @Test("a name goes before a number, and a number needs no line")
  func numbers() throws {
    #expect(try users.user("1000").number == 7)
    #expect(try users.user("33").name == "web")
    let nobody = try users.user("65534")
    #expect(nobody.number == 65534 && nobody.group == 65534 && nobody.groups == [65534])
  }

  @Test("a group behind a colon takes the place of the user's own")
  func otherGroup() throws {
    let user = try users.user("ann:tty")
    #expect(user.group == 5 && user.groups == [10, 5])
    #expect(try users.user("ann:4711").group == 4711)
  }

  @Test(
    "what is nobody is refused",
    arguments: ["nosuch", "broken", "-1", "4294967295", "4294967296", "ann:nosuch", "ann:", "root:-1"])
  func nobody(_ text: String) {
    #expect(throws: OperationFailure.self) { try users.user(text) }
  }
}
