#pragma once
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>

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
