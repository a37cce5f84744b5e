import Glibc
import Templates
import Testing

@Suite("A template's YAML")
struct YAMLTests {
  @Test(
    "errors of syntax stand at their place",
    arguments: [
      ("cpus: 1\n\tmemory: 1GiB\n", "it.yaml:2:1: A tab cannot indent YAML (use spaces)"),
      ("cpus: 1\ncpus: 2\n", "it.yaml:1:1: The key 'cpus' stands twice in one map"),
      ("cpu:\n  model: auto\n<<: {cpus: 1}\n", "it.yaml:3:1: Merge keys ('<<') are not read"),
      ("cpus: !!int 1\n", "it.yaml:1:7: The YAML tag 'tag:yaml.org,2002:int' is not read (leave the tag out)"),
      ("cpus: !evil 1\n", "it.yaml:1:7: The YAML tag '!evil' is not read (leave the tag out)"),
      ("cpu: !evil {nested: true}\n", "it.yaml:1:6: The YAML tag '!evil' is not read (leave the tag out)"),
      ("[a, b]: 1\n", "it.yaml:1:1: A key must be a word, not a list or a map"),
      ("- cpus\n", "it.yaml:1:1: A template is a map of keys, not a list (write lines of 'key: value')"),
      ("cpus\n", "it.yaml:1:1: A template is a map of keys, not the text 'cpus' (write lines of 'key: value')"),
      ("cpus: *nowhere\n", "it.yaml:1:7: This is not YAML: found undefined alias"),
      ("cpus: 1\nlabels: {a: \"b\u{0}c\"}\n", "it.yaml:2:15: A template cannot hold a NUL character"),
      ("labels: {a: b\u{7}}\n", "it.yaml:1:14: A template cannot hold the control character U+7"),
      ("cpus: 1\nlabels: {é: \"\\0\"}\n", "it.yaml:2:10: The key 'é' is not a label's name"),
      ("cpus: 1\n# a\u{2028}b\n", "it.yaml:2:4: A template cannot hold the line separator U+2028"),
      ("cpus: 1\n# \u{85}b\n", "it.yaml:2:3: A template cannot hold the line separator U+0085"),
      ("cpus: 1\rmemory: 1GiB\n", "it.yaml:1:8: A carriage return may stand only at the end of a line"),
      ("cpus: 1\r\nmemroy: 1GiB\r\n", "it.yaml:2:1: Unknown key 'memroy'"),
      ("labels: {a: \"\\0\"}\n", "it.yaml:1:13: The text '?' holds the control character U+0"),
    ])
  func syntax(text: String, expected: String) throws {
    let problems = try TemplateFixture.problems(text)
    #expect(problems.count == 1, "\(problems)")
    #expect(problems.first?.hasPrefix(expected) == true, "\(problems)")
  }

  @Test("several documents, and an end in the middle, are errors inside the file")
  func structure() throws {
    let two = try TemplateFixture.problems("cpus: 1\n---\ncpus: 2\n")
    #expect(
      two == ["it.yaml:2:1: This is not YAML: but found another document expected a single document in the stream"])
    let open = try TemplateFixture.problems("cpu: {model: auto\n")
    #expect(open.count == 1)
    #expect(open.first?.hasPrefix("it.yaml:2:1: This is not YAML: did not find expected ',' or '}'") == true, "\(open)")
  }

  @Test(
    "an empty file, a comment alone and a byte order mark are a template of defaults",
    arguments: [
      "", "# nothing\n", "---\n", "~\n", "\u{FEFF}cpus: 1\n",
    ])
  func empty(text: String) throws {
    #expect(try TemplateFixture.load(text).template == GuestTemplate())
  }

  @Test("a byte that is not UTF-8 is named by its place")
  func brokenUTF8() throws {
    let scratch = try ScratchFolder()
    try scratch.write("it.yaml", bytes: Array("cpus: 1\nlabels: {ä: \"".utf8) + [0xFF] + Array("\"}\n".utf8))
    let error = #expect(throws: TemplateErrors.self) {
      try TemplateLibrary(searchPath: [scratch.path]).load("it")
    }
    #expect(error?.problems.map(\.location?.line) == [2])
    #expect(error?.problems.map(\.location?.column) == [14])
    #expect(error?.problems.first?.message == "The template is not UTF-8 from here on")
  }

  @Test("an alias stands for what its anchor names")
  func aliases() throws {
    let template = try TemplateFixture.load("labels: {a: &x hello, b: *x}\n").template
    #expect(template.labels == ["a": "hello", "b": "hello"])
  }

  @Test("anchors that explode are refused before they do")
  func billionLaughs() throws {
    var text = "labels: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
    for level in 1...9 {
      let aliases = repeatElement("*a\(level - 1)", count: 9).joined(separator: ", ")
      text += "k\(level): &a\(level) [\(aliases)]\n"
    }
    text += "? *a9\n: 1\n"
    let problems = try TemplateFixture.problems(text)
    #expect(problems.count == 1)
    #expect(problems.first?.contains("Too many anchors and aliases") == true, "\(problems)")
    #expect(problems.first?.hasPrefix("it.yaml:11:3: ") == true, "\(problems)")
  }

  @Test("few aliases that double at each step stay within the bound of values")
  func doublingAliases() throws {
    var text = "k0: &a0\n" + String(repeating: "- x\n", count: 500)
    for level in 1...7 { text += "k\(level): &a\(level)\n- *a\(level - 1)\n- *a\(level - 1)\n" }
    let problems = try TemplateFixture.problems(text)
    #expect(problems.count == 1)
    #expect(problems.first?.contains("has more than 20000 values") == true, "\(problems)")
  }

  @Test("a large file with aliases is refused")
  func largeWithAliases() throws {
    let comment = String(repeating: "# comment\n", count: 7000)
    let problems = try TemplateFixture.problems(comment + "labels: {a: &x hello, b: *x}\n")
    #expect(problems.first?.hasPrefix("it.yaml:7001:26: Too many anchors and aliases") == true, "\(problems)")
  }

  @Test("deep aliases on deep nesting are refused")
  func deepAliases() throws {
    let opening = String(repeating: "[", count: 900)
    let closing = String(repeating: "]", count: 900)
    var text = "a0: &a0 x\n"
    for level in 1...16 { text += "a\(level): &a\(level) \(opening)*a\(level - 1)\(closing)\n" }
    let problems = try TemplateFixture.problems(text)
    #expect(problems.count == 1)
    #expect(problems.first?.contains("Too many anchors and aliases") == true, "\(problems)")
  }

  @Test("deep nesting is refused", arguments: [33, 500, 999, 5000, 200_000])
  func deepNesting(depth: Int) throws {
    let flow = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    let problems = try TemplateFixture.problems("xml: \(flow)\n")
    #expect(problems.count == 1)
    #expect(problems.first?.contains("nested deeper than 32 levels") == true, "\(problems)")
    #expect(problems.first?.hasPrefix("it.yaml:1:") == true)
  }

  @Test("deep nesting of blocks is refused", arguments: [40, 900, 3000])
  func deepBlocks(depth: Int) throws {
    let problems = try TemplateFixture.problems("xml:\n" + String(repeating: "- ", count: depth) + "a\n")
    #expect(problems.count == 1)
    #expect(problems.first?.contains("nested deeper than 32 levels") == true, "\(problems)")
  }

  @Test("a file with very many values is refused")
  func manyValues() throws {
    let problems = try TemplateFixture.problems("channels:\n" + String(repeating: "- a\n", count: 30_000))
    #expect(problems == ["it.yaml:20000:3: The template has more than 20000 values"])
  }
}
