#pragma once
#include <gd.h>
#include <stdio.h>
#include "include/imaging.h"

// Tag 0x0112 in the first directory of a TIFF, the format of EXIF: 1 to 8; 1 if not given.
int roost_exif_orientation(const unsigned char *tiff, size_t size);

enum roost_image_status roost_jpeg_inspect(FILE *file, struct roost_image_info *info);

// The image at the smallest of libjpeg's scales (n/8) at which neither side is smaller than a thumbnail of `side`
// needs.
enum roost_image_status roost_jpeg_decode(FILE *file, int side, gdImagePtr *image);

// The first frame of an animation, on its canvas; NULL if nothing can be decoded.
gdImagePtr roost_webp_decode(FILE *file, const struct roost_image_info *info);
