import Foundation
import LibvirtTestSupport
import TestSupport
import Testing

extension GuestTier {
  /// What a shell offers when the user presses the tab key.
  @Suite("Completion with live names")
  struct CompletionTests {
    @Test("bash loads the script and offers guests, snapshots, templates and images as they are at the moment")
    func bash() async throws {
      try await Lab.with("completion") { lab in
        try await lab.succeed("create", try lab.plainTemplate(), "alpha", "alps", "beta")
        try await lab.succeed("snapshot", "create", "alpha", "before")
        #expect(try await Self.offers(["start", "al"], lab) == ["alpha", "alps"])
        #expect(try await Self.offers(["delete", "--force", ""], lab) == ["alpha", "alps", "beta"])
        #expect(try await Self.offers(["stop", "beta", "alph"], lab) == ["alpha"])
        #expect(try await Self.offers(["snapshot", "revert", "alpha", ""], lab) == ["before"])
        #expect(try await Self.offers(["run", "t"], lab) == ["tiny"])
        #expect(try await Self.offers(["image", "delete", ""], lab) == ["tiny"])
        #expect(try await Self.offers(["sus"], lab) == ["suspend"])
        #expect(try await Self.offers(["list", "--format", "j"], lab) == ["json"])
        #expect(try await Self.offers(["list", "--for"], lab).contains("--format"))
        try await lab.succeed("delete", "alpha", "alps", "beta")
        #expect(try await Self.offers(["start", ""], lab) == [])
        try await lab.expectNothingLeft()
        try await lab.daemon.endDaemon(killing: true)
        #expect(try await Self.offers(["start", ""], lab) == [], "no libvirtd means no names, and no error")
      }
    }

    /// What bash offers for the last of the words behind `nestor`.
    private static func offers(_ words: [String], _ lab: Lab) async throws -> [String] {
      let script = """
        PATH=\(URL(fileURLWithPath: TestImages.program).deletingLastPathComponent().path):$PATH
        source <(nestor --generate-completion-script bash)
        words=("$@")
        COMP_WORDS=(nestor "${words[@]}")
        COMP_CWORD=${#words[@]}
        COMP_LINE="nestor ${words[*]}"
        COMP_POINT=${#COMP_LINE}
        COMPREPLY=()
        function=$(complete -p nestor | sed 's/.*-F \\([^ ]*\\).*/\\1/')
        "$function" nestor "${words[-1]}" "${COMP_WORDS[-2]}"
        [ ${#COMPREPLY[@]} = 0 ] || printf '%s\\n' "${COMPREPLY[@]}"
        """
      let program = try RunningProgram(
        ["/bin/bash", "-c", script, "bash"] + words, environment: lab.environment, files: "\(lab.folder)/completion")
      program.closeInput()
      let result = try await program.wait()
      #expect(result.errors == "", "\(result)")
      return result.lines.map { $0.trimmingCharacters(in: .whitespaces) }.sorted()
    }
  }
}
