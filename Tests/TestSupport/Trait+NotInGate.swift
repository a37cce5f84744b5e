import Foundation
import Testing

extension Trait where Self == ConditionTrait {
  /// Leaves a test to `scripts/test --all`, since the gate has twenty minutes for all of its tests.
  ///
  /// `scripts/test` sets NESTOR_TEST_GATE where it runs as the gate. scripts/test-report finds these tests by the comment.
  package static var notInGate: Self {
    .enabled(if: ProcessInfo.processInfo.environment["NESTOR_TEST_GATE"] != "1", "left to scripts/test --all")
  }
}
