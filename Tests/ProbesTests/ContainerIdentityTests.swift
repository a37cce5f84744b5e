import Testing

@testable import Probes

@Suite("A container and its copies")
struct ContainerIdentityTests {
  private let tree = TemporaryTree()

  private func write(_ interface: String, type: Int = 1, _ address: String, mark: String? = nil) throws {
    try tree.write("sys/class/net/\(interface)/type", "\(type)\n")
    try tree.write("sys/class/net/\(interface)/address", "\(address)\n")
    if let mark { try tree.write("sys/class/net/\(interface)/\(mark)", "") }
  }

  @Test("The name and the addresses of its own NICs are what it is known by, in LXD and Incus alone")
  func identity() throws {
    let root = SystemRoot(tree.root)
    try tree.write("proc/sys/kernel/hostname", "lab\n")
    try write("lo", type: 772, "00:00:00:00:00:00")
    try write("virbr0", "52:54:00:00:00:01", mark: "bridge")
    try write("vnet0", "fe:54:00:00:00:02", mark: "tun_flags")
    try write("macvtap0", "52:54:00:00:00:03", mark: "macvtap")
    try tree.write("dev/lxd/sock", "")
    #expect(ContainerIdentity(root: root) == nil, "it has no NIC")
    try write("eth1", "00:16:3E:00:00:02")
    try write("eth0", "10:66:6a:00:00:01")
    let identity = ContainerIdentity(hostname: "lab", macAddresses: ["00:16:3e:00:00:02", "10:66:6a:00:00:01"])
    #expect(ContainerIdentity(root: root) == identity)
    try tree.write("run/systemd/container", "podman\n")
    try tree.remove("dev/lxd/sock")
    #expect(ContainerIdentity(root: root) == nil, "both change with each start there")
    try tree.write("run/systemd/container", "lxc\n")
    #expect(ContainerIdentity(root: root) == identity)
  }

  @Test(
    "A copy has another name and other addresses; one with either of them is the same",
    arguments: [
      ("lab", ["a"], false), ("lab2", ["a", "c"], false), ("lab", ["c"], false), ("lab2", ["c"], true),
      ("lab2", ["b"], false),
    ])
  func copies(name: String, addresses: [String], isCopy: Bool) {
    let before = ContainerIdentity(hostname: "lab", macAddresses: ["a", "b"])
    #expect(ContainerIdentity(hostname: name, macAddresses: addresses).isCopy(of: before) == isCopy)
  }

  @Test("What came with a copy has a twin until it is another or gone; what was made since has none")
  func twins() {
    let (first, second, third) = (
      ContainerIdentity(hostname: "a", macAddresses: ["1"]), ContainerIdentity(hostname: "b", macAddresses: ["2"]),
      ContainerIdentity(hostname: "c", macAddresses: ["3"])
    )
    var record = ContainerRecord(identity: first).updated(first, guests: ["x", "y"])
    #expect(record == ContainerRecord(identity: first))
    record = record.updated(second, guests: ["y", "x"])
    #expect(record == ContainerRecord(identity: second, source: "a", twins: ["x", "y"]))
    record = record.updated(second, guests: ["x", "new"])
    #expect(record == ContainerRecord(identity: second, source: "a", twins: ["x"]))
    #expect(record.updated(second, guests: ["new"]) == ContainerRecord(identity: second))
    // A copy of the copy.
    #expect(
      record.updated(third, guests: ["x", "new"]) == ContainerRecord(identity: third, source: "b", twins: ["new", "x"]))
    let renamed = ContainerIdentity(hostname: "d", macAddresses: ["2", "4"])
    #expect(record.updated(renamed, guests: ["x"]) == ContainerRecord(identity: renamed, source: "a", twins: ["x"]))
  }
}
