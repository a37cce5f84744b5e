/// A guest as `nestor list --format json` tells of it.
struct GuestRow: Decodable, Equatable {
  let name: String
  let uuid: String
  let status: String
  let cpus: Int
  let memory: UInt64
  let template: String?
}

/// What the tests read of `nestor info --format json`.
struct GuestDetails: Decodable {
  struct Interface: Decodable {
    let source: String
    let mac: String?
    let addresses: [String]
  }

  struct Disk: Decodable {
    let target: String
    let source: String?
    let format: String?
  }

  let name: String
  let uuid: String
  let status: String
  let accelerator: String
  let parameters: [String: String]
  let disks: [Disk]
  let interfaces: [Interface]
  let consoleLog: String?
  let directory: String?
}

/// A snapshot as `nestor snapshot list --format json` tells of it.
struct SnapshotRow: Decodable {
  let name: String
  let state: String
  let parent: String?
  let isCurrent: Bool
  let description: String?
}

/// A line of `nestor events --format json`.
struct EventLine: Decodable {
  let time: String
  let guest: String
  let uuid: String
  let event: String
  let detail: String
}

/// A line of `nestor gc --format json`.
struct Leftover: Decodable, Equatable {
  let kind: String
  let name: String
}

/// An image as `nestor image list --format json` tells of it.
struct ImageLine: Decodable {
  let name: String
  let guests: [String]?
}
