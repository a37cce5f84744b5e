/// Opens a file as another user would.
///
/// In C because it changes the user of a forked child, where Swift code may not run.
#ifndef NESTOR_ACCESS_H
#define NESTOR_ACCESS_H

#include <stdint.h>
#include <sys/types.h>

/// What came of it.
struct nestor_access_report {
  /// The errno value with which the child could not become the user, or 0.
  int32_t identity_error;
  /// The errno value with which open failed, or 0.
  int32_t open_error;
  /// The file was opened.
  int32_t opened;
  /// open did not return within the limit.
  int32_t timed_out;
};

/// Opens `path` with `flags` (O_RDWR and the like; O_CLOEXEC, O_NOCTTY and O_NONBLOCK are added, nothing is created) in
/// a child with this user, group and exactly these supplementary groups, and closes it. Returns 0 and fills `report`,
/// or a negated errno value when no child could be started.
int nestor_access(const char *path, int flags, uid_t user, gid_t group, const gid_t *groups, uint32_t group_count,
                  uint64_t limit_ns, struct nestor_access_report *report);

#endif
