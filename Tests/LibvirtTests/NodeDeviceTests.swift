import Libvirt
import Testing

@Suite("NodeDevice, by the test driver")
struct NodeDeviceTests {
  @Test("the host's devices are listed, found and described")
  func devices() async throws {
    let connection = try await TestHost.open()
    let device = try await connection.nodeDevice(named: "computer")
    #expect(try await connection.nodeDevices().map(\.name) == ["computer"])
    #expect(try await connection.nodeDevices(.system).map(\.name) == ["computer"])
    #expect(try await connection.nodeDevices(.usbDevice).isEmpty)
    #expect(try await device.xml().contains("<vendor>Libvirt</vendor>"))
    #expect(try await device.capabilities() == ["system"])
    #expect(try await device.parentName() == nil)
  }

  @Test("a device that is not there is an error with its own code")
  func missing() async throws {
    let connection = try await TestHost.open()
    let error = await #expect(throws: LibvirtError.self) { try await connection.nodeDevice(named: "nowhere") }
    #expect(error?.code == .noNodeDevice)
  }

  @Test("events of devices can be asked for")
  func events() async throws {
    let connection = try await TestHost.open()
    let reader = Task { [events = try await connection.nodeDeviceEvents()] in
      for try await _ in events { return true }
      return false
    }
    let updates = try await connection.nodeDeviceUpdates()
    reader.cancel()
    #expect(try await reader.value == false)
    withExtendedLifetime(updates) {}
  }
}
