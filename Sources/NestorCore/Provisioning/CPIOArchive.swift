/// An archive of the kind that the kernel unpacks into its first root file system: cpio in the `newc` format, see
/// https://docs.kernel.org/driver-api/early-userspace/buffer-format.html.
///
/// Everything in it belongs to root, and all times are 0, so that equal content gives equal bytes. Folders have to be
/// added before what lies in them.
struct CPIOArchive {
  /// The format's number fields have eight hexadecimal digits.
  private static let largestFile = Int(UInt32.max)

  private var body: [UInt8] = []
  private var count: UInt32 = 0

  /// Adds a folder; one that is there already when the archive is unpacked gets the mode too.
  mutating func addFolder(_ path: String, mode: UInt32 = 0o755) {
    add(path, mode: 0o040_000 | mode, links: 2, [])
  }

  /// Adds a regular file. Throws where it is larger than the format can say, which is 4 GiB.
  mutating func addFile(_ path: String, mode: UInt32, _ content: [UInt8]) throws(CPIOError) {
    guard content.count <= Self.largestFile else { throw CPIOError.tooLarge(path) }
    add(path, mode: 0o100_000 | mode, links: 1, content)
  }

  /// The archive's bytes with its end mark.
  var bytes: [UInt8] {
    var whole = self
    whole.write("TRAILER!!!", inode: 0, mode: 0, links: 1, [])
    return whole.body
  }

  private mutating func add(_ path: String, mode: UInt32, links: UInt32, _ content: [UInt8]) {
    count += 1
    write(path, inode: count, mode: mode, links: links, content)
  }

  private mutating func write(_ path: String, inode: UInt32, mode: UInt32, links: UInt32, _ content: [UInt8]) {
    let name = Array(path.utf8) + [0]
    // Inode, mode, owner, group, links, time, size, the file system's and the file's device numbers, length of the name,
    // checksum.
    let fields = [inode, mode, 0, 0, links, 0, UInt32(content.count), 0, 0, 0, 0, UInt32(name.count), 0]
    body += Array("070701".utf8)
    for field in fields { body += Self.digits(field) }
    body += name
    Self.pad(&body)
    body += content
    Self.pad(&body)
  }

  /// Fills up to a multiple of four bytes, at which every header, every content and every archive behind another begins.
  static func pad(_ bytes: inout [UInt8]) {
    bytes += [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
  }

  private static func digits(_ value: UInt32) -> [UInt8] {
    let text = String(value, radix: 16, uppercase: true)
    return [UInt8](repeating: UInt8(ascii: "0"), count: 8 - text.utf8.count) + Array(text.utf8)
  }
}

/// Why a file cannot be put into a ``CPIOArchive``.
enum CPIOError: Error, Equatable {
  /// The file of this path is too large for the format.
  case tooLarge(String)
}
