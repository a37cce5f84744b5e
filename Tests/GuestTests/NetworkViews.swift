/// What the tests read of `nestor network info --format json`.
struct NetworkDetails: Decodable {
  struct Reservation: Decodable {
    let address: String
    let mac: String?
    let name: String?
  }

  let name: String
  let bridge: String?
  let isActive: Bool
  let autostart: Bool
  let reach: String
  let subnets: [String]
  let reservations: [Reservation]
  let isOurs: Bool
  let guests: [String]
}

/// A network card as `nestor nic list --format json` tells of it.
struct NICRow: Decodable {
  let index: Int
  let mac: String
  let source: String
  let isLinkUp: Bool
  let addresses: [String]
}

/// A disk as `nestor disk list --format json` tells of it.
struct DiskRow: Decodable {
  let target: String
  let size: UInt64?
  let source: String?
  let purpose: String?
}

/// A row of `nestor set --format json`.
struct SettingRow: Decodable, Equatable {
  let setting: String
  let value: String
  let effect: String
}
