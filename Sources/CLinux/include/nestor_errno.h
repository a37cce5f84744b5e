/// Names and texts of errno values: strerror is not safe across threads, and strerror_r has two signatures.
#ifndef NESTOR_ERRNO_H
#define NESTOR_ERRNO_H

/// The symbolic name, such as "ENOENT", or NULL for an unknown value. The text is static and in no locale.
const char *nestor_errno_name(int error);

/// What the value means, such as "No such file or directory", or NULL for an unknown value. Static, in no locale.
const char *nestor_errno_text(int error);

#endif
