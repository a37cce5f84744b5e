import NestorSupport
import NestorTestSupport
import Templates
import Testing

@testable import NestorImages

@Suite("The parts of a download")
struct DownloadPartsTests {
  private static let a = String(repeating: "a", count: 64)
  private static let b = String(repeating: "b", count: 64)
  private static let long = String(repeating: "c", count: 128)

  @Test(
    "A file's checksum is found in lists of each form, and in no other line",
    arguments: [
      ("\(a)  disk.img\n", nil, a), ("\(a) *disk.img", nil, a), ("\(a)  ./disk.img\r\n", .gnu, a),
      ("\(b)  other\n\(a)  disk.img\n", .gnu, a), ("\(a)  disk.img.xz\n", .gnu, nil), ("\(a)  x/disk.img\n", .gnu, nil),
      ("\(a) disk.img\n", .gnu, nil), ("\(a)  disk.img\n\(b)  disk.img\n", nil, nil),
      ("\(a)  disk.img\n\(a)  disk.img\n", nil, a), ("\(a)  disk.img\n\(long)  disk.img\n", nil, long),
      ("SHA256 (disk.img) = \(a)\nSHA256 (other) = \(b)\n", nil, a), ("SHA512 (disk.img) = \(long)\n", .bsd, long),
      ("SHA512 (disk.img) = \(a)\n", .bsd, nil), ("MD5 (disk.img) = \(a)\n", .bsd, nil), ("\(a)\n", nil, a),
      ("\(a)\n", .gnu, nil), ("\(a)  another name\n", .single, a), ("\(a)\n\(b)\n", .single, nil), ("", nil, nil),
      ("<html>\(a)</html>", nil, nil), ("# \(a)  disk.img\n", .gnu, nil),
    ] as [(String, CatalogueEntry.ChecksumForm?, String?)])
  func lists(_ text: String, _ form: CatalogueEntry.ChecksumForm?, _ digits: String?) {
    #expect(ChecksumList(text).checksum(of: "disk.img", form)?.digits == digits)
  }

  @Test("Checksums are hexadecimal and as long as their kind says")
  func checksums() throws {
    #expect(try Checksum(Self.a.uppercased()).description == "sha256:\(Self.a)")
    #expect(try Checksum(Self.long).algorithm == .sha512)
    for text in [
      "", "a", String(Self.a.dropLast()), String(Self.a.dropLast()) + "g", String(repeating: "ä", count: 32),
    ] {
      #expect(throws: NestorError.self) { try Checksum(text) }
    }
    #expect(throws: NestorError.self) { try Checksum(Self.a, .sha512) }
  }

  @Test("The checksum of files is that of one file with all in it, and takes all of them")
  func checksumOfFiles() async throws {
    let scratch = try ScratchState()
    let paths = ["-n", "it's $(b)", "whole"].map { "\(scratch.folder)/\($0)" }
    for (path, text) in zip(paths, ["a\n", "b", "a\nb"]) { try FileTree.write(text.utf8, to: path) }
    let sum = try await Checksum(of: Array(paths.prefix(2)), .sha512)
    #expect(try await Checksum(of: paths[2], .sha512) == sum && sum.algorithm == .sha512)
    #expect(try await Checksum(of: paths, .sha512) != sum)
    let failure = await #expect(throws: NestorError.self) {
      try await Checksum(of: [paths[2], "\(scratch.folder)/none"], .sha256)
    }
    #expect(failure?.cause?.contains("none: No such file") == true, "\(String(describing: failure))")
  }

  @Test("Of several answers the last whole one counts")
  func headers() throws {
    let text =
      "HTTP/1.1 302 Found\r\nLocation: x\r\nETag: \"old\"\r\n\r\nHTTP/2 200 \r\netag: \"new\"\r\nContent-Length: 12\r\n\r\n"
    let headers = try #require(ResponseHeaders(text))
    #expect(headers.status == 200 && headers.validator == "\"new\"" && headers.total == 12)
    #expect(ResponseHeaders("HTTP/1.1 200 OK\r\nETag: x\r\n") == nil, "not whole yet")
    #expect(
      ResponseHeaders("") == nil && ResponseHeaders("\r\n\r\n") == nil && ResponseHeaders("HTTP/1.1\r\n\r\n") == nil)
    let weak = try #require(
      ResponseHeaders("HTTP/1.1 206 x\nETag: W/\"a\"\nLast-Modified: now\nContent-Range: bytes 5-9/10\n\n"))
    #expect(weak.validator == "now" && weak.total == 10)
    let huge = try #require(ResponseHeaders("HTTP/1.1 200 OK\nContent-Length: 99999999999999999999999\n\n"))
    #expect(huge.total == nil && huge.validator == nil)
  }
}
