#include "CImageCodecs.h"

#include <setjmp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

// A progressive file needs about ten scans; thousands of them are made to waste time.
#define MOST_SCANS 200
#define MOST_MEMORY 2000000000L

typedef struct {
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  jmp_buf jump;
  int status;
  char *message;
} guard;

typedef struct {
  struct jpeg_decompress_struct info;
  guard guard;
  // The rows that were complete when the compressed data first ended too early.
  uint32_t whole_rows;
  int is_cut;
} reader;

typedef struct {
  struct jpeg_compress_struct info;
  guard guard;
} writer;

static guard *guard_of(j_common_ptr info) { return (guard *)info->client_data; }

static void fail(guard *guard, int status, const char *text) {
  guard->status = status;
  snprintf(guard->message, ARPG_CODEC_MESSAGE, "%s", text);
  longjmp(guard->jump, 1);
}

static void on_error(j_common_ptr info) {
  char text[JMSG_LENGTH_MAX];
  info->err->format_message(info, text);
  int code = info->err->msg_code;
  fail(guard_of(info), code == JERR_INPUT_EOF || code == JERR_INPUT_EMPTY ? ARPG_CODEC_TRUNCATED : ARPG_CODEC_DAMAGED,
       text);
}

// Whether the scans so far hold every bit of every coefficient: of an image in several, whether none is missing.
static int has_all_scans(j_decompress_ptr info) {
  if (!jpeg_has_multiple_scans(info)) return 1;
  if (!info->coef_bits) return 0;
  for (int component = 0; component < info->num_components; component++)
    for (int coefficient = 0; coefficient < DCTSIZE2; coefficient++)
      if (info->coef_bits[component][coefficient] != 0) return 0;
  return 1;
}

// libjpeg fills what is missing with grey and only warns. Warnings that leave every pixel intact are let pass.
static void on_message(j_common_ptr info, int level) {
  if (level >= 0) return;
  switch (info->err->msg_code) {
    case JWRN_ADOBE_XFORM:
    case JWRN_BOGUS_PROGRESSION:
    case JWRN_EXTRANEOUS_DATA:
    case JWRN_JFIF_MAJOR:
    case JWRN_TOO_MUCH_DATA: return;
    case JWRN_JPEG_EOF:
      // An end without its marker, behind the last pixel, changes nothing.
      if (!has_all_scans((j_decompress_ptr)info)) fail(guard_of(info), ARPG_CODEC_TRUNCATED, "the data ends early");
      return;
    case JWRN_HIT_MARKER: {
      reader *cut = (reader *)((char *)guard_of(info) - offsetof(reader, guard));
      if (!cut->is_cut) cut->whole_rows = cut->info.output_scanline;
      cut->is_cut = 1;
      return;
    }
    default: on_error(info);
  }
}

static void on_progress(j_common_ptr info) {
  if (((j_decompress_ptr)info)->input_scan_number > MOST_SCANS)
    fail(guard_of(info), ARPG_CODEC_DAMAGED, "it has an unreasonable number of scans");
}

static void prepare(guard *guard, char *message) {
  jpeg_std_error(&guard->errors);
  guard->errors.error_exit = on_error;
  guard->errors.emit_message = on_message;
  guard->message = message;
  message[0] = 0;
}

// The rows of blocks around the cut may be damaged. Where less than seven eighths are whole, there is no image.
static uint32_t missing_rows(const reader *reader) {
  if (!reader->is_cut) return 0;
  uint32_t block = 8 * (uint32_t)reader->info.max_v_samp_factor, height = reader->info.output_height;
  uint32_t whole = reader->whole_rows > block ? reader->whole_rows - block : 0;
  return height - whole;
}

static int decode(reader *reader, const uint8_t *bytes, size_t count, arpg_pixel_layout layout, uint8_t *pixels) {
  if (setjmp(reader->guard.jump)) return reader->guard.status;
  j_decompress_ptr info = &reader->info;
  jpeg_create_decompress(info);
  info->mem->max_memory_to_use = MOST_MEMORY;
  reader->guard.progress.progress_monitor = on_progress;
  info->progress = &reader->guard.progress;
  jpeg_mem_src(info, bytes, count);
  jpeg_read_header(info, TRUE);
  if (info->image_width != layout.width || info->image_height != layout.height)
    fail(&reader->guard, ARPG_CODEC_DAMAGED, "its headers contradict each other");
  info->out_color_space = layout.channels == 1 ? JCS_GRAYSCALE : layout.channels == 3 ? JCS_RGB : JCS_CMYK;
  jpeg_start_decompress(info);
  if ((uint32_t)info->output_components != layout.channels)
    fail(&reader->guard, ARPG_CODEC_DAMAGED, "its headers contradict each other");
  size_t stride = (size_t)layout.width * layout.channels;
  while (info->output_scanline < info->output_height) {
    JSAMPROW row = pixels + info->output_scanline * stride;
    jpeg_read_scanlines(info, &row, 1);
  }
  // What stands behind the last row (no end marker, a trailer of the camera's maker) changes no pixel.
  jpeg_abort_decompress(info);
  if (missing_rows(reader) * 8 > info->output_height)
    fail(&reader->guard, ARPG_CODEC_TRUNCATED, "a part of the compressed data is missing");
  return ARPG_CODEC_OK;
}

int arpg_jpeg_decode(const uint8_t *bytes, size_t count, arpg_pixel_layout layout, uint8_t *pixels, uint32_t *missing,
                     char *message) {
  reader reader;
  memset(&reader, 0, sizeof reader);
  prepare(&reader.guard, message);
  reader.info.err = &reader.guard.errors;
  reader.info.client_data = &reader.guard;
  int status = decode(&reader, bytes, count, layout, pixels);
  *missing = missing_rows(&reader);
  jpeg_destroy_decompress(&reader.info);
  return status;
}

static int encode(writer *writer, FILE *stream, const uint8_t *pixels, arpg_pixel_layout layout, int quality,
                  int full_chroma, const uint8_t *exif, size_t exif_count, const char *const *comments, size_t comment_count) {
  if (setjmp(writer->guard.jump)) return writer->guard.status;
  j_compress_ptr info = &writer->info;
  jpeg_create_compress(info);
  jpeg_stdio_dest(info, stream);
  info->image_width = layout.width;
  info->image_height = layout.height;
  info->input_components = (int)layout.channels;
  info->in_color_space = layout.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(info);
  jpeg_set_quality(info, quality, TRUE);
  info->optimize_coding = TRUE;
  if (full_chroma) info->comp_info[0].h_samp_factor = info->comp_info[0].v_samp_factor = 1;
  jpeg_start_compress(info, TRUE);
  if (exif_count) jpeg_write_marker(info, JPEG_APP0 + 1, exif, (unsigned)exif_count);
  for (size_t i = 0; i < comment_count; i++)
    jpeg_write_marker(info, JPEG_COM, (const JOCTET *)comments[i], (unsigned)strlen(comments[i]));
  size_t stride = (size_t)layout.width * layout.channels;
  while (info->next_scanline < info->image_height) {
    JSAMPROW row = (JSAMPROW)pixels + info->next_scanline * stride;
    jpeg_write_scanlines(info, &row, 1);
  }
  jpeg_finish_compress(info);
  return ARPG_CODEC_OK;
}

int arpg_jpeg_encode(const uint8_t *pixels, arpg_pixel_layout layout, int quality, int full_chroma, const uint8_t *exif,
                     size_t exif_count, const char *const *comments, size_t comment_count, arpg_encoded *encoded,
                     char *message) {
  writer writer;
  memset(&writer, 0, sizeof writer);
  prepare(&writer.guard, message);
  writer.info.err = &writer.guard.errors;
  writer.info.client_data = &writer.guard;
  FILE *stream = open_memstream(&encoded->bytes, &encoded->count);
  if (!stream) {
    snprintf(message, ARPG_CODEC_MESSAGE, "there is not enough memory");
    return ARPG_CODEC_DAMAGED;
  }
  int status = encode(&writer, stream, pixels, layout, quality, full_chroma, exif, exif_count, comments, comment_count);
  jpeg_destroy_compress(&writer.info);
  return fclose(stream) == 0 ? status : ARPG_CODEC_DAMAGED;
}
