import DomainXML
import Libvirt
import NestorSupport

extension Guest {
  /// Its console log, whether it is there yet or not.
  ///
  /// Throws ``NestorError`` of code `unsupported` for a guest that keeps none.
  package func keptConsoleLog() async throws -> ConsoleLog {
    try await withContext("cannot read guest '\(name)'") {
      let definition = try DomainDefinition(xml: try await domain.xml())
      guard let path = definition.devices.serialPorts.compactMap(\.log?.path).first else {
        throw NestorError(
          .unsupported, "guest '\(name)' keeps no log of its console",
          cause: try await record() == nil
            ? "nestor did not make it" : "its template says `console: {log: false}`",
          hint: "look at the console itself: nestor console \(name)")
      }
      return ConsoleLog(path: path)
    }
  }

  /// Opens its console, as a stream of what it prints and what is typed; `force` takes it over from another user.
  package func openConsole(force: Bool) async throws -> Libvirt.Stream {
    let status = try await status()
    guard status.isActive else { throw notRunning(status) }
    return try await withContext("cannot open the console of guest '\(name)'") {
      try await domain.openConsole(force ? .force : .safe)
    }
  }

  /// The log that a guest of Nestor's has.
  var consoleLog: ConsoleLog { ConsoleLog(path: hypervisor.state.consoleLog(uuid)) }

  /// What the console says of the guest's crash, as the end of a sentence: why Linux panicked, or else its last lines.
  var consoleEnd: String { kernelPanic.map { "; its console: \($0)" } ?? consoleTail }

  /// Why Linux panicked, where its console's log ends with that; nil where it did not, or has booted again.
  var kernelPanic: String? {
    let lines = consoleLog.lastLines(200)
    guard let index = lines.lastIndex(where: { $0.contains("Kernel panic - not syncing") }) else { return nil }
    // What follows is the kernel's, with the time in front; any other line is of the next boot.
    return lines[index...].allSatisfy { $0.hasPrefix("[") || $0.hasPrefix("---[") } ? lines[index] : nil
  }

  /// The console's last lines as the end of a sentence, or nothing.
  var consoleTail: String { consoleLog.tail }
}
