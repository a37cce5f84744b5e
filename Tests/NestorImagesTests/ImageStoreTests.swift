import Foundation
import NestorSupport
import NestorTestSupport
import Testing

@testable import NestorImages

@Suite("The store of images")
struct ImageStoreTests {
  private let scratch: ScratchState
  private let store: ImageStore

  init() throws {
    scratch = try ScratchState()
    store = ImageStore(scratch.state)
  }

  private static func record(_ text: String) -> ImageRecord {
    ImageRecord(
      kind: .kernel, description: text, created: "2026-01-01T00:00:00Z", sources: [],
      files: ["kernel": ImageRecord.File(name: "kernel", size: 1, sha256: text)])
  }

  private func names() throws -> [String] { try FileTree.names(in: scratch.state.images) }

  @Test("An image is made once, answered with from then on, and made anew on request")
  func make() async throws {
    let first = try await store.make("web", rebuild: false) { folder in
      try FileTree.write([1], to: "\(folder)/kernel")
      return Self.record("one")
    }
    #expect(first.isNew && first.image.record.description == "one")
    #expect(try first.image.path("kernel") == "\(scratch.state.images)/web/kernel")
    let second = try await store.make("web", rebuild: false) { _ in
      Issue.record("the image is there already")
      return Self.record("two")
    }
    #expect(!second.isNew && second.image == first.image)
    let third = try await store.make("web", rebuild: true) { _ in Self.record("three") }
    #expect(third.isNew)
    #expect(try store.image("web").record.description == "three")
    #expect(try names() == ["tiny", "web"] && store.leftovers() == [])
    #expect(try store.list().map(\.name) == ["tiny", "web"])
  }

  @Test("When making fails nothing is left, and an image that was there stays")
  func failure() async throws {
    for rebuild in [false, true] {
      await #expect(throws: NestorError.self) {
        _ = try await store.make("new", rebuild: rebuild) { folder in
          try FileTree.write([1], to: "\(folder)/kernel")
          throw NestorError(.failed, "no package")
        }
      }
      #expect(try names() == ["tiny"])
    }
    await #expect(throws: NestorError.self) {
      _ = try await store.make("tiny", rebuild: true) { _ in throw NestorError(.failed, "no package") }
    }
    #expect(try names() == ["tiny"] && store.image("tiny").record.description == "two files")
    #expect(try FileTree.names(in: scratch.state.locks) == [])
  }

  @Test("What a killed program left is shown, is no image, and does not disturb the next try")
  func leftovers() async throws {
    for name in [".new-web", ".gone-old"] { try scratch.write("state/images/\(name)/kernel", "half") }
    #expect(try store.leftovers() == [".gone-old", ".new-web"].map { "\(scratch.state.images)/\($0)" })
    #expect(try store.list().map(\.name) == ["tiny"])
    #expect(throws: NestorError.self) { try store.image(".new-web") }
    let made = try await store.make("web", rebuild: false) { folder async throws -> ImageRecord in
      #expect(try FileTree.names(in: folder) == [], "the folder is a fresh one")
      return Self.record("whole")
    }
    #expect(made.isNew)
    #expect(try store.leftovers() == ["\(scratch.state.images)/.gone-old"])
  }

  @Test("Two that make the same image at once make it once")
  func together() async throws {
    let store = store
    let made = try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 1...8 {
        group.addTask { try await store.make("web", rebuild: false) { _ in Self.record("\(number)") }.isNew }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(made == 1)
    #expect(try names() == ["tiny", "web"])
  }

  @Test("A directory without a record is no image, whoever put it there")
  func noRecord() throws {
    try FileTree.makeDirectory("\(scratch.state.images)/mine")
    #expect(try store.list().map(\.name) == ["tiny"])
    let error = #expect(throws: NestorError.self) { try store.image("mine") }
    #expect(error?.code == .notFound && error?.message == "there is no image 'mine'", "\(String(describing: error))")
  }

  @Test(
    "A record that cannot be read is an error that names its file, and is left out of the list",
    arguments: ["", "{", "[]", "{\"kind\": \"tape\"}", "\u{0}", "{\"kind\": \"kernel\"}"])
  func corrupted(_ text: String) throws {
    try scratch.write("state/images/bad/image.json", text)
    let error = #expect(throws: NestorError.self) { try store.image("bad") }
    #expect(error?.code == .corrupted && error?.cause?.contains("/images/bad/image.json") == true)
    #expect(error?.hint == "delete the image and make it again: nestor image delete bad")
    #expect(try store.list().map(\.name) == ["tiny"])
  }

  @Test("A name that is none, and one that is nearly one, are told apart")
  func near() throws {
    let near = #expect(throws: NestorError.self) { try store.image("tinny") }
    #expect(near?.code == .notFound && near?.hint?.contains("did you mean 'tiny'?") == true)
    for name in ["", "..", "a/b", "a\nb", ".new-tiny", String(repeating: "x", count: 300)] {
      #expect(throws: (any Error).self) { try store.image(name) }
    }
  }

  @Test("An image that turns out to be needed is neither deleted nor replaced, even when that shows late")
  func needed() async throws {
    let used = NestorError(.busy, "in use")
    for late in [false, true] {
      let asked = Lines()
      let check = {
        asked.add("asked")
        if !late || asked.all.count == 2 { throw used }
      }
      let deletion = await #expect(throws: NestorError.self) {
        try await store.delete("tiny", requireUnused: check)
      }
      #expect(deletion == used && asked.all.count == (late ? 2 : 1))
      let asked2 = Lines()
      let replacement = await #expect(throws: NestorError.self) {
        _ = try await store.make(
          "tiny", rebuild: true,
          requireUnused: {
            asked2.add("asked")
            if !late || asked2.all.count == 2 { throw used }
          }
        ) { _ in
          #expect(late, "no work is done for nothing")
          return Self.record("new")
        }
      }
      #expect(replacement == used)
      #expect(try names() == ["tiny"] && store.image("tiny").record.description == "two files")
    }
  }

  @Test("A deleted image is gone with all its files")
  func delete() async throws {
    try await store.delete("tiny")
    #expect(try names() == [] && FileTree.names(in: scratch.state.locks) == [])
  }

  @Test("An image without a file that is needed says so")
  func role() throws {
    let error = #expect(throws: NestorError.self) { try store.image("tiny").path("firmware") }
    #expect(error?.code == .corrupted && error?.message == "image 'tiny' has no firmware")
    #expect(try store.image("tiny").digest == "bb:aa" && store.image("tiny").size == 7)
  }
}
