import Foundation
import Glibc
import NestorSupport
import Testing

/// A web server on the loopback address that serves a folder, well or badly, by the first part of the path.
///
///     /good/      with ranges, ETag and If-Range, as servers of images do
///     /noranges/  always the whole file
///     /cut/       the first answer ends in the middle
///     /hang/      the first answer stops in the middle and keeps the connection
///     /stall/     every answer stops in the middle and keeps the connection
///     /changed/   the first answer is of another content of the same size and ends in the middle; If-Range is not heeded
///     /unmarked/  as /cut/, without anything that tells the content from another
///     /busy/      the first answer is 503
///     /slow/      takes half a second
///     /to/        sends to /good/
///     /loop/      sends to itself
///     /away/      sends to another scheme
final class ImageServer: Sendable {
  let folder: String
  let port: Int
  private let process: Process

  init() throws {
    setenv("no_proxy", "127.0.0.1", 1)
    var template = Array("/tmp/nestor-server-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", Self.program, folder]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    port = try #require(Int(line.filter(\.isNumber)), "the server did not start: \(line)")
  }

  deinit {
    process.terminate()
    process.waitUntilExit()
    try? FileTree.remove(folder)
  }

  func address(_ path: String) -> String { "http://127.0.0.1:\(port)/\(path)" }

  /// The requests so far, such as `/good/disk.qcow2 bytes=5-`.
  func requests() throws -> [String] {
    try FileTree.readText("\(folder)/.log").split(separator: "\n").map(String.init)
  }

  private static let program = #"""
    import hashlib, http.server, os, socket, sys, threading, time
    root = sys.argv[1]
    open(root + "/.log", "w").close()
    seen, lock = set(), threading.Lock()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments):
            pass

        def do_GET(self):
            kind, _, name = self.path.lstrip("/").partition("/")
            asked = self.headers.get("Range")
            with lock:
                first = self.path not in seen
                seen.add(self.path)
                with open(root + "/.log", "a") as log:
                    log.write(f"{self.path} {asked or '-'}\n")
            if kind in ("to", "loop", "away"):
                self.send_response(302)
                target = {"to": "/good/" + name, "loop": self.path, "away": "file:///etc/passwd"}[kind]
                self.send_header("Location", target)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            try:
                data = open(root + "/" + os.path.basename(name), "rb").read()
            except OSError:
                self.send_error(404)
                return
            if kind == "busy" and first:
                self.send_error(503)
                return
            if kind == "slow":
                time.sleep(0.5)
            if kind == "changed" and first:
                data = bytes(255 - byte for byte in data)
            tag = '"' + hashlib.sha256(data).hexdigest()[:16] + '"'
            heeded = kind == "changed" or self.headers.get("If-Range") in (None, tag)
            start = 0
            if asked and kind != "noranges" and heeded:
                start = int(asked.split("=")[1].rstrip("-"))
                if start >= len(data):
                    self.send_error(416)
                    return
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            else:
                self.send_response(200)
            if kind not in ("noranges", "unmarked"):
                self.send_header("ETag", tag)
            self.send_header("Content-Length", str(len(data) - start))
            self.end_headers()
            rest = data[start:]
            bad = kind == "stall" or (first and kind in ("cut", "hang", "changed", "unmarked"))
            self.wfile.write(rest[:len(rest) // 2] if bad else rest)
            self.wfile.flush()
            if bad:
                if kind in ("stall", "hang"):
                    # Until the other side gives up.
                    self.connection.recv(1)
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)

        def handle(self):
            try:
                super().handle()
            except OSError:
                pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()
    """#
}
