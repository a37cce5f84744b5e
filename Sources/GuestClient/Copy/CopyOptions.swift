/// How files are copied.
package struct CopyOptions: Sendable {
  /// Takes folders with what is in them; else a folder is refused.
  package var isRecursive = false
  /// Takes what a link points to that is a source itself; links in a folder are always copied as links.
  package var followsLinks = true
  /// Gives the copies the owners, by number, of the originals, and keeps set-user-ID and set-group-ID bits; the side that
  /// writes has to be root for it. Else they belong to whoever writes: root in a guest.
  package var keepsOwners = false

  /// Options with their defaults.
  package init() {}
}
