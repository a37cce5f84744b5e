import Synchronization
import Testing

@testable import NestorCore

@Suite("The same for several guests")
struct BatchTests {
  @Test("All are tried whatever fails, and answers come in the order of the names")
  func order() async {
    let names = (0..<40).map { "g\($0)" }
    let results = await Batch.run(names) { name in
      // Later ones end first.
      try await Task.sleep(for: .milliseconds(41 - (Int(name.dropFirst()) ?? 0)))
      if name.hasSuffix("3") { throw Failure(name: name) }
      return name + "!"
    }
    #expect(results.map(\.name) == names)
    for result in results {
      switch result.outcome {
      case .success(let value): #expect(value == result.name + "!" && !result.name.hasSuffix("3"))
      case .failure(let error): #expect((error as? Failure)?.name == result.name && result.name.hasSuffix("3"))
      }
    }
    #expect(await Batch.run([]) { _ in 1 }.isEmpty)
  }

  @Test("All are tried before the first failure, in their order, is thrown")
  func each() async throws {
    #expect(try await Batch.each(Array(0..<20)) { $0 * 2 } == (0..<20).map { $0 * 2 })
    let tried = Mutex(0)
    let error = await #expect(throws: Failure.self) {
      try await Batch.each(Array(0..<20)) { number in
        tried.withLock { $0 += 1 }
        if number % 7 == 3 { throw Failure(name: "\(number)") }
      }
    }
    #expect(error?.name == "3" && tried.withLock { $0 } == 20)
  }

  @Test("No more are under way than the width allows, and that many are", arguments: [1, 2, 5, 100])
  func width(_ width: Int) async {
    let counts = Mutex((now: 0, most: 0))
    let gate = Gate(opensAt: min(width, 12))
    _ = await Batch.run((0..<12).map { "\($0)" }, width: width) { _ in
      counts.withLock {
        $0.now += 1
        $0.most = max($0.most, $0.now)
      }
      await gate.pass()
      counts.withLock { $0.now -= 1 }
    }
    #expect(counts.withLock { $0.most } == min(width, 12))
  }

  private struct Failure: Error { let name: String }

  /// Lets everybody through once so many wait at it, and whoever comes later.
  private actor Gate {
    private let opensAt: Int
    private var count = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(opensAt: Int) { self.opensAt = opensAt }

    func pass() async {
      count += 1
      guard count < opensAt else {
        for continuation in waiting { continuation.resume() }
        waiting = []
        return
      }
      await withCheckedContinuation { waiting.append($0) }
    }
  }
}
