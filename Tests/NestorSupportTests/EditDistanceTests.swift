import NestorSupport
import Testing

@Suite("Suggestions")
struct EditDistanceTests {
  @Test(
    "The distance counts letters put in, taken out, changed and swapped",
    arguments: [("", "", 0), ("a", "", 1), ("memory", "memroy", 1), ("disk", "disks", 1), ("kitten", "sitting", 3)])
  func distance(first: String, second: String, expected: Int) {
    #expect(EditDistance.between(first, second) == expected)
    #expect(EditDistance.between(second, first) == expected)
  }

  @Test("The nearest word is offered, and none where none is near")
  func nearest() {
    #expect(EditDistance.nearest(to: "memmory", in: ["cpus", "memory", "disks"]) == "memory")
    #expect(EditDistance.nearest(to: "zzzz", in: ["cpus", "memory", "disks"]) == nil)
    #expect(EditDistance.nearest(to: String(repeating: "m", count: 10_000), in: ["memory"]) == nil)
  }
}
