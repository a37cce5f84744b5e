/// How much of a guest its copy shares.
package enum CloneKind: Sendable {
  /// Disks of its own; it is off at first.
  case full
  /// Disks that are laid over an image, which those of its source were frozen into; it is off at first.
  case linked
  /// Disks of its own, and the source's memory, from which it runs on.
  case warm
}
