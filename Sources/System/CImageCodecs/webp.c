#include "CImageCodecs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <webp/decode.h>
#include <webp/encode.h>

static int fail(VP8StatusCode status, char *message) {
  int is_cut = status == VP8_STATUS_NOT_ENOUGH_DATA || status == VP8_STATUS_SUSPENDED;
  const char *text = is_cut                                       ? "the data ends early"
                     : status == VP8_STATUS_OUT_OF_MEMORY         ? "there is not enough memory"
                     : status == VP8_STATUS_UNSUPPORTED_FEATURE   ? "it uses a feature that is not known"
                                                                  : "its data does not follow the format";
  snprintf(message, ARPG_CODEC_MESSAGE, "%s", text);
  return is_cut ? ARPG_CODEC_TRUNCATED : ARPG_CODEC_DAMAGED;
}

int arpg_webp_header(const uint8_t *bytes, size_t count, arpg_webp_features *features, char *message) {
  WebPBitstreamFeatures found;
  VP8StatusCode status = WebPGetFeatures(bytes, count, &found);
  if (status != VP8_STATUS_OK) return fail(status, message);
  features->width = (uint32_t)found.width;
  features->height = (uint32_t)found.height;
  features->has_alpha = found.has_alpha;
  features->has_animation = found.has_animation;
  return ARPG_CODEC_OK;
}

int arpg_webp_decode(const uint8_t *bytes, size_t count, arpg_pixel_layout layout, uint8_t *pixels, char *message) {
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) return fail(VP8_STATUS_UNSUPPORTED_FEATURE, message);
  VP8StatusCode status = WebPGetFeatures(bytes, count, &config.input);
  if (status != VP8_STATUS_OK) return fail(status, message);
  if ((uint32_t)config.input.width != layout.width || (uint32_t)config.input.height != layout.height) {
    snprintf(message, ARPG_CODEC_MESSAGE, "its headers contradict each other");
    return ARPG_CODEC_DAMAGED;
  }
  config.output.colorspace = MODE_RGBA;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = pixels;
  config.output.u.RGBA.stride = (int)(layout.width * 4);
  config.output.u.RGBA.size = (size_t)layout.width * 4 * layout.height;
  status = WebPDecode(bytes, count, &config);
  WebPFreeDecBuffer(&config.output);
  return status == VP8_STATUS_OK ? ARPG_CODEC_OK : fail(status, message);
}

int arpg_webp_encode(const uint8_t *pixels, arpg_pixel_layout layout, int quality, arpg_encoded *encoded, char *message) {
  uint8_t *bytes = NULL;
  size_t count = WebPEncodeRGB(pixels, (int)layout.width, (int)layout.height, (int)layout.width * 3, (float)quality, &bytes);
  encoded->bytes = count > 0 ? malloc(count) : NULL;
  if (encoded->bytes) memcpy(encoded->bytes, bytes, count);
  encoded->count = count;
  WebPFree(bytes);
  if (encoded->bytes) return ARPG_CODEC_OK;
  snprintf(message, ARPG_CODEC_MESSAGE, "the encoder failed");
  return ARPG_CODEC_DAMAGED;
}
