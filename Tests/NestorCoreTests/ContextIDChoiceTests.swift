import Testing

@testable import NestorCore

@Suite struct ContextIDChoiceTests {
  private let uuid = "7c1f0f1e-6f34-4b3c-8f3a-0d1c2b3a4f55"
  private var own: [UInt32] { (0..<3).map { Identifiers.contextID(uuid: uuid, attempt: $0) } }

  private func choice(taken: Set<UInt32>) -> ContextIDChoice {
    ContextIDChoice(uuid: uuid) { taken.contains($0) ? .taken : .free }
  }

  @Test("a guest keeps its ID while that is free")
  func keeps() {
    #expect(choice(taken: []).choose(current: own[0]) == own[0])
    #expect(choice(taken: [own[0]]).choose(current: own[1]) == own[1])
  }

  @Test("a guest whose ID is taken gets the next one of its own")
  func next() {
    #expect(choice(taken: [own[0]]).choose(current: own[0]) == own[1])
    #expect(choice(taken: [own[0], own[1]]).choose(current: own[0]) == own[2])
  }

  @Test("an ID that was refused at the start is not tried again")
  func refused() {
    #expect(choice(taken: []).choose(current: own[0], refused: [own[0]]) == own[1])
    #expect(choice(taken: []).choose(current: own[1], refused: [own[0], own[1]]) == own[2])
  }

  @Test("an ID that the user pinned is never replaced")
  func pinned() {
    #expect(choice(taken: []).choose(current: 4711) == 4711)
    #expect(choice(taken: [4711]).choose(current: 4711) == nil)
    #expect(choice(taken: []).isPinned(4711))
    #expect(!choice(taken: []).isPinned(own[2]))
  }

  @Test("the ID that the guest itself gives up counts as free")
  func givenUp() {
    var choice = choice(taken: [own[0], own[1], 4711])
    choice.own = own[1]
    #expect(choice.choose(current: own[1]) == own[1])
    #expect(choice.choose(current: own[0]) == own[1])
    choice.own = 4711
    #expect(choice.choose(current: 4711) == 4711)
  }

  @Test("where no ID can be tried the guest keeps its own, and libvirt decides")
  func unknown() {
    let choice = ContextIDChoice(uuid: uuid) { _ in .unknown }
    #expect(choice.choose(current: own[0]) == own[0])
  }

  @Test("when all are taken there is none")
  func exhausted() {
    let choice = ContextIDChoice(uuid: uuid) { _ in .taken }
    #expect(choice.choose(current: own[0]) == nil)
  }
}
