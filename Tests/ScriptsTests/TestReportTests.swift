import Foundation
import TestSupport
import Testing

@Suite("What scripts/test tells")
struct TestReportTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test("has a tier's lines with its name, without colours, control characters and tests that begin")
  func lines() async throws {
    let output = """
      ◇ Suite "A lock" started.
      \u{1B}[90m◇\u{1B}[0m Test "is had" started.
      a guest's \u{1B}]0;title\u{7}line
      ◇ Test waits() started.
      ◇ Test case passing 1 argument a → 1 to "is had" started.
      \u{1B}[91m✔\u{1B}[0m Test "is had" with 1 test case passed after 0.1 seconds.

      """
    let result = try await follow(output)
    #expect(result.status == 0)
    #expect(
      result.lines == [
        "unit: a guest's ?]0;title?line", #"unit: ✔ Test "is had" with 1 test case passed after 0.1 seconds."#,
        "unit: not ended: waits()",
      ])
    #expect(folder.read("unit.log") == output)
  }

  @Test("comes a line at a time, and names what has been under way for long")
  func underWay() async throws {
    let program = try folder.start(
      [Repository.script("test-report"), "follow", folder.path, "guest"], ["NESTOR_TEST_PATIENCE": "0.2"])
    program.type(
      "◇ Test \"boots\" started.\n◇ Test \"stops\" started.\n✔ Test \"stops\" passed after 0.1 seconds.\nhalf")
    let named = "guest: still under way after more than 0.2 s: \"boots\"\n"
    try await Patience.until("the test's name") { program.output.contains(named) }
    #expect(program.output.hasPrefix("guest: ✔ Test \"stops\" passed after 0.1 seconds.\n"))
    #expect(!program.output.contains("half"))
    program.type(" a line\n✔ Test \"boots\" passed after 3 seconds.\n")
    program.closeInput()
    let result = try await program.wait()
    #expect(
      result.output.replacing(named, with: "") == """
        guest: ✔ Test "stops" passed after 0.1 seconds.
        guest: half a line
        guest: ✔ Test "boots" passed after 3 seconds.

        """)
  }

  @Test("sums up what passed, failed and was left out")
  func sum() async throws {
    try folder.write("0\n", to: "unit.status")
    try folder.write(
      """
      <testsuites><testsuite>
      <testcase classname="A" name="one()"/>
      <testcase classname="A" name="two()"><skipped>left to scripts/test --all</skipped></testcase>
      <testcase classname="A" name="three()"><skipped>no KVM</skipped></testcase>
      </testsuite></testsuites>
      """, to: "unit.xml")
    var result = try await sum("unit")
    #expect(result.status == 0)
    #expect(
      result.lines == [
        "SKIPPED A three()", "1 left to scripts/test --all", "1 skipped, for the reasons that are printed above",
        "1 passed, 0 failed",
      ])

    try folder.write("1\n", to: "driver.status")
    try folder.write(
      """
      <testsuites><testsuite>
      <testcase classname="B" name="four()"><failure message="is &#x1B; 5"/></testcase>
      </testsuite></testsuites>
      """.replacing("&#x1B;", with: "\u{1B}"), to: "driver.xml")
    result = try await sum("unit", "driver")
    #expect(result.status == 1)
    #expect(result.lines.suffix(3) == ["FAILED B four()", "    is ? 5", "1 passed, 1 failed"])
  }

  @Test("says of a tier that died what it said last, and of one whose time was over which test was under way")
  func death() async throws {
    try folder.write("139\n", to: "unit.status")
    try folder.write("◇ Test \"crashes\" started.\nthe last line\n", to: "unit.log")
    try folder.write("124\n", to: "guest.status")
    try folder.write("◇ Test \"hangs\" started.\n", to: "guest.log")
    try folder.write("124\n", to: "container.status")
    let result = try await sum("unit", "guest", "container")
    #expect(result.status == 1)
    #expect(
      result.lines == [
        "nothing skipped",
        "FAILED unit: the tests ended with status 139 but not by a test that failed; they said last",
        "    ◇ Test \"crashes\" started.", "    the last line", "    not ended: \"crashes\"",
        "FAILED guest: the run's time was over; they said last", "    ◇ Test \"hangs\" started.",
        "    not ended: \"hangs\"", "FAILED container: the run's time was over; they said nothing",
        "0 passed, 3 failed",
      ])
  }

  @Test("counts every step that failed and is no tier")
  func steps() async throws {
    try folder.write("0\n", to: "unit.status")
    try folder.write("<testsuites><testcase classname='A' name='b()'/></testsuites>", to: "unit.xml")
    try folder.write(
      """
      build                         2 min 51 s
      lint                          0 min 07 s, failed
      unit tests                    0 min 59 s, failed
      runs that are killed         10 min 00 s, failed

      """, to: "times")
    let result = try await sum("unit")
    #expect(result.status == 1)
    #expect(
      result.lines == [
        "nothing skipped", "FAILED lint: see what it said above", "FAILED runs that are killed: see what it said above",
        "1 passed, 2 failed",
      ])
  }

  @Test("counts a tier of which no test ran as failed")
  func nothingRan() async throws {
    try folder.write("0\n", to: "unit.status")
    try folder.write(
      "<testsuites><testcase classname='A' name='b()'><skipped>no LXD</skipped></testcase></testsuites>", to: "unit.xml"
    )
    let result = try await sum("unit")
    #expect(result.status == 1)
    #expect(result.lines.suffix(2) == ["FAILED unit: no test ran", "0 passed, 1 failed"])
  }

  private func follow(_ output: String) async throws -> ProgramResult {
    let program = try folder.start([Repository.script("test-report"), "follow", folder.path, "unit"])
    program.type(output)
    program.closeInput()
    return try await program.wait()
  }

  private func sum(_ tiers: String...) async throws -> ProgramResult {
    try await folder.run([Repository.script("test-report"), "sum", folder.path] + tiers)
  }
}
