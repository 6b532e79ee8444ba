// An adapter in C++ with condition tokens of its own, so that it needs no training: the bright parts of a mask are filled
// with one code of the model's tokenizer.
//
//     make
//     arpg encode photo.jpg -o codes.npy                   # which codes an image has
//     arpg control --edges mug.png --fill mask.png,code=300 --adapter-library ./fill.so -o out.png
#include <algorithm>
#include <cmath>
#include <vector>

#include "arpg_adapter.h"

namespace {

// How long a condition token is at strength 1: enough to outweigh what the decoder would put there.
constexpr float kLength = 100;

// Red says where, green and blue say which code: the control image holds all that tokens() needs to know.
int32_t preprocess(void *, const ArpgRequest *request, ArpgControlImage *result, ArpgMessage *message) {
  const ArpgImage &image = request->input.image;
  const size_t count = size_t(image.width) * image.height;
  const auto code = uint32_t(arpg_number(request, "code"));
  bool has_bright = false;
  for (size_t i = 0; i < count; i++) {
    const uint8_t *pixel = image.pixels + 3 * i;
    const float opaque = image.alpha ? image.alpha[i] / 255.0f : 1;
    const float bright = opaque * (0.299f * pixel[0] + 0.587f * pixel[1] + 0.114f * pixel[2]) / 255;
    has_bright |= bright > 0.5f;
    result->values[i] = bright > 0.5f ? 1 : -1;
    // Two digits to the base of 256, each a level of an image of 8 bits.
    result->values[count + i] = float(code / 256) / 127.5f - 1;
    result->values[2 * count + i] = float(code % 256) / 127.5f - 1;
  }
  result->channels = 3;
  return has_bright ? ARPG_OK : arpg_fail(message, "the mask has no bright part; white is filled");
}

uint32_t digit(float value) { return uint32_t(std::lround((value + 1) * 127.5f)); }

// How much of a cell of the grid is bright, 0 to 1.
float coverage(const ArpgControl &control, const ArpgDecoder &decoder, uint32_t row, uint32_t column) {
  const uint32_t top = row * control.height / decoder.rows, left = column * control.width / decoder.columns;
  const uint32_t bottom = std::max(top + 1, (row + 1) * control.height / decoder.rows);
  const uint32_t right = std::max(left + 1, (column + 1) * control.width / decoder.columns);
  float sum = 0;
  for (uint32_t y = top; y < bottom; y++) {
    for (uint32_t x = left; x < right; x++) sum += control.values[size_t(y) * control.width + x] > 0;
  }
  return sum / float((bottom - top) * (right - left));
}

// The last layer alone: the direction in which the code's logit grows against the mean of all.
int32_t tokens(
    void *, const ArpgControl *control, const ArpgDecoder *decoder, uint32_t layer, float *tokens,
    ArpgMessage *message) {
  if (layer + 1 != decoder->layers) return ARPG_NOTHING;
  if (!decoder->output_weights) return arpg_fail(message, "the decoder has no output weights, which tell directions");
  const size_t count = size_t(control->width) * control->height;
  const uint32_t code = 256 * digit(control->values[count]) + digit(control->values[2 * count]);
  if (code >= decoder->vocab) {
    char line[80];
    snprintf(line, sizeof line, "found code=%u, expected 0 to %u with this model", code, decoder->vocab - 1);
    return arpg_fail(message, line);
  }
  std::vector<float> direction(decoder->dim);
  float square = 0;
  for (uint32_t i = 0; i < decoder->dim; i++) {
    float mean = 0;
    for (uint32_t other = 0; other < decoder->vocab; other++) {
      mean += decoder->output_weights[size_t(other) * decoder->dim + i];
    }
    direction[i] = decoder->output_weights[size_t(code) * decoder->dim + i] - mean / float(decoder->vocab);
    square += direction[i] * direction[i];
  }
  const float scale = kLength / std::sqrt(std::max(square, 1e-12f));
  for (uint32_t row = 0; row < decoder->rows; row++) {
    for (uint32_t column = 0; column < decoder->columns; column++) {
      const float share = coverage(*control, *decoder, row, column) * scale;
      for (uint32_t i = 0; i < decoder->dim; i++) *tokens++ = share * direction[i];
    }
  }
  return ARPG_OK;
}

constexpr const char *kDescriptor = R"({
  "name": "fill", "summary": "parts to fill with one code", "input": "image",
  "input_summary": "a mask, white where it is filled", "shorthand": "fill", "condition": "tokens",
  "options": [{"name": "code", "summary": "the number of the code", "type": "whole",
               "minimum": 0, "maximum": 65535, "default": "0"}]})";

const ArpgAdapter kAdapters[] = {{kDescriptor, nullptr, nullptr, preprocess, nullptr, tokens}};

const ArpgAdapterLibrary kLibrary = {
    ARPG_ADAPTER_INTERFACE_VERSION, sizeof(ArpgAdapterLibrary), sizeof(ArpgAdapter), 1, kAdapters};

}  // namespace

extern "C" const ArpgAdapterLibrary *arpg_adapter_library(uint32_t program_interface_version) {
  return program_interface_version == ARPG_ADAPTER_INTERFACE_VERSION ? &kLibrary : nullptr;
}
