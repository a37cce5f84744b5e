import NestorSupport
import Testing

@testable import NestorCore

@Suite("Ranges of addresses")
struct IPPrefixTests {
  @Test(
    "A range is read as it is written",
    arguments: ["10.20.30.0/24", "0.0.0.0/0", "192.168.7.128/25", "10.1.2.3/32", "fd00:20:30::/64", "::/0"])
  func reading(_ text: String) throws {
    #expect("\(try IPPrefix(parsing: text))" == text)
  }

  @Test(
    "What is no range is refused, with an example",
    arguments: [
      "", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0/8", "/8", "10.0.0.0/8/8",
      "fd00::/129",
      "10.0.0.0/99999999999999999999", "x/8",
    ])
  func refusals(_ text: String) {
    #expect { try IPPrefix(parsing: text) } throws: { error in
      (error as? NestorError)?.code == .invalidArgument && "\(error)".contains("10.20.30.0/24")
    }
  }

  @Test("An address within a range leads to the range that was meant")
  func inside() {
    #expect { try IPPrefix(parsing: "10.20.30.7/24") } throws: { "\($0)".contains("did you mean 10.20.30.0/24?") }
    #expect { try IPPrefix(parsing: "fd00::5/64") } throws: { "\($0)".contains("did you mean fd00::/64?") }
  }

  @Test(
    "Two ranges overlap when one holds the other, and only then",
    arguments: [
      ("10.0.0.0/8", "10.1.2.0/24", true), ("10.1.2.0/24", "10.1.3.0/24", false),
      ("10.1.2.0/25", "10.1.2.128/25", false),
      ("10.1.2.0/24", "10.1.2.0/24", true), ("fd00::/64", "fd00::/48", true), ("fd00::/64", "fd00:0:0:1::/64", false),
      ("0.0.0.0/0", "fd00::/64", false), ("::/0", "fd00::/64", true),
    ])
  func overlaps(_ left: String, _ right: String, _ expected: Bool) throws {
    let (left, right) = (try IPPrefix(parsing: left), try IPPrefix(parsing: right))
    #expect(left.overlaps(right) == expected)
    #expect(right.overlaps(left) == expected)
  }

  @Test("Addresses are counted across bytes, and not past the end of the range or of all numbers")
  func counting() throws {
    let prefix = try IPPrefix(parsing: "10.0.0.0/16")
    #expect(prefix.address(1)?.description == "10.0.0.1")
    #expect(prefix.address(256)?.description == "10.0.1.0")
    #expect(prefix.address(65_535) == prefix.last)
    #expect(prefix.address(65_536) == nil)
    let end = try #require(IPAddress("255.255.255.255"))
    #expect(end.advanced(by: 1) == nil && end.advanced(by: 0) == end)
    #expect(IPAddress("::ffff:ffff:ffff:ffff")?.advanced(by: .max)?.description == "::1:ffff:ffff:ffff:fffe")
    #expect(IPAddress("10.0.0.1").flatMap { first in IPAddress("10.0.1.0").flatMap { first.distance(to: $0) } } == 255)
    #expect(IPAddress("10.0.0.2").flatMap { first in IPAddress("10.0.0.1").flatMap { first.distance(to: $0) } } == nil)
  }
}
