/*
 * An adapter in C: soft edges, the brightness of an image's gradient. It makes control images alone; a network that is trained
 * for a model turns them into a condition.
 *
 *     make
 *     arpg preprocess gradient photo.jpg -o edges.png --adapter-library ./gradient.so
 *     arpg data prepare photos -o data --adapters gradient --adapter-library ./gradient.so
 *     arpg train adapter --data data -o runs/gradient --set adapters=gradient --adapter-library ./gradient.so
 *     arpg control --model runs/gradient/model --gradient photo.jpg --adapter-library ./gradient.so
 */
#include "arpg_adapter.h"

/* The luma of the pixel nearest to a place, 0 to 1. */
static float grey(const ArpgImage *image, int64_t x, int64_t y) {
  x = x < 0 ? 0 : x >= image->width ? (int64_t)image->width - 1 : x;
  y = y < 0 ? 0 : y >= image->height ? (int64_t)image->height - 1 : y;
  const uint8_t *pixel = image->pixels + 3 * (y * image->width + x);
  return (0.299f * pixel[0] + 0.587f * pixel[1] + 0.114f * pixel[2]) / 255;
}

/* The length of Sobel's gradient times gain, bright on black, with what is below the threshold left out. */
static int32_t gradient(
    void *context, const ArpgRequest *request, ArpgControlImage *result, ArpgMessage *message) {
  (void)context, (void)message;
  const ArpgImage *image = &request->input.image;
  float gain = (float)arpg_number(request, "gain"), threshold = (float)arpg_number(request, "threshold");
  int found = 0;
  for (int64_t y = 0; y < result->height; y++) {
    for (int64_t x = 0; x < result->width; x++) {
      float across = 0, down = 0;
      for (int i = -1; i <= 1; i++) {
        float weight = i == 0 ? 2 : 1;
        across += weight * (grey(image, x + 1, y + i) - grey(image, x - 1, y + i));
        down += weight * (grey(image, x + i, y + 1) - grey(image, x + i, y - 1));
      }
      float length = gain * sqrtf(across * across + down * down);
      if (length < threshold) length = 0;
      if (length > 1) length = 1;
      found |= length > 0;
      result->values[y * result->width + x] = 2 * length - 1;
    }
  }
  result->channels = 1;
  if (!found) snprintf(result->note.bytes, result->note.size, "there are no edges in it; lower threshold");
  return ARPG_OK;
}

static const ArpgAdapter adapters[] = {{
    .descriptor =
        "{\"name\": \"gradient\", \"summary\": \"soft edges to follow\", \"input\": \"image\","
        " \"input_summary\": \"a photograph\", \"shorthand\": \"gradient\","
        " \"condition\": \"network\", \"interpolation\": \"bicubic\", \"options\": ["
        "{\"name\": \"gain\", \"summary\": \"factor of the brightness\", \"type\": \"number\","
        " \"minimum\": 0, \"maximum\": 8, \"default\": \"1\"},"
        "{\"name\": \"threshold\", \"summary\": \"brightness that an edge has at least\", \"type\": \"number\","
        " \"minimum\": 0, \"maximum\": 1, \"default\": \"0.1\"}]}",
    .preprocess = gradient,
    .control_of_image = gradient,
}};

static const ArpgAdapterLibrary library = {
    ARPG_ADAPTER_INTERFACE_VERSION, sizeof(ArpgAdapterLibrary), sizeof(ArpgAdapter), 1, adapters};

const ArpgAdapterLibrary *arpg_adapter_library(uint32_t program_interface_version) {
  return program_interface_version == ARPG_ADAPTER_INTERFACE_VERSION ? &library : NULL;
}
