#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include "private.h"
#include <jpeglib.h>
#include <jerror.h>

// libjpeg's error handler, which jumps back to our call.
struct failure {
  struct jpeg_error_mgr manager;
  jmp_buf back;
};

static void fail(j_common_ptr jpeg) { longjmp(((struct failure *)jpeg->err)->back, 1); }
static void say_nothing(j_common_ptr jpeg) { (void)jpeg; }
static void count_warning(j_common_ptr jpeg, int level) {
  // Otherwise a file full of errors would be decoded endlessly.
  if (level < 0 && ++jpeg->err->num_warnings > 500) fail(jpeg);
}

// A progressive JPEG consists of scans over the whole image. Cameras and programs make about ten; a file of a megabyte
// can have a thousand, and would take as many times as long.
static const int most_scans = 50;

static void count_scans(j_common_ptr jpeg) {
  if (((j_decompress_ptr)jpeg)->input_scan_number > most_scans) fail(jpeg);
}

static void quiet(struct failure *failure) {
  jpeg_std_error(&failure->manager);
  failure->manager.error_exit = fail;
  failure->manager.output_message = say_nothing;
  failure->manager.emit_message = count_warning;
}

static enum roost_image_status reason(const struct failure *failure) {
  switch (failure->manager.msg_code) {
  case JERR_BAD_PRECISION:
  case JERR_SOF_UNSUPPORTED:
  case JERR_ARITH_NOTIMPL:
  case JERR_CONVERSION_NOTIMPL: return ROOST_IMAGE_UNSUPPORTED;
  default: return ROOST_IMAGE_DAMAGED;
  }
}

// EXIF 2.32: in APP1, after "Exif\0\0".
static int orientation(const struct jpeg_decompress_struct *jpeg) {
  for (jpeg_saved_marker_ptr marker = jpeg->marker_list; marker; marker = marker->next)
    if (marker->marker == JPEG_APP0 + 1 && marker->data_length > 6 && !memcmp(marker->data, "Exif\0\0", 6))
      return roost_exif_orientation(marker->data + 6, marker->data_length - 6);
  return 1;
}

enum roost_image_status roost_jpeg_inspect(FILE *file, struct roost_image_info *info) {
  struct jpeg_decompress_struct jpeg;
  struct failure failure;
  jpeg.err = &failure.manager;
  quiet(&failure);
  if (setjmp(failure.back)) {
    jpeg_destroy_decompress(&jpeg);
    return reason(&failure);
  }
  jpeg_create_decompress(&jpeg);
  jpeg_stdio_src(&jpeg, file);
  jpeg_save_markers(&jpeg, JPEG_APP0 + 1, 0xFFFF);
  jpeg_read_header(&jpeg, TRUE);
  info->format = ROOST_IMAGE_JPEG;
  info->width = (int)jpeg.image_width;
  info->height = (int)jpeg.image_height;
  info->orientation = orientation(&jpeg);
  int is_shown = !jpeg.arith_code && (jpeg.num_components == 1 || jpeg.num_components >= 3);
  jpeg_destroy_decompress(&jpeg);
  return is_shown ? ROOST_IMAGE_OK : ROOST_IMAGE_UNSUPPORTED;
}

static int ink(int c, int k) { return c * k / 255; }

enum roost_image_status roost_jpeg_decode(FILE *file, int side, gdImagePtr *result) {
  struct jpeg_decompress_struct jpeg;
  struct failure failure;
  // Volatile: set after setjmp and read after a longjmp.
  gdImagePtr volatile image = NULL;
  JSAMPLE *volatile row = NULL;
  jpeg.err = &failure.manager;
  quiet(&failure);
  if (setjmp(failure.back)) {
    jpeg_destroy_decompress(&jpeg);
    free(row);
    if (image) gdImageDestroy(image);
    return reason(&failure);
  }
  jpeg_create_decompress(&jpeg);
  jpeg_stdio_src(&jpeg, file);
  jpeg_read_header(&jpeg, TRUE);
  struct jpeg_progress_mgr progress = {.progress_monitor = count_scans};
  jpeg.progress = &progress;
  int is_cmyk = jpeg.jpeg_color_space == JCS_CMYK || jpeg.jpeg_color_space == JCS_YCCK;
  jpeg.out_color_space = is_cmyk ? JCS_CMYK : JCS_RGB;
  jpeg.dct_method = JDCT_IFAST;
  jpeg.scale_denom = 8;
  unsigned longest = jpeg.image_width > jpeg.image_height ? jpeg.image_width : jpeg.image_height;
  for (jpeg.scale_num = 1; jpeg.scale_num < 8 && (uint64_t)longest * jpeg.scale_num / 8 < (uint64_t)side; jpeg.scale_num *= 2) {}
  jpeg_start_decompress(&jpeg);
  image = gdImageCreateTrueColor((int)jpeg.output_width, (int)jpeg.output_height);
  row = malloc((size_t)jpeg.output_width * (size_t)jpeg.output_components);
  if (!image || !row) fail((j_common_ptr)&jpeg);
  while (jpeg.output_scanline < jpeg.output_height) {
    int y = (int)jpeg.output_scanline;
    JSAMPROW rows[1] = {row};
    jpeg_read_scanlines(&jpeg, rows, 1);
    int *pixels = image->tpixels[y];
    const JSAMPLE *sample = row;
    for (unsigned x = 0; x < jpeg.output_width; x++, sample += jpeg.output_components) {
      if (is_cmyk) {
        // Adobe stores CMYK inverted.
        int turn = jpeg.saw_Adobe_marker ? 0 : 255;
        int k = abs(turn - sample[3]);
        pixels[x] = gdTrueColor(ink(abs(turn - sample[0]), k), ink(abs(turn - sample[1]), k), ink(abs(turn - sample[2]), k));
      } else {
        pixels[x] = gdTrueColor(sample[0], sample[1], sample[2]);
      }
    }
  }
  jpeg_finish_decompress(&jpeg);
  jpeg_destroy_decompress(&jpeg);
  free(row);
  *result = image;
  return ROOST_IMAGE_OK;
}
