#pragma once
#include <stdint.h>

// Pictures, on libjpeg-turbo, libwebp and libgd. In C, because libjpeg reports errors by longjmp, which must not cross Swift's frames.

enum roost_image_format { ROOST_IMAGE_NONE, ROOST_IMAGE_JPEG, ROOST_IMAGE_PNG, ROOST_IMAGE_GIF, ROOST_IMAGE_WEBP };

enum roost_image_status {
  ROOST_IMAGE_OK,
  ROOST_IMAGE_NOT_ONE,
  ROOST_IMAGE_DAMAGED,
  // Sound for all one knows, but of a kind that the standard has and browsers don't show: 12 bits, arithmetic coding, lossless JPEG.
  ROOST_IMAGE_UNSUPPORTED,
  ROOST_IMAGE_TOO_MANY_PIXELS,
  ROOST_IMAGE_FAILED
};

struct roost_image_info {
  enum roost_image_format format;
  // As stored, before the orientation is applied; of an animation the largest of screen and first frame.
  int width, height;
  // EXIF 2.32, tag 0x0112: 1 to 8; 1 where nothing is said.
  int orientation;
};

// Reads the head of the file only.
enum roost_image_status roost_image_inspect(const char *path, struct roost_image_info *info);

// Writes the picture, upright and without metadata, as large as fits a square of `side`, never larger than it is. Nothing is decoded of a picture
// with more than `most_pixels` (JPEG, which is decoded at a fraction of its size) or `most_whole` (the others, which are decoded whole).
// `info` becomes what was written. Without a target it only tries whether that can be done.
enum roost_image_status roost_image_thumbnail(
    const char *path, int side, int64_t most_pixels, int64_t most_whole, const char *target, struct roost_image_info *info);

// Draws a picture of some hills under a sky that depend on the seed, for demonstrations and tests.
enum roost_image_status roost_image_draw(uint64_t seed, int width, int height, enum roost_image_format format, const char *target);
