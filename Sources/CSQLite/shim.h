#pragma once
#include <sqlite3.h>

/// Stops SQLite from counting its memory, which costs a lock at each allocation. Variadic functions can't be called from Swift.
/// Must come before the first connection; later it fails and changes nothing.
static inline int roost_sqlite3_forgo_memory_statistics(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }
