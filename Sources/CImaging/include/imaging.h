#pragma once
#include <stdint.h>

// Images, on libjpeg-turbo, libwebp and libgd. In C, because libjpeg reports errors by longjmp, which must not cross
// Swift frames.

enum roost_image_format { ROOST_IMAGE_NONE, ROOST_IMAGE_JPEG, ROOST_IMAGE_PNG, ROOST_IMAGE_GIF, ROOST_IMAGE_WEBP };

enum roost_image_status {
  ROOST_IMAGE_OK,
  ROOST_IMAGE_NOT_ONE,
  ROOST_IMAGE_DAMAGED,
  // Probably valid, but a variant that browsers don't show: 12 bits, arithmetic coding, lossless JPEG.
  ROOST_IMAGE_UNSUPPORTED,
  ROOST_IMAGE_TOO_MANY_PIXELS,
  ROOST_IMAGE_FAILED
};

struct roost_image_info {
  enum roost_image_format format;
  // As stored, before the orientation is applied; for an animation the larger of screen and first frame.
  int width, height;
  // EXIF 2.32, tag 0x0112: 1 to 8; 1 if not given.
  int orientation;
};

// Reads only the head of the file.
enum roost_image_status roost_image_inspect(const char *path, struct roost_image_info *info);

// Writes the image, upright and without metadata, scaled down to fit `width` and `height`, never enlarged: as PNG if it
// is transparent, or if it is a PNG and `keeps_png`, which suits letters and lines, and else as JPEG. Images with more
// than `most_pixels` (JPEG, decoded at a fraction of its size) or `most_whole` (others, decoded whole) aren't decoded.
// `info` describes the result. Without a target it only checks whether that is possible.
enum roost_image_status roost_image_thumbnail(
    const char *path, int width, int height, int keeps_png, int64_t most_pixels, int64_t most_whole, const char *target, struct roost_image_info *info);

// Draws a picture of hills under a sky that depends on the seed, for demos and tests.
enum roost_image_status roost_image_draw(uint64_t seed, int width, int height, enum roost_image_format format, const char *target);
