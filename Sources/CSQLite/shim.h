#pragma once
#include <sqlite3.h>

/// Disables SQLite's memory statistics, which cost a lock at each allocation. A function here because Swift can't call
/// variadic ones. Has to be called before the first connection; later it fails without effect.
static inline int roost_sqlite3_forgo_memory_statistics(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

/// Makes the plan of a statement independent of its bound values: otherwise SQLite compiles some again for each value.
static inline int roost_sqlite3_keep_plans(sqlite3 *db) { return sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_QPSG, 1, (int *)0); }
