import Glibc

/// Tells of changes in folders, by inotify(7); folders that are not there yet are watched once they are.
final class ChangeNotice {
  /// Readable when something has changed, or nil where the kernel has no inotify to spare.
  let descriptor: Int32?
  private let parents: [String]
  private let folders: [String]

  /// Watches what is made in `parents` and all that is done to the files in `folders`.
  init(parents: [String], folders: [String]) {
    let handle = inotify_init1(Int32(O_CLOEXEC | O_NONBLOCK))
    descriptor = handle < 0 ? nil : handle
    self.parents = parents
    self.folders = folders
    watch()
  }

  deinit {
    if let descriptor { close(descriptor) }
  }

  /// Forgets what has been told so far, and watches folders that are new.
  func drain() {
    guard let descriptor else { return }
    var bytes = [UInt8](repeating: 0, count: 8192)
    while read(descriptor, &bytes, bytes.count) > 0 {}
    watch()
  }

  private func watch() {
    guard let descriptor else { return }
    // A folder that is watched already keeps its watch.
    for parent in parents { inotify_add_watch(descriptor, parent, UInt32(IN_CREATE | IN_MOVED_TO)) }
    for folder in folders {
      inotify_add_watch(descriptor, folder, UInt32(IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE | IN_DELETE))
    }
  }
}
