/// What Debian images of guests and of containers have in common.
package enum DebianImageParts {
  /// What dpkg leaves out, also of packages that are installed later; the copyright files stay.
  private static let leftOut = [
    "path-exclude=/usr/share/man/*", "path-exclude=/usr/share/info/*", "path-exclude=/usr/share/lintian/*",
    "path-exclude=/usr/share/bug/*", "path-exclude=/usr/share/locale/*",
    "path-include=/usr/share/locale/locale.alias", "path-exclude=/usr/share/doc/*",
    "path-include=/usr/share/doc/*/copyright",
  ]

  /// The options of mmdebstrap for a small system in a directory.
  package static let options =
    [
      "--mode=root", "--variant=minbase", "--components=main", "--format=directory",
      "--aptopt=Acquire::Languages \"none\"", "--aptopt=APT::Install-Recommends \"false\"",
    ] + leftOut.map { "--dpkgopt=\($0)" }

  /// How long a boot waits for the network: without a NIC there is nothing to wait for, and a network without DHCP should
  /// not cost two minutes.
  package static let waitForNetwork = (
    path: "/etc/systemd/system/systemd-networkd-wait-online.service.d/nestor.conf",
    text: """
    [Unit]
    ConditionPathExistsGlob=/sys/class/net/e*

    [Service]
    ExecStart=
    ExecStart=/lib/systemd/systemd-networkd-wait-online --timeout=30

    """
  )
}
