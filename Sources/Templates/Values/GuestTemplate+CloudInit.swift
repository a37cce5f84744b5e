extension GuestTemplate {
  /// What cloud-init does in the guest, see <https://docs.cloud-init.io/en/latest/reference/modules.html>.
  ///
  /// All but ``userData`` and ``networkConfig`` reaches it as vendor-data, which gives way to user-data key by key, so
  /// that the user's own file stays whole.
  package struct CloudInit: Sendable, Equatable {
    /// The guest's host name, with its domain where it has one; the guest's name where it is nil.
    package var hostname: String?
    /// A user to be made, who may become root by `sudo` without a password.
    package var user: String?
    /// The absolute path of that user's shell in the guest.
    package var shell: String
    /// Public keys that may log in as ``user``, or as the image's own user where there is none; each is a key as in
    /// `authorized_keys`, or the absolute path of a file of such.
    package var sshKeys: [String]
    /// The password of ``user`` as crypt(5) hashes it; nil is none, and no log-in by password.
    package var passwordHash: String?
    /// Packages of the guest's distribution, which the guest downloads itself.
    package var packages: [String]
    /// The absolute path of the user's own user-data, <https://docs.cloud-init.io/en/latest/explanation/format.html>.
    package var userData: String?
    /// The absolute path of the guest's network configuration, version 2; nil is DHCP on each card.
    package var networkConfig: String?
  }
}
