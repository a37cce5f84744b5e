import Foundation

/// Random numbers that come again with the same seed (SplitMix64).
package struct SeededGenerator: RandomNumberGenerator {
  /// The seed of this run: NESTOR_TEST_SEED, or one by chance. Tests that use it print it.
  package static let seed: UInt64 =
    ProcessInfo.processInfo.environment["NESTOR_TEST_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...999_999_999)

  /// The seed of this run, printed with the name of what uses it, so that a failure can be seen again.
  package static func seed(for test: String) -> UInt64 {
    print("\(test): NESTOR_TEST_SEED=\(seed)")
    return seed
  }

  private var state: UInt64

  /// Begins with a seed.
  package init(seed: UInt64 = SeededGenerator.seed) {
    state = seed
  }

  /// The next number.
  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
