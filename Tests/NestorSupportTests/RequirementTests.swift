import NestorSupport
import Testing

@Suite("A requirement")
struct RequirementTests {
  private func requirement(fatal: Bool, _ finding: Finding) -> Requirement {
    Requirement(id: "x", what: "x", reason: "x", isFatal: fatal, remedy: "do x") { finding }
  }

  @Test("that is not fatal only warns, and both say the remedy")
  func severity() async {
    #expect(await requirement(fatal: true, Finding(.fail, "no")).check() == Finding(.fail, "no", remedy: "do x"))
    #expect(await requirement(fatal: false, Finding(.fail, "no")).check() == Finding(.warn, "no", remedy: "do x"))
  }

  @Test("keeps a remedy that the probe knows better, and needs none when it passes")
  func remedies() async {
    #expect(await requirement(fatal: true, Finding(.fail, "no", remedy: "y")).check().remedy == "y")
    #expect(await requirement(fatal: true, Finding(.pass, "yes")).check().remedy == nil)
    #expect(await requirement(fatal: true, Finding(.skip, "not here")).check().remedy == nil)
  }
}
