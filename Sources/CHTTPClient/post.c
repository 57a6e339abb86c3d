#include "http_client.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static pthread_once_t started = PTHREAD_ONCE_INIT;
static void start(void) { curl_global_init(CURL_GLOBAL_DEFAULT); }

static int copy(char *out, size_t capacity, CURLU *url, CURLUPart part, unsigned flags) {
  char *text = NULL;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return -1;
  int written = snprintf(out, capacity, "%s", text);
  curl_free(text);
  return written >= 0 && (size_t)written < capacity ? 0 : -1;
}

int roost_http_parse(const char *text, struct roost_http_target *target) {
  pthread_once(&started, start);
  CURLU *url = curl_url();
  int result = -1;
  if (url && curl_url_set(url, CURLUPART_URL, text, CURLU_DISALLOW_USER) == CURLUE_OK &&
      copy(target->scheme, sizeof target->scheme, url, CURLUPART_SCHEME, 0) == 0 &&
      copy(target->host, sizeof target->host, url, CURLUPART_HOST, 0) == 0 &&
      copy(target->port, sizeof target->port, url, CURLUPART_PORT, CURLU_DEFAULT_PORT) == 0 &&
      (strcmp(target->scheme, "http") == 0 || strcmp(target->scheme, "https") == 0))
    result = 0;
  curl_url_cleanup(url);
  return result;
}

// The second lock: the only address that a socket is opened to.
static curl_socket_t open_socket(void *wanted, curlsocktype purpose, struct curl_sockaddr *address) {
  char text[INET6_ADDRSTRLEN] = "";
  (void)purpose;
  if (address->family == AF_INET)
    inet_ntop(AF_INET, &((struct sockaddr_in *)&address->addr)->sin_addr, text, sizeof text);
  else if (address->family == AF_INET6)
    inet_ntop(AF_INET6, &((struct sockaddr_in6 *)&address->addr)->sin6_addr, text, sizeof text);
  if (strcmp(text, wanted) != 0) return CURL_SOCKET_BAD;
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

struct answer {
  uint8_t *bytes;
  size_t capacity, size;
};

// More than is kept isn't read: libcurl ends the transfer, the status is there.
static size_t keep(char *data, size_t size, size_t count, void *context) {
  struct answer *answer = context;
  size_t wanted = size * count, room = answer->capacity - answer->size;
  size_t kept = wanted < room ? wanted : room;
  memcpy(answer->bytes + answer->size, data, kept);
  answer->size += kept;
  return kept;
}

void roost_http_post(
    const char *url, const char *address, const char *const *headers, size_t header_count, const uint8_t *body, size_t body_size,
    long timeout_ms, uint8_t *bytes, size_t capacity, struct roost_http_reply *reply) {
  memset(reply, 0, sizeof *reply);
  struct roost_http_target target;
  CURL *curl = roost_http_parse(url, &target) == 0 ? curl_easy_init() : NULL;
  if (!curl) {
    snprintf(reply->error, sizeof reply->error, "not an address of the web");
    return;
  }
  char entry[512];
  snprintf(entry, sizeof entry, strchr(address, ':') ? "%s:%s:[%s]" : "%s:%s:%s", target.host, target.port, address);
  struct curl_slist *resolved = curl_slist_append(NULL, entry), *list = NULL;
  for (size_t i = 0; i < header_count; i++) list = curl_slist_append(list, headers[i]);
  struct answer answer = {bytes, capacity, 0};
  curl_easy_setopt(curl, CURLOPT_URL, url);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt(curl, CURLOPT_RESOLVE, resolved);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, (void *)address);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, timeout_ms / 2);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
  curl_easy_setopt(curl, CURLOPT_POST, 1L);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body_size);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, (const char *)body);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
  CURLcode code = curl_easy_perform(curl);
  curl_off_t microseconds = 0;
  curl_easy_getinfo(curl, CURLINFO_TOTAL_TIME_T, &microseconds);
  reply->milliseconds = (long)(microseconds / 1000);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply->status);
  // All that is wanted of the answer is there.
  if (code != CURLE_OK && !(code == CURLE_WRITE_ERROR && answer.size == capacity)) {
    reply->status = 0;
    snprintf(reply->error, sizeof reply->error, "%s", curl_easy_strerror(code));
  }
  reply->size = answer.size;
  curl_slist_free_all(list);
  curl_slist_free_all(resolved);
  curl_easy_cleanup(curl);
}
