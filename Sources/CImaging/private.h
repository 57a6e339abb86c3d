#pragma once
#include <gd.h>
#include <stdio.h>
#include "include/imaging.h"

enum roost_image_status roost_jpeg_inspect(FILE *file, struct roost_image_info *info);

// The picture at the smallest of libjpeg's scales (n/8) at which neither side is below what a thumbnail of `side` needs.
enum roost_image_status roost_jpeg_decode(FILE *file, int side, gdImagePtr *image);
