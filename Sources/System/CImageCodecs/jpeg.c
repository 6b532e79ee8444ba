#include "CImageCodecs.h"

#include <setjmp.h>
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

// libjpeg fills what is missing with grey and only warns. Warnings that leave every pixel intact are let pass.
static void on_message(j_common_ptr info, int level) {
  if (level >= 0) return;
  switch (info->err->msg_code) {
    case JWRN_ADOBE_XFORM:
    case JWRN_BOGUS_PROGRESSION:
    case JWRN_EXTRANEOUS_DATA:
    case JWRN_JFIF_MAJOR:
    case JWRN_TOO_MUCH_DATA: return;
    case JWRN_JPEG_EOF: fail(guard_of(info), ARPG_CODEC_TRUNCATED, "the data ends early");
    case JWRN_HIT_MARKER: fail(guard_of(info), ARPG_CODEC_TRUNCATED, "a part of the compressed data is missing");
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
  jpeg_finish_decompress(info);
  return ARPG_CODEC_OK;
}

int arpg_jpeg_decode(const uint8_t *bytes, size_t count, arpg_pixel_layout layout, uint8_t *pixels, char *message) {
  reader reader;
  memset(&reader, 0, sizeof reader);
  prepare(&reader.guard, message);
  reader.info.err = &reader.guard.errors;
  reader.info.client_data = &reader.guard;
  int status = decode(&reader, bytes, count, layout, pixels);
  jpeg_destroy_decompress(&reader.info);
  return status;
}

static int encode(writer *writer, FILE *stream, const uint8_t *pixels, arpg_pixel_layout layout, int quality,
                  int full_chroma, const char *const *comments, size_t comment_count) {
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

int arpg_jpeg_encode(const uint8_t *pixels, arpg_pixel_layout layout, int quality, int full_chroma,
                     const char *const *comments, size_t comment_count, arpg_encoded *encoded, char *message) {
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
  int status = encode(&writer, stream, pixels, layout, quality, full_chroma, comments, comment_count);
  jpeg_destroy_compress(&writer.info);
  return fclose(stream) == 0 ? status : ARPG_CODEC_DAMAGED;
}
