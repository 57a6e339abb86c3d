#pragma once
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Swift can't call variadic C functions; these lookups take no further argument.
static inline const union MHD_ConnectionInfo *roost_descriptor_info(struct MHD_Connection *connection) {
  return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
}
static inline const union MHD_ConnectionInfo *roost_peer_info(struct MHD_Connection *connection) {
  return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
}
static inline const union MHD_ConnectionInfo *roost_context_info(struct MHD_Connection *connection) {
  return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
}

// Swift can't be called with a va_list either: the library's messages are formatted here and passed on as text.
struct roost_logger {
  void (*line)(void *context, const char *text);
  void *context;
};
static inline void roost_log(void *logger, const char *format, va_list arguments) {
  char text[500];
  vsnprintf(text, sizeof text, format, arguments);
  ((struct roost_logger *)logger)->line(((struct roost_logger *)logger)->context, text);
}
static inline void *roost_log_callback(void) { return (void *)roost_log; }

// The library parses cookies and the query by itself, into records for which its memory can run out; then it responds,
// twice. We use neither: it parses only the first cookie header, which is ours, and a query that starts with a NUL has
// no fields. To be called when the request line has arrived, with the URL as the library holds it, after it has been
// copied.
static inline void roost_leave_whole(struct MHD_Connection *connection, const char *target) {
  char *query = strchr((char *)target, '?');
  if (query != NULL) query[1] = 0;
  MHD_set_connection_value(connection, MHD_HEADER_KIND, "Cookie", "-");
}
