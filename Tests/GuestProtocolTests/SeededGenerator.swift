import Glibc

/// A generator whose numbers come from a seed, so that a failure can be seen again.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  // SplitMix64: a counter through a mixing function, good enough to choose test cases.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// The seed that the environment names, or a new one; printed, so that a failure can be repeated.
  static func seed(for test: String) -> UInt64 {
    let named = getenv("NESTOR_FUZZ_SEED").flatMap { UInt64(String(cString: $0)) }
    let seed = named ?? UInt64.random(in: 0...UInt64.max)
    print("\(test): NESTOR_FUZZ_SEED=\(seed)")
    return seed
  }
}
