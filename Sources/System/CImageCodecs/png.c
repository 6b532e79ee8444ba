#include "CImageCodecs.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

// What one ancillary chunk may take in memory once it is unpacked, and how many may be kept.
#define MOST_CHUNK_BYTES 8000000
#define MOST_CHUNKS 1000

typedef struct {
  png_structp png;
  png_infop info;
  const uint8_t *bytes;
  size_t count;
  size_t position;
  jmp_buf jump;
  int status;
  char *message;
} session;

static void on_error(png_structp png, png_const_charp text) {
  session *session = png_get_error_ptr(png);
  if (session->status == ARPG_CODEC_OK) session->status = ARPG_CODEC_DAMAGED;
  snprintf(session->message, ARPG_CODEC_MESSAGE, "%s", text);
  longjmp(session->jump, 1);
}

static void on_warning(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void on_read(png_structp png, png_bytep target, size_t count) {
  session *session = png_get_io_ptr(png);
  if (count > session->count - session->position) {
    session->status = ARPG_CODEC_TRUNCATED;
    png_error(png, "the data ends early");
  }
  memcpy(target, session->bytes + session->position, count);
  session->position += count;
}

static void open_reader(session *session) {
  session->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, session, on_error, on_warning);
  if (session->png) session->info = png_create_info_struct(session->png);
  if (!session->info) {
    session->status = ARPG_CODEC_DAMAGED;
    snprintf(session->message, ARPG_CODEC_MESSAGE, "there is not enough memory");
    longjmp(session->jump, 1);
  }
  png_set_user_limits(session->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // the caller has checked the size
  png_set_chunk_malloc_max(session->png, MOST_CHUNK_BYTES);
  png_set_chunk_cache_max(session->png, MOST_CHUNKS);
  png_set_read_fn(session->png, session, on_read);
  png_read_info(session->png, session->info);
}

static int decode(session *session, arpg_pixel_layout layout, uint8_t *pixels) {
  if (setjmp(session->jump)) return session->status;
  open_reader(session);
  png_structp png = session->png;
  png_set_expand(png);
  png_set_add_alpha(png, 0xffff, PNG_FILLER_AFTER);
  const uint16_t one = 1;
  if (layout.bit_depth == 16 && *(const uint8_t *)&one == 1) png_set_swap(png);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, session->info);
  size_t stride = (size_t)layout.width * layout.channels * (layout.bit_depth / 8);
  if (png_get_image_width(png, session->info) != layout.width ||
      png_get_image_height(png, session->info) != layout.height || png_get_rowbytes(png, session->info) != stride)
    png_error(png, "its headers contradict each other");
  for (int pass = 0; pass < passes; pass++)
    for (uint32_t row = 0; row < layout.height; row++) png_read_row(png, pixels + row * stride, NULL);
  png_read_end(png, NULL);
  return ARPG_CODEC_OK;
}

int arpg_png_decode(const uint8_t *bytes, size_t count, arpg_pixel_layout layout, void *pixels, char *message) {
  session session = {.bytes = bytes, .count = count, .message = message};
  int status = decode(&session, layout, pixels);
  png_destroy_read_struct(&session.png, &session.info, NULL);
  return status;
}

static int text(session *session, arpg_text_handler handler, void *context) {
  if (setjmp(session->jump)) return session->status;
  open_reader(session);
  png_read_update_info(session->png, session->info);  // without it libpng does not skip the pixels
  png_read_end(session->png, session->info);
  png_textp entries;
  int count = png_get_text(session->png, session->info, &entries, NULL);
  for (int i = 0; i < count; i++) {
    int international = entries[i].compression >= PNG_ITXT_COMPRESSION_NONE;
    handler(context, entries[i].key, entries[i].text, international ? entries[i].itxt_length : entries[i].text_length,
            international);
  }
  return ARPG_CODEC_OK;
}

int arpg_png_text(const uint8_t *bytes, size_t count, arpg_text_handler handler, void *context, char *message) {
  session session = {.bytes = bytes, .count = count, .message = message};
  int status = text(&session, handler, context);
  png_destroy_read_struct(&session.png, &session.info, NULL);
  return status;
}

static FILE *memory_stream(arpg_encoded *encoded, char *message) {
  message[0] = 0;
  FILE *stream = open_memstream(&encoded->bytes, &encoded->count);
  if (!stream) snprintf(message, ARPG_CODEC_MESSAGE, "there is not enough memory");
  return stream;
}

static int finish_writing(session *session, FILE *stream, int status) {
  png_destroy_write_struct(&session->png, &session->info);
  return fclose(stream) == 0 ? status : ARPG_CODEC_DAMAGED;
}

static void open_writer(session *session, FILE *stream) {
  session->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, session, on_error, on_warning);
  if (session->png) session->info = png_create_info_struct(session->png);
  if (!session->info) {
    session->status = ARPG_CODEC_DAMAGED;
    snprintf(session->message, ARPG_CODEC_MESSAGE, "there is not enough memory");
    longjmp(session->jump, 1);
  }
  png_init_io(session->png, stream);
}

static int encode(session *session, FILE *stream, const uint8_t *pixels, arpg_pixel_layout layout,
                  const arpg_text_entry *entries, size_t entry_count) {
  if (setjmp(session->jump)) return session->status;
  open_writer(session, stream);
  png_structp png = session->png;
  // A third of the time of zlib's own choice, for files that are a twenty-fifth larger.
  png_set_compression_level(png, 4);
  png_set_IHDR(png, session->info, layout.width, layout.height, (int)layout.bit_depth,
               layout.channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  for (size_t i = 0; i < entry_count; i++) {
    png_text entry;
    memset(&entry, 0, sizeof entry);
    entry.compression = entries[i].international ? PNG_ITXT_COMPRESSION_NONE : PNG_TEXT_COMPRESSION_NONE;
    entry.key = (png_charp)entries[i].keyword;
    entry.text = (png_charp)entries[i].text;
    png_set_text(png, session->info, &entry, 1);
  }
  png_write_info(png, session->info);
  const uint16_t one = 1;
  if (layout.bit_depth == 16 && *(const uint8_t *)&one == 1) png_set_swap(png);
  size_t stride = (size_t)layout.width * layout.channels * (layout.bit_depth / 8);
  for (uint32_t row = 0; row < layout.height; row++) png_write_row(png, pixels + row * stride);
  png_write_end(png, NULL);
  return ARPG_CODEC_OK;
}

int arpg_png_encode(const void *pixels, arpg_pixel_layout layout, const arpg_text_entry *entries, size_t entry_count,
                    arpg_encoded *encoded, char *message) {
  session session = {.message = message};
  FILE *stream = memory_stream(encoded, message);
  if (!stream) return ARPG_CODEC_DAMAGED;
  return finish_writing(&session, stream, encode(&session, stream, pixels, layout, entries, entry_count));
}

static int write_chunk(session *session, FILE *stream, const char *type, const uint8_t *bytes, size_t count) {
  if (setjmp(session->jump)) return session->status;
  open_writer(session, stream);
  png_write_chunk(session->png, (png_const_bytep)type, bytes, count);
  return ARPG_CODEC_OK;
}

int arpg_png_chunk(const char *type, const uint8_t *bytes, size_t count, arpg_encoded *encoded, char *message) {
  session session = {.message = message};
  FILE *stream = memory_stream(encoded, message);
  if (!stream) return ARPG_CODEC_DAMAGED;
  return finish_writing(&session, stream, write_chunk(&session, stream, type, bytes, count));
}
