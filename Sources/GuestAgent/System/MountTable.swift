/// The mounted file systems, as /proc/self/mountinfo lists them, see proc(5).
struct MountTable {
  /// A line of the list.
  struct Mount: Equatable {
    let number: UInt32
    let parent: UInt32
    /// The device's numbers, such as `254:0`; the same for all mounts of a file system.
    let device: String
    /// Which folder of the file system is mounted.
    let root: [UInt8]
    let mountPoint: [UInt8]
    let type: String
    /// Whether the file system itself, not only this mount, is read-only.
    let isReadOnly: Bool
  }

  let mounts: [Mount]
  private let blockTypes: Set<String>

  /// Reads both lists' bytes; lines that make no sense are left out. `fileSystems` is /proc/filesystems.
  init(mountInfo: [UInt8], fileSystems: [UInt8]) {
    mounts = mountInfo.split(separator: UInt8(ascii: "\n")).compactMap(Self.mount)
    // A type with "nodev" lives on no disk: pseudo and network file systems, overlays.
    blockTypes = Set(
      fileSystems.split(separator: UInt8(ascii: "\n")).filter { $0.first == UInt8(ascii: "\t") }
        .map { String(decoding: $0.dropFirst(), as: UTF8.self) })
  }

  /// Reads the guest's lists.
  init(_ system: GuestSystem) {
    self.init(
      mountInfo: system.read("/proc/self/mountinfo", limit: 4 << 20) ?? [],
      fileSystems: system.read("/proc/filesystems") ?? [])
  }

  private static func mount(_ line: ArraySlice<UInt8>) -> Mount? {
    let fields = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    // A number of optional fields comes before the one that is a dash.
    guard fields.count >= 10, let dash = fields[6...].firstIndex(where: { $0.elementsEqual([UInt8(ascii: "-")]) }),
      fields.count >= dash + 4, let number = UInt32(String(decoding: fields[0], as: UTF8.self)),
      let parent = UInt32(String(decoding: fields[1], as: UTF8.self))
    else { return nil }
    let options = fields[dash + 3].split(separator: UInt8(ascii: ","))
    return Mount(
      number: number, parent: parent, device: String(decoding: fields[2], as: UTF8.self), root: unescaped(fields[3]),
      mountPoint: unescaped(fields[4]), type: String(decoding: fields[dash + 1], as: UTF8.self),
      isReadOnly: options.contains { $0.elementsEqual("ro".utf8) })
  }

  /// Space, tab, line feed and backslash are written as a backslash and three octal digits.
  private static func unescaped(_ field: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var rest = field
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3)
      guard byte == UInt8(ascii: "\\"), digits.count == 3,
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
      else {
        result.append(byte)
        continue
      }
      result.append(value)
      rest = rest.dropFirst(3)
    }
    return result
  }

  /// Why a mount's file system cannot be frozen, or nil where it can.
  func obstacle(_ mount: Mount) -> String? {
    if !blockTypes.contains(mount.type) { return "is a file system without a disk (\(mount.type))" }
    // Its program would have to write while nobody may.
    if mount.type == "fuseblk" { return "is a file system that a program serves (\(mount.type))" }
    if mount.isReadOnly { return "is read-only" }
    return nil
  }

  /// All file systems that can be frozen, each once, in the order in which to freeze them.
  ///
  /// What is mounted on or from a file of another one comes before that: mounts are listed as they were made, so this is
  /// the list from its end, but children always before their parents.
  var freezable: [Mount] {
    ordered(mounts.filter { obstacle($0) == nil })
  }

  /// The given mounts' file systems, each once, in the order in which to freeze them.
  func ordered(_ wanted: [Mount]) -> [Mount] {
    let devices = Set(wanted.map(\.device))
    var children: [UInt32: [Int]] = [:]
    for (index, mount) in mounts.enumerated() { children[mount.parent, default: []].append(index) }
    var order: [Int] = []
    var isSeen = [Bool](repeating: false, count: mounts.count)
    // Not by recursion: how deep mounts lie in each other is for the guest to say.
    for top in mounts.indices.reversed() where !isSeen[top] {
      var stack = [(index: top, isDone: false)]
      while let (index, isDone) = stack.popLast() {
        if isDone {
          order.append(index)
        } else if !isSeen[index] {
          isSeen[index] = true
          stack.append((index, true))
          // The last of the stack is the first to be taken.
          for child in children[mounts[index].number] ?? [] { stack.append((child, false)) }
        }
      }
    }
    // A file system with several mounts counts where it was mounted first, preferably as a whole.
    var place: [String: Int] = [:]
    for index in mounts.indices where devices.contains(mounts[index].device) {
      let mount = mounts[index]
      if let old = place[mount.device], mounts[old].root == Array("/".utf8) || mount.root != Array("/".utf8) {
        continue
      }
      place[mount.device] = index
    }
    return order.filter { place[mounts[$0].device] == $0 }.map { mounts[$0] }
  }

  /// The mount that is seen at a mount point: the last one made there.
  func mount(at mountPoint: [UInt8]) -> Mount? {
    var path = mountPoint[...]
    while path.count > 1, path.last == UInt8(ascii: "/") { path = path.dropLast() }
    return mounts.last { $0.mountPoint.elementsEqual(path) }
  }

  /// The mount on which a path lies.
  func mount(of path: String) -> Mount? {
    let path = Array(path.utf8)
    var best: Mount?
    for mount in mounts {
      let isRoot = mount.mountPoint == Array("/".utf8)
      let isAbove =
        path.starts(with: mount.mountPoint)
        && (isRoot || path.count == mount.mountPoint.count || path[mount.mountPoint.count] == UInt8(ascii: "/"))
      if isAbove, mount.mountPoint.count >= best?.mountPoint.count ?? 0 { best = mount }
    }
    return best
  }
}
