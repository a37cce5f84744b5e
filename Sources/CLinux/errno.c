#define _GNU_SOURCE
#include "nestor_errno.h"

#include <string.h>

const char *nestor_errno_name(int error) { return strerrorname_np(error); }

const char *nestor_errno_text(int error) { return strerrordesc_np(error); }
