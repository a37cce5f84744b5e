import Libvirt
import LibvirtTestSupport
import Testing

@Suite("A stream of a guest", .privateLibvirtd, .timeLimit(.minutes(20)))
struct ConsoleTests {
  private func readUntil(_ text: String, _ stream: Libvirt.Stream) async throws -> String {
    var bytes: [UInt8] = []
    for try await piece in stream {
      #expect(!piece.isEmpty)
      bytes += piece
      if String(decoding: bytes, as: UTF8.self).contains(text) { break }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("brings what its BIOS writes, from the first byte, and ends with the guest")
  func console() async throws {
    try await TestGuest.with(.paused) { _, domain in
      let console = try await domain.openConsole()
      try await domain.resume()
      #expect(try await readUntil("SeaBIOS", console).contains("SeaBIOS"))
      try await console.send("\r")
      try await domain.destroy()
      while try await console.receive() != nil {}
      #expect(try await console.receive() == nil)
    }
  }

  @Test("wakes its reader at once when that is cancelled, and loses nothing by it")
  func cancellation() async throws {
    try await TestGuest.with(.paused) { _, domain in
      let console = try await domain.openConsole(device: "serial0")
      let readers = (0..<30).map { _ in Task { try await console.receive() } }
      // Were each to hold a thread, there would be none left for this call.
      #expect(try await domain.isActive())
      for reader in readers { reader.cancel() }
      for reader in readers {
        await #expect(throws: CancellationError.self) { try await reader.value }
      }
      try await domain.resume()
      #expect(try await readUntil("SeaBIOS", console).contains("SeaBIOS"))
      try await console.finish()
    }
  }

  @Test("has one client unless another takes it by force, and cannot be used once it was closed")
  func force() async throws {
    try await TestGuest.with(.paused) { _, domain in
      let first = try await domain.openConsole()
      let error = await #expect(throws: LibvirtError.self) { try await domain.openConsole() }
      #expect(error?.code == .operationFailed)
      let waiting = Task { try await first.receive() }
      let second = try await domain.openConsole(.force)
      // The first is broken off: by its end or by an error.
      let rest = try? await waiting.value
      #expect(rest == nil)
      try await second.abort()
      #expect(try await second.receive() == nil)
      let late = await #expect(throws: LibvirtError.self) { try await second.send("x") }
      #expect(late?.code == .operationInvalid)
      await #expect(throws: LibvirtError.self) { try await second.finish() }
      let wrong = await #expect(throws: LibvirtError.self) { try await domain.openConsole(device: "serial7") }
      #expect(wrong?.call == "virDomainOpenConsole")
    }
  }

  @Test("that nobody holds any longer is given back")
  func release() async throws {
    try await TestGuest.with(.paused) { _, domain in
      for _ in 0..<3 {
        var console: Libvirt.Stream? = try await domain.openConsole(.force)
        #expect(console != nil)
        console = nil
      }
      // It is given back by another thread, so not at this very moment.
      var opened: Libvirt.Stream?
      while opened == nil { opened = try? await domain.openConsole() }
      try await opened?.finish()
    }
  }

  @Test("reaches a channel by its name")
  func channel() async throws {
    try await TestGuest.with { _, domain in
      let channel = try await domain.openChannel(name: "org.nestor.test")
      try await channel.send([1, 2, 3])
      try await channel.finish()
      let error = await #expect(throws: LibvirtError.self) { try await domain.openChannel(name: "org.nestor.other") }
      #expect(error?.call == "virDomainOpenChannel")
      #expect(error?.message.contains("org.nestor.other") == true)
    }
  }

  @Test("brings a whole picture of its screen, of the kind that it names")
  func screenshot() async throws {
    try await TestGuest.with(.paused) { _, domain in
      let screenshot = try await domain.screenshot()
      // A PNG begins and ends with bytes of its own; an older QEMU makes a PPM.
      switch screenshot.mimeType {
      case "image/png":
        #expect(screenshot.bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        #expect(screenshot.bytes.suffix(8) == [0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82])
      case let other:
        #expect(other == "image/x-portable-pixmap")
        #expect(screenshot.bytes.starts(with: "P6".utf8))
      }
      let error = await #expect(throws: LibvirtError.self) { try await domain.screenshot(screen: 5) }
      #expect(error?.call == "virDomainScreenshot")
    }
  }
}
