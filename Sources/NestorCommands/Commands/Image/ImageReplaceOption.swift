import ArgumentParser

/// The option of the commands that make images under names of the user's.
struct ImageReplaceOption: ParsableArguments, Sendable {
  @Flag(name: .long, help: "Replace an image of that name; it must have no guests.") var replace = false
}
