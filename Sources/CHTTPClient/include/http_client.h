#pragma once
#include <stddef.h>
#include <stdint.h>

// Requests to other servers, on libcurl. In C, because its calls are variadic.

// Where an address of the web leads, as libcurl itself reads it.
struct roost_http_target {
  char scheme[8], host[256], port[8];
};

// 0 for an http or https address without user and password.
int roost_http_parse(const char *url, struct roost_http_target *target);

struct roost_http_reply {
  // 0 if there was no answer.
  long status;
  long milliseconds;
  // How much of the answer was kept.
  size_t size;
  char error[256];
};

// Posts a body, connected to this IP address alone, whatever the name leads to by now. Follows nothing, uses no proxy, and keeps the start of the answer.
void roost_http_post(
    const char *url, const char *address, const char *const *headers, size_t header_count, const uint8_t *body, size_t body_size,
    long timeout_ms, uint8_t *answer, size_t capacity, struct roost_http_reply *reply);
