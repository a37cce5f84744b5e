import Glibc
import NestorSupport
import Testing

@Suite("Files and folders")
struct FileTreeTests {
  let folder = "/tmp/nestor-files-\(getpid())-\(UInt32.random(in: 0 ... .max))"

  @Test("A written file replaces the old one whole, with its mode, and leaves nothing aside")
  func write() throws {
    defer { try? FileTree.remove(folder) }
    try FileTree.makeDirectory(folder, mode: 0o700)
    try FileTree.write([1, 2, 3], to: "\(folder)/f", mode: 0o600)
    try FileTree.write([4], to: "\(folder)/f", mode: 0o640)
    #expect(try FileTree.read("\(folder)/f") == [4])
    #expect(try FileTree.names(in: folder) == ["f"])
    var information = stat()
    #expect(stat("\(folder)/f", &information) == 0)
    #expect(information.st_mode & 0o777 == 0o640)
  }

  @Test("A file of others that is replaced stays whose and what it was, and a link to it stays a link")
  func replace() throws {
    defer { try? FileTree.remove(folder) }
    try FileTree.makeDirectory(folder)
    let path = "\(folder)/f"
    // Another owner takes root.
    let owner = geteuid() == 0 ? (user: uid_t(4711), group: gid_t(4712)) : (user: geteuid(), group: getegid())
    try FileTree.write([1], to: path, mode: 0o4640, owner: owner)
    #expect(symlink("f", "\(folder)/link") == 0)
    try FileTree.replace("\(folder)/link", with: [2, 3])
    #expect(try FileTree.read(path) == [2, 3] && FileTree.names(in: folder) == ["f", "link"])
    var information = stat()
    #expect(lstat(path, &information) == 0 && information.st_mode == S_IFREG | 0o4640)
    #expect(information.st_uid == owner.user && information.st_gid == owner.group)
    #expect(lstat("\(folder)/link", &information) == 0 && information.st_mode & S_IFMT == S_IFLNK)

    try FileTree.replace("\(folder)/new/file", with: [4])
    #expect(stat("\(folder)/new/file", &information) == 0 && information.st_mode & 0o777 == 0o644)
  }

  @Test("A tree is removed with its links, and what they point at stays")
  func remove() throws {
    defer { try? FileTree.remove(folder) }
    try FileTree.makeDirectory("\(folder)/kept")
    try FileTree.makeDirectory("\(folder)/gone/deep/deeper")
    try FileTree.write([1], to: "\(folder)/kept/file")
    #expect(symlink("\(folder)/kept", "\(folder)/gone/deep/link") == 0)
    try FileTree.remove("\(folder)/gone")
    #expect(!FileTree.exists("\(folder)/gone"))
    #expect(FileTree.exists("\(folder)/kept/file"))
    try FileTree.remove("\(folder)/gone")
  }

  @Test("A device or a file over the limit is refused, not read for ever")
  func readLimits() throws {
    defer { try? FileTree.remove(folder) }
    try FileTree.makeDirectory(folder)
    try FileTree.write([UInt8](repeating: 7, count: 100), to: "\(folder)/f")
    #expect(throws: SystemError("read /dev/zero", number: EINVAL)) { try FileTree.read("/dev/zero") }
    #expect(throws: SystemError("read \(folder)/f", number: EFBIG)) { try FileTree.read("\(folder)/f", limit: 99) }
    #expect(try FileTree.read("\(folder)/f", limit: 100).count == 100)
  }

  @Test("A failed call says which, on what, and gets the fitting code")
  func explains() {
    let error = #expect(throws: SystemError.self) { try FileTree.read("/nowhere/at/all") }
    #expect(error?.number == ENOENT)
    let explained = error?.explained("cannot read it", hint: "look elsewhere")
    #expect(explained?.code == .notFound)
    #expect(
      explained?.description
        == "cannot read it: open /nowhere/at/all: No such file or directory\n  hint: look elsewhere")
  }

  @Test("The folder of a path is what comes before its last slash")
  func parents() {
    #expect(FileTree.parent(of: "/a/b") == "/a")
    #expect(FileTree.parent(of: "/a") == "/")
    #expect(FileTree.parent(of: "a") == ".")
  }
}
