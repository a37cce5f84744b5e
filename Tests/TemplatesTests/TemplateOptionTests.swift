import NestorSupport
import Templates
import Testing

@Suite("A device that options describe")
struct TemplateOptionTests {
  private func disk(_ options: [(String, String)]) throws -> GuestTemplate.Disk {
    try GuestTemplate.Disk(options: options.map { TemplateOption($0.0, $0.1) })
  }

  private func card(_ options: [(String, String)]) throws -> GuestTemplate.NetworkCard {
    try GuestTemplate.NetworkCard(options: options.map { TemplateOption($0.0, $0.1) })
  }

  @Test("is the one that a template with these keys describes")
  func same() throws {
    let disk = try disk([
      ("image", "debian"), ("size", "20GiB"), ("cache", "none"), ("io", "native"), ("serial", "007"),
      ("readOnly", "true"), ("bootOrder", "2"),
    ])
    #expect(disk.source == .image("debian", size: .gibibytes(20)) && disk.format == .qcow2 && disk.discard == .unmap)
    #expect(disk.cache == .none && disk.io == .native && disk.serial == "007" && disk.readOnly && disk.bootOrder == 2)
    let card = try card([
      ("bridge", "br0"), ("mac", "52:54:00:AA:00:01"), ("mtu", "1400"), ("queues", "4"), ("vhost", "true"),
      ("link", "down"),
    ])
    #expect(card.source == .bridge("br0") && card.mac == "52:54:00:aa:00:01" && card.mtu == 1400 && card.queues == 4)
    #expect(card.vhost == .on && card.link == .down && card.model == .virtio && !card.portIsolation)
    let limited = try self.card([("network", "lab"), ("bandwidth", "{inbound: {average: 1MiB, burst: 4MiB}}")])
    #expect(limited.bandwidth?.inbound?.average == .mebibytes(1) && limited.bandwidth?.inbound?.burst == .mebibytes(4))
  }

  @Test("takes texts as they are, and paths from the working folder")
  func texts() throws {
    #expect(try disk([("size", "1MiB"), ("serial", "null")]).serial == "null")
    #expect(try disk([("size", "1MiB"), ("serial", "true")]).serial == "true")
    guard case .path(let path) = try disk([("path", "./data ${x}.img")]).source else {
      Issue.record("a path is none")
      return
    }
    #expect(path.hasPrefix("/") && path.hasSuffix("/data ${x}.img") && !path.contains("/./"))
    #expect(try disk([("path", "/dev/../dev/null")]).source == .path("/dev/../dev/null"))
  }

  @Test(
    "is refused by the rules of templates, and the option is named",
    arguments: [
      ([("size", "1KiB")], "--size: The size 1KiB is too small (the least is 1MiB)"),
      ([("size", "")], "--size: Expected a size"), ([("size", "12")], "--size: Expected a size"),
      ([("image", "../x"), ("size", "1GiB")], "--image: Expected an image's name"),
      ([("size", "1GiB"), ("readOnly", "yes")], "--read-only: Expected true or false"),
      ([("size", "1GiB"), ("bootOrder", "~")], "--boot-order: Expected an integer from 1 to 1000, found the text '~'"),
      ([("size", "1GiB"), ("serial", "nestor-seed")], "--serial: Expected a serial number"),
      ([("size", "1GiB"), ("cacke", "none")], "--cacke: Unknown key 'cacke' in a disk (did you mean 'cache'?)"),
      ([("size", "1GiB"), ("size", "2GiB")], "--size: 'size' is given twice, by --size too"),
      ([("path", "/x"), ("size", "2GiB")], "--size: A disk with 'path' is an existing file"),
      ([("size", "1GiB"), ("io", "native")], "--io: 'io: native' needs 'cache: none'"),
      ([("path", "/a\nb")], "--path: "), ([("size", "1GiB"), ("path", "")], "--path: Expected a path, found an empty"),
      ([], "A disk needs 'size', 'image' or 'path'"),
    ] as [([(String, String)], String)])
  func refusals(options: [(String, String)], expected: String) throws {
    let error = try #require(throws: NestorError.self) { try disk(options) }
    #expect((error.message + (error.hint.map { " (\($0))" } ?? "")).hasPrefix(expected), "\(error)")
    #expect(error.code == .invalidArgument && error.cause == nil && !error.message.contains("\n"), "\(error)")
  }

  @Test("is told all that is wrong with it")
  func several() throws {
    let error = try #require(throws: NestorError.self) {
      try card([("network", "lab"), ("mac", "53:54:00:00:00:01"), ("mtu", "1"), ("address", "fd00::1")])
    }
    #expect(error.message == "The command line has 3 mistakes" && error.code == .invalidArgument)
    let lines = (error.cause ?? "").split(separator: "\n")
    #expect(lines.map { $0.prefix { $0 != ":" } } == ["--mac", "--mtu", "--address"], "\(error)")
    let limit = try #require(throws: NestorError.self) { try card([("network", "lab"), ("bandwidth", "{in: 1MiB}")]) }
    #expect(limit.message.hasPrefix("--bandwidth: Unknown key 'in'"), "\(limit)")
    let broken = try #require(throws: NestorError.self) { try card([("network", "lab"), ("bandwidth", "{in")]) }
    #expect(broken.message.hasPrefix("--bandwidth: ") && broken.code == .invalidArgument, "\(broken)")
    let both = try #require(throws: NestorError.self) { try card([("network", "lab"), ("bridge", "br0")]) }
    #expect(both.message.contains("not both 'network' and 'bridge'"), "\(both)")
  }
}
