// libvirt is loaded when the first connection is opened, not when the program starts: with the thirty libraries that
// it needs that takes some 15 ms, more than all the rest of a command that asks libvirt for nothing, and a program
// that starts without libvirt can say how to install it.
//
// Each function is one jump to an address that is filled in by name. Callers see the prototypes of libvirt's own
// headers and the linker sees an ordinary function, so that nothing depends on how the program is linked.

#include "shim.h"

#include <dlfcn.h>

#if defined(__x86_64__)
#define JUMP(address) "jmpq *" address "(%rip)\n"
#elif defined(__aarch64__)
// x16 is the register that the calling convention leaves to such jumps.
#define JUMP(address) "adrp x16, " address "\nldr x16, [x16, :lo12:" address "]\nbr x16\n"
#else
#error "no jump is written for this processor yet"
#endif

// Hidden, so that libvirt's own calls among its functions do not come by here.
#define FUNCTION(name)                                                                       \
  static void *address_of_##name __asm__("nestor_address_of_" #name) __attribute__((used)); \
  __asm__(".pushsection .text." #name ", \"ax\", @progbits\n"                                \
          ".globl " #name "\n.hidden " #name "\n.type " #name ", @function\n" #name ":\n"    \
          JUMP("nestor_address_of_" #name)                                                   \
          ".size " #name ", . - " #name "\n.popsection\n");
#include "functions.h"
#undef FUNCTION

static const struct {
  const char *name;
  void **address;
} functions[] = {
#define FUNCTION(name) {#name, &address_of_##name},
#include "functions.h"
#undef FUNCTION
};

const char *nestor_load_libvirt(void) {
  // It needs libvirt.so.0, so a name is looked up in both.
  void *library = dlopen("libvirt-qemu.so.0", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return dlerror();
  for (size_t index = 0; index < sizeof functions / sizeof *functions; index++) {
    *functions[index].address = dlsym(library, functions[index].name);
    if (*functions[index].address == NULL) return dlerror();
  }
  return NULL;
}
