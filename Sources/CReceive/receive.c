#include "receive.h"
#include <stdatomic.h>
#include <stddef.h>
#include <sys/socket.h>

#define DESCRIPTORS (1 << 16)

// A connection is read by one thread at a time, and the thread that opened it handed it over under a lock; the atomics
// order the data behind the pointers.
static struct {
  _Atomic(void *) context;
  _Atomic(roost_receiver) receiver;
} watched[DESCRIPTORS];

bool roost_watch(int descriptor, roost_receiver receiver, void *context) {
  if (descriptor < 0 || descriptor >= DESCRIPTORS) return false;
  atomic_store_explicit(&watched[descriptor].context, context, memory_order_relaxed);
  atomic_store_explicit(&watched[descriptor].receiver, receiver, memory_order_release);
  return true;
}

void *roost_watcher(int descriptor) {
  if (descriptor < 0 || descriptor >= DESCRIPTORS) return NULL;
  if (atomic_load_explicit(&watched[descriptor].receiver, memory_order_acquire) == NULL) return NULL;
  return atomic_load_explicit(&watched[descriptor].context, memory_order_relaxed);
}

void roost_unwatch(int descriptor) {
  if (descriptor < 0 || descriptor >= DESCRIPTORS) return;
  atomic_store_explicit(&watched[descriptor].receiver, NULL, memory_order_release);
}

ssize_t recv(int descriptor, void *bytes, size_t size, int flags) {
  ssize_t count = recvfrom(descriptor, bytes, size, flags, NULL, NULL);
  if (count < 0 || descriptor < 0 || descriptor >= DESCRIPTORS) return count;
  roost_receiver receiver = atomic_load_explicit(&watched[descriptor].receiver, memory_order_acquire);
  if (receiver == NULL) return count;
  return receiver(atomic_load_explicit(&watched[descriptor].context, memory_order_relaxed), bytes, count);
}
