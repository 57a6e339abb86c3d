#include "private.h"

// A TIFF, whose byte order is given by its first letter.
struct tiff {
  const unsigned char *bytes;
  size_t size;
};

static uint32_t number(const struct tiff *tiff, size_t place, int length) {
  int is_big = tiff->bytes[0] == 'M';
  uint32_t value = 0;
  for (int i = 0; i < length; i++) value |= (uint32_t)tiff->bytes[place + (size_t)i] << 8 * (is_big ? length - 1 - i : i);
  return value;
}

int roost_exif_orientation(const unsigned char *bytes, size_t size) {
  struct tiff tiff = {bytes, size};
  if (size < 14) return 1;
  uint32_t directory = number(&tiff, 4, 4);
  if (directory > size - 2) return 1;
  uint32_t count = number(&tiff, directory, 2);
  for (uint32_t i = 0; i < count && directory + 2 + (i + 1) * 12 <= size; i++) {
    size_t entry = directory + 2 + i * 12;
    if (number(&tiff, entry, 2) != 0x0112) continue;
    uint32_t value = number(&tiff, entry + 8, 2);
    return value >= 1 && value <= 8 ? (int)value : 1;
  }
  return 1;
}
