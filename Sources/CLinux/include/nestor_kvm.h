/// A throw-away virtual machine that runs a loop of 64-bit code, and the same loop outside of it.
///
/// In C because struct kvm_run is a union, the ioctl numbers are function-like macros, and all of it runs in a child
/// process: that can be killed when KVM_RUN does not come back.
///
/// https://docs.kernel.org/virt/kvm/api.html
#ifndef NESTOR_KVM_H
#define NESTOR_KVM_H

#include <stdint.h>

/// The last thing that the child began to do.
enum nestor_kvm_step {
  NESTOR_KVM_STEP_START = 0,
  NESTOR_KVM_STEP_OPEN,
  NESTOR_KVM_STEP_API_VERSION,
  NESTOR_KVM_STEP_CREATE_VM,
  NESTOR_KVM_STEP_MEMORY,
  NESTOR_KVM_STEP_CREATE_VCPU,
  NESTOR_KVM_STEP_MAP_VCPU,
  NESTOR_KVM_STEP_FEATURES,
  NESTOR_KVM_STEP_SEGMENTS,
  NESTOR_KVM_STEP_REGISTERS,
  NESTOR_KVM_STEP_RUN,
  NESTOR_KVM_STEP_EXIT_REASON,
  NESTOR_KVM_STEP_OUTSIDE,
  NESTOR_KVM_STEP_DONE,
};

/// What to run.
struct nestor_kvm_request {
  /// The KVM device.
  const char *path;
  /// Rounds of the first comparison, at least 1; each later one has four times as many.
  uint64_t first_rounds;
  /// Never more rounds than this.
  uint64_t last_rounds;
  /// Stop once a comparison took this long inside and was no more than `ratio` times slower than outside.
  uint64_t enough_ns;
  /// Stop once a comparison took this long inside, however slow, and it was not the first slow one.
  uint64_t slow_ns;
  /// See `enough_ns`.
  double ratio;
  /// The child is killed after this time.
  uint64_t limit_ns;
};

/// One comparison of the loop inside and outside.
struct nestor_kvm_comparison {
  uint64_t rounds;
  uint64_t inside_ns;
  /// The fastest of three runs, so that a preempted one does not make KVM look fast.
  uint64_t outside_ns;
  uint64_t inside_value;
  uint64_t outside_value;
};

/// What came of it.
struct nestor_kvm_report {
  /// One of enum nestor_kvm_step; anything but DONE is where it failed or was when the time was over.
  int32_t step;
  /// The errno value of the failed step, or 0.
  int32_t error;
  /// KVM_GET_API_VERSION's answer, or 0.
  int32_t api_version;
  /// KVM_RUN's exit reason where that was not the expected halt.
  uint32_t exit_reason;
  /// Rounds of the run that was begun last.
  uint64_t begun_rounds;
  /// The number of comparisons that were finished; the last one follows.
  uint64_t comparisons;
  struct nestor_kvm_comparison last;
  /// The limit was reached and the child killed.
  int32_t timed_out;
  /// The signal that ended the child, or 0.
  int32_t signal;
};

/// Runs the loop in a child and waits for it. Returns 0 and fills `report`, also when KVM is absent or fails; a
/// negated errno value when no child could be started, ENOTSUP on any processor but x86-64.
int nestor_kvm_run(const struct nestor_kvm_request *request, struct nestor_kvm_report *report);

#endif
