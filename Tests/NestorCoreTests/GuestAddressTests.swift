import Testing

@testable import NestorCore

@Suite("A guest's address by its own word")
struct GuestAddressTests {
  @Test(
    "is one that others can reach",
    arguments: [("10.57.90.217/24", "10.57.90.217"), ("192.168.1.5", "192.168.1.5"), ("1.2.3.4/32", "1.2.3.4")])
  func reachable(text: String, address: String) {
    #expect(Guest.reachable(text) == address)
  }

  @Test(
    "is none that only it can reach, and no other text",
    arguments: [
      "127.0.0.1/8", "169.254.3.4/16", "0.0.0.0", "fe80::1/64", "::1/128", "", "1.2.3", "1.2.3.4.5", "1.2.3.256",
      "1..2.3", "1.2.3.4\nx", "1.2.3.x", "-1.2.3.4",
    ])
  func unreachable(text: String) {
    #expect(Guest.reachable(text) == nil)
  }
}
