// libjpeg, libpng, libwebp and libtiff behind plain functions: bytes in, bytes out, a status instead of a long jump. The caller knows the
// picture's size and layout beforehand; a file that turns out to be otherwise is refused.
#ifndef ARPG_IMAGE_CODECS_H
#define ARPG_IMAGE_CODECS_H

#include <stddef.h>
#include <stdint.h>

// The room that every `message` must have. It holds a line of text, zero-terminated, after any status but OK.
#define ARPG_CODEC_MESSAGE 256

enum {
  ARPG_CODEC_OK = 0,
  ARPG_CODEC_DAMAGED = 1,
  ARPG_CODEC_TRUNCATED = 2,
};

typedef struct {
  uint32_t width;
  uint32_t height;
  uint32_t channels;
  uint32_t bit_depth;  // of one sample: 8, or 16 in the machine's byte order
} arpg_pixel_layout;

// Bytes from malloc; the caller frees them.
typedef struct {
  char *bytes;
  size_t count;
} arpg_encoded;

typedef struct {
  const char *keyword;
  const char *text;
  int international;  // UTF-8 (iTXt) where not zero, Latin-1 (tEXt) otherwise
} arpg_text_entry;

typedef void (*arpg_text_handler)(void *context, const char *keyword, const char *text, size_t length, int international);

// Decodes into `width * height * channels` bytes: 1 channel is grey, 3 are RGB, 4 are CMYK as stored. An image of which at most
// an eighth of the rows is missing is decoded; `missing` tells how many.
int arpg_jpeg_decode(const uint8_t *bytes, size_t count, arpg_pixel_layout layout, uint8_t *pixels, uint32_t *missing,
                     char *message);

// Encodes grey (1 channel) or RGB (3 channels); `exif` becomes an APP1 segment where it is not empty, each comment a COM segment.
// Both have at most 65533 bytes.
int arpg_jpeg_encode(const uint8_t *pixels, arpg_pixel_layout layout, int quality, int full_chroma, const uint8_t *exif,
                     size_t exif_count, const char *const *comments, size_t comment_count, arpg_encoded *encoded,
                     char *message);

// Decodes into `pixels`, which must be zero before: 2 channels are grey and alpha, 4 are RGBA.
int arpg_png_decode(const uint8_t *bytes, size_t count, arpg_pixel_layout layout, void *pixels, char *message);

// Encodes grey (1 channel, 8 or 16 bits) or RGB (3 channels, 8 bits).
int arpg_png_encode(const void *pixels, arpg_pixel_layout layout, const arpg_text_entry *entries, size_t entry_count,
                    arpg_encoded *encoded, char *message);

// One chunk with its length, a type of four letters, and its checksum.
int arpg_png_chunk(const char *type, const uint8_t *bytes, size_t count, arpg_encoded *encoded, char *message);

// Calls `handler` for each text entry of the file, whose width the caller has checked.
int arpg_png_text(const uint8_t *bytes, size_t count, arpg_text_handler handler, void *context, char *message);

typedef struct {
  uint32_t width;
  uint32_t height;
  int has_alpha;
  int has_animation;
} arpg_webp_features;

// Encodes RGB (3 channels, 8 bits) with a quality of 1 to 100, as a file without metadata.
int arpg_webp_encode(const uint8_t *pixels, arpg_pixel_layout layout, int quality, arpg_encoded *encoded, char *message);

int arpg_webp_header(const uint8_t *bytes, size_t count, arpg_webp_features *features, char *message);

// Decodes a still image into `width * height * 4` bytes of RGBA.
int arpg_webp_decode(const uint8_t *bytes, size_t count, arpg_pixel_layout layout, uint8_t *pixels, char *message);

// The first page of a TIFF as its tags describe it, and the pixels that are wanted of it.
typedef struct {
  uint32_t width;
  uint32_t height;
  uint32_t samples;      // of a pixel in the file
  uint32_t bits;         // of a sample in the file: 8, 16, 32 for floats; any where is_converted
  uint32_t compression;  // the number of the tag
  uint32_t tile_width;   // 0 for strips
  uint32_t tile_height;
  int is_planar;
  int has_alpha;     // whether the sample behind the colours is alpha
  int is_converted;  // whether libtiff makes RGBA of 8 bits of it, with the colours multiplied by alpha
  int keeps_floats;  // whether floats stay floats; otherwise they become 16 bits of 0 to 1
  uint32_t channels; // wanted: 1 for floats that are kept, 2 for grey and alpha, 4 for RGBA
} arpg_tiff_layout;

// Decodes into `width * height * channels` samples of 8 or 16 bits or floats, which must have all bits set before: so is
// alpha where the file has none.
int arpg_tiff_decode(const uint8_t *bytes, size_t count, arpg_tiff_layout layout, void *pixels, char *message);

#endif
