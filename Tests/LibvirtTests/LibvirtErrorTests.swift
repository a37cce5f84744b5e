import Libvirt
import Testing

@Suite("An error of libvirt")
struct LibvirtErrorTests {
  @Test("tells code, part, level, sentence and call")
  func parts() async throws {
    let connection = try await TestNode().connection
    let error = await #expect(throws: LibvirtError.self) { try await connection.network(named: "nowhere") }
    #expect(error?.code == .noNetwork)
    #expect(error?.domain == .test)
    #expect(error?.level == .error)
    #expect(error?.message == "Network not found: no network with matching name 'nowhere'")
    #expect(error?.call == "virNetworkLookupByName")
    #expect(error?.description == "\(error?.message ?? "") (virNetworkLookupByName)")
  }

  @Test("of bad XML, a wrong state, a wrong URI and an unsupported call are told apart")
  func kinds() async throws {
    let node = try await TestNode()
    let domain = try await node.define()
    func code(_ body: () async throws -> Void) async -> ErrorCode? {
      await #expect(throws: LibvirtError.self) { try await body() }?.code
    }
    #expect(await code { _ = try await node.connection.defineDomain(xml: "<domain") } == .xmlDetail)
    #expect(await code { _ = try await node.connection.defineDomain(xml: "") } != nil)
    #expect(await code { try await domain.destroy() } == .operationInvalid)
    #expect(await code { _ = try await node.connection.domain(uuid: "no uuid") } == .invalidArgument)
    #expect(await code { _ = try await node.connection.domainCapabilities() } == .noSupport)
    #expect(await code { _ = try await Connection.open("nonsense:///") } != nil)
  }

  @Test("with a number that has no name here keeps it")
  func unknownNumbers() {
    #expect(ErrorCode(rawValue: 4711).rawValue == 4711)
    #expect(ErrorCode(rawValue: 4711) != .noDomain)
    #expect(ErrorCode(rawValue: 42) == .noDomain)
    #expect(ErrorDomain(rawValue: -3).rawValue == -3)
    #expect("\(ErrorCode(rawValue: 4711))".contains("4711"))
  }

  @Test("is each task's own when many fail at once")
  func concurrency() async throws {
    let connection = try await TestNode().connection
    func sentence(_ number: Int) -> String {
      "Network not found: no network with matching name 'stranger-\(number)'"
    }
    let wrong = await withTaskGroup(of: String?.self) { group in
      for number in 0..<500 {
        group.addTask {
          do {
            _ = try await connection.network(named: "stranger-\(number)")
            return "\(number) was found"
          } catch {
            let expected = LibvirtError(
              code: .noNetwork, domain: .test, message: sentence(number), call: "virNetworkLookupByName")
            return error as? LibvirtError == expected ? nil : "\(number): \(error)"
          }
        }
      }
      return await group.reduce(into: [String]()) { if let wrong = $1 { $0.append(wrong) } }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(3))")
  }

  @Test("is not printed by libvirt itself")
  func silence() async throws {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      let connection = try await Connection.open("test:///default")
      for number in 0..<10 {
        await #expect(throws: LibvirtError.self) { try await connection.network(named: "unprinted-\(number)") }
      }
    }
    let printed = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(!printed.contains("unprinted"))
    #expect(!printed.contains("libvirt:"))
    #expect(!printed.contains("error :"))
  }
}
