import Libvirt
import Testing

@Suite("The host, by the test driver")
struct HostTests {
  @Test("CPUs and memory are told in CPUs and bytes")
  func nodeInfo() async throws {
    let info = try await TestHost.open().nodeInfo()
    #expect(info.memory == 8_589_934_592)
    #expect(info.cpus == 4)
    #expect(info.megahertz == 2600)
    #expect(info.sockets == 2)
    #expect(info.cores == 2)
    #expect(info.threads == 1)
    #expect(info.model == "x86_64")
  }

  @Test("the test driver knows no free memory, which is a failure rather than none")
  func freeMemory() async throws {
    let connection = try await TestHost.open()
    let error = await #expect(throws: LibvirtError.self) { try await connection.freeMemory() }
    #expect(error?.call == "virNodeGetFreeMemory")
  }

  @Test("the CPUs' time is told by its uses")
  func cpuStatistics() async throws {
    let statistics = try await TestHost.open().nodeCPUStatistics()
    #expect(statistics["user"] != nil)
    #expect(statistics["idle"] != nil)
  }

  @Test("the test driver does not tell what memory is used for, and says so")
  func memoryStatistics() async throws {
    let connection = try await TestHost.open()
    let error = await #expect(throws: LibvirtError.self) { try await connection.nodeMemoryStatistics() }
    #expect(error?.code == .noSupport)
  }
}
