import ChannelScenarios
import Glibc

exit(ChannelCheck.run(Array(CommandLine.arguments.dropFirst())))
