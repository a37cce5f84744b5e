/// What the guest's agent needs of the kernel and the C library.
///
/// In C because epoll's events are a packed union, the C library's settings are macros, and signal sets are opaque.
#ifndef NESTOR_AGENT_H
#define NESTOR_AGENT_H

#include <stdint.h>
#include <sys/types.h>

/// Waits until the host has opened a virtio-serial port: 1 then, 0 when `interruption` became readable first.
///
/// poll(2) reports a hang-up for as long as the host has not, and never sleeps; edge-triggered epoll(7) sleeps until the
/// driver wakes the port's queue, which it does when the host opens it.
int nestor_port_wait(int port, int interruption);

/// Keeps the C library from holding memory: two arenas, and larger blocks given back when they are freed.
void nestor_save_memory(void);

/// Blocks the signals that end a program, and SIGCHLD, in this thread and those that it starts; ignores SIGPIPE.
int nestor_hold_signals(void);

/// Waits for one of the signals that end a program; answers with its number.
int nestor_wait_for_end_signal(void);

/// Waits until a child has ended, or a second has passed.
void nestor_wait_for_child_signal(void);

/// The process ID of a child that has ended and waits to be reaped, which it is not by this; 0 where there is none.
pid_t nestor_find_ended_child(void);

#endif
