import Glibc
import NestorSupport
import Templates
import Testing

@Suite("Parameters")
struct ParameterTests {
  static let text = """
    parameters:
      cpus: {type: integer, default: 2, minimum: 1, maximum: 8}
      memory: {type: size, default: 1GiB, minimum: 64MiB, maximum: 4GiB}
      nested: {type: boolean, default: false}
      model: {type: choice, choices: [i6300esb, itco], default: itco}
      title: {default: hello, description: What to call it}
      disk: {type: path, required: false}
    cpus: ${cpus}
    memory: ${memory}
    cpu: {nested: "${nested}"}
    watchdog: {model: "${model}"}
    labels:
      title: "<${title}> $${title} $ ${cpus}/${memory}/${nested}"
    boot:
      kernel: ${disk}

    """

  @Test("have their defaults, with their types")
  func defaults() throws {
    let resolved = try TemplateFixture.load(Self.text)
    #expect(resolved.template.cpus == 2)
    #expect(resolved.template.memory == .gibibytes(1))
    #expect(!resolved.template.cpu.nested)
    #expect(resolved.template.watchdog.model == .itco)
    #expect(resolved.template.labels["title"] == "<hello> ${title} $ 2/1GiB/false")
    #expect(resolved.template.boot.kernel == nil)
    #expect(
      resolved.parameters == ["cpus": "2", "memory": "1GiB", "nested": "false", "model": "itco", "title": "hello"])
    #expect(resolved.declaredParameters.map(\.name) == ["cpus", "memory", "nested", "model", "title", "disk"])
    #expect(resolved.declaredParameters.map(\.isRequired) == [false, false, false, false, false, false])
    #expect(resolved.declaredParameters[4].description == "What to call it")
    #expect(resolved.declaredParameters[3].choices == ["i6300esb", "itco"])
    #expect(resolved.declaredParameters[0].maximum == "8")
    #expect(resolved.declaredParameters[0].location.line == 2)
  }

  @Test("take the values that are given")
  func given() throws {
    let resolved = try TemplateFixture.load(
      Self.text,
      parameters: [
        "cpus": "8", "memory": "64MiB", "nested": "true", "model": "i6300esb", "title": "${cpus} true \"x\"",
        "disk": "./sub//../vmlinuz",
      ])
    #expect(resolved.template.cpus == 8)
    #expect(resolved.template.memory == .mebibytes(64))
    #expect(resolved.template.cpu.nested)
    #expect(resolved.template.watchdog.model == .i6300esb)
    // What a value holds is text: nothing in it is filled in again.
    #expect(resolved.template.labels["title"] == "<${cpus} true \"x\"> ${title} $ 8/64MiB/true")
    let folder = try #require(getcwd(nil, 0))
    defer { free(folder) }
    #expect(resolved.template.boot.kernel == String(cString: folder) + "/sub/../vmlinuz")
    #expect(resolved.parameters["cpus"] == "8")
  }

  @Test("a template that was read once can be filled in many times")
  func manyTimes() throws {
    let fixture = try TemplateFixture(["it.yaml": Self.text])
    let template = try fixture.library.open("it")
    withExtendedLifetime(fixture) {}
    #expect(template.parameters.map(\.name) == ["cpus", "memory", "nested", "model", "title", "disk"])
    #expect(try template.resolve(parameters: ["cpus": "3"]).template.cpus == 3)
    #expect(try template.resolve().template.cpus == 2)
    #expect(throws: TemplateErrors.self) { try template.resolve(parameters: ["cpus": "9"]) }
    #expect(try template.resolve(parameters: ["cpus": "4"]).template.cpus == 4)
  }

  @Test("a template's text need not come from a file")
  func fromText() throws {
    let library = TemplateLibrary(searchPath: [])
    let resolved = try library.open(text: "boot: {kernel: k}\n", file: "/srv/-").resolve()
    #expect(resolved.template.boot.kernel == "/srv/k")
    #expect(resolved.name == "-")
    let error = #expect(throws: TemplateErrors.self) { try library.open(text: "a: [", file: "-") }
    #expect(error?.problems.first?.location?.file == "-")
    #expect(throws: TemplateErrors.self) {
      try library.open(text: String(repeating: "#", count: (1 << 20) + 1), file: "-")
    }
  }

  @Test("an empty text is a text, not nothing")
  func emptyText() throws {
    let resolved = try TemplateFixture.load(Self.text, parameters: ["title": ""])
    #expect(resolved.template.labels["title"]?.hasPrefix("<> ") == true)
    #expect(try TemplateFixture.problems(Self.text, parameters: ["cpus": ""]).count == 1)
    #expect(try TemplateFixture.problems(Self.text, parameters: ["memory": ""]).count == 1)
  }

  @Test(
    "refuse what is of the wrong type or out of range, at their declaration",
    arguments: [
      ("cpus", "two", "it.yaml:2:9: Parameter 'cpus': Expected an integer from 1 to 8, found the text 'two'"),
      ("cpus", "9", "it.yaml:2:9: Parameter 'cpus': The number '9' is too large (the most is 8)"),
      (
        "cpus", "99999999999999999999",
        "it.yaml:2:9: Parameter 'cpus': The number '99999999999999999999' is too large (the most is 8)"
      ),
      (
        "memory", "1",
        "it.yaml:3:11: Parameter 'memory': Expected a size: the size '1' has no unit (write 1MiB or 1GiB)"
      ),
      ("memory", "32MiB", "it.yaml:3:11: Parameter 'memory': The size 32MiB is too small (the least is 64MiB)"),
      ("nested", "yes", "it.yaml:4:11: Parameter 'nested': Expected true or false, found the text 'yes' (write true)"),
      (
        "model", "itc",
        "it.yaml:5:10: Parameter 'model': Expected one of i6300esb, itco, found the text 'itc' (did you mean 'itco'?)"
      ),
      ("title", "a\nb", "it.yaml:6:10: Parameter 'title': The text 'a?b' may not have several lines"),
      ("title", "a\0b", "it.yaml:6:10: Parameter 'title': The text 'a?b' holds the control character U+0"),
      ("disk", "", "it.yaml:7:9: Parameter 'disk': Expected a path, found an empty text"),
      ("memroy", "1GiB", "it.yaml:1:1: Unknown parameter 'memroy' (did you mean 'memory'?)"),
      ("a\nb", "1", "it.yaml:1:1: Unknown parameter 'a?b' (known are: cpus, memory, nested, model, title, disk)"),
    ])
  func refuse(name: String, value: String, expected: String) throws {
    #expect(try TemplateFixture.problems(Self.text, parameters: [name: value]) == [expected])
    let error = #expect(throws: TemplateErrors.self) {
      try TemplateFixture.load(Self.text, parameters: [name: value])
    }
    #expect(error?.nestorError.code == .invalidParameter)
  }

  @Test("a template without parameters says so")
  func none() throws {
    #expect(
      try TemplateFixture.problems("cpus: 1\n", parameters: ["cpus": "1"]) == [
        "it.yaml:1:1: Unknown parameter 'cpus' (this template has no parameters)"
      ])
  }

  @Test("one without default must be given")
  func required() throws {
    let text = "parameters:\n  disk: {type: path, description: The disk}\ndisks:\n  - path: ${disk}\n"
    #expect(
      try TemplateFixture.problems(text) == [
        "it.yaml:2:9: The parameter 'disk' needs a value: The disk (give -P disk=…)"
      ])
    let fixture = try TemplateFixture(["it.yaml": text])
    let summary = try #require(fixture.library.list().first)
    #expect(summary.problems.isEmpty)
    #expect(summary.parameters.map(\.isRequired) == [true])
    withExtendedLifetime(fixture) {}
  }

  @Test("declarations and references that are wrong stand at their place", arguments: ParameterTests.mistakes)
  func mistake(text: String, expected: [String]) throws {
    let problems = try TemplateFixture.problems(text)
    #expect(problems == expected)
  }

  static let mistakes: [(String, [String])] = [
    (
      "parameters: {memory: {}}\nmemory: ${memroy}\n",
      [
        "it.yaml:1:22: The parameter 'memory' needs a value (give -P memory=…)",
        "it.yaml:2:9: There is no parameter 'memroy' (did you mean 'memory'?)",
      ]
    ),
    (
      "cpus: ${n}\n",
      ["it.yaml:1:7: There is no parameter 'n' (declare it under 'parameters', or write $${ for a literal ${)"]
    ),
    ("description: a ${b\n", ["it.yaml:1:14: The reference '${b' has no '}' (write $${ for a literal ${)"]),
    ("description: ${}\n", ["it.yaml:1:14: '' is not the name of a parameter (write $${ for a literal ${)"]),
    ("description: ${a b}\n", ["it.yaml:1:14: 'a b' is not the name of a parameter (write $${ for a literal ${)"]),
    (
      "parameters: {n: {default: \"4\"}}\ncpus: ${n}\n",
      ["it.yaml:2:7: Expected an integer from 1 to 1024, found the text '4' (give the parameter 'type: integer')"]
    ),
    (
      "parameters: {n: {type: integer, default: 2000}}\ncpus: ${n}\n",
      ["it.yaml:2:7: The number '2000' is too large (the most is 1024)"]
    ),
    (
      "parameters: {n: {type: integer, default: x}}\ncpus: ${n}\n",
      ["it.yaml:1:42: The default of parameter 'n': Expected an integer, found the text 'x'"]
    ),
    (
      "parameters: {n: {type: integer, minimum: 5, maximum: 4, default: 4}}\ncpus: ${n}\n",
      ["it.yaml:1:33: The minimum is greater than the maximum"]
    ),
    (
      "parameters: {n: {type: size, minimum: 5, default: 1GiB}}\nmemory: ${n}\n",
      ["it.yaml:1:39: Expected a size: the size '5' has no unit (write 5MiB or 5GiB)"]
    ),
    (
      "parameters: {n: {type: string, minimum: 5, default: a}}\n",
      ["it.yaml:1:32: 'minimum' belongs to the types integer and size, not string"]
    ),
    ("parameters: {n: {type: choice, default: a}}\n", ["it.yaml:1:17: A parameter of type choice needs 'choices'"]),
    (
      "parameters: {n: {choices: [a], default: a}}\n",
      ["it.yaml:1:18: 'choices' belongs to the type choice, not string (write 'type: choice')"]
    ),
    (
      "parameters: {n: {type: choice, choices: [a], default: b}}\n",
      ["it.yaml:1:55: The default of parameter 'n': Expected 'a', found the text 'b'"]
    ),
    (
      "parameters: {n: {type: intger, default: 1}}\n",
      [
        "it.yaml:1:24: Expected one of string, integer, size, boolean, choice, path, found the text 'intger' "
          + "(did you mean 'integer'?)"
      ]
    ),
    (
      "parameters: {n: {defualt: 1}}\n",
      ["it.yaml:1:18: Unknown key 'defualt' in a parameter (did you mean 'default'?)"]
    ),
    (
      "parameters: {n: {required: true, default: 1}}\n",
      [
        "it.yaml:1:18: A parameter with a default cannot be required "
          + "(leave 'required' out, or write 'default: null' to drop an inherited default)"
      ]
    ),
    (
      "parameters: {1n: {default: 1}}\n",
      [
        "it.yaml:1:14: The name '1n' is not a parameter's name: a letter, then letters, digits, '_' or '-', at most 63"
      ]
    ),
    ("parameters: [a]\n", ["it.yaml:1:13: Expected a map, found a list"]),
    ("parameters: {n: 4}\n", ["it.yaml:1:17: Expected a map of a parameter, found the integer '4'"]),
  ]

  @Test("a value for a parameter whose declaration is wrong is no further mistake")
  func brokenDeclaration() throws {
    let text = "parameters: {n: {type: intger}}\ncpus: ${n}\n"
    let problems = try TemplateFixture.problems(text, parameters: ["n": "1"])
    #expect(problems.count == 1)
    #expect(problems.first?.hasPrefix("it.yaml:1:24: Expected one of string,") == true)
  }

  @Test("a template can change the default of a parameter that it inherits")
  func inheritedDefault() throws {
    let fixture = try TemplateFixture([
      "p.yaml": "parameters: {n: {type: integer, default: 1, maximum: 4}}\ncpus: ${n}\n",
      "c.yaml": "extends: p\nparameters: {n: {default: 3}}\n",
      "d.yaml": "extends: p\nparameters: {n: {default: 5}}\n",
      "e.yaml": "extends: p\nparameters: {n: {default: null}}\n",
    ])
    #expect(try fixture.load("c").template.cpus == 3)
    #expect(try fixture.load("c", parameters: ["n": "2"]).template.cpus == 2)
    #expect(
      try fixture.problems("d") == [
        "d.yaml:2:27: The default of parameter 'n': The number '5' is too large (the most is 4)"
      ])
    #expect(try fixture.problems("e").first?.contains("The parameter 'n' needs a value") == true)
  }

  @Test("references that grow without end are cut off")
  func growth() throws {
    let reference = String(repeating: "${a}", count: 2000)
    let text = "parameters: {a: {default: \(String(repeating: "x", count: 1000))}}\ndescription: \(reference)\n"
    #expect(
      try TemplateFixture.problems(text) == ["it.yaml:2:14: The text has more than 65536 bytes once filled in"])
  }

  @Test("a path as default begins at the template's folder")
  func pathDefault() throws {
    let fixture = try TemplateFixture([
      "sub/p.yaml": "parameters: {k: {type: path, default: ./vmlinuz}}\nboot: {kernel: \"${k}\"}\n",
      "c.yaml": "extends: sub/p.yaml\n",
    ])
    #expect(try fixture.load("c").template.boot.kernel == fixture.scratch.path + "/sub/vmlinuz")
  }
}
