#pragma once
#include <stdbool.h>
#include <sys/types.h>

// The bytes that the HTTP library receives pass through here first. The library offers no way to see a request as it
// was sent: it parses in place, and overwrites line ends with NULs, after which `a<NUL><LF>` and `a<CR><LF>` are the
// same bytes. So this target defines `recv`, which the library calls; the linker prefers a program's own symbol to the
// C library's.

/// Called with what was received: `count` bytes at `bytes`, 0 at the end. Returns how many of them the reader gets; 0
/// looks like the end to it.
typedef ssize_t (*roost_receiver)(void *context, void *bytes, ssize_t count);

/// Registers this descriptor. `false` if it is beyond the table and so can't be watched.
bool roost_watch(int descriptor, roost_receiver receiver, void *context);

/// The context registered with a descriptor; NULL if it isn't watched.
void *roost_watcher(int descriptor);

/// Unregisters a descriptor. To be called before it is closed.
void roost_unwatch(int descriptor);
