#include <string.h>
#include "private.h"

static uint32_t big32(const unsigned char *p) { return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3]; }
static int little16(const unsigned char *p) { return p[0] | p[1] << 8; }
static int little24(const unsigned char *p) { return p[0] | p[1] << 8 | p[2] << 16; }

static enum roost_image_status sized(struct roost_image_info *info, enum roost_image_format format, int64_t width, int64_t height) {
  if (width < 1 || height < 1 || width > INT32_MAX || height > INT32_MAX) return ROOST_IMAGE_DAMAGED;
  info->format = format;
  info->width = (int)width;
  info->height = (int)height;
  info->orientation = 1;
  return ROOST_IMAGE_OK;
}

// The eXIf chunk has the orientation; browsers respect it before and after the pixels. Chunks beyond a limit aren't
// read.
static int png_orientation(FILE *file) {
  unsigned char head[8], exif[4096];
  long place = 8;
  for (int chunks = 0; chunks < 1000; chunks++) {
    if (fseek(file, place, SEEK_SET) || fread(head, 1, sizeof head, file) != sizeof head) return 1;
    uint32_t size = big32(head);
    if (size > INT32_MAX || !memcmp(head + 4, "IEND", 4)) return 1;
    if (!memcmp(head + 4, "eXIf", 4)) return roost_exif_orientation(exif, fread(exif, 1, size < sizeof exif ? size : sizeof exif, file));
    place += 12 + (long)size;
  }
  return 1;
}

// Screen and first frame: a decoder can allocate either.
static enum roost_image_status inspect_gif(FILE *file, const unsigned char *head, size_t size, struct roost_image_info *info) {
  if (size < 13) return ROOST_IMAGE_DAMAGED;
  int width = little16(head + 6), height = little16(head + 8);
  long place = 13 + (head[10] & 0x80 ? 3 << ((head[10] & 7) + 1) : 0);
  for (int blocks = 0, pieces = 0; blocks < 1000; blocks++) {
    unsigned char block[10];
    if (fseek(file, place, SEEK_SET) || fread(block, 1, 1, file) != 1) return ROOST_IMAGE_DAMAGED;
    if (block[0] == 0x2C) {
      if (fread(block + 1, 1, 9, file) != 9) return ROOST_IMAGE_DAMAGED;
      int w = little16(block + 5), h = little16(block + 7);
      return sized(info, ROOST_IMAGE_GIF, w > width ? w : width, h > height ? h : height);
    }
    if (block[0] != 0x21) return ROOST_IMAGE_DAMAGED;
    // An extension: its label, then blocks, each preceded by its length, until an empty one.
    place += 2;
    int length;
    do {
      if (++pieces > 100000 || fseek(file, place, SEEK_SET) || (length = fgetc(file)) < 0) return ROOST_IMAGE_DAMAGED;
      place += 1 + length;
    } while (length > 0);
  }
  return ROOST_IMAGE_DAMAGED;
}

static enum roost_image_status inspect_webp(const unsigned char *head, size_t size, struct roost_image_info *info) {
  if (size < 30) return ROOST_IMAGE_DAMAGED;
  if (!memcmp(head + 12, "VP8X", 4)) return sized(info, ROOST_IMAGE_WEBP, little24(head + 24) + 1, little24(head + 27) + 1);
  if (!memcmp(head + 12, "VP8L", 4)) {
    if (head[20] != 0x2F) return ROOST_IMAGE_DAMAGED;
    uint32_t bits = (uint32_t)head[21] | head[22] << 8 | head[23] << 16 | (uint32_t)head[24] << 24;
    return sized(info, ROOST_IMAGE_WEBP, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1);
  }
  if (memcmp(head + 12, "VP8 ", 4)) return ROOST_IMAGE_DAMAGED;
  return sized(info, ROOST_IMAGE_WEBP, little16(head + 26) & 0x3FFF, little16(head + 28) & 0x3FFF);
}

enum roost_image_status roost_image_inspect(const char *path, struct roost_image_info *info) {
  memset(info, 0, sizeof *info);
  FILE *file = fopen(path, "rbe");
  if (!file) return ROOST_IMAGE_FAILED;
  unsigned char head[32] = {0};
  size_t size = fread(head, 1, sizeof head, file);
  enum roost_image_status status = ROOST_IMAGE_NOT_ONE;
  if (size >= 3 && !memcmp(head, "\xFF\xD8\xFF", 3)) {
    rewind(file);
    status = roost_jpeg_inspect(file, info);
  } else if (size >= 24 && !memcmp(head, "\x89PNG\r\n\x1A\n", 8)) {
    status = memcmp(head + 12, "IHDR", 4) ? ROOST_IMAGE_DAMAGED : sized(info, ROOST_IMAGE_PNG, big32(head + 16), big32(head + 20));
    if (status == ROOST_IMAGE_OK) info->orientation = png_orientation(file);
  } else if (size >= 6 && (!memcmp(head, "GIF87a", 6) || !memcmp(head, "GIF89a", 6))) {
    status = inspect_gif(file, head, size, info);
  } else if (size >= 16 && !memcmp(head, "RIFF", 4) && !memcmp(head + 8, "WEBP", 4)) {
    status = inspect_webp(head, size, info);
  }
  fclose(file);
  return status;
}
