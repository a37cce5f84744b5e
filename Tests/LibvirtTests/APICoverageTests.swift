import Foundation
import Testing

/// Compares the functions of the installed libvirt with those that this library calls.
@Suite("The functions of the installed libvirt")
struct APICoverageTests {
  /// The version that ``leftOutFunctions`` was written for; what came later is only told.
  static let baseline = [9, 0, 0]

  @Test("are each either wrapped or left out for a stated reason")
  func everyFunctionHasItsPlace() throws {
    let installed = try Self.installedFunctions()
    let called = try Self.calledFunctions()
    let listed = Set(leftOutFunctions.flatMap(\.functions))
    let missing = installed.filter { !called.contains($0.key) && !listed.contains($0.key) }
    let newer = missing.filter { Self.baseline.lexicographicallyPrecedes($0.value) }.keys.sorted()
    if !newer.isEmpty { print("newer than libvirt \(Self.baseline), and not wrapped: \(newer)") }
    #expect(Set(missing.keys).subtracting(newer).sorted() == [])
  }

  @Test("that are listed as left out are not wrapped, and stand in the list once")
  func listIsRight() throws {
    let called = try Self.calledFunctions()
    let listed = leftOutFunctions.flatMap(\.functions)
    #expect(listed.filter(called.contains) == [])
    #expect(Dictionary(grouping: listed, by: \.self).filter { $1.count > 1 }.keys.sorted() == [])
    #expect(leftOutFunctions.allSatisfy { !$0.reason.isEmpty && !$0.functions.isEmpty })
    let gone = try Set(listed).subtracting(Self.installedFunctions().keys).sorted()
    if !gone.isEmpty { print("listed as left out, but not in the installed libvirt: \(gone)") }
  }

  @Test("are read from its own description, and this library's calls from its sources")
  func bothSidesAreThere() throws {
    let installed = try Self.installedFunctions()
    let called = try Self.calledFunctions()
    #expect(installed["virDomainCreateXML"] != nil)
    #expect(installed["virDomainQemuAgentCommand"] != nil)
    #expect(installed["virDomainSaveParams"] == [8, 4, 0])
    #expect(called.isSuperset(of: ["virDomainCreateXML", "virSetErrorFunc", "virDomainQemuAgentCommand"]))
    #expect(!called.contains("virDomainCreate"))
  }

  /// The functions that libvirt-api.xml and libvirt-qemu-api.xml describe, with the versions that brought them.
  private static func installedFunctions() throws -> [String: [Int]] {
    var functions: [String: [Int]] = [:]
    for (package, variable) in [("libvirt", "libvirt_api"), ("libvirt-qemu", "libvirt_qemu_api")] {
      let text = try String(contentsOfFile: pkgConfig(variable, of: package), encoding: .utf8)
      // Each function's element begins on a line of its own, with its attributes in quotation marks.
      for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
        guard line.drop(while: { $0 == UInt8(ascii: " ") }).starts(with: "<function name=".utf8) else { continue }
        let parts = String(decoding: line, as: UTF8.self).components(separatedBy: "'")
        let place = try #require(parts.firstIndex(of: " version="))
        let version = parts[place + 1]
        functions[parts[1]] = version.split(separator: ".").compactMap { Int($0) }
      }
    }
    return functions
  }

  private static func pkgConfig(_ variable: String, of package: String) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["pkg-config", "--variable=\(variable)", package]
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let path = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    try #require(!path.isEmpty, "pkg-config knows no \(variable) of \(package)")
    return path
  }

  /// The names in this library's sources that are followed by an opening parenthesis: calls, and nothing in comments.
  private static func calledFunctions() throws -> Set<String> {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().resolvingSymlinksInPath()
    let sources = tests.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources")
    var called: Set<String> = []
    for target in ["Libvirt", "CLibvirt"] {
      let folder = sources.appendingPathComponent(target)
      let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
      for case let file as URL in files where ["swift", "h"].contains(file.pathExtension) {
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
          guard !line.drop(while: \.isWhitespace).hasPrefix("//") else { continue }
          for part in line.split(separator: "(", omittingEmptySubsequences: false).dropLast() {
            let name = part.utf8.reversed().prefix { byte in
              byte == UInt8(ascii: "_") || Character(UnicodeScalar(byte)).isLetter
                || Character(UnicodeScalar(byte)).isNumber
            }
            called.insert(String(decoding: name.reversed(), as: UTF8.self))
          }
        }
      }
    }
    return called
  }
}
