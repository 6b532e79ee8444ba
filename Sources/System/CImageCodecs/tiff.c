#include "CImageCodecs.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tiffio.h>

typedef struct {
  const uint8_t *bytes;
  size_t count;
  size_t position;
  char *message;
  TIFF *tiff;
  arpg_tiff_layout layout;
  uint8_t *pixels;
} session;

// The first error says what is wrong; those that follow from it do not replace it.
static void on_error(thandle_t handle, const char *module, const char *format, va_list arguments) {
  (void)module;
  session *session = handle;
  if (session && !session->message[0]) vsnprintf(session->message, ARPG_CODEC_MESSAGE, format, arguments);
}

// libtiff keeps its handlers for the whole process, and prints without them.
static void silence(void) {
  TIFFSetErrorHandler(NULL);
  TIFFSetWarningHandler(NULL);
  TIFFSetErrorHandlerExt(on_error);
  TIFFSetWarningHandlerExt(NULL);
}

static tmsize_t on_read(thandle_t handle, void *target, tmsize_t count) {
  session *session = handle;
  size_t left = session->count - session->position;
  size_t taken = count < 0 ? 0 : (size_t)count < left ? (size_t)count : left;
  memcpy(target, session->bytes + session->position, taken);
  session->position += taken;
  return (tmsize_t)taken;
}

static tmsize_t on_write(thandle_t handle, void *source, tmsize_t count) {
  (void)handle;
  (void)source;
  (void)count;
  return 0;
}

static toff_t on_seek(thandle_t handle, toff_t offset, int whence) {
  session *session = handle;
  toff_t start = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? session->position : session->count;
  toff_t place = start + offset;
  if (place > session->count) return (toff_t)-1;
  session->position = (size_t)place;
  return place;
}

static int on_close(thandle_t handle) {
  (void)handle;
  return 0;
}

static toff_t on_size(thandle_t handle) { return ((session *)handle)->count; }

static int on_map(thandle_t handle, void **base, toff_t *size) {
  session *session = handle;
  *base = (void *)session->bytes;
  *size = session->count;
  return 1;
}

static void on_unmap(thandle_t handle, void *base, toff_t size) {
  (void)handle;
  (void)base;
  (void)size;
}

static int fail(session *session, const char *text) {
  if (!session->message[0]) snprintf(session->message, ARPG_CODEC_MESSAGE, "%s", text);
  return ARPG_CODEC_DAMAGED;
}

static int contradicts(session *session) {
  snprintf(session->message, ARPG_CODEC_MESSAGE, "its headers contradict each other");
  return ARPG_CODEC_DAMAGED;
}

static uint16_t short_tag(TIFF *tiff, uint32_t tag) {
  uint16_t value = 0;
  TIFFGetFieldDefaulted(tiff, tag, &value);
  return value;
}

static int is_as_declared(const session *session) {
  TIFF *tiff = session->tiff;
  const arpg_tiff_layout *layout = &session->layout;
  uint32_t width = 0, height = 0;
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
  if (TIFFIsTiled(tiff)) {
    uint32_t columns = 0, rows = 0;
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &columns);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &rows);
    if (columns != layout->tile_width || rows != layout->tile_height) return 0;
  } else if (layout->tile_width) {
    return 0;
  }
  return width == layout->width && height == layout->height &&
         short_tag(tiff, TIFFTAG_SAMPLESPERPIXEL) == layout->samples &&
         short_tag(tiff, TIFFTAG_BITSPERSAMPLE) == layout->bits &&
         short_tag(tiff, TIFFTAG_COMPRESSION) == layout->compression &&
         (short_tag(tiff, TIFFTAG_PLANARCONFIG) == PLANARCONFIG_SEPARATE) == (layout->is_planar != 0);
}

// A float between 0 and 1 in 16 bits; what is no number is 0.
static uint16_t short_of(float value) {
  return value >= 1 ? 65535 : value > 0 ? (uint16_t)(value * 65535 + 0.5f) : 0;
}

// Puts one sample of each of some pixels where it belongs. `row` has `step` samples for each pixel.
static void place(session *session, const uint8_t *row, uint32_t step, uint32_t sample, uint32_t channel, size_t pixel,
                  uint32_t columns) {
  const arpg_tiff_layout *layout = &session->layout;
  uint32_t channels = layout->channels;
  size_t target = pixel * channels + channel;
  if (layout->bits == 8) {
    for (uint32_t x = 0; x < columns; x++) session->pixels[target + (size_t)x * channels] = row[(size_t)x * step + sample];
  } else if (layout->bits == 16) {
    const uint16_t *source = (const uint16_t *)row;
    uint16_t *pixels = (uint16_t *)session->pixels;
    for (uint32_t x = 0; x < columns; x++) pixels[target + (size_t)x * channels] = source[(size_t)x * step + sample];
  } else {
    const float *source = (const float *)row;
    float *floats = (float *)session->pixels;
    uint16_t *shorts = (uint16_t *)session->pixels;
    for (uint32_t x = 0; x < columns; x++) {
      float value = source[(size_t)x * step + sample];
      if (layout->keeps_floats)
        floats[target + (size_t)x * channels] = value;
      else
        shorts[target + (size_t)x * channels] = short_of(value);
    }
  }
}

// How many of the wanted channels are in the file: all but alpha where it has none.
static uint32_t channels_in_file(const arpg_tiff_layout *layout) {
  return layout->keeps_floats || layout->has_alpha ? layout->channels : layout->channels - 1;
}

static int decode_rows(session *session, uint8_t *buffer) {
  const arpg_tiff_layout *layout = &session->layout;
  uint32_t channels = channels_in_file(layout);
  for (uint32_t plane = 0; plane < (layout->is_planar ? channels : 1); plane++)
    for (uint32_t y = 0; y < layout->height; y++) {
      if (TIFFReadScanline(session->tiff, buffer, y, (uint16_t)plane) != 1) return fail(session, "a row cannot be read");
      size_t pixel = (size_t)y * layout->width;
      if (layout->is_planar)
        place(session, buffer, 1, 0, plane, pixel, layout->width);
      else
        for (uint32_t channel = 0; channel < channels; channel++)
          place(session, buffer, layout->samples, channel, channel, pixel, layout->width);
    }
  return ARPG_CODEC_OK;
}

static int decode_tile(session *session, uint8_t *buffer, uint32_t left, uint32_t top, uint32_t plane) {
  const arpg_tiff_layout *layout = &session->layout;
  if (TIFFReadTile(session->tiff, buffer, left, top, 0, (uint16_t)plane) < 0)
    return fail(session, "a tile cannot be read");
  uint32_t columns = layout->width - left < layout->tile_width ? layout->width - left : layout->tile_width;
  uint32_t rows = layout->height - top < layout->tile_height ? layout->height - top : layout->tile_height;
  uint32_t step = layout->is_planar ? 1 : layout->samples;
  for (uint32_t y = 0; y < rows; y++) {
    const uint8_t *row = buffer + (size_t)y * layout->tile_width * step * (layout->bits / 8);
    size_t pixel = (size_t)(top + y) * layout->width + left;
    if (layout->is_planar)
      place(session, row, 1, 0, plane, pixel, columns);
    else
      for (uint32_t channel = 0; channel < channels_in_file(layout); channel++)
        place(session, row, step, channel, channel, pixel, columns);
  }
  return ARPG_CODEC_OK;
}

static int decode_tiles(session *session, uint8_t *buffer) {
  const arpg_tiff_layout *layout = &session->layout;
  for (uint32_t plane = 0; plane < (layout->is_planar ? channels_in_file(layout) : 1); plane++)
    for (uint32_t top = 0; top < layout->height; top += layout->tile_height)
      for (uint32_t left = 0; left < layout->width; left += layout->tile_width) {
        int status = decode_tile(session, buffer, left, top, plane);
        if (status != ARPG_CODEC_OK) return status;
      }
  return ARPG_CODEC_OK;
}

static int decode_samples(session *session) {
  const arpg_tiff_layout *layout = &session->layout;
  int is_tiled = layout->tile_width != 0;
  size_t area = is_tiled ? (size_t)layout->tile_width * layout->tile_height : layout->width;
  size_t size = area * (layout->is_planar ? 1 : layout->samples) * (layout->bits / 8);
  tmsize_t needed = is_tiled ? TIFFTileSize(session->tiff) : TIFFScanlineSize(session->tiff);
  if (needed < 0 || (size_t)needed != size) return contradicts(session);
  uint8_t *buffer = malloc(size);
  if (!buffer) return fail(session, "there is not enough memory");
  int status = is_tiled ? decode_tiles(session, buffer) : decode_rows(session, buffer);
  free(buffer);
  return status;
}

static int decode_colours(session *session) {
  const arpg_tiff_layout *layout = &session->layout;
  TIFFSetField(session->tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);  // the caller turns the image
  uint32_t *raster = (uint32_t *)session->pixels;
  if (TIFFReadRGBAImageOriented(session->tiff, layout->width, layout->height, raster, ORIENTATION_TOPLEFT, 1) != 1)
    return fail(session, "its pixels cannot be read");
  for (size_t i = 0; i < (size_t)layout->width * layout->height; i++) {
    uint32_t pixel = raster[i];
    session->pixels[4 * i] = (uint8_t)TIFFGetR(pixel);
    session->pixels[4 * i + 1] = (uint8_t)TIFFGetG(pixel);
    session->pixels[4 * i + 2] = (uint8_t)TIFFGetB(pixel);
    session->pixels[4 * i + 3] = (uint8_t)TIFFGetA(pixel);
  }
  return ARPG_CODEC_OK;
}

int arpg_tiff_decode(const uint8_t *bytes, size_t count, arpg_tiff_layout layout, void *pixels, char *message) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, silence);
  session session = {.bytes = bytes, .count = count, .message = message, .layout = layout, .pixels = pixels};
  session.tiff = TIFFClientOpen("image", "r", &session, on_read, on_write, on_seek, on_close, on_size, on_map, on_unmap);
  if (!session.tiff) return fail(&session, "its directory cannot be read");
  message[0] = 0;  // a directory that was read may have entries that were not
  int status = !is_as_declared(&session) ? contradicts(&session)
               : layout.is_converted     ? decode_colours(&session)
                                         : decode_samples(&session);
  TIFFClose(session.tiff);
  return status;
}
