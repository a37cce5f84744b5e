import NestorCore
import NestorSupport
import Testing

@Suite("What a user waits for")
struct WaitGoalTests {
  @Test(
    "Every goal is read as it is written",
    arguments: [
      ("running", WaitGoal.running), ("off", .off), ("ready", .console(nil)), ("console", .console(nil)),
      ("ip", .address), ("console:login:", .console("login:")), ("console: ", .console(" ")),
      ("console:console:x", .console("console:x")),
    ])
  func goals(_ text: String, _ goal: WaitGoal) throws {
    #expect(try WaitGoal(parsing: text) == goal)
  }

  @Test(
    "Anything else is refused with the list of goals", arguments: ["", "Running", "console:", "up", "ip ", "off\n"])
  func refused(_ text: String) {
    let error = #expect(throws: NestorError.self) { try WaitGoal(parsing: text) }
    #expect(error?.code == .invalidArgument && error?.hint?.contains("console:TEXT") == true)
  }
}
