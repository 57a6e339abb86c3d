#include <string.h>
#include "private.h"

static void say_nothing(int level, const char *format, va_list arguments) {
  (void)level;
  (void)format;
  (void)arguments;
}

// libgd doesn't read animated WebP.
static gdImagePtr decode(FILE *file, const struct roost_image_info *info) {
  switch (info->format) {
  case ROOST_IMAGE_PNG: return gdImageCreateFromPng(file);
  case ROOST_IMAGE_GIF: return gdImageCreateFromGif(file);
  case ROOST_IMAGE_WEBP: return roost_webp_decode(file, info);
  default: return NULL;
  }
}

// EXIF's eight orientations: the source of each pixel of the upright image.
static gdImagePtr upright(gdImagePtr image, int orientation) {
  if (orientation < 2 || orientation > 8) return image;
  int w = gdImageSX(image), h = gdImageSY(image), is_turned = orientation >= 5;
  gdImagePtr made = gdImageCreateTrueColor(is_turned ? h : w, is_turned ? w : h);
  if (!made) return image;
  gdImageAlphaBlending(made, 0);
  for (int y = 0; y < gdImageSY(made); y++)
    for (int x = 0; x < gdImageSX(made); x++) {
      int u = is_turned ? y : x, v = is_turned ? x : y;
      if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8) u = w - 1 - u;
      if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7) v = h - 1 - v;
      made->tpixels[y][x] = image->tpixels[v][u];
    }
  gdImageDestroy(image);
  return made;
}

// A PNG can declare one color as transparent (tRNS); libgd reads the declaration but doesn't apply it to the pixels.
static void clear_color_key(gdImagePtr image) {
  int key = gdImageGetTransparent(image);
  if (key < 0) return;
  for (int y = 0; y < gdImageSY(image); y++)
    for (int x = 0; x < gdImageSX(image); x++)
      if (image->tpixels[y][x] == key) image->tpixels[y][x] = gdTrueColorAlpha(0, 0, 0, gdAlphaTransparent);
}

static int is_see_through(gdImagePtr image) {
  for (int y = 0; y < gdImageSY(image); y++)
    for (int x = 0; x < gdImageSX(image); x++)
      if (gdTrueColorGetAlpha(image->tpixels[y][x]) != gdAlphaOpaque) return 1;
  return 0;
}

// Scales a size down to what fits another, with at least one pixel.
static void fit(int *w, int *h, int most_w, int most_h) {
  if (*w <= most_w && *h <= most_h) return;
  int64_t width = *w, height = *h;
  int is_wide = width * most_h >= height * most_w;
  *w = is_wide ? most_w : (int)(width * most_h / height);
  *h = is_wide ? (int)(height * most_w / width) : most_h;
  if (*w < 1) *w = 1;
  if (*h < 1) *h = 1;
}

static gdImagePtr scaled(gdImagePtr image, int most_w, int most_h) {
  int w = gdImageSX(image), h = gdImageSY(image), width = w, height = h;
  fit(&width, &height, most_w, most_h);
  gdImagePtr made = gdImageCreateTrueColor(width, height);
  if (!made) return NULL;
  gdImageAlphaBlending(made, 0);
  gdImageSaveAlpha(made, 1);
  gdImageCopyResampled(made, image, 0, 0, 0, 0, gdImageSX(made), gdImageSY(made), w, h);
  return made;
}

static enum roost_image_status save(gdImagePtr image, enum roost_image_format format, const char *target) {
  FILE *file = fopen(target, "wbe");
  if (!file) return ROOST_IMAGE_FAILED;
  if (format == ROOST_IMAGE_PNG) {
    gdImageSaveAlpha(image, 1);
    gdImagePng(image, file);
  } else if (format == ROOST_IMAGE_GIF) {
    gdImageGif(image, file);
  } else if (format == ROOST_IMAGE_WEBP) {
    gdImageWebp(image, file);
  } else {
    gdImageJpeg(image, file, 82);
  }
  int failed = ferror(file) || ftell(file) <= 0;
  return fclose(file) || failed ? ROOST_IMAGE_FAILED : ROOST_IMAGE_OK;
}

enum roost_image_status roost_image_thumbnail(
    const char *path, int width, int height, int keeps_png, int64_t most_pixels, int64_t most_whole, const char *target,
    struct roost_image_info *info) {
  gdSetErrorMethod(say_nothing);
  enum roost_image_status status = roost_image_inspect(path, info);
  if (status != ROOST_IMAGE_OK) return status;
  int64_t most = info->format == ROOST_IMAGE_JPEG ? most_pixels : most_whole;
  if ((int64_t)info->width * info->height > most) return ROOST_IMAGE_TOO_MANY_PIXELS;
  FILE *file = fopen(path, "rbe");
  if (!file) return ROOST_IMAGE_FAILED;
  // It is scaled as it is stored, and turned then.
  int is_turned = info->orientation >= 5, most_w = is_turned ? height : width, most_h = is_turned ? width : height;
  gdImagePtr image = NULL;
  if (info->format == ROOST_IMAGE_JPEG) {
    int w = info->width, h = info->height;
    fit(&w, &h, most_w, most_h);
    status = roost_jpeg_decode(file, w > h ? w : h, &image);
  } else {
    image = decode(file, info);
  }
  fclose(file);
  if (!image) return status == ROOST_IMAGE_OK ? ROOST_IMAGE_DAMAGED : status;
  if (!gdImageTrueColor(image) && !gdImagePaletteToTrueColor(image)) {
    gdImageDestroy(image);
    return ROOST_IMAGE_FAILED;
  }
  clear_color_key(image);
  gdImagePtr small = scaled(image, most_w, most_h);
  gdImageDestroy(image);
  if (!small) return ROOST_IMAGE_FAILED;
  small = upright(small, info->orientation);
  int is_png = (keeps_png && info->format == ROOST_IMAGE_PNG) || is_see_through(small);
  info->format = is_png ? ROOST_IMAGE_PNG : ROOST_IMAGE_JPEG;
  info->width = gdImageSX(small);
  info->height = gdImageSY(small);
  info->orientation = 1;
  status = target ? save(small, info->format, target) : ROOST_IMAGE_OK;
  gdImageDestroy(small);
  return status;
}

// MARK: Drawing

static uint32_t next(uint64_t *state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(*state >> 33);
}

enum roost_image_status roost_image_draw(uint64_t seed, int width, int height, enum roost_image_format format, const char *target) {
  gdSetErrorMethod(say_nothing);
  gdImagePtr image = gdImageCreateTrueColor(width, height);
  if (!image) return ROOST_IMAGE_FAILED;
  uint64_t state = seed * 2 + 1;
  for (int i = 0; i < 4; i++) next(&state);
  int red = 120 + (int)(next(&state) % 110), green = 150 + (int)(next(&state) % 80), blue = 190 + (int)(next(&state) % 60);
  for (int y = 0; y < height; y++) {
    int light = y * 60 / height;
    int sky = gdTrueColor(red + light > 255 ? 255 : red + light, green + light > 255 ? 255 : green + light, blue);
    gdImageLine(image, 0, y, width - 1, y, sky);
  }
  int sun = width < height ? width / 6 : height / 6;
  gdImageFilledEllipse(image, (int)(next(&state) % (uint32_t)width), height / 4, sun, sun, gdTrueColor(255, 236, 170));
  for (int hill = 0; hill < 4; hill++) {
    int tone = 150 - hill * 32, top = height * (4 + hill) / 9;
    int color = gdTrueColor(tone / 2, tone, tone * 2 / 3);
    int wide = width / 2 + (int)(next(&state) % (uint32_t)(width / 2 + 1)) + 1;
    for (int x = -wide / 2; x < width + wide; x += wide * 2 / 3 + 1)
      gdImageFilledEllipse(image, x + (int)(next(&state) % (uint32_t)wide) / 3, top + height / 2, wide, height, color);
  }
  enum roost_image_status status = save(image, format, target);
  gdImageDestroy(image);
  return status;
}
