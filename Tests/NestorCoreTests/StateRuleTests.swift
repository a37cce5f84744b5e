import DomainXML
import Foundation
import Libvirt
import TestSupport
import Testing

@testable import NestorCore

@Suite("What can be kept of a guest")
struct StateRuleTests {
  private static let versions = [
    Version(9, 0), Version(9, 8), Version(9, 9), Version(10, 9), Version(10, 10), Version(11, 3),
  ]

  /// A guest made from a template's text, and what becomes of it then.
  private struct Sample {
    let template: String
    var change: @Sendable (inout DomainDefinition) -> Void = { _ in }

    func definition() throws -> DomainDefinition {
      var definition = try DomainDefinition(xml: PlannedGuest(template).plan.xml)
      change(&definition)
      return definition
    }
  }

  private static func uefi(_ format: String?) -> Sample {
    Sample(template: "firmware: uefi") { $0.os.nvram = .init(path: "/v", format: format) }
  }

  /// Guests of each rule, by what the README calls them.
  private static let guests: [String: [Sample]] = [
    "BIOS and qcow2 disks": [
      Sample(template: "disks: [{size: 1GiB}]"), Sample(template: "disks: [{size: 1GiB}]\ntpm: \"2.0\""),
      Sample(template: "disks: [{size: 1GiB}, {path: /d, format: raw, readOnly: true}]"),
      // It is given a small one for the purpose.
      Sample(template: "disks: [{path: /d, readOnly: true}]"),
      Sample(template: "cpus: 1") { $0.devices.hostDevices = [HostDevice(source: .other(type: "usb"))] },
    ],
    "UEFI": [uefi("qcow2")],
    "UEFI, its variables in another format than qcow2": [uefi("raw"), uefi(nil)],
    "a disk in another format than qcow2 that it writes": [
      Sample(template: "disks: [{size: 1GiB}, {path: /d, format: raw}]")
    ],
    "no disk that it writes": [Sample(template: "cpus: 1") { $0.devices.disks = [] }],
    "a device of the host passed through": [
      Sample(template: "hostDevices: [{pci: \"0000:01:00.0\"}]"),
      Sample(template: "hostDevices: [{vhostScsi: naa.5001405c0ffee000}]"),
      Sample(template: "cpus: 1") { $0.devices.hostDevices = [HostDevice(source: .other(type: "mdev"))] },
      Sample(template: "networks: [{bridge: br0}]") { $0.devices.interfaces[0].source = .other(type: "hostdev") },
    ],
  ]

  /// The README's table: what is said of each operation, by the guests that it is said of.
  private func table() throws -> [String: [String]] {
    let text = try String(contentsOfFile: "\(Repository.path)/README.md", encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let begin = try #require(
      lines.firstIndex(of: "| a guest with | snapshot | `--disk-only` | `save` | `clone --warm` |"))
    let rows = lines[(begin + 2)...].prefix { $0.hasPrefix("|") }.map { row in
      row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], Array($0.dropFirst())) })
  }

  /// Whether the README's word means that it works.
  private func works(_ word: String, isActive: Bool, libvirt: Version) throws -> Bool {
    switch word {
    case "yes": return true
    case "no": return false
    case "while it is off": return !isActive
    default:
      let first = try #require(word.wholeMatch(of: /from ([0-9]+)\.([0-9]+) on/), "\(word)")
      return libvirt >= Version(try #require(Int(first.1)), try #require(Int(first.2)))
    }
  }

  @Test("is what the README's table says, for every guest, operation and version of libvirt")
  func readme() throws {
    let table = try table()
    #expect(Set(table.keys) == Set(StateRule.all.map(\.guests)) && Set(table.keys) == Set(Self.guests.keys))
    for (guests, words) in table {
      try #require(words.count == StateOperation.allCases.count, "\(guests)")
      for definition in try #require(Self.guests[guests]).map({ try $0.definition() }) {
        for (operation, word) in zip(StateOperation.allCases, words) {
          for libvirt in Self.versions {
            // What is off has no memory to be saved or cloned, and its disks are kept by a snapshot.
            for isActive in operation == .snapshot ? [true, false] : [true] {
              let blocker = StateBlocker(to: operation, of: definition, isActive: isActive, libvirt: libvirt)
              let isExpected = try works(word, isActive: isActive, libvirt: libvirt)
              #expect((blocker == nil) == isExpected, "\(guests) \(operation) \(libvirt): \(blocker?.cause ?? "works")")
            }
          }
        }
      }
    }
  }

  @Test(
    "is refused with the reason and a way out",
    arguments: [
      ("UEFI", .snapshot, Version(9, 0), "of which libvirt 9.0.0 keeps no snapshots; 10.10 and", "with firmware: bios"),
      (
        "UEFI, its variables in another format than qcow2", .snapshot, Version(11, 3), "variables are not in a qcow2",
        "--disk-only; or copy it"
      ),
      (
        "a disk in another format than qcow2 that it writes", .snapshot, Version(11, 3), "its disk vdb is not",
        "nestor image import"
      ),
      ("no disk that it writes", .snapshot, Version(11, 3), "no disk that could hold it", "nestor disk add it --size"),
      ("no disk that it writes", .diskSnapshot, Version(11, 3), "no disk that it writes", "nestor disk add it --size"),
      (
        "a device of the host passed through", .save, Version(11, 3),
        "runs with the PCI device 0000:01:00.0 of the host",
        "shut it down instead: nestor stop it"
      ),
      (
        "a device of the host passed through", .snapshot, Version(9, 0), "whose state cannot be saved",
        "stop it first: nestor stop it"
      ),
      (
        "BIOS and qcow2 disks", .diskSnapshot, Version(9, 8), "libvirt 9.8.0 cannot revert to the disks",
        "without --disk-only"
      ),
    ] as [(String, StateOperation, Version, String, String)])
  func reasons(guests: String, operation: StateOperation, libvirt: Version, cause: String, hint: String) throws {
    let definition = try #require(Self.guests[guests]?.first).definition()
    let blocker = try #require(StateBlocker(to: operation, of: definition, isActive: true, libvirt: libvirt))
    #expect(blocker.cause.contains(cause) && blocker.hint.contains(hint), "\(blocker)")
  }
}
