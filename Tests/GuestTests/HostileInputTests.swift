import Foundation
import TestSupport
import Testing

extension GuestTier {
  /// Input that nobody should be able to do harm with, through the program itself.
  @Suite("Hostile input")
  struct HostileInputTests {
    private static let names = [
      "", ".", "..", "../x", "/etc/passwd", "a/b", "a\nb", "a\r\nb", "a\tb", "a'b", "a\"b", "a&b", "a<b>", "a;b",
      "$(id)",
      "a b", "ü", "日本", "a\u{301}", "\u{202e}x", "\u{1b}[2J", String(repeating: "x", count: 64),
      String(repeating: "x", count: 300), String(repeating: "é", count: 300), "_x", "--", "a%sb",
    ]

    @Test("A name that no guest can have is refused by every command that would make one, and nothing is made")
    func names() async throws {
      try await Lab.with("hostile-names") { lab in
        let template = try lab.plainTemplate()
        for name in Self.names {
          for verb in ["create", "run"] {
            let result = try await lab.nestor(verb, "--", template, name)
            #expect(result.status == 65, "\(result)")
            Self.expectReadable(result)
          }
        }
        let mixed = try await lab.nestor("create", template, "good", "../bad")
        #expect(mixed.status == 65, "the mistake is seen before anything is made: \(mixed)")
        try await lab.expectNothingLeft()
      }
    }

    @Test("A name that no guest has is not found, or refused, by every command that looks for one")
    func lookups() async throws {
      try await Lab.with("hostile-lookups") { lab in
        for name in Self.names {
          for verb in [["start"], ["delete"], ["info"], ["logs"], ["snapshot", "list"]] {
            let result = try await lab.nestor(verb + ["--", name])
            #expect([65, 66].contains(result.status), "\(result)")
            Self.expectReadable(result)
          }
        }
        try await lab.succeed("create", try lab.plainTemplate(), "good")
        for name in Self.names {
          let snapshot = try await lab.nestor("snapshot", "create", "--", "good", name)
          #expect(snapshot.status == 65, "\(snapshot)")
          let image = try await lab.nestor("image", "info", "--", name)
          #expect([65, 66].contains(image.status), "\(image)")
        }
        #expect(try await lab.virsh("snapshot-list", "good", "--name").allSatisfy(\.isNewline))
        try await lab.succeed("delete", "good")
        try await lab.expectNothingLeft()
      }
    }

    /// A template, the beginning of the message behind the template's path, and a part of the message.
    private static let templates: [(text: String, place: String, part: String)] = [
      ("colour: red\n", ":1:1: ", "colour"),
      ("image: tiny\ncpu: {modle: host-model}\n", ":2:7: ", "model"),
      ("cpus: many\n", ":1:7: ", "'many'"),
      ("cpus: 99999999999999999999999999\n", ":1:7: ", ""),
      ("cpus: -1\n", ":1:7: ", ""),
      ("memory: 999999999999999999999999GiB\n", ":1:9: ", ""),
      ("memory: 17179869184GiB\n", ":1:9: ", ""),
      ("memory: 12\n", ":1:9: ", ""),
      ("memory: [1GiB]\n", ":1:9: ", ""),
      ("disks: {size: 1GiB}\n", ":1:8: ", ""),
      ("disks:\n  - size: 1GiB\n    size: 2GiB\n", ":2:5: ", "stands twice"),
      ("description: \"a\\0b\"\n", ":1:14: ", ""),
      ("image: ../../etc\n", ":1:8: ", ""),
      ("networks:\n  - network: \"a<b\"\n", ":2:14: ", ""),
      ("extends: ./it.yaml\n", ":1:10: ", "it.yaml"),
      ("a: [\n", ":2:1: ", ""),
      ("a: &x [*x]\n", ":1:", ""),
      ("parameters:\n  a: {type: string, default: \"${b}\"}\ndescription: ${a}${nobody}\n", ":3:", "nobody"),
      ("xml:\n  - remove: /domain/wheel\n", ":2:13: ", "selects nothing"),
      ("xml:\n  - set: /domain[\n    value: x\n", ":2:10: ", ""),
      ("xml:\n  - set: /domain/vcpu\n    value: many\n", ":2:10: ", "vcpu"),
      ("xml:\n  - add: /domain/devices\n    value: <wheel/>\n", ":2:10: ", "wheel"),
      ("xml:\n  - add: /domain/devices\n    value: <wheel>\n", ":2:10: ", ""),
      ("cpus: 1\n", ":1:1: ", "nothing to boot"),
    ]

    @Test("A template that describes no guest is refused at file, line and column, and nothing is made")
    func templates() async throws {
      try await Lab.with("hostile-templates") { lab in
        for (text, place, part) in Self.templates {
          // What is wrong comes first, and the rest of the template is right.
          let file = try lab.template("it", text.hasPrefix("xml:") ? text + "image: tiny\n" : text)
          let result = try await lab.nestor("run", file, "victim")
          #expect(result.status == 65, "\(text): \(result)")
          #expect(result.errors.contains(file + place), "\(text): \(result)")
          #expect(part.isEmpty || result.errors.contains(part), "\(text): \(result)")
          Self.expectReadable(result)
        }
        try await lab.expectNothingLeft()
      }
    }

    @Test("Templates that go round in circles, explode or are no text end at once with an error")
    func bombs() async throws {
      try await Lab.with("hostile-bombs") { lab in
        let first = try lab.template("first", "extends: ./second.yaml\n")
        _ = try lab.template("second", "extends: ./third.yaml\n")
        _ = try lab.template("third", "cpus: 1\nextends: ./first.yaml\n")
        let circle = try await lab.nestor("create", first, "victim")
        #expect(circle.status == 65 && circle.errors.contains("third.yaml:2:10: "), "\(circle)")

        var laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
          laughs += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", "))]\n"
        }
        let others: [(String, Data)] = [
          ("laughs", Data(laughs.utf8)), ("deep", Data(String(repeating: "[", count: 100_000).utf8)),
          ("deep-maps", Data((0..<5000).map { String(repeating: " ", count: $0) + "a:\n" }.joined().utf8)),
          ("binary", Data((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 7919) })), ("nul", Data([0])),
          ("big", Data(repeating: UInt8(ascii: "#"), count: 40_000_000)), ("wide", Data("\u{feff}\u{feff}x".utf8)),
          ("many", Data((0..<20_000).map { "k\($0): 1\n" }.joined().utf8)),
        ]
        for (name, bytes) in others {
          let path = "\(lab.folder)/templates/\(name).yaml"
          try bytes.write(to: URL(fileURLWithPath: path))
          let result = try await lab.nestor("create", path, "victim")
          #expect(result.status == 65, "\(name): \(result.status) \(result.errors.prefix(2000))")
          #expect(result.errors.contains("\(path):"), "\(name): \(result.errors.prefix(2000))")
          #expect(result.seconds < 200, "\(name)")
          #expect(result.errors.utf8.count < 100_000, "\(name)")
        }
        for path in ["/dev/zero", "/proc/self/mem", lab.folder, "\(lab.folder)/none.yaml"] {
          let result = try await lab.nestor("create", path, "victim")
          #expect([65, 66].contains(result.status), "\(result)")
        }
        try await lab.expectNothingLeft()
      }
    }

    @Test("Parameters and options that make no sense are refused, and no number ends the program in a crash")
    func options() async throws {
      try await Lab.with("hostile-options") { lab in
        let parameters = [
          "memory=1": 65, "memory=lots": 65, "memory=99999999999999999999GiB": 65, "cpus=1e3": 65, "cpus=65": 65,
          "nonsense=1": 65, "cpus": 64, "=1": 64, "network=a\nb": 65, "network=../x": 65, "network=a<b": 65,
        ]
        for (parameter, status) in parameters.sorted(by: { $0.key < $1.key }) {
          let result = try await lab.nestor("run", "tiny", "victim", "-P", parameter)
          #expect(result.status == status, "\(result)")
          Self.expectReadable(result)
        }
        try await lab.succeed("create", try lab.plainTemplate(), "good")
        for seconds in ["nan", "inf", "-inf", "-1", "1e300", "1e19", "", "x"] {
          for arguments in [
            ["wait", "good", "--for", "off", "--timeout=\(seconds)"], ["stop", "good", "--timeout=\(seconds)"],
          ] {
            let result = try await lab.nestor(arguments)
            #expect([64, 0].contains(result.status), "\(result)")
          }
        }
        let far = try await lab.nestor("--connect", "nonsense://", "list")
        #expect(far.status == 64)
        for uri in ["nonsense:///x", "qemu+unix:///system?socket=/nowhere", "::"] {
          let result = try await lab.nestor("list", "--connect", uri)
          #expect(result.status == 69 || result.status == 1, "\(result)")
          #expect(result.errors.hasPrefix("error: cannot connect to libvirt at \(uri)"), "\(result)")
        }
        try await lab.succeed("delete", "good")
        try await lab.expectNothingLeft()
      }
    }

    /// An error that says something, on a screen that stays as it was.
    private static func expectReadable(
      _ result: ProgramResult, sourceLocation: SourceLocation = #_sourceLocation
    ) {
      #expect(result.output == "", "\(result)", sourceLocation: sourceLocation)
      #expect(result.errors.contains("error: "), "\(result)", sourceLocation: sourceLocation)
      #expect(
        !result.errors.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control },
        "\(result.errors.debugDescription)", sourceLocation: sourceLocation)
    }
  }
}
