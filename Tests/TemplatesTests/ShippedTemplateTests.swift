import Testing

@testable import Templates

@Suite("The templates that come with Nestor")
struct ShippedTemplateTests {
  static let folder = RepositoryFolder.path + "/domains"
  static let library = TemplateLibrary(searchPath: [folder])

  @Test("are all good, have a description, and document their parameters")
  func listed() {
    let all = Self.library.list()
    #expect(
      all.map(\.name) == [
        "alpine", "base", "centos-stream-10", "centos-stream-9", "debian", "debian-12", "debian-13", "disk", "fedora",
        "kernel", "opensuse-leap", "tiny", "ubuntu-24.04", "uefi",
      ])
    for summary in all {
      #expect(summary.problems.isEmpty, "\(summary.problems)")
      #expect(!summary.description.isEmpty || summary.name == "base")
      for parameter in summary.parameters { #expect(!parameter.description.isEmpty, "\(parameter.name)") }
    }
  }

  @Test("base.yaml describes the same guest as an empty template")
  func baseShowsTheDefaults() throws {
    #expect(try Self.library.load("base").template == GuestTemplate())
  }

  @Test("base.yaml names every key, each with its default")
  func baseNamesEveryKey() throws {
    let lines = try RepositoryFolder.read(Self.folder + "/base.yaml").split(separator: "\n")
    let plain = try document(lines.filter { !$0.hasPrefix("#") })
    try compare(plain, with: TemplateKeys.table, path: "")
    // The same with the examples in place of the empty lists that they explain.
    var shown: [Substring] = []
    for (index, line) in lines.enumerated() where !line.hasPrefix("#") || line.hasPrefix("#:") {
      let isExplained = index + 1 < lines.count && lines[index + 1].hasPrefix("#:") && !line.hasPrefix("#:")
      if isExplained, let colon = line.firstIndex(of: ":") {
        shown.append(line[...colon])
      } else {
        shown.append(line.hasPrefix("#:") ? line.dropFirst(2) : line)
      }
    }
    try compareExamples(try document(shown), with: TemplateKeys.table)
  }

  private func document(_ lines: [Substring]) throws -> LocatedNode {
    try YAMLReader.read(lines.joined(separator: "\n") + "\n", file: "base.yaml")
  }

  /// Each key of a table is there, in the table's order, and maps that are there by default are complete.
  private func compare(_ node: LocatedNode, with table: KeyTable, path: String) throws {
    guard case .mapping(let entries) = node.content else {
      Issue.record("\(path) is no map")
      return
    }
    #expect(Set(entries.map(\.key)) == Set(table.keys.map(\.name)), "\(path)")
    for key in table.keys {
      let value = try #require(node[key.name]?.value, "\(path)\(key.name)")
      if case .map(let inner) = key.type, !value.isNull {
        try compare(value, with: inner, path: "\(path)\(key.name).")
      } else {
        #expect(Self.json(value, as: key.type) == key.fallback, "\(path)\(key.name)")
      }
    }
  }

  private func compareExamples(_ node: LocatedNode, with table: KeyTable) throws {
    for key in table.keys {
      let value = try #require(node[key.name]?.value, "\(key.name)")
      switch key.type {
      case .map(let inner): try compareExamples(value, with: inner)
      case .list(.map(let inner)):
        guard case .sequence(let entries) = value.content else {
          Issue.record("\(key.name) has no example")
          continue
        }
        #expect(entries.count == 1)
        for entry in entries { try compare(entry, with: inner, path: "\(key.name).") }
      case .tableMap(_, let inner):
        guard case .mapping(let entries) = value.content else {
          Issue.record("\(key.name) has no example")
          continue
        }
        for entry in entries { try compare(entry.value, with: inner, path: "\(key.name).") }
      default: continue
      }
    }
  }

  /// A written value as a default is written.
  private static func json(_ node: LocatedNode, as type: ValueType) -> JSONValue {
    switch node.content {
    case .sequence(let nodes): return .array(nodes.map { json($0, as: type) })
    case .mapping(let entries): return .object(entries.map { JSONValue.Member($0.key, json($0.value, as: type)) })
    case .scalar(let text, let plain):
      switch ScalarValue(text: text, plain: plain) {
      case .null: return .null
      case .boolean(let value): return .boolean(value)
      case .integer(let value?, _): return .integer(value)
      default: return .string(text)
      }
    }
  }

  @Test("tiny.yaml takes its parameters")
  func tiny() throws {
    let tiny = try Self.library.load("tiny", parameters: ["memory": "256MiB", "cpus": "2"])
    #expect(tiny.template.memory == .mebibytes(256))
    #expect(tiny.template.cpus == 2)
    #expect(tiny.template.image == "tiny")
    #expect(tiny.template.networks.map(\.source) == [.network("default")])
    #expect(tiny.template.ready.console == "nestor: up")
    #expect(tiny.parameters == ["memory": "256MiB", "cpus": "2", "network": "default"])
    #expect(tiny.location(of: "networks[0].network") == SourceLocation(file: tiny.file, line: 30, column: 14))
    #expect(try Self.library.load("tiny").template.memory == .mebibytes(128))
  }

  @Test("kernel.yaml boots what it is given")
  func kernel() throws {
    let bare = try Self.library.load("kernel", parameters: ["kernel": "/boot/vmlinuz"]).template
    #expect(
      bare.boot
        == GuestTemplate.Boot(kernel: "/boot/vmlinuz", initramfs: nil, cmdline: "console=ttyS0 no_timer_check panic=-1")
    )
    #expect(bare.ready.console == nil)
    let full = try Self.library.load(
      "kernel", parameters: ["kernel": "/k", "initramfs": "/i", "ready": "up", "network": "lab"]
    ).template
    #expect(full.boot.initramfs == "/i")
    #expect(full.ready.console == "up")
    #expect(full.networks.map(\.source) == [.network("lab")])
    let error = #expect(throws: TemplateErrors.self) { try Self.library.load("kernel") }
    #expect(error?.problems.map(\.hint) == ["give -P kernel=…"])
  }

  @Test("debian.yaml lays a disk of the size that is asked for over the image")
  func debian() throws {
    let guest = try Self.library.load("debian", parameters: ["disk": "20GiB", "memory": "2GiB", "cpus": "2"]).template
    #expect(guest.disks.map(\.source) == [.image("debian", size: .gibibytes(20))])
    #expect(guest.memory == .gibibytes(2) && guest.cpus == 2 && guest.image == nil)
    #expect(guest.networks.map(\.source) == [.network("default")])
    let other = try Self.library.load("debian", parameters: ["image": "trixie", "network": "lab"]).template
    #expect(other.disks.map(\.source) == [.image("trixie", size: .gibibytes(10))])
    #expect(other.networks.map(\.source) == [.network("lab")])
  }

  @Test("each image of the catalogue has a template that lays a disk over it, and nothing that it says is odd")
  func catalogue() throws {
    let catalogue = try ImageCatalogue(Self.library)
    #expect(
      catalogue.entries.map(\.name) == [
        "alpine", "centos-stream-10", "centos-stream-9", "debian-12", "debian-13", "fedora", "opensuse-leap",
        "ubuntu-24.04",
      ])
    for entry in catalogue.entries {
      let guest = try Self.library.load(entry.name).template
      #expect(guest.disks.map(\.source) == [.image(entry.name, size: .gibibytes(10))], "\(entry.name)")
      #expect(guest.networks.map(\.source) == [.network("default")] && guest.memory >= .mebibytes(512))
      #expect(!entry.description.isEmpty && entry.base.hasPrefix("https://") && entry.format == .qcow2)
      #expect(entry.path.hasSuffix(".qcow2") || entry.path.hasSuffix(".img"), "\(entry.path)")
    }
    #expect(catalogue["debian-12"]?.form == .gnu && catalogue["fedora"]?.form == .bsd)
    #expect(catalogue["debian"] == nil)
  }

  @Test("disk.yaml and uefi.yaml boot a disk by BIOS and by UEFI")
  func disk() throws {
    let bios = try Self.library.load("disk", parameters: ["disk": "/srv/web.img", "format": "raw"]).template
    #expect(bios.firmware == .bios)
    #expect(bios.disks.map(\.source) == [.path("/srv/web.img")])
    #expect(bios.disks.map(\.format) == [.raw])
    #expect(bios.disks.map(\.bootOrder) == [1])
    #expect(bios.ready.console == "login:")
    let uefi = try Self.library.load("uefi", parameters: ["disk": "/srv/web.qcow2", "secureBoot": "true"]).template
    #expect(uefi.firmware == .uefi)
    #expect(uefi.secureBoot)
    #expect(uefi.disks.map(\.source) == [.path("/srv/web.qcow2")])
    #expect(uefi.description.contains("UEFI"))
  }
}
