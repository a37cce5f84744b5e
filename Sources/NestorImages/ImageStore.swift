import CLinux
import FoundationEssentials
import Glibc
import NestorSupport
import Templates

/// The images on this machine, each a folder with an `image.json`.
package struct ImageStore: Sendable {
  private let state: StateDirectory

  /// Opens the store of a state folder; nothing is made until an image is.
  package init(_ state: StateDirectory) {
    self.state = state
  }

  /// All images by name; a folder whose record cannot be read is left out.
  package func list() throws -> [Image] {
    try FileTree.names(in: state.images).filter { !$0.hasPrefix(".") }.compactMap { try? read($0) }
  }

  package func image(_ name: String) throws -> Image {
    do {
      return try read(name)
    } catch let error as SystemError {
      guard error.number == ENOENT || error.number == ENOTDIR else {
        throw error.explained("cannot read the image '\(name)'")
      }
      let known = try list().map(\.name)
      let near = NearestName.suggestion(for: name, among: known).map { "\($0) " } ?? ""
      throw NestorError(
        .notFound, "there is no image '\(name)'",
        hint: near
          + (ImageBuilder.recipes.contains(name)
            ? "make it: nestor image build \(name)"
            : (try? ImageBuilder.catalogue())?[name] != nil
              ? "download it: nestor image pull \(name)" : "see: nestor image list, nestor image catalogue"))
    }
  }

  /// The image of a name; throws ``SystemError`` where its record is not there.
  private func read(_ name: String) throws -> Image {
    let directory = "\(state.images)/\(try checked(name))"
    let bytes = try FileTree.read("\(directory)/image.json")
    do {
      let record = try JSONDecoder().decode(ImageRecord.self, from: Data(bytes))
      return Image(name: name, directory: directory, record: record)
    } catch {
      throw NestorError(
        .corrupted, "the record of image '\(name)' cannot be read", cause: "\(directory)/image.json: \(error)",
        hint: "delete the image and make it again: nestor image delete \(name)")
    }
  }

  /// A name that no image has: the wanted one, cut to leave room for a number, or with that behind it.
  package func freeName(_ wanted: String) throws -> String {
    // Names have at most 63 characters.
    let wanted = String(wanted.prefix(58))
    let taken = Set(try list().map(\.name))
    guard taken.contains(wanted) else { return wanted }
    return (2...).lazy.map { "\(wanted)-\($0)" }.first { !taken.contains($0) } ?? wanted
  }

  /// Whether there is an image of a name, also one whose record cannot be read.
  package func holds(_ name: String) throws -> Bool {
    FileTree.exists("\(state.images)/\(try checked(name))/image.json")
  }

  /// Makes an image: `fill` puts files into a folder aside and describes them; the whole folder then gets its name.
  ///
  /// An image of that name is answered with, or replaced in one step if `rebuild` is set. A kill leaves a folder whose
  /// name begins with a dot, which ``leftovers()`` shows.
  ///
  /// `requireUnused` throws where the image that would be replaced is needed. It is asked before the work, to no avail of
  /// which nobody should wait, and again when the old image is out of reach already; it is put back then.
  ///
  /// Who else makes it is waited for, at most `patience`; `waiting` is called then.
  package func make(
    _ name: String, rebuild: Bool, patience: Duration = .seconds(900), waiting: @Sendable () -> Void = {},
    requireUnused: () async throws -> Void = {},
    fill: (_ directory: String) async throws -> ImageRecord
  ) async throws -> (image: Image, isNew: Bool) {
    let name = try checked(name)
    try state.prepare()
    return try await FileLock.holding(
      state.lock("image", name), purpose: "make the image '\(name)'", timeout: patience, waiting: waiting
    ) {
      if try holds(name) {
        // One whose record cannot be read may lie under guests' disks all the same.
        guard rebuild else { return (try image(name), false) }
        try await requireUnused()
      }
      for leftover in try leftovers() where leftover.hasSuffix("/.new-\(name)") { try FileTree.remove(leftover) }
      let aside = "\(state.images)/.new-\(name)"
      let directory = "\(state.images)/\(name)"
      do {
        try FileTree.makeDirectory(aside, mode: 0o755)
        let record = try await fill(aside)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try FileTree.write(try encoder.encode(record), to: "\(aside)/image.json")
        if FileTree.exists(directory) {
          try exchange(aside, directory)
          do {
            try await requireUnused()
          } catch {
            try exchange(aside, directory)
            throw error
          }
          try FileTree.remove(aside)
        } else {
          try FileTree.rename(aside, to: directory)
        }
        return (Image(name: name, directory: directory, record: record), true)
      } catch {
        try? FileTree.remove(aside)
        throw error
      }
    }
  }

  private func exchange(_ first: String, _ second: String) throws {
    let status = nestor_exchange(first, second)
    guard status == 0 else { throw SystemError("exchange \(first) and \(second)", number: -status) }
  }

  /// Deletes an image, unless `requireUnused` throws; it is asked before, and when the image is out of reach already.
  package func delete(_ name: String, requireUnused: () async throws -> Void = {}) async throws {
    // Whoever asks for one that is not there is told what there is.
    if try !holds(name) { _ = try image(name) }
    let directory = "\(state.images)/\(name)"
    // A boot empties the folder of locks.
    try state.prepare()
    try await FileLock.holding(
      state.lock("image", name), purpose: "delete the image '\(name)'", timeout: .seconds(60)
    ) {
      try await requireUnused()
      // Without its record the folder is no image any more, so a kill in the middle leaves none that is half there.
      let aside = "\(state.images)/.gone-\(name)"
      try FileTree.remove(aside)
      try FileTree.rename(directory, to: aside)
      do {
        try await requireUnused()
      } catch {
        try FileTree.rename(aside, to: directory)
        throw error
      }
      try FileTree.remove(aside)
    }
  }

  /// A name that an image can have, which is one that a guest can have.
  private func checked(_ name: String) throws -> String {
    do {
      return try GuestName(name).text
    } catch {
      throw NestorError(.invalidName, "an image cannot have this name", cause: error.message, hint: error.hint)
    }
  }

  /// The folders of images that were being made or deleted when their program was killed.
  package func leftovers() throws -> [String] {
    try FileTree.names(in: state.images).filter { $0.hasPrefix(".") }.map { "\(state.images)/\($0)" }
  }
}
