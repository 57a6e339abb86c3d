#include <stdlib.h>
#include "private.h"
#include <webp/decode.h>
#include <webp/demux.h>

// A whole file; NULL if it can't be read. Inspected files are within the library's limits.
static uint8_t *contents(FILE *file, size_t *size) {
  long end = fseek(file, 0, SEEK_END) ? -1 : ftell(file);
  if (end <= 0) return NULL;
  rewind(file);
  uint8_t *bytes = malloc((size_t)end);
  if (bytes && fread(bytes, 1, (size_t)end, file) == (size_t)end) {
    *size = (size_t)end;
    return bytes;
  }
  free(bytes);
  return NULL;
}

// libwebp's alpha is opacity from 0 to 255, libgd's is transparency from 0 to 127.
static int color(const uint8_t *rgba) { return gdTrueColorAlpha(rgba[0], rgba[1], rgba[2], gdAlphaMax - (rgba[3] >> 1)); }

// The canvas as a browser first shows it: a frame can cover only a part of it.
static gdImagePtr painted(int width, int height, const WebPIterator *frame) {
  int w = 0, h = 0;
  uint8_t *pixels = WebPDecodeRGBA(frame->fragment.bytes, frame->fragment.size, &w, &h);
  if (!pixels) return NULL;
  gdImagePtr image = frame->x_offset + w <= width && frame->y_offset + h <= height ? gdImageCreateTrueColor(width, height) : NULL;
  if (image) {
    gdImageAlphaBlending(image, 0);
    if (w < width || h < height) gdImageFilledRectangle(image, 0, 0, width - 1, height - 1, gdTrueColorAlpha(0, 0, 0, gdAlphaTransparent));
    for (int y = 0; y < h; y++)
      for (int x = 0; x < w; x++)
        image->tpixels[frame->y_offset + y][frame->x_offset + x] = color(pixels + 4 * ((size_t)y * (size_t)w + (size_t)x));
  }
  WebPFree(pixels);
  return image;
}

gdImagePtr roost_webp_decode(FILE *file, const struct roost_image_info *info) {
  WebPData data = {0};
  uint8_t *bytes = contents(file, &data.size);
  data.bytes = bytes;
  WebPDemuxer *demuxer = bytes ? WebPDemux(&data) : NULL;
  gdImagePtr image = NULL;
  WebPIterator frame;
  // Only what was inspected is decoded.
  if (demuxer && (int64_t)WebPDemuxGetI(demuxer, WEBP_FF_CANVAS_WIDTH) == info->width
      && (int64_t)WebPDemuxGetI(demuxer, WEBP_FF_CANVAS_HEIGHT) == info->height && WebPDemuxGetFrame(demuxer, 1, &frame)) {
    image = painted(info->width, info->height, &frame);
    WebPDemuxReleaseIterator(&frame);
  }
  WebPDemuxDelete(demuxer);
  free(bytes);
  return image;
}
