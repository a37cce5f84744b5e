import CLinux
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
///
/// As a proxy for https it refuses with the status that the host's name begins with, such as 407.test.
final class ImageServer: Sendable {
  let folder: String
  let port: Int
  private let process: pid_t

  init() throws {
    setenv("no_proxy", "127.0.0.1", 1)
    var template = Array("/tmp/nestor-server-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    for end in ends { _ = nestor_close_on_exec(end) }
    defer { close(ends[0]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    let words: [String] = ["python3", "-c", Self.program, folder]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    var process: pid_t = 0
    let status = posix_spawnp(&process, "python3", &actions, nil, &arguments, environ)
    close(ends[1])
    try #require(status == 0, "python3: \(SystemError("spawn", number: status))")
    self.process = process
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while read(ends[0], &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
    port = try #require(Int(String(decoding: line, as: UTF8.self)), "the server did not start")
  }

  deinit {
    // Foundation's processes are waited for by a run loop, for which these threads have no room.
    kill(process, SIGKILL)
    waitpid(process, nil, 0)
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

        def do_CONNECT(self):
            # As a proxy it refuses, with the status that the asked host is called by.
            self.send_error(int(self.path.partition(".")[0]))

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
