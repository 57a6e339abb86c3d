#ifndef ROOST_PHONE_NUMBERS_H
#define ROOST_PHONE_NUMBERS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How sure it is that a text is a number that can be dialed. */
enum roost_phone_status { ROOST_PHONE_NONE, ROOST_PHONE_PARTIAL, ROOST_PHONE_POSSIBLE, ROOST_PHONE_VALID };

/* What a text says, each ending in NUL. */
struct roost_phone {
  char e164[24];
  /* The digits without the country's. */
  char national[24];
  char extension[24];
};

/* Reads a number as libphonenumber does; `country` is an ISO 3166 code or "" where the text has to say it. Never throws. */
enum roost_phone_status roost_phone_parse(const char *text, size_t length, const char *country, struct roost_phone *phone);

/* Whether numbers of this country are known. */
int roost_phone_knows(const char *country);

#ifdef __cplusplus
}
#endif

#endif
