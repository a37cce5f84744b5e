import Testing

@testable import NestorCommands

@Suite("An age")
struct AgeTests {
  @Test("is a number with its unit")
  func good() throws {
    #expect(
      try Age.duration("90s") == .seconds(90) && Age.duration("5m") == .seconds(300)
        && Age.duration("2h") == .seconds(7200))
    #expect(
      try Age.duration("7d") == .seconds(604_800) && Age.duration("1w") == .seconds(604_800)
        && Age.duration("0s") == .seconds(0))
  }

  @Test("is nothing else", arguments: ["", "7", "d", "-1d", "1.5h", "7 d", "7D", "99999d", "99999999999w", "٣d"])
  func refused(text: String) {
    #expect(throws: (any Error).self) { try Age.duration(text) }
  }
}
