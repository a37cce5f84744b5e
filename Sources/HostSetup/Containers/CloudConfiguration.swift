/// What cloud-init in a container is told at its first start.
///
/// See <https://cloudinit.readthedocs.io/en/latest/reference/datasources/lxd.html>.
enum CloudConfiguration {
  /// The settings of a container that its image's cloud-init reads; an image without cloud-init is left as it is.
  static let settings = ["user.user-data": userData, "user.network-config": networkConfiguration]

  /// Without a locale that every image has cloud-init's own step for it fails.
  private static let userData = """
    #cloud-config
    locale: C.UTF-8
    ssh_pwauth: false

    """

  private static let networkConfiguration = """
    version: 2
    ethernets:
      eth0:
        dhcp4: true

    """
}
