#pragma once
#include <stdbool.h>
#include <sys/types.h>

// What the HTTP library reads from a socket passes through here first. The library itself offers no way to see a request as it was sent: it parses in
// place, and writes NULs over line ends, after which `a<NUL><LF>` and `a<CR><LF>` are the same bytes. So this target defines `recv`, which the library
// calls; the linker prefers a program's own symbol to the C library's.

/// Told what was received: `count` bytes at `bytes`, 0 at the end. Returns how many of them the reader is to see; 0 looks to it like the end.
typedef ssize_t (*roost_receiver)(void *context, void *bytes, ssize_t count);

/// Has the receiver hear of this descriptor from now on. `false` for a descriptor beyond the table: such a one can't be watched.
bool roost_watch(int descriptor, roost_receiver receiver, void *context);

/// What was given along with a descriptor; NULL for one that isn't watched.
void *roost_watcher(int descriptor);

/// Forgets a descriptor. To be called before it is closed.
void roost_unwatch(int descriptor);
