import NestorSupport
import Templates

/// A disk that is to be added to a guest.
public struct DiskDescription: Sendable, Equatable {
  /// Where its content comes from.
  public var source: GuestTemplate.Disk.Source
  /// The format of an existing file; what Nestor makes is qcow2.
  public var format: GuestTemplate.Disk.Format
  /// The serial number that the guest sees, at most 20 letters, digits, '_', '.', '+' or '-'.
  public var serial: String?
  /// Whether the guest can only read it.
  public var isReadOnly: Bool

  /// Makes a description.
  public init(
    _ source: GuestTemplate.Disk.Source, format: GuestTemplate.Disk.Format = .qcow2, serial: String? = nil,
    isReadOnly: Bool = false
  ) {
    self.source = source
    self.format = format
    self.serial = serial
    self.isReadOnly = isReadOnly
  }

  /// Refuses what makes no sense.
  func check() throws {
    func refuse(_ cause: String) -> NestorError {
      NestorError(.invalidArgument, "there is no such disk", cause: cause)
    }
    let sizes = 1 << 20...UInt64(1) << 50
    switch source {
    case .empty(let size):
      if !sizes.contains(size.bytes) { throw refuse("\(size) are not from 1MiB to 1024TiB") }
      if isReadOnly { throw refuse("an empty disk that cannot be written is of no use") }
    case .image(_, let size):
      if let size, !sizes.contains(size.bytes) { throw refuse("\(size) are not from 1MiB to 1024TiB") }
    case .path(let path):
      if !path.hasPrefix("/") { throw refuse("'\(path)' is no whole path") }
    }
    if case .path = source {} else if format != .qcow2 { throw refuse("what nestor makes is qcow2") }
    guard let serial else { return }
    let isPlain = serial.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "_.+-".utf8.contains(byte)
    }
    if !(1...20).contains(serial.utf8.count) || !isPlain {
      throw refuse("'\(serial)' is no serial number of 1 to 20 letters, digits, '_', '.', '+' or '-'")
    }
    if [DiskPlanner.memorySerial, AgentBoothook.diskSerial].contains(serial) {
      throw refuse("the serial number '\(serial)' is that of a disk of nestor's own")
    }
  }
}

/// A disk of a guest as a list shows it.
public struct DiskSummary: Sendable, Equatable, Codable {
  /// The name by which it is attached, such as `vda`.
  public var target: String
  /// The bus that the guest finds it on.
  public var bus: String
  /// Its format.
  public var format: String
  /// Its size in bytes, as the guest sees it; nil where that cannot be told.
  public var size: UInt64?
  /// Whether the guest can only read it.
  public var isReadOnly: Bool
  /// Its file; nil for an empty drive.
  public var source: String?
  /// What it is for, where Nestor itself needs it: `snapshots` or `settings`.
  public var purpose: String?
}
