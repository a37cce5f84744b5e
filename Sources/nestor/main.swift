import NestorCommands

await NestorCommand.runProgram()
