/// The files by which an initramfs with busybox starts Nestor's agent.
enum AgentHook {
  /// What starts the agent again and again: for systems without systemd, where the programs named are all there.
  static let loop =
    "while :; do /usr/lib/nestor/nestor-agent; echo \"nestor-agent ended with status $?; again in 2 s\"; sleep 2; done"

  /// `/etc/nestor/init.d/50-agent`: run once by the image's init, which goes on at once.
  static let program = """
    #!/bin/sh
    exec setsid sh -c '\(loop)' </dev/null >/dev/console 2>&1 &

    """

  /// The archive that goes behind an initramfs.
  static func archive(agent: [UInt8], key: [UInt8]) throws(CPIOError) -> [UInt8] {
    var archive = CPIOArchive()
    for folder in ["etc", "usr", "usr/lib", "usr/lib/nestor"] { archive.addFolder(folder) }
    archive.addFolder("etc/nestor", mode: 0o700)
    archive.addFolder("etc/nestor/init.d")
    try archive.addFile("usr/lib/nestor/nestor-agent", mode: 0o755, agent)
    try archive.addFile("etc/nestor/agent.key", mode: 0o600, key)
    try archive.addFile("etc/nestor/init.d/50-agent", mode: 0o755, Array(program.utf8))
    return archive.bytes
  }
}
