/// What of libvirt 9.0 this library leaves out, by the reasons for it.
let leftOutFunctions: [(reason: String, functions: [String])] = [
  (
    reason: "Swift counts references and knows an object's parent by itself",
    functions: [
      "virConnectRef", "virDomainCheckpointGetConnect", "virDomainCheckpointGetDomain", "virDomainCheckpointRef",
      "virDomainGetConnect", "virDomainSnapshotGetConnect", "virDomainSnapshotGetDomain", "virDomainSnapshotRef",
      "virInterfaceGetConnect", "virInterfaceRef", "virNWFilterBindingRef", "virNWFilterRef", "virNetworkGetConnect",
      "virNetworkPortRef", "virSecretGetConnect", "virStoragePoolGetConnect", "virStorageVolGetConnect",
      "virStorageVolRef", "virStreamRef",
    ]
  ),
  (
    reason: "A UUID's text form is used everywhere",
    functions: [
      "virDomainGetUUID", "virDomainLookupByUUID", "virNWFilterGetUUID", "virNWFilterLookupByUUID",
      "virNetworkGetUUID", "virNetworkLookupByUUID", "virNetworkPortGetUUID", "virNetworkPortLookupByUUID",
      "virSecretGetUUID", "virSecretLookupByUUID", "virStoragePoolGetUUID", "virStoragePoolLookupByUUID",
    ]
  ),
  (
    reason: "Superseded by one that lists objects instead of names, without a race between count and list",
    functions: [
      "virConnectListDefinedDomains", "virConnectListDefinedInterfaces", "virConnectListDefinedNetworks",
      "virConnectListDefinedStoragePools", "virConnectListDomains", "virConnectListInterfaces",
      "virConnectListNWFilters", "virConnectListNetworks", "virConnectListSecrets", "virConnectListStoragePools",
      "virConnectNumOfDefinedDomains", "virConnectNumOfDefinedInterfaces", "virConnectNumOfDefinedNetworks",
      "virConnectNumOfDefinedStoragePools", "virConnectNumOfDomains", "virConnectNumOfInterfaces",
      "virConnectNumOfNWFilters", "virConnectNumOfNetworks", "virConnectNumOfSecrets", "virConnectNumOfStoragePools",
      "virDomainSnapshotListChildrenNames", "virDomainSnapshotListNames", "virDomainSnapshotNum",
      "virDomainSnapshotNumChildren", "virNodeListDevices", "virNodeNumOfDevices", "virStoragePoolListVolumes",
      "virStoragePoolNumOfVolumes",
    ]
  ),
  (
    reason: "Superseded by one that takes flags or typed parameters",
    functions: [
      "virConnectDomainEventDeregister", "virConnectDomainEventRegister", "virDomainAttachDevice",
      "virDomainBlockRebase", "virDomainBlockStats", "virDomainCreate", "virDomainCreateLinux", "virDomainDefineXML",
      "virDomainDestroy", "virDomainDetachDevice", "virDomainGetMaxVcpus", "virDomainGetSchedulerParameters",
      "virDomainGetSecurityLabel", "virDomainMigrate", "virDomainMigrate2", "virDomainMigrate3",
      "virDomainMigrateToURI", "virDomainMigrateToURI2", "virDomainOpenGraphics", "virDomainPinVcpu",
      "virDomainRestore", "virDomainSave", "virDomainSetMaxMemory", "virDomainSetMemory",
      "virDomainSetSchedulerParameters", "virDomainSetVcpus", "virDomainShutdown", "virDomainUndefine",
      "virNWFilterDefineXML", "virNetworkCreateXML", "virNetworkDefineXML", "virNodeDeviceDettach",
    ]
  ),
  (
    reason: "Errors: the thread's last one is read where the call failed",
    functions: [
      "virConnCopyLastError", "virConnGetLastError", "virConnResetLastError", "virConnSetErrorFunc",
      "virCopyLastError", "virDefaultErrorFunc", "virFreeError", "virGetLastErrorCode", "virGetLastErrorDomain",
      "virGetLastErrorMessage", "virResetError", "virResetLastError", "virSaveLastError",
    ]
  ),
  (
    reason: "Events: libvirt's own loop is used",
    functions: [
      "virEventAddHandle", "virEventAddTimeout", "virEventRegisterImpl", "virEventRemoveHandle",
      "virEventRemoveTimeout", "virEventUpdateHandle", "virEventUpdateTimeout",
    ]
  ),
  (
    reason: "Typed parameters are read and written as Swift values",
    functions: [
      "virTypedParamsAddFromString", "virTypedParamsAddStringList", "virTypedParamsGet", "virTypedParamsGetBoolean",
      "virTypedParamsGetDouble", "virTypedParamsGetInt", "virTypedParamsGetLLong", "virTypedParamsGetString",
      "virTypedParamsGetUInt", "virTypedParamsGetULLong",
    ]
  ),
  (
    reason: "Streams: bytes go both ways through an event-driven stream; holes of sparse volumes are sent as bytes",
    functions: [
      "virStreamRecvAll", "virStreamRecvFlags", "virStreamRecvHole", "virStreamSendAll", "virStreamSendHole",
    ]
  ),
  (
    reason: "Interfaces of the host: an hypervisor in a container does not configure its host's network",
    functions: [
      "virConnectListAllInterfaces", "virInterfaceChangeBegin", "virInterfaceChangeCommit",
      "virInterfaceChangeRollback", "virInterfaceCreate", "virInterfaceDefineXML", "virInterfaceDestroy",
      "virInterfaceFree", "virInterfaceGetMACString", "virInterfaceGetName", "virInterfaceGetXMLDesc",
      "virInterfaceIsActive", "virInterfaceLookupByMACString", "virInterfaceLookupByName", "virInterfaceUndefine",
    ]
  ),
  (
    reason: "Network ports and filter bindings: libvirt's drivers make them for one another",
    functions: [
      "virConnectListAllNWFilterBindings", "virNWFilterBindingCreateXML", "virNWFilterBindingDelete",
      "virNWFilterBindingFree", "virNWFilterBindingGetFilterName", "virNWFilterBindingGetPortDev",
      "virNWFilterBindingGetXMLDesc", "virNWFilterBindingLookupByPortDev", "virNetworkListAllPorts",
      "virNetworkPortCreateXML", "virNetworkPortDelete", "virNetworkPortFree", "virNetworkPortGetNetwork",
      "virNetworkPortGetParameters", "virNetworkPortGetUUIDString", "virNetworkPortGetXMLDesc",
      "virNetworkPortLookupByUUIDString", "virNetworkPortSetParameters",
    ]
  ),
  (
    reason: "Checkpoints and backups: disks are copied by snapshots and volumes",
    functions: [
      "virDomainBackupBegin", "virDomainBackupGetXMLDesc", "virDomainBlockCopy", "virDomainCheckpointCreateXML",
      "virDomainCheckpointDelete", "virDomainCheckpointFree", "virDomainCheckpointGetName",
      "virDomainCheckpointGetParent", "virDomainCheckpointGetXMLDesc", "virDomainCheckpointListAllChildren",
      "virDomainCheckpointLookupByName", "virDomainListAllCheckpoints",
    ]
  ),
  (
    reason: "Tuning by schedulers, NUMA, I/O threads, cgroups and pinning belongs into the domain's XML",
    functions: [
      "virDomainAddIOThread", "virDomainDelIOThread", "virDomainGetBlkioParameters", "virDomainGetBlockIoTune",
      "virDomainGetCPUStats", "virDomainGetEmulatorPinInfo", "virDomainGetIOThreadInfo",
      "virDomainGetInterfaceParameters", "virDomainGetMemoryParameters", "virDomainGetNumaParameters",
      "virDomainGetPerfEvents", "virDomainGetSchedulerParametersFlags", "virDomainGetSchedulerType",
      "virDomainGetVcpuPinInfo", "virDomainGetVcpus", "virDomainIOThreadInfoFree", "virDomainPinEmulator",
      "virDomainPinIOThread", "virDomainPinVcpuFlags", "virDomainSetBlkioParameters", "virDomainSetBlockIoTune",
      "virDomainSetBlockThreshold", "virDomainSetIOThreadParams", "virDomainSetInterfaceParameters",
      "virDomainSetLifecycleAction", "virDomainSetMemoryParameters", "virDomainSetNumaParameters",
      "virDomainSetPerfEvents", "virDomainSetSchedulerParametersFlags", "virDomainSetVcpu",
      "virDomainStartDirtyRateCalc",
    ]
  ),
  (
    reason:
      "Migration between containers starts and ends with one call; finer control of a running one is left to virsh",
    functions: [
      "virDomainMigrateGetCompressionCache", "virDomainMigrateSetCompressionCache", "virDomainMigrateStartPostCopy",
    ]
  ),
  (
    reason: "File descriptors that are passed to QEMU: QEMU opens its own in the container",
    functions: [
      "virDomainCreateWithFiles", "virDomainCreateXMLWithFiles", "virDomainFDAssociate", "virDomainOpenGraphicsFD",
      "virDomainQemuMonitorCommandWithFiles",
    ]
  ),
  (
    reason: "A domain is known by name and UUID; its number changes with every start",
    functions: [
      "virDomainLookupByID"
    ]
  ),
  (
    reason: "The same statistics come by the call for all domains",
    functions: [
      "virDomainListGetStats"
    ]
  ),
  (
    reason: "Guest agent calls whose results the guest's information brings as well",
    functions: [
      "virDomainAuthorizedSSHKeysGet", "virDomainAuthorizedSSHKeysSet", "virDomainFSInfoFree", "virDomainGetFSInfo",
      "virDomainGetGuestVcpus", "virDomainSetGuestVcpus",
    ]
  ),
  (
    reason: "Save and restore with paths and XML do what these do with typed parameters",
    functions: [
      "virDomainRestoreParams", "virDomainSaveParams",
    ]
  ),
  (
    reason: "Looks into the guest's memory and disks behind its back",
    functions: [
      "virDomainBlockPeek", "virDomainMemoryPeek",
    ]
  ),
  (
    reason: "Processors' encryption is out of reach of unprivileged containers",
    functions: [
      "virDomainGetLaunchSecurityInfo", "virDomainSetLaunchSecurityState", "virNodeGetSEVInfo",
    ]
  ),
  (
    reason: "Security labels: the container's own profile confines QEMU",
    functions: [
      "virDomainGetSecurityLabelList", "virNodeGetSecurityModel",
    ]
  ),
  (
    reason: "Raw monitor events, and a QEMU that libvirt did not start",
    functions: [
      "virConnectDomainQemuMonitorEventDeregister", "virConnectDomainQemuMonitorEventRegister",
      "virDomainQemuAttach",
    ]
  ),
  (
    reason: "Only the LXC driver has it",
    functions: [
      "virDomainSendProcessSignal"
    ]
  ),
  (
    reason: "An identity is set by proxies that speak for others",
    functions: [
      "virConnectSetIdentity"
    ]
  ),
  (
    reason: "The version of the daemon's libvirt is asked for, not that of this process's library",
    functions: [
      "virGetVersion"
    ]
  ),
  (
    reason: "The host's devices are listed and handed over; creating, starting and rebinding them is the host's affair",
    functions: [
      "virNodeDeviceCreate", "virNodeDeviceCreateXML", "virNodeDeviceDefineXML", "virNodeDeviceDestroy",
      "virNodeDeviceDetachFlags", "virNodeDeviceGetAutostart", "virNodeDeviceIsActive", "virNodeDeviceIsPersistent",
      "virNodeDeviceLookupSCSIHostByWWN", "virNodeDeviceReAttach", "virNodeDeviceReset", "virNodeDeviceSetAutostart",
      "virNodeDeviceUndefine",
    ]
  ),
  (
    reason: "The host's power, memory and CPU settings are the host's affair",
    functions: [
      "virNodeAllocPages", "virNodeGetCPUMap", "virNodeGetCellsFreeMemory", "virNodeGetFreePages",
      "virNodeGetMemoryParameters", "virNodeSetMemoryParameters", "virNodeSuspendForDuration",
    ]
  ),
]
