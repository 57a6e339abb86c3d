// The lower bound of the bench for a page of contacts: the SQL of Roost's list over the same file, rendered into as many bytes, behind
// libmicrohttpd; no accounts, no templates, no languages. Clients that accept zstd get it, at level 1.
//   floor PORT DATABASE BYTES      answers GET /?per_page=50[&after=CURSOR] with Roost's cursors, and /healthz
#include <arpa/inet.h>
#include <microhttpd.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

enum { COLUMNS = 12, CAPACITY = 1 << 20 };

static const char *database_path;
static size_t bytes_wanted;

// The state of a thread: a connection, the statements, a page buffer and a compression buffer.
struct worker {
  sqlite3 *db;
  sqlite3_stmt *first, *after;
  ZSTD_CCtx *zstd;
  char page[CAPACITY], packed[CAPACITY];
};
static _Thread_local struct worker *mine;

#define SELECT(past)                                                                                                                             \
  "SELECT seq, id, name_sort, name, email, phone, status, company_name, company_id, city, country, created_at FROM contacts"                     \
  " INDEXED BY contacts_by_name WHERE status = 'active'" past " UNION ALL "                                                                      \
  "SELECT seq, id, name_sort, name, email, phone, status, company_name, company_id, city, country, created_at FROM contacts"                     \
  " INDEXED BY contacts_by_name WHERE status = 'inactive'" past " ORDER BY 3, 1 LIMIT 51"

static struct worker *worker(void) {
  if (mine) return mine;
  mine = calloc(1, sizeof *mine);
  if (!mine || sqlite3_open_v2(database_path, &mine->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) ||
      sqlite3_exec(mine->db, "PRAGMA mmap_size = 1099511627776", NULL, NULL, NULL) ||
      sqlite3_prepare_v2(mine->db, SELECT(""), -1, &mine->first, NULL) ||
      sqlite3_prepare_v2(mine->db, SELECT(" AND (name_sort, seq) > (?1, ?2)"), -1, &mine->after, NULL) || !(mine->zstd = ZSTD_createCCtx())) {
    fprintf(stderr, "floor: %s\n", mine && mine->db ? sqlite3_errmsg(mine->db) : "no memory");
    exit(1);
  }
  return mine;
}

static char *put(char *out, const char *text) {
  size_t n = strlen(text);
  memcpy(out, text, n);
  return out + n;
}

static char *escaped(char *out, const char *text) {
  for (; *text; text++) {
    switch (*text) {
    case '&': out = put(out, "&amp;"); break;
    case '<': out = put(out, "&lt;"); break;
    case '>': out = put(out, "&gt;"); break;
    case '"': out = put(out, "&quot;"); break;
    default: *out++ = *text;
    }
  }
  return out;
}

static char *link_to(char *out, const char *before, const char *address, const char *text) {
  out = escaped(put(put(out, "<td><a href=\""), before), address);
  return put(escaped(put(out, "\">"), text), "</a></td>");
}

// "seq.name_sort" from base64url; false for anything else.
static int read_cursor(const char *text, char *value, size_t room, long long *seq) {
  unsigned bits = 0, held = 0;
  size_t n = 0;
  for (; *text && n + 1 < room; text++) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *digit = strchr(digits, *text);
    if (!digit) return 0;
    bits = bits << 6 | (unsigned)(digit - digits);
    held += 6;
    if (held >= 8) value[n++] = (char)(bits >> (held -= 8));
  }
  value[n] = 0;
  char *dot;
  *seq = strtoll(value, &dot, 10);
  if (*dot != '.') return 0;
  memmove(value, dot + 1, strlen(dot));
  return 1;
}

static size_t paint(struct worker *w, sqlite3_stmt *rows) {
  char *out = put(w->page, "<!doctype html><table>");
  for (int n = 0; sqlite3_step(rows) == SQLITE_ROW; n++) {
    const char *c[COLUMNS];
    for (int i = 0; i < COLUMNS; i++) c[i] = sqlite3_column_text(rows, i) ? (const char *)sqlite3_column_text(rows, i) : "";
    if (n == 50) break;
    out = link_to(put(out, "<tr>"), "/admin/crm/contacts/", c[1], c[3]);
    out = link_to(out, "mailto:", c[4], c[4]);
    out = link_to(out, "tel:", c[5], c[5]);
    out = put(escaped(put(out, "<td><span class=\"badge\">"), c[6]), "</span></td>");
    out = link_to(out, "/admin/crm/companies/", c[8], c[7]);
    for (int i = 9; i < COLUMNS; i++) out = put(escaped(put(out, "<td>"), c[i]), "</td>");
    out = put(out, "</tr>\n");
  }
  sqlite3_reset(rows);
  // The rest of Roost's HTML, which is the same on every page and in every row.
  static const char rest[] = "<div class=\"person\"><span class=\"avatar tint-3\" aria-hidden=\"true\"></span></div>\n";
  while ((size_t)(out - w->page) < bytes_wanted) out = put(out, rest);
  return (size_t)(out - w->page);
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
                              const char *upload, size_t *upload_size, void **state) {
  (void)context, (void)method, (void)version, (void)upload, (void)upload_size;
  if (!*state) { // the head alone; the second call responds
    *state = "seen";
    return MHD_YES;
  }
  struct worker *w = worker();
  const char *body = "ok\n", *encoding = NULL;
  size_t size = 3;
  if (strcmp(url, "/healthz")) {
    const char *after = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "after");
    const char *accepted = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Accept-Encoding");
    char value[2048];
    long long seq;
    if (after && !read_cursor(after, value, sizeof value, &seq)) return MHD_NO;
    if (after) {
      sqlite3_bind_text(w->after, 1, value, -1, SQLITE_STATIC);
      sqlite3_bind_int64(w->after, 2, seq);
    }
    size = paint(w, after ? w->after : w->first);
    body = w->page;
    if (accepted && strstr(accepted, "zstd")) {
      size_t packed = ZSTD_compressCCtx(w->zstd, w->packed, CAPACITY, body, size, 1);
      if (!ZSTD_isError(packed)) body = w->packed, size = packed, encoding = "zstd";
    }
  }
  struct MHD_Response *response = MHD_create_response_from_buffer(size, (void *)body, MHD_RESPMEM_MUST_COPY);
  MHD_add_response_header(response, "Content-Type", "text/html; charset=utf-8");
  if (encoding) MHD_add_response_header(response, "Content-Encoding", encoding);
  enum MHD_Result queued = MHD_queue_response(connection, 200, response);
  MHD_destroy_response(response);
  return queued;
}

int main(int count, char **arguments) {
  if (count != 4) return fprintf(stderr, "usage: floor PORT DATABASE BYTES\n"), 2;
  database_path = arguments[2];
  bytes_wanted = strtoul(arguments[3], NULL, 10);
  if (bytes_wanted > CAPACITY / 2) return fprintf(stderr, "floor: %zu bytes are more than it paints\n", bytes_wanted), 2;
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(arguments[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct MHD_Daemon *daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO, 0, NULL, NULL, answer, NULL, MHD_OPTION_SOCK_ADDR, &here,
                                               MHD_OPTION_THREAD_POOL_SIZE, 2u, MHD_OPTION_END);
  if (!daemon) return perror("floor"), 1;
  for (;;) pause();
}
