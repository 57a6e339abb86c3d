#ifndef ROOST_PHONE_NUMBERS_H
#define ROOST_PHONE_NUMBERS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How certain it is that a text is a phone number. */
enum roost_phone_status { ROOST_PHONE_NONE, ROOST_PHONE_PARTIAL, ROOST_PHONE_POSSIBLE, ROOST_PHONE_VALID };

/* A parsed number; all strings end in NUL. */
struct roost_phone {
  char e164[24];
  /* Without the country code. */
  char national[24];
  char extension[24];
};

/* Parses a number with libphonenumber; `country` is an ISO 3166 code, or "" if the number must have a country code. Never throws. */
enum roost_phone_status roost_phone_parse(const char *text, size_t length, const char *country, struct roost_phone *phone);

/* Whether this country is supported. */
int roost_phone_knows(const char *country);

#ifdef __cplusplus
}
#endif

#endif
