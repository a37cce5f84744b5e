/// What Swift cannot import or do safely on Linux.
///
/// Swift imports neither function-like macros (every `_IO`, `_IOW`, `_IOR` number is one) nor variadic functions
/// (`ioctl`, `fcntl`, `open` with a mode), sees unions only as opaque bytes, and may run nothing but
/// async-signal-safe code between fork and exit. Each function here exists for one of these reasons.
///
/// Unless it says otherwise, a function returns 0 or a non-negative value, or a negated errno value when it fails.
#ifndef NESTOR_CLINUX_H
#define NESTOR_CLINUX_H

#include "nestor_access.h"
#include "nestor_agent.h"
#include "nestor_cgroup.h"
#include "nestor_file.h"
#include "nestor_guest.h"
#include "nestor_interface.h"
#include "nestor_kvm.h"
#include "nestor_limits.h"
#include "nestor_spawn.h"
#include "nestor_tap.h"
#include "nestor_vhost.h"
#include "nestor_vsock.h"

#endif
