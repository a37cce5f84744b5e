import NestorCore
import NestorSupport
import Testing

@Suite("What a user waits for")
struct WaitGoalTests {
  @Test(
    "Every goal is read as it is written",
    arguments: [
      ("running", WaitGoal.running), ("off", .off), ("ready", .ready), ("agent", .agent), ("ssh", .ssh),
      ("cloud-init", .cloudInit), ("file:/run/x y", .file("/run/x y")), ("port:80", .port(80)),
      ("command:test -e /x:y", .command("test -e /x:y")), ("ip", .address), ("console:login:", .console("login:")),
      ("console: ", .console(" ")),
      ("console:console:x", .console("console:x")),
    ])
  func goals(_ text: String, _ goal: WaitGoal) throws {
    #expect(try WaitGoal(parsing: text) == goal)
  }

  @Test(
    "Anything else is refused with the list of goals",
    arguments: ["", "Running", "console", "console:", "up", "ip ", "off\n", "command:"])
  func refused(_ text: String) {
    let error = #expect(throws: NestorError.self) { try WaitGoal(parsing: text) }
    #expect(error?.code == .invalidArgument && error?.hint?.contains("console:TEXT") == true)
  }

  @Test("A port that is none and a path that is not whole are refused, each with an example")
  func values() {
    for (text, part) in [("port:0", "1 to 65535"), ("port:99999", "1 to 65535"), ("file:etc/passwd", "a whole path")] {
      let error = #expect(throws: NestorError.self) { try WaitGoal(parsing: text) }
      #expect(error?.hint?.contains(part) == true)
    }
  }
}
