/// An operation that saves a guest's memory, its disks or both, in the order of the README's table.
enum StateOperation: CaseIterable, Sendable {
  /// A snapshot inside the disks, with the memory where the guest runs.
  case snapshot
  /// A snapshot of the disks alone, in files.
  case diskSnapshot
  /// The memory in a file, as the guest goes off.
  case save
  /// A copy that runs on from the guest's memory.
  case warmClone
}
