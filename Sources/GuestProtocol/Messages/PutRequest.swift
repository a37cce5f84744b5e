/// Files that the client sends.
///
/// The agent answers with an empty reply; then entries follow, see ``FileEntry``, and ``FrameType/end`` on stream 0. The
/// agent ends with ``FrameType/done``, payload ``CopySummary``, or fails at any time.
package struct PutRequest: Message {
  /// Where to, from '/': a folder that is there takes the entries by their names, any other path is the name of the one
  /// entry at the top.
  package var path: [UInt8] = []
  /// Gives files to the owners that the entries name; else to root, without set-user-ID and set-group-ID bits, since
  /// those were meant for another owner.
  package var keepsOwners = false
  /// Refuses a path that is no folder, as several sources need it.
  package var mustBeFolder = false
  /// Refuses a path that is a folder, for an entry that has no name of its own.
  package var mustBeFile = false

  package init() {}

  package mutating func fields<Coder: MessageCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.field(1, &path)
    try coder.field(2, &keepsOwners)
    try coder.field(3, &mustBeFolder)
    try coder.field(4, &mustBeFile)
  }
}
