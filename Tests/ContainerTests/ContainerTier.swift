import Testing

/// The tests with real containers, one after the other: each takes all the processors that there are.
///
/// Skipped, with the reason, where no LXD of one's own can be run.
@Suite(
  .serialized, .timeLimit(.minutes(30)),
  .enabled(if: ContainerLab.obstacle == nil, Comment(rawValue: ContainerLab.obstacle ?? "")))
enum ContainerTier {}
