import GuestAgent
print(agentProgram)
