import ArgumentParser
import CommandLineKit
import Glibc
import Libvirt
import NestorCore

struct ConsoleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "console", abstract: "Use a guest's console.",
    discussion: """
      Keys go to the guest as they are, ctrl-C too; ctrl-] leaves. Many guests show a prompt after a press of Enter. One
      user has a console at a time: --force takes it over. Without a terminal, input is passed on until it ends.
      """)

  /// ctrl-], the key that telnet and virsh leave with.
  private static let escape: UInt8 = 0x1d

  @OptionGroup var connection: ConnectionOptions
  @Argument(help: "The guest's name.", completion: .guests) var name: String
  @Flag(name: .shortAndLong, help: "Take the console over from whoever has it.") var force = false

  func run() async throws {
    let stream = try await connection.hypervisor().guest(name).openConsole(force: force)
    let terminal = RawTerminal()
    defer { terminal?.restore() }
    if terminal != nil { Terminal.note("connected to the console of '\(name)'; ctrl-] leaves\r") }
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        while let bytes = try? await stream.receive() { Terminal.write(bytes, to: STDOUT_FILENO) }
      }
      group.addTask {
        for await bytes in StandardInput.chunks() {
          let rest = bytes.prefix { $0 != Self.escape }
          if !rest.isEmpty { try? await stream.send(Array(rest)) }
          if rest.count < bytes.count { return }
        }
      }
      // Either side may end it: the guest by going off, the user by leaving.
      await group.next()
      try? await stream.abort()
      group.cancelAll()
      terminal?.restore()
      if terminal != nil { Terminal.note("\r\nleft the console of '\(name)'") }
      // The thread that reads the keys waits for one more; the process ends without it.
      ProgramEnd.exit(0)
    }
  }
}
