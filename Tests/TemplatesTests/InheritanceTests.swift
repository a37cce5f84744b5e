import Templates
import Testing

@Suite("Inheritance")
struct InheritanceTests {
  @Test("joins maps key by key and replaces lists and values; the file is over its parents, the later over the earlier")
  func precedence() throws {
    let fixture = try TemplateFixture([
      "low.yaml": "cpus: 1\nmemory: 1GiB\nlabels: {a: low, b: low, c: low}\nchannels: [low]\ncpu: {nested: true}\n",
      "high.yaml": "memory: 2GiB\nlabels: {b: high, c: high}\nchannels: [high]\ncpu: {model: maximum}\n",
      "top.yaml": "extends: [low, high]\nlabels: {c: top, a: null}\n",
    ])
    let resolved = try fixture.load("top")
    let guest = resolved.template
    #expect(guest.cpus == 1)
    #expect(guest.memory == .gibibytes(2))
    #expect(guest.labels == ["b": "high", "c": "top"])
    #expect(guest.channels == ["high"])
    #expect(guest.cpu.model == .maximum)
    #expect(guest.cpu.nested)
    #expect(
      resolved.location(of: "memory") == SourceLocation(file: fixture.scratch.path + "/high.yaml", line: 1, column: 9))
    #expect(resolved.files.map { $0.split(separator: "/").last } == ["low.yaml", "high.yaml", "top.yaml"])
  }

  @Test("counts a template that is reached on two ways once, below both")
  func diamond() throws {
    let fixture = try TemplateFixture([
      "root.yaml": "cpus: 1\nmemory: 1GiB\n", "left.yaml": "extends: root\ncpus: 2\n",
      "right.yaml": "extends: root\nmemory: 2GiB\n", "top.yaml": "extends: [left, right]\n",
    ])
    let guest = try fixture.load("top").template
    #expect(guest.cpus == 2)
    #expect(guest.memory == .gibibytes(2))
  }

  @Test("shows a circle with the place of each step")
  func circle() throws {
    let fixture = try TemplateFixture([
      "a.yaml": "# a\nextends: b\n", "b.yaml": "extends:\n  - ./c.yaml\n", "c.yaml": "cpus: 1\nextends: [a]\n",
      "outside.yaml": "extends: a\n",
    ])
    let circle =
      "Templates extend each other in a circle: 'a' (a.yaml:2:10) > 'b' (b.yaml:2:5) > 'c' (c.yaml:2:11) > 'a' "
      + "(take one of these 'extends' away)"
    #expect(try fixture.problems("a") == ["c.yaml:2:11: " + circle])
    #expect(try fixture.problems("outside") == ["c.yaml:2:11: " + circle])
  }

  @Test("a template that extends itself is a circle")
  func itself() throws {
    let fixture = try TemplateFixture(["a.yaml": "extends: a\n"])
    let problems = try fixture.problems("a")
    #expect(
      problems == [
        "a.yaml:1:10: Templates extend each other in a circle: 'a' (a.yaml:1:10) > 'a' (take one of these 'extends' away)"
      ])
  }

  @Test("a template that extends its own name builds on the next one of that name")
  func overridesTheShippedOne() throws {
    let fixture = try TemplateFixture([
      "mine/tiny.yaml": "extends: tiny\ncpus: 2\n", "shipped/tiny.yaml": "cpus: 1\nmemory: 64MiB\n",
    ])
    let path = fixture.scratch.path
    let library = TemplateLibrary(searchPath: [path + "/mine", path + "/none", path + "/shipped"])
    let resolved = try library.load("tiny")
    #expect(resolved.template.cpus == 2)
    #expect(resolved.template.memory == .mebibytes(64))
    #expect(resolved.file == path + "/mine/tiny.yaml")
    #expect(library.list().map(\.file) == [path + "/mine/tiny.yaml"])
    withExtendedLifetime(fixture) {}
  }

  @Test("an unknown parent stands at its place, with a suggestion")
  func unknownParent() throws {
    let fixture = try TemplateFixture([
      "base.yaml": "", "a.yaml": "extends: [base, bse]\n", "b.yaml": "extends: ./bse.yaml\n",
      "below/c.yaml": "extends: ../x\n",
      "d.yaml": "extends: \"a/\\0\"\n", "e.yaml": "extends: {a: b}\n", "f.yaml": "extends: [\"\"]\n",
    ])
    #expect(try fixture.problems("a") == ["a.yaml:1:17: There is no template 'bse' (did you mean 'base'?)"])
    #expect(try fixture.problems("b") == ["b.yaml:1:10: There is no file 'bse.yaml' (did you mean 'base.yaml'?)"])
    let above = try fixture.problems(fixture.scratch.path + "/below/c.yaml")
    #expect(above == ["below/c.yaml:1:10: There is no file 'below/../x'"])
    let control = try fixture.problems("d")
    #expect(
      control == [
        "d.yaml:1:10: Expected a template's name, or a path with '/' or '.yaml' or a list, found the text 'a/?'"
      ])
    #expect(try fixture.problems("e").first?.hasPrefix("e.yaml:1:10: Expected a template's name") == true)
    #expect(try fixture.problems("f").first?.hasPrefix("f.yaml:1:11: Expected a template's name") == true)
  }

  @Test("a chain that is too long, and too many parents, are refused")
  func bounds() throws {
    var chain: [String: String] = ["t0.yaml": ""]
    for level in 1...20 { chain["t\(level).yaml"] = "extends: t\(level - 1)\n" }
    let deep = try TemplateFixture(chain)
    #expect(try deep.problems("t15").isEmpty)
    #expect(try deep.problems("t16").first?.contains("over more than 16 levels") == true)

    var many: [String: String] = [:]
    for number in 0..<70 { many["p\(number).yaml"] = "" }
    many["few.yaml"] = "extends: [\((0..<63).map { "p\($0)" }.joined(separator: ", "))]\n"
    many["many.yaml"] = "extends: [\((0..<64).map { "p\($0)" }.joined(separator: ", "))]\n"
    let wide = try TemplateFixture(many)
    #expect(try wide.problems("few").isEmpty)
    #expect(try wide.problems("many").first?.contains("builds on more than 64 others") == true)
  }

  @Test("a relative path begins at the folder of the file that it is written in")
  func pathsStayWithTheirFile() throws {
    let fixture = try TemplateFixture([
      "lib/parent.yaml": "boot: {kernel: vmlinuz}\n",
      "child.yaml": "extends: ./lib/parent.yaml\nboot: {initramfs: i.img}\n",
    ])
    let boot = try fixture.load("child").template.boot
    #expect(boot.kernel == fixture.scratch.path + "/lib/vmlinuz")
    #expect(boot.initramfs == fixture.scratch.path + "/i.img")
  }

  @Test("a mistake in a parent stands in the parent's file")
  func parentsMistake() throws {
    let fixture = try TemplateFixture(["p.yaml": "cpus: 1\nmemroy: 1GiB\n", "c.yaml": "extends: p\ncpus: x\n"])
    let problems = try fixture.problems("c")
    #expect(problems.map { $0.prefix(11) } == ["c.yaml:2:7:", "p.yaml:2:1:"])
  }
}
