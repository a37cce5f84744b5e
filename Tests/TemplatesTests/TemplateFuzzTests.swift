import Glibc
import NestorSupport
import Templates
import TestSupport
import Testing

/// Mutates the shipped templates for a bounded time.
///
/// NESTOR_TEST_SEED repeats a run, NESTOR_FUZZ_SECONDS (5) sets how long it takes.
@Suite("Mutated templates")
struct TemplateFuzzTests {
  private static let names = ["base", "tiny", "kernel", "disk", "uefi"]

  private static let words: [String] = [
    "extends: ", "parameters:\n", "${", "${memory}", "$${", "}", "{", "[", "]", ": ", "- ", "\n", "\n  ", "\t", "#",
    "&a ",
    "*a", "<<: ", "|", ">", "\"", "'", "!!int ", "? ", "---\n", "...\n", "%YAML 1.1\n", "null", "~", "true", "off",
    "99999999999999999999999", "-1", "0x10", "1e9", "16EiB", "1GiB", "512", "\u{0}", "\u{7F}", "\u{85}", "\u{2028}",
    "\u{FEFF}", "\u{202E}", "é", "\u{1F600}", "\\x00", "\\u0000", "base", "tiny", "disk", "uefi", "kernel", "../",
    "/dev/zero",
    "direct: ", "xml:\n", "set: /a", "value: ", "default: ", "type: integer", "choices: [a, b]", "minimum: ",
  ]

  private static func setting(_ name: String) -> UInt64? {
    getenv(name).flatMap { UInt64(String(cString: $0)) }
  }

  @Test("never crash, and each mistake stands inside the file that it names")
  func survive() throws {
    let seconds = Self.setting("NESTOR_FUZZ_SECONDS") ?? 5
    var random = SeededGenerator(seed: SeededGenerator.seed(for: "template fuzzing"))
    let scratch = try ScratchFolder()
    let originals = try Self.names.map { name in
      (name, Array(try RepositoryFolder.read(RepositoryFolder.path + "/domains/\(name).yaml").utf8))
    }
    for (name, bytes) in originals { try scratch.write("\(name).yaml", bytes: bytes) }
    let library = TemplateLibrary(searchPath: [scratch.path])
    let end = ContinuousClock.now + .seconds(Int64(clamping: seconds))
    var rounds = 0
    var good = 0
    repeat {
      let (name, original) = originals[Int.random(in: originals.indices, using: &random)]
      let bytes = Self.mutate(original, with: originals.map(\.1), using: &random)
      try scratch.write("\(name).yaml", bytes: bytes)
      let parameters = Self.parameters(using: &random)
      do throws(TemplateErrors) {
        _ = try library.load(name, parameters: parameters)
        good += 1
      } catch {
        try check(error, name: name, bytes: bytes, originals: originals, scratch: scratch)
      }
      if rounds % 64 == 0 { #expect(library.list().count == Self.names.count) }
      try scratch.write("\(name).yaml", bytes: original)
      rounds += 1
    } while ContinuousClock.now < end
    print("template fuzzing: \(rounds) rounds, \(good) good templates")
    // A seed that only makes rubbish, or never does harm, tries nothing.
    #expect(good > 0)
    #expect(good < rounds)
  }

  private func check(
    _ errors: TemplateErrors, name: String, bytes: [UInt8], originals: [(String, [UInt8])], scratch: ScratchFolder
  ) throws {
    #expect(!errors.problems.isEmpty)
    for problem in errors.problems {
      let place = try #require(problem.location, "\(problem) has no place; \(name) is \(bytes)")
      let file = String(place.file.split(separator: "/").last ?? "")
      let content = file == "\(name).yaml" ? bytes : originals.first { "\($0.0).yaml" == file }?.1
      // What a mutated 'extends' names may lie elsewhere.
      guard let content else {
        #expect(!place.file.hasPrefix(scratch.path) || place.line == 1, "\(problem)")
        continue
      }
      let lines = Self.lines(of: content)
      #expect((1...lines.count).contains(place.line), "\(problem) is outside; \(name) is \(bytes)")
      if lines.indices.contains(place.line - 1) {
        #expect((1...lines[place.line - 1] + 1).contains(place.column), "\(problem) is outside; \(name) is \(bytes)")
      }
      #expect(!problem.description.contains("\n"))
      #expect(!problem.message.isEmpty)
    }
    #expect(!errors.nestorError.message.isEmpty)
  }

  /// The number of characters in each line.
  private static func lines(of bytes: [UInt8]) -> [Int] {
    let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
    return scalars.split(separator: "\n", omittingEmptySubsequences: false).map(\.count)
  }

  private static func parameters(using random: inout SeededGenerator) -> [String: String] {
    var parameters = ["kernel": "/boot/vmlinuz", "disk": "/srv/disk.qcow2"]
    if Int.random(in: 0..<4, using: &random) == 0 {
      let names = ["memory", "cpus", "network", "ready", "format", "secureBoot", "nonsense"]
      parameters[names[Int.random(in: names.indices, using: &random)]] =
        words[Int.random(in: words.indices, using: &random)]
    }
    // The templates differ in their parameters; what one lacks is a mistake like any other.
    if Bool.random(using: &random) { parameters = [:] }
    return parameters
  }

  private static func mutate(
    _ original: [UInt8], with all: [[UInt8]], using random: inout SeededGenerator
  ) -> [UInt8] {
    var bytes = original
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      let place = Int.random(in: 0...bytes.count, using: &random)
      let length = min(bytes.count - place, Int.random(in: 0...40, using: &random))
      switch Int.random(in: 0..<8, using: &random) {
      case 0: bytes.removeSubrange(place..<place + length)
      case 1: bytes.insert(contentsOf: words[Int.random(in: words.indices, using: &random)].utf8, at: place)
      case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
      case 3: if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
      case 4: bytes.insert(contentsOf: bytes[place..<place + length], at: Int.random(in: 0...place, using: &random))
      case 5:
        let other = all[Int.random(in: all.indices, using: &random)]
        let start = Int.random(in: 0...other.count, using: &random)
        bytes.insert(contentsOf: other[start..<min(other.count, start + 200)], at: place)
      case 6: bytes.removeSubrange(place...)
      default:
        let word = Array(words[Int.random(in: words.indices, using: &random)].utf8)
        let count = Int.random(in: 1...200, using: &random)
        bytes.insert(contentsOf: Array(repeatElement(word, count: count).joined()), at: place)
      }
    }
    return bytes
  }
}
