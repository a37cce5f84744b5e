import NestorSupport
import Templates
import Testing

@Suite("The library of templates")
struct TemplateLibraryTests {
  @Test("lists what names find, sorted, with what is wrong instead of failing")
  func lists() throws {
    let fixture = try TemplateFixture([
      "a/web.yaml": "description: mine\n", "b/web.yaml": "description: shipped\n",
      "b/broken.yaml": "description: bad\ncpus: x\nmemroy: 1GiB\n", "b/syntax.yaml": "cpus: [\n",
      "b/wrong name.yaml": "cpus: 1\n", "b/notes.txt": "no template", "b/.hidden.yaml": "cpus: 1\n",
      "b/child.yaml": "extends: web\nparameters: {n: {type: integer, default: 1}}\n",
    ])
    let path = fixture.scratch.path
    let library = TemplateLibrary(searchPath: [path + "/none", path + "/a", path + "/b"])
    let all = library.list()
    withExtendedLifetime(fixture) {}
    #expect(all.map(\.name) == ["broken", "child", "syntax", "web", "wrong name"])
    #expect(all.map(\.description) == ["bad", "mine", "", "mine", ""])
    #expect(all.map(\.problems.count) == [2, 0, 1, 0, 1])
    #expect(all[0].problems.map(\.location?.line) == [2, 3])
    #expect(all[1].parameters.map(\.name) == ["n"])
    #expect(all[3].file == path + "/a/web.yaml")
    #expect(library.names() == ["broken", "child", "syntax", "web"])
  }

  @Test("looks in the user's folder, then the system's, then the program's")
  func searchPath() {
    #expect(
      TemplateLibrary.defaultSearchPath(shipped: "/opt/nestor/domains", home: "/root") == [
        "/root/.config/nestor/domains", "/etc/nestor/domains", "/opt/nestor/domains",
      ])
    #expect(
      TemplateLibrary.defaultSearchPath(shipped: nil, home: "/root", configHome: "/conf") == [
        "/conf/nestor/domains", "/etc/nestor/domains",
      ])
    #expect(
      TemplateLibrary.defaultSearchPath(shipped: nil, home: "/root", machine: "/srv/nestor") == [
        "/root/.config/nestor/domains", "/srv/nestor/domains",
      ])
    // A relative folder in the environment would depend on where the program was started.
    #expect(
      TemplateLibrary.defaultSearchPath(shipped: nil, home: nil, configHome: "conf") == ["/etc/nestor/domains"])
  }

  @Test("tells one mistake as the error itself and several as its cause")
  func nestorErrors() throws {
    let place = SourceLocation(file: "a.yaml", line: 2, column: 3)
    let first = TemplateError("Unknown key 'x' in cpu", at: place, hint: "did you mean 'y'?")
    let one = first.nestorError
    #expect(one == NestorError(.invalidTemplate, "a.yaml:2:3: Unknown key 'x' in cpu", hint: "did you mean 'y'?"))
    let second = TemplateError("Bad", at: SourceLocation(file: "a.yaml", line: 1, column: 9))
    let both = TemplateErrors([first, second, first])
    #expect(both.description == "a.yaml:1:9: Bad\na.yaml:2:3: Unknown key 'x' in cpu (did you mean 'y'?)")
    #expect(both.nestorError.message == "The template has 2 mistakes")
    #expect("\(both.nestorError)".hasPrefix("The template has 2 mistakes:\n"))
    #expect(both.nestorError.cause == "\n" + both.description)
  }
}
