import ArgumentParser
import CommandLineKit
import NestorCore

struct StartCommand: GuestsCommand {
  static let configuration = CommandConfiguration(
    commandName: "start", abstract: "Start guests.",
    discussion: """
      A guest that runs already is left alone; one that was saved wakes where it was. Networks of libvirt that a guest
      of nestor's needs are started with it.
      """)

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var guests: GuestArguments
  @Flag(name: .long, help: "Boot one that was saved; its memory is lost.") var forceBoot = false
  @Flag(name: .long, help: "Wait until each is up, as its template says.") var wait = false
  @Option(
    name: .long, help: "How long to wait, in seconds, instead of what its template says (ready: timeout:).",
    transform: TimeLimit.duration)
  var timeout: Duration?

  func run(_ guest: Guest) async throws {
    try await guest.start(booting: forceBoot)
    if wait { _ = try await guest.wait(for: .ready, timeout: timeout) }
  }
}
