import Testing

@testable import GuestAgent

@Suite("JSON that programs leave for the agent") struct JSONTests {
  private func read(_ text: String) -> JSONValue? { JSONValue(Array(text.utf8)) }

  @Test("is read as it is meant")
  func values() {
    #expect(
      read(" {\"a\" : [1, -2.5e+3, true,false , null, \"x\"], \"b\":{}} ")
        == .object([
          "a": .array([.number("1"), .number("-2.5e+3"), .boolean(true), .boolean(false), .null, .string("x")]),
          "b": .object([:]),
        ]))
    #expect(read("\"\\u00e9\\ud83d\\ude00\\n\\\\\\/é\"") == .string("é😀\n\\/é"))
    #expect(read("{\"a\":1,\"a\":2}")?["a"] == .number("2"))
    #expect(read("[\"x\",1,\"y\"]")?.strings == ["x", "y"])
  }

  @Test(
    "is nothing where it is not JSON",
    arguments: [
      "", " ", "{", "[1,]", "{\"a\":}", "{\"a\" 1}", "{a:1}", "01", "1.", ".5", "1e", "-", "+1", "tru", "nul", "'a'",
      "\"a",
      "\"\\x\"", "\"\\u12\"", "\"\\u+123\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\n\"", "1 2",
      "{} x",
      "[\"a\":1]", "\u{feff}1",
    ])
  func invalid(text: String) {
    #expect(read(text) == nil)
  }

  @Test("is read to its limits of depth and size, and no further")
  func limits() {
    let depth = JSONValue.maximumDepth
    #expect(read(String(repeating: "[", count: depth) + String(repeating: "]", count: depth)) != nil)
    #expect(read(String(repeating: "[", count: depth + 1) + String(repeating: "]", count: depth + 1)) == nil)
    #expect(read(String(repeating: "[", count: 1_000_000)) == nil)
    let size = JSONValue.maximumSize
    #expect(read("\"" + String(repeating: "a", count: size - 2) + "\"") != nil)
    #expect(read("\"" + String(repeating: "a", count: size - 1) + "\"") == nil)
    #expect(JSONValue([0x22, 0xff, 0x22]) == nil)
  }
}
