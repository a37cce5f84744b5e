import NestorSupport
import Testing

@testable import HostSetup

@Suite("Undoing")
struct UndoTests {
  private static func made(_ name: String) -> JSONValue { JSONValue(["user.nestor.made": name]) }

  private func recording() throws -> Recording {
    let recording = try Recording("lxd-5.0.2-initialised")
    recording.set(
      "/1.0/profiles?recursion=1",
      [
        ["name": "default", "config": [:]],
        ["name": "nestor", "config": Self.made("nestor"), "used_by": ["/1.0/instances/lab"]],
      ])
    recording.set(
      "/1.0/instances?recursion=1",
      [
        ["name": "lab", "config": Self.made("lab"), "profiles": ["nestor"], "status": "Stopped"],
        ["name": "other", "config": [:], "profiles": ["default"], "status": "Running"],
        // What `lxc copy lab copy` leaves.
        ["name": "copy", "config": Self.made("lab"), "profiles": ["default"], "status": "Running"],
      ])
    recording.set(
      "/1.0/storage-pools/default/volumes/custom?recursion=1",
      [
        ["name": "nestor-lab", "config": ["user.nestor.made": "nestor-lab", "user.nestor.container": "lab"]],
        ["name": "data", "config": [:]],
      ])
    recording.set(
      "/1.0/images?recursion=1",
      [["fingerprint": "abc", "properties": Self.made("true")], ["fingerprint": "def", "properties": [:]]])
    return recording
  }

  private func provisioner(_ recording: Recording) throws -> Provisioner {
    recording.provisioner(on: try HostTree())
  }

  @Test("takes away what carries the label, the last made first, and nothing else, not even copies")
  func order() async throws {
    let recording = try recording()
    let plan = try await provisioner(recording).undo()
    #expect(
      plan.steps.map(\.object.title) == [
        "container lab", "storage volume nestor-lab in pool default", "image abc", "profile nestor",
      ])
    #expect(
      recording.changes == [
        "DELETE /1.0/instances/lab", "DELETE /1.0/storage-pools/default/volumes/custom/nestor-lab",
        "DELETE /1.0/images/abc", "DELETE /1.0/profiles/nestor",
      ])
    #expect(try await provisioner(recording).undoPlan().isEmpty)
  }

  @Test("stops at a container that holds guests and names them, unless told otherwise")
  func guests() async throws {
    let recording = try recording()
    recording.set("/1.0/instances/lab/files?path=/etc/libvirt/qemu", ["networks", "web.xml", "db.xml"])
    let plan = try await provisioner(recording).undoPlan()
    #expect(plan.obstacles.map(\.message) == ["the container lab holds guests: db, web"])
    await #expect { try await provisioner(recording).undo() } throws: { ($0 as? NestorError)?.code == .busy }
    #expect(recording.changes.isEmpty)
    try await provisioner(recording).undo(force: true)
    #expect(recording.changes.count == 4)
  }

  @Test("stops where somebody else uses what would go, whatever is told")
  func strangers() async throws {
    let recording = try recording()
    recording.set(
      "/1.0/profiles?recursion=1",
      [
        [
          "name": "nestor", "config": Self.made("nestor"),
          "used_by": ["/1.0/instances/lab", "/1.0/instances/other?project=x"],
        ]
      ])
    let plan = try await provisioner(recording).undoPlan(force: true)
    #expect(plan.obstacles.count == 1)
    #expect(plan.obstacles[0].message.contains("/1.0/instances/other"))
    await #expect(throws: NestorError.self) { try await provisioner(recording).undo(force: true) }
    #expect(recording.changes.isEmpty)
  }

  @Test("deletes no container that somebody else made")
  func foreign() async throws {
    let recording = try recording()
    await #expect { try await provisioner(recording).delete("other", force: true) } throws: {
      ($0 as? NestorError)?.code == .invalidState
    }
    await #expect { try await provisioner(recording).delete("gone") } throws: {
      ($0 as? NestorError)?.code == .notFound
    }
    #expect(recording.changes.isEmpty)
  }

  @Test("keeps a deleted container's images, unless told otherwise")
  func volumes() async throws {
    let recording = try recording()
    try await provisioner(recording).delete("lab")
    #expect(recording.changes == ["DELETE /1.0/instances/lab"])
    try await provisioner(recording).delete("lab", withVolume: true)
    #expect(recording.changes.last == "DELETE /1.0/storage-pools/default/volumes/custom/nestor-lab")
  }
}
