import HostCommands

await HostCommand.runProgram()
