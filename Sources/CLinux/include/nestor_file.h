/// File calls that are variadic, or that Glibc shows only to GNU sources.
#ifndef NESTOR_FILE_H
#define NESTOR_FILE_H

/// Makes a descriptor close when another program is run in this process. fcntl is variadic.
int nestor_close_on_exec(int descriptor);

/// Exchanges two paths in one step, so that both are there at every moment; renameat2(2) with RENAME_EXCHANGE.
int nestor_exchange(const char *first, const char *second);

#endif
