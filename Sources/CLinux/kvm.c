#define _GNU_SOURCE
#include "nestor_kvm.h"

#include <errno.h>
#include <string.h>

#if !defined(__x86_64__)

int nestor_kvm_run(const struct nestor_kvm_request *request, struct nestor_kvm_report *report) {
  (void)request;
  memset(report, 0, sizeof *report);
  return -ENOTSUP;
}

#else

#include "child.h"

#include <fcntl.h>
#include <linux/kvm.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

// One function for both sides: called as C outside, its bytes copied into the guest's memory inside. Each round depends
// on the one before, so no processor and no emulator can skip any, and a wrong instruction changes the result.
uint64_t nestor_kvm_loop(uint64_t rounds) __attribute__((visibility("hidden")));
extern const uint8_t nestor_kvm_loop_end[] __attribute__((visibility("hidden")));
__asm__(
  ".pushsection .text, \"ax\", @progbits\n"
  ".p2align 4\n"
  ".globl nestor_kvm_loop\n"
  ".hidden nestor_kvm_loop\n"
  ".type nestor_kvm_loop, @function\n"
  "nestor_kvm_loop:\n"
  "  movabsq $0x6e6573746f722121, %rax\n"
  "1:\n"
  "  imulq $0x2545f491, %rax, %rax\n"
  "  addq %rdi, %rax\n"
  "  rolq $13, %rax\n"
  "  decq %rdi\n"
  "  jnz 1b\n"
  "  retq\n"
  ".globl nestor_kvm_loop_end\n"
  ".hidden nestor_kvm_loop_end\n"
  "nestor_kvm_loop_end:\n"
  ".size nestor_kvm_loop, . - nestor_kvm_loop\n"
  ".popsection\n");

// The guest's physical memory, identity mapped by one 2 MiB page.
enum {
  PAGE_MAP_LEVEL_4 = 0x1000,
  PAGE_DIRECTORY_POINTERS = 0x2000,
  PAGE_DIRECTORY = 0x3000,
  CODE = 0x4000,
  HALT = 0x4ff0,
  STACK_TOP = 0x5ff8,
  MEMORY_SIZE = 0x6000,
};

enum { ENTRY_PRESENT = 1, ENTRY_WRITABLE = 2, ENTRY_LARGE = 0x80 };
enum { CR0_PE = 1, CR0_ET = 0x10, CR0_NE = 0x20, CR0_WP = 0x10000, CR4_PAE = 0x20 };
#define CR0_PG 0x80000000u
enum { EFER_LME = 0x100, EFER_LMA = 0x400 };

/// Shared between child and parent. Two slots, so that a child killed while it writes one leaves the other whole.
struct shared {
  struct nestor_kvm_request request;
  struct nestor_kvm_report report;
  struct nestor_kvm_comparison slots[2];
};

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void put(uint8_t *memory, uint64_t address, uint64_t value) { memcpy(memory + address, &value, sizeof value); }

static void fill_memory(uint8_t *memory) {
  put(memory, PAGE_MAP_LEVEL_4, PAGE_DIRECTORY_POINTERS | ENTRY_PRESENT | ENTRY_WRITABLE);
  put(memory, PAGE_DIRECTORY_POINTERS, PAGE_DIRECTORY | ENTRY_PRESENT | ENTRY_WRITABLE);
  put(memory, PAGE_DIRECTORY, ENTRY_PRESENT | ENTRY_WRITABLE | ENTRY_LARGE);
  const uint8_t *code = (const uint8_t *)(uintptr_t)nestor_kvm_loop;
  memcpy(memory + CODE, code, (size_t)(nestor_kvm_loop_end - code));
  memory[HALT] = 0xf4;
  // The loop returns like any function; its return address is the halt.
  put(memory, STACK_TOP, HALT);
}

static struct kvm_segment segment(uint8_t type, uint8_t is_code) {
  const struct kvm_segment flat = {
    .base = 0,
    .limit = 0xffffffff,
    .selector = (uint16_t)(is_code ? 0x08 : 0x10),
    .type = type,
    .present = 1,
    .db = (uint8_t)!is_code,
    .s = 1,
    .l = is_code,
    .g = 1,
  };
  return flat;
}

/// Gives the processor all that KVM can offer: newer kernels hold control registers against this, so one without long mode
/// cannot enter it.
static int set_features(int kvm, int vcpu) {
  // KVM has never known more entries, and writes no more than it is told that there is room for.
  enum { ENTRIES = 256 };
  union {
    struct kvm_cpuid2 header;
    uint8_t room[sizeof(struct kvm_cpuid2) + ENTRIES * sizeof(struct kvm_cpuid_entry2)];
  } features;
  memset(&features, 0, sizeof features);
  features.header.nent = ENTRIES;
  if (ioctl(kvm, KVM_GET_SUPPORTED_CPUID, &features) < 0) return -1;
  return ioctl(vcpu, KVM_SET_CPUID2, &features);
}

static int set_segments(int vcpu) {
  struct kvm_sregs sregs;
  if (ioctl(vcpu, KVM_GET_SREGS, &sregs) < 0) return -1;
  sregs.cr3 = PAGE_MAP_LEVEL_4;
  sregs.cr4 = CR4_PAE;
  sregs.cr0 = CR0_PE | CR0_ET | CR0_NE | CR0_WP | CR0_PG;
  sregs.efer = EFER_LME | EFER_LMA;
  sregs.cs = segment(0xb, 1);
  sregs.ds = sregs.es = sregs.fs = sregs.gs = sregs.ss = segment(0x3, 0);
  return ioctl(vcpu, KVM_SET_SREGS, &sregs);
}

static uint64_t outside(uint64_t rounds, uint64_t *value) {
  uint64_t fastest = UINT64_MAX;
  for (int i = 0; i < 3; i++) {
    const uint64_t start = now_ns();
    *value = nestor_kvm_loop(rounds);
    const uint64_t time = now_ns() - start;
    if (time < fastest) fastest = time;
  }
  return fastest > 0 ? fastest : 1;
}

/// Runs the loop in the guest: 0, or -1 with `step` and `error` set in the report.
static int inside(int vcpu, struct kvm_run *run, uint64_t rounds, uint64_t *time, uint64_t *value,
                  struct nestor_kvm_report *report) {
  struct kvm_regs regs;
  memset(&regs, 0, sizeof regs);
  regs.rip = CODE;
  regs.rsp = STACK_TOP;
  regs.rdi = rounds;
  regs.rflags = 2;
  report->step = NESTOR_KVM_STEP_REGISTERS;
  if (ioctl(vcpu, KVM_SET_REGS, &regs) < 0) goto failed;
  report->step = NESTOR_KVM_STEP_RUN;
  report->begun_rounds = rounds;
  const uint64_t start = now_ns();
  int result;
  do {
    result = ioctl(vcpu, KVM_RUN, 0);
  } while (result < 0 && (errno == EINTR || errno == EAGAIN));
  *time = now_ns() - start;
  if (result < 0) goto failed;
  if (run->exit_reason != KVM_EXIT_HLT) {
    report->step = NESTOR_KVM_STEP_EXIT_REASON;
    report->exit_reason = run->exit_reason;
    return -1;
  }
  if (ioctl(vcpu, KVM_GET_REGS, &regs) < 0) goto failed;
  *value = regs.rax;
  return 0;
failed:
  report->error = errno;
  return -1;
}

static void compare(int vcpu, struct kvm_run *run, struct shared *shared) {
  const struct nestor_kvm_request *request = &shared->request;
  struct nestor_kvm_report *report = &shared->report;
  int slow_comparisons = 0;
  for (uint64_t rounds = request->first_rounds;;) {
    struct nestor_kvm_comparison *slot = &shared->slots[report->comparisons % 2];
    slot->rounds = rounds;
    if (inside(vcpu, run, rounds, &slot->inside_ns, &slot->inside_value, report) < 0) return;
    report->step = NESTOR_KVM_STEP_OUTSIDE;
    slot->outside_ns = outside(rounds, &slot->outside_value);
    __atomic_store_n(&report->comparisons, report->comparisons + 1, __ATOMIC_RELEASE);
    const int fast = (double)slot->inside_ns <= (double)slot->outside_ns * request->ratio;
    // A slow run or two may only mean that another process had the processor.
    if (!fast && slot->inside_ns >= request->enough_ns) slow_comparisons++;
    if (slot->inside_value != slot->outside_value || rounds >= request->last_rounds ||
        (fast && slot->inside_ns >= request->enough_ns) ||
        (slow_comparisons > 2 && slot->inside_ns >= request->slow_ns)) {
      report->step = NESTOR_KVM_STEP_DONE;
      return;
    }
    rounds = rounds > request->last_rounds / 4 ? request->last_rounds : rounds * 4;
  }
}

static void probe(void *argument) {
  struct shared *shared = argument;
  struct nestor_kvm_report *report = &shared->report;

  report->step = NESTOR_KVM_STEP_OPEN;
  const int kvm = open(shared->request.path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
  if (kvm < 0) goto failed;

  report->step = NESTOR_KVM_STEP_API_VERSION;
  const int version = ioctl(kvm, KVM_GET_API_VERSION, 0);
  if (version < 0) goto failed;
  report->api_version = version;
  if (version != KVM_API_VERSION) return;

  report->step = NESTOR_KVM_STEP_CREATE_VM;
  int vm;
  do {
    vm = ioctl(kvm, KVM_CREATE_VM, 0);
  } while (vm < 0 && errno == EINTR);
  if (vm < 0) goto failed;
  // Intel processors without "unrestricted guest" need these three pages; where they mean nothing the call may fail.
  (void)ioctl(vm, KVM_SET_TSS_ADDR, 0xfffbd000ul);

  report->step = NESTOR_KVM_STEP_MEMORY;
  uint8_t *memory = mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) goto failed;
  fill_memory(memory);
  struct kvm_userspace_memory_region region = {
    .slot = 0, .guest_phys_addr = 0, .memory_size = MEMORY_SIZE, .userspace_addr = (uint64_t)(uintptr_t)memory};
  if (ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region) < 0) goto failed;

  report->step = NESTOR_KVM_STEP_CREATE_VCPU;
  const int vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
  if (vcpu < 0) goto failed;

  report->step = NESTOR_KVM_STEP_MAP_VCPU;
  const int run_size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
  if (run_size < 0) goto failed;
  struct kvm_run *run = mmap(NULL, (size_t)run_size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu, 0);
  if (run == MAP_FAILED) goto failed;

  report->step = NESTOR_KVM_STEP_FEATURES;
  if (set_features(kvm, vcpu) < 0) goto failed;

  report->step = NESTOR_KVM_STEP_SEGMENTS;
  if (set_segments(vcpu) < 0) goto failed;

  compare(vcpu, run, shared);
  return;
failed:
  report->error = errno;
}

int nestor_kvm_run(const struct nestor_kvm_request *request, struct nestor_kvm_report *report) {
  memset(report, 0, sizeof *report);
  if (request->first_rounds == 0) return -EINVAL;
  struct shared *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return -errno;
  // The path is the caller's memory, of which the child has a copy.
  shared->request = *request;
  struct nestor_child_end end;
  const int result = nestor_child_run(probe, shared, request->limit_ns, &end);
  if (result == 0) {
    *report = shared->report;
    report->comparisons = __atomic_load_n(&shared->report.comparisons, __ATOMIC_ACQUIRE);
    if (report->comparisons > 0) report->last = shared->slots[(report->comparisons - 1) % 2];
    report->timed_out = end.timed_out;
    report->signal = end.timed_out ? 0 : end.signal;
  }
  munmap(shared, sizeof *shared);
  return result;
}

#endif
