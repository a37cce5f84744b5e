import Glibc
import GuestAgent

exit(AgentProgram.run(Array(CommandLine.arguments.dropFirst())))
