/// Bytes that wait in a row: added behind, taken in front. Its memory is not cleared before use, and kept until
/// ``trim()``, since frames come and go too fast to ask for it each time.
final class ByteBuffer {
  private var storage = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var start = 0
  private var end = 0

  init(_ bytes: [UInt8] = []) {
    guard !bytes.isEmpty else { return }
    append(room: bytes.count) { room in
      room.copyBytes(from: bytes)
      return bytes.count
    }
  }

  deinit {
    storage.deallocate()
  }

  var count: Int { end - start }
  var isEmpty: Bool { start == end }
  /// The bytes, valid until the buffer is changed.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: storage[start..<end]) }

  /// Takes bytes away in front.
  func drop(_ count: Int) {
    start += min(count, self.count)
    if start == end { (start, end) = (0, 0) }
  }

  /// Adds what `fill` writes into room for `size` bytes; it answers with their number.
  func append<Failure: Error>(
    room size: Int, _ fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
  ) throws(Failure) {
    reserve(size)
    end += try fill(UnsafeMutableRawBufferPointer(rebasing: storage[end..<(end + size)]))
  }

  /// Gives the memory back while there is nothing in it.
  func trim() {
    guard isEmpty else { return }
    storage.deallocate()
    storage = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  }

  private func reserve(_ size: Int) {
    if storage.count - end >= size { return }
    let waiting = bytes
    if storage.count - waiting.count >= size {
      storage.copyMemory(from: waiting)
    } else {
      // More than asked for, or small pieces behind much that waits would each move all of it.
      let room = max(waiting.count + size, storage.count + min(storage.count, 65_536))
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 16)
      larger.copyMemory(from: waiting)
      storage.deallocate()
      storage = larger
    }
    (start, end) = (0, waiting.count)
  }
}
