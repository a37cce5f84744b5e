import Foundation
import TestSupport
import Testing

@Suite("The stamp of a gate that passed")
struct TestStampTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test("is found for the commit that it was given for, and for no other")
  func found() async throws {
    try await makeRepository()
    let commit = try await head()
    #expect(try await stamp("commit").output == "\(commit)\n")
    #expect(
      try await stamp("ask").errors.hasPrefix("error: the gate has not passed on this machine for commit \(commit)"))
    #expect(try await stamp("ask").status == 1)

    #expect(try await stamp("add", commit, "12").status == 0)
    let answer = try await stamp("ask")
    #expect(answer.output == "commit \(commit) passed the gate on this machine in 12 min\n")
    #expect(answer.status == 0)
    // What people type.
    #expect(try await script("test", ["--was-tested"]).output == answer.output)

    try await git("commit", "-q", "--allow-empty", "-m", "Another")
    #expect(try await stamp("ask").status == 1)
    #expect(folder.read("tested") == "\(commit) 12\n")
  }

  @Test("is given to no tree with changes, nor to one that has moved on")
  func changed() async throws {
    try await makeRepository()
    let commit = try await head()
    try folder.write("let new = 1\n", to: "repository/New.swift")
    #expect(try await stamp("commit").output == "")
    #expect(try await stamp("add", commit, "12").status == 0)
    #expect(try await stamp("ask").errors.hasPrefix("error: files differ from commit \(commit)"))
    try await git("add", ".")
    try await git("commit", "-q", "-m", "Another")
    #expect(try await stamp("add", commit, "12").status == 0)
    #expect(folder.read("tested") == "")
  }

  @Test("is neither written into nor read from what somebody else may have put there")
  func foreign() async throws {
    try await makeRepository()
    let commit = try await head()
    try folder.write("\(commit) 1\n", to: "theirs")
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/tested", withDestinationPath: "\(folder.path)/theirs")
    let result = try await stamp("add", commit, "12")
    #expect(result.status == 1)
    #expect(result.errors.hasPrefix("error: \(folder.path)/tested is no file of this user's"))
    #expect(folder.read("theirs") == "\(commit) 1\n")
    #expect(try await stamp("ask").status == 1)
  }

  private func makeRepository() async throws {
    let scripts = "\(folder.path)/repository/scripts"
    try FileManager.default.createDirectory(atPath: scripts, withIntermediateDirectories: true)
    for name in ["lib.sh", "test", "test-stamp"] {
      try FileManager.default.copyItem(atPath: Repository.script(name), toPath: "\(scripts)/\(name)")
    }
    try await git("init", "-q")
    try await git("add", ".")
    try await git("commit", "-q", "-m", "First")
  }

  private func head() async throws -> String {
    try await git("rev-parse", "HEAD").output.trimmingCharacters(in: .newlines)
  }

  @discardableResult
  private func git(_ words: String...) async throws -> ProgramResult {
    let author = ["-c", "user.name=Nobody", "-c", "user.email=nobody@localhost"]
    let result = try await folder.run(["git", "-C", "\(folder.path)/repository"] + author + words)
    guard result.status == 0 else { throw LabError("\(result)") }
    return result
  }

  private func stamp(_ words: String...) async throws -> ProgramResult {
    try await script("test-stamp", words)
  }

  private func script(_ name: String, _ words: [String]) async throws -> ProgramResult {
    try await folder.run(
      ["\(folder.path)/repository/scripts/\(name)"] + words, ["NESTOR_TESTED": "\(folder.path)/tested"])
  }
}
