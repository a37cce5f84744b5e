/// One line of /proc/self/mountinfo, as in proc_pid_mountinfo(5).
struct MountEntry {
  /// The folder of the file system that is mounted.
  let source: Substring
  /// Where it is mounted.
  let target: Substring
  /// The file system's type.
  let type: Substring
  /// The file system's own options: for version 1 cgroups the controllers.
  let options: [Substring]

  init?(_ line: Substring) {
    let fields = line.split(separator: " ")
    guard let separator = fields.firstIndex(of: "-"), separator >= 6, fields.count >= separator + 4 else { return nil }
    source = fields[3]
    target = fields[4]
    type = fields[separator + 1]
    options = fields[separator + 3].split(separator: ",")
  }

  /// Where a path of the file system is to be seen: below the mount, as far as the mount shows it.
  func folder(of path: Substring) -> String {
    var inside = path
    if source != "/", inside == source || inside.hasPrefix(source + "/") { inside = inside.dropFirst(source.count) }
    // Outside of the cgroup namespace, which shows no more than its own root.
    if inside.hasPrefix("/..") || inside == "/" { inside = "" }
    return String(target + inside)
  }
}
