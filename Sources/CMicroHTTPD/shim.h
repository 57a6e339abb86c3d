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

// Nor can it be called with a va_list: the library's messages are formatted here and handed on as text.
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

// The library takes cookies and the query apart by itself, into records for which its memory may not suffice; then it answers, and twice. Nobody here
// asks it for either: a cookie of ours that comes first is the one that it takes apart, and a query that begins with a NUL has no fields.
// To be called when the request line is in, with the address as the library holds it, and once that has been copied.
static inline void roost_leave_whole(struct MHD_Connection *connection, const char *target) {
  char *query = strchr((char *)target, '?');
  if (query != NULL) query[1] = 0;
  MHD_set_connection_value(connection, MHD_HEADER_KIND, "Cookie", "-");
}
