#define _GNU_SOURCE
#include "nestor_agent.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int nestor_port_wait(int port, int interruption) {
  const int queue = epoll_create1(EPOLL_CLOEXEC);
  if (queue < 0) return -errno;
  int result = 0;
  struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLET, .data.fd = port};
  if (epoll_ctl(queue, EPOLL_CTL_ADD, port, &event) != 0) result = -errno;
  event = (struct epoll_event){.events = EPOLLIN, .data.fd = interruption};
  if (result == 0 && epoll_ctl(queue, EPOLL_CTL_ADD, interruption, &event) != 0) result = -errno;
  while (result == 0) {
    struct pollfd now = {.fd = port, .events = POLLIN};
    if (poll(&now, 1, 0) < 0 && errno != EINTR) {
      result = -errno;
    } else if (now.revents & (POLLERR | POLLNVAL)) {
      // The device has been taken away.
      result = -ENODEV;
    } else if (!(now.revents & POLLHUP)) {
      result = 1;
    } else {
      const int count = epoll_wait(queue, &event, 1, -1);
      if (count < 0 && errno != EINTR) result = -errno;
      if (count > 0 && event.data.fd == interruption) break;
    }
  }
  close(queue);
  return result;
}

void nestor_save_memory(void) {
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_MMAP_THRESHOLD, 64 * 1024);
  mallopt(M_TRIM_THRESHOLD, 64 * 1024);
}

static void ending_signals(sigset_t *set) {
  sigemptyset(set);
  sigaddset(set, SIGTERM);
  sigaddset(set, SIGINT);
  sigaddset(set, SIGHUP);
}

int nestor_hold_signals(void) {
  sigset_t held;
  ending_signals(&held);
  sigaddset(&held, SIGCHLD);
  if (signal(SIGPIPE, SIG_IGN) == SIG_ERR) return -errno;
  return -pthread_sigmask(SIG_BLOCK, &held, NULL);
}

int nestor_wait_for_end_signal(void) {
  sigset_t ending;
  ending_signals(&ending);
  int number;
  do {
    number = sigwaitinfo(&ending, NULL);
  } while (number < 0 && errno == EINTR);
  return number < 0 ? -errno : number;
}

void nestor_wait_for_child_signal(void) {
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  const struct timespec second = {.tv_sec = 1};
  sigtimedwait(&children, NULL, &second);
}

pid_t nestor_find_ended_child(void) {
  siginfo_t information;
  memset(&information, 0, sizeof information);
  if (waitid(P_ALL, 0, &information, WEXITED | WNOHANG | WNOWAIT) != 0) return 0;
  return information.si_pid;
}
