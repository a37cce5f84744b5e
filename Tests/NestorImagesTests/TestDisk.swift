import NestorSupport
import Processes
import Testing

@testable import NestorImages

/// Disks for tests of images.
enum TestDisk {
  static let size = 4 << 20

  /// A raw disk of 4 MiB with a boot sector and half a MiB of noise.
  static func raw(_ path: String, seed: UInt64 = 1) throws {
    var state = seed
    var bytes = (0..<(512 << 10)).map { _ -> UInt8 in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 33)
    }
    bytes.replaceSubrange(446..<512, with: [UInt8](repeating: 0, count: 64) + [0x55, 0xaa])
    try FileTree.write(bytes + [UInt8](repeating: 0, count: size - bytes.count), to: path)
  }

  /// The same disk as a qcow2, with further options of `qemu-img convert`.
  static func qcow2(_ path: String, seed: UInt64 = 1, _ options: [String] = []) async throws {
    try raw("\(path).source", seed: seed)
    try await image(["convert", "-f", "raw", "-O", "qcow2"] + options + ["\(path).source", path])
    try FileTree.remove("\(path).source")
  }

  /// A compressed qcow2 of 4 MiB whose first clusters are noise by half.
  static func halfNoise(_ path: String) async throws {
    try raw("\(path).source")
    for cluster in 0..<8 {
      try patch("\(path).source", at: cluster << 16, [UInt8](repeating: 0, count: 1 << 15))
    }
    try await image(["convert", "-f", "raw", "-O", "qcow2", "-c", "\(path).source", path])
    try FileTree.remove("\(path).source")
  }

  static func image(_ arguments: [String]) async throws {
    try await Program("qemu-img", package: "qemu-utils").run(arguments)
  }

  /// Changes bytes of a file.
  static func patch(_ path: String, at offset: Int, _ bytes: [UInt8]) throws {
    var content = try FileTree.read(path)
    content.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    try FileTree.write(content, to: path)
  }

  /// Cuts a file off.
  static func cut(_ path: String, to count: Int) throws {
    try FileTree.write(try FileTree.read(path).prefix(count), to: path)
  }
}
