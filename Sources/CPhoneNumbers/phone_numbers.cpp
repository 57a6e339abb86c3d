#include "phone_numbers.h"

#include <phonenumbers/phonenumberutil.h>

#include <cstring>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

namespace {

/* False if it doesn't fit. */
bool put(const std::string &text, char *field, size_t size) {
  if (text.size() >= size) return false;
  std::memcpy(field, text.c_str(), text.size() + 1);
  return true;
}

}  // namespace

extern "C" roost_phone_status roost_phone_parse(const char *text, size_t length, const char *country, roost_phone *phone) try {
  *phone = roost_phone{};
  PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
  PhoneNumber number;
  const std::string region = *country ? country : "ZZ";
  if (util->Parse(std::string(text, length), region, &number) != PhoneNumberUtil::NO_PARSING_ERROR) return ROOST_PHONE_NONE;
  std::string e164, national;
  util->Format(number, PhoneNumberUtil::E164, &e164);
  util->GetNationalSignificantNumber(number, &national);
  if (!put(e164, phone->e164, sizeof phone->e164) || !put(national, phone->national, sizeof phone->national)) return ROOST_PHONE_NONE;
  if (number.has_extension() && !put(number.extension(), phone->extension, sizeof phone->extension)) return ROOST_PHONE_NONE;
  if (!util->IsPossibleNumber(number)) return ROOST_PHONE_PARTIAL;
  return util->IsValidNumber(number) ? ROOST_PHONE_VALID : ROOST_PHONE_POSSIBLE;
} catch (...) {
  return ROOST_PHONE_NONE;
}

extern "C" int roost_phone_knows(const char *country) try {
  return PhoneNumberUtil::GetInstance()->GetCountryCodeForRegion(country) != 0;
} catch (...) {
  return 0;
}
