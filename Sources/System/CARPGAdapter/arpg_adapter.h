/*
 * Control adapters for ARPG from a shared library, by a C interface.
 *
 * A library defines one function, arpg_adapter_library, which gives a table of adapters. Build and use it:
 *
 *     cc -std=c99 -O2 -shared -fPIC -I FOLDER_OF_THIS_HEADER edges.c -o edges.so -lm
 *     arpg adapters NAME --adapter-library edges.so
 *     arpg control --adapter-library edges.so --control NAME=input.png -o out.png
 *
 * An adapter turns what a user gives (an image, a text, numbers, or a file) into a control image, by preprocess. From there it
 * goes one of two ways, which its descriptor names:
 *
 *   "network"  The control image goes through a network (ControlAR, arXiv 2410.02705) whose weights are trained for a model:
 *              `arpg data prepare --adapters NAME` and `arpg train adapter --set adapters=NAME`. The library does no more
 *              than to make control images.
 *   "tokens"   The library makes condition tokens of the control image itself, by tokens. Nothing is trained.
 *
 * Rules for the whole interface:
 *
 *   Memory     Whoever allocates frees. The program allocates all that functions read and write, and frees it when they
 *              have returned: keep no pointer to it, free none of it. The table of adapters stays as it is as long as the
 *              process lives; static const data is right. A library is never unloaded.
 *   Threads    preprocess, control_of_image and tokens are called on several threads at once, with the same context. Write
 *              to nothing that they share, or lock it.
 *   Results    The same input gives the same bytes each time. Draw no random numbers but from a fixed seed.
 *   Errors     A function that fails returns ARPG_FAILED, with one line in *message that says what was found and what
 *              would be right. It must not end the process, throw C++ exceptions out of the library, or longjmp.
 *   Texts      UTF-8, ended by a zero byte where no length is given.
 *   Images     Rows from the top, pixels from the left, without gaps.
 *
 * The program checks all that a library gives. A table, descriptor or result that breaks a rule is refused with an error that
 * names it. A library runs within the program and with its rights: load only those that you trust.
 */
#ifndef ARPG_ADAPTER_H
#define ARPG_ADAPTER_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version that this header describes. A program loads libraries of its own version alone. */
#define ARPG_ADAPTER_INTERFACE_VERSION 1

#ifdef _WIN32
#define ARPG_EXPORT __declspec(dllexport)
#else
#define ARPG_EXPORT __attribute__((visibility("default")))
#endif

/* What functions return. */
enum {
  /* Done. */
  ARPG_OK = 0,
  /* It cannot be done; *message says why. */
  ARPG_FAILED = 1,
  /* Nothing: control_of_image where an image does not tell its control, tokens for a layer without tokens. */
  ARPG_NOTHING = 2
};

/* Room for a text of at most size - 1 bytes and the zero byte that ends it; all zero at first. size is 1024. */
typedef struct ArpgMessage {
  char *bytes;
  size_t size;
} ArpgMessage;

/* ---- What a function is given ---------------------------------------------------------------------------------- */

/* An image on the canvas, which has the shape of the model's images. */
typedef struct ArpgImage {
  uint32_t width, height;
  /* Red, green, blue of each pixel, sRGB: 3 * width * height. Colours of transparent pixels are those over white. */
  const uint8_t *pixels;
  /* How opaque each pixel is, width * height; NULL where all are. */
  const uint8_t *alpha;
  /* The same image in grey of 16 bits, width * height, where its file has that precision; NULL where not. */
  const uint16_t *grey;
  /* The part of the canvas that shows the user's image; the rest is padding. Without padding it is the whole canvas. */
  uint32_t content_left, content_top, content_width, content_height;
} ArpgImage;

/* The kinds of input, as "input" and "type" in a descriptor name them. */
enum { ARPG_IMAGE = 0, ARPG_TEXT = 1, ARPG_TENSOR = 2, ARPG_FILE = 3 };

/* Something that a user gives. */
typedef struct ArpgInput {
  /* The name of the option that it is given as; "" for the adapter's main input. */
  const char *name;
  /* ARPG_IMAGE, ARPG_TEXT, ARPG_TENSOR or ARPG_FILE: says which of the following fields are set. The others are 0. */
  uint32_t kind;
  ArpgImage image;
  /* The bytes of a text or a file, length of them. A zero byte follows, which is not counted. */
  const char *bytes;
  size_t length;
  /* Numbers in a shape, the last dimension varying fastest: as many as the product of the dimensions. */
  const float *values;
  const size_t *shape;
  uint32_t dimensions;
} ArpgInput;

/* An option of the adapter with its value: what the user gave, or the default. */
typedef struct ArpgOption {
  const char *name;
  /* The value as a user would write it; NULL where it has no default and is not given. */
  const char *text;
  /* The value of a "number" or "whole", 1 and 0 for a "toggle" that is on and off, NaN for all others. */
  double number;
} ArpgOption;

/* What to make a control image of. */
typedef struct ArpgRequest {
  /* The size of the control image, and of all images of the request. Inputs that are no images have that of the model's
     images; without a model, as in `arpg preprocess` without --size, 256 x 256. */
  uint32_t width, height;
  /* The main input, of the kind that the descriptor names. */
  ArpgInput input;
  /* Further inputs that are given, by the names of options. */
  const ArpgInput *further_inputs;
  uint32_t further_input_count;
  /* All options of the descriptor that are no inputs, in its order. */
  const ArpgOption *options;
  uint32_t option_count;
  /* The same as a JSON object by names: numbers, booleans, texts, null. For languages that have JSON. */
  const char *options_json;
  /* The names of the model's classes, in class order. */
  const char *const *class_names;
  uint32_t class_name_count;
} ArpgRequest;

/* ---- What a function gives ------------------------------------------------------------------------------------- */

/* A control image, to be filled in. */
typedef struct ArpgControlImage {
  /* The size, that of the request. */
  uint32_t width, height;
  /* Room for 3 * width * height values, one channel behind the other: values[(channel * height + y) * width + x]. Every
     value of the channels that are used must be written, -1 to 1: black is -1, white 1. They are NaN at first. */
  float *values;
  /* 0 at first; set it to 1 (grey) or 3 (red, green, blue). */
  uint32_t channels;
  /* Room for one line for the user on how the input was read, such as "read as a sketch"; may stay empty. */
  ArpgMessage note;
} ArpgControlImage;

/* A control image as preprocess made it, always of three channels. */
typedef struct ArpgControl {
  uint32_t width, height;
  /* 3 * width * height values in the order of ArpgControlImage. */
  const float *values;
} ArpgControl;

/* The decoder that condition tokens are for: a transformer that predicts the codes of an image, rows * columns of them. */
typedef struct ArpgDecoder {
  /* The layers that can be given tokens, numbered from 0; the last is next to the output. */
  uint32_t layers;
  /* The grid of codes; code (row, column) shows the part of the image at that place. */
  uint32_t rows, columns;
  /* The width of a token. */
  uint32_t dim;
  /* The number of different codes. */
  uint32_t vocab;
  /* The weights of the output layer, vocab rows of dim: what is added to a position's state along row c makes code c
     likelier there. NULL where the decoder has none. */
  const float *output_weights;
} ArpgDecoder;

/* ---- Adapters -------------------------------------------------------------------------------------------------- */

/* Makes a control image. Returns ARPG_OK or ARPG_FAILED; control_of_image also ARPG_NOTHING. */
typedef int32_t (*ArpgPreprocess)(
    void *context, const ArpgRequest *request, ArpgControlImage *result, ArpgMessage *message);

/* One adapter. Functions that are not marked optional must not be NULL. */
typedef struct ArpgAdapter {
  /* A JSON object, at most 1 MB:

       {"name": "threshold", "summary": "bright parts to follow", "input": "image", "input_summary": "a photograph",
        "shorthand": "bright", "condition": "network", "interpolation": "nearest",
        "options": [{"name": "level", "summary": "from which a pixel is bright", "type": "number",
                     "minimum": 0, "maximum": 255, "default": "128"}]}

     name           in `--control NAME=INPUT`: lower-case letters, digits, hyphens, a letter in front. No other adapter has it.
     summary        one line for lists.
     input          "image", "text", "tensor" or "file".
     input_summary  what the input means, for help. Optional.
     example        an input as a user would write it. Optional.
     shorthand      the name of an option: "bright" makes `--bright FILE` mean `--control threshold=FILE`. Optional.
     condition      "network" or "tokens", as above; "tokens" has a function tokens, "network" none.
     interpolation  of "network", how control images are scaled for it: "nearest" keeps lines sharp (the default), "bicubic"
                    keeps surfaces smooth.
     options        Optional. Each has name, summary, type, and "default" as a user would write it: a text, also for numbers.
                    number  minimum, maximum; optional step, unit
                    whole   the same, whole numbers
                    choice  values, an array of words
                    toggle  "on" or "off"
                    text    optional limit, in characters
                    colour  such as "#ff8800" or "red"
                    image, tensor, file  a further input; no default, "required": true where it must be given
                    A text or colour without a default may be left out; it has an "example" then.
                    Names that all controls have cannot be used: strength, from, to, region, guidance. */
  const char *descriptor;

  /* Optional. Makes what the other functions are given as context, and sets *context, which is NULL at first. Called once,
     when the library is loaded. Returns ARPG_OK or ARPG_FAILED. */
  int32_t (*create)(void **context, ArpgMessage *message);
  /* Optional. Frees a context that create made. Not called where the process ends before. */
  void (*destroy)(void *context);

  /* Makes the control image of what a user gives. */
  ArpgPreprocess preprocess;

  /* Optional, for "network": makes the control image that an image follows, for training. request->input is the image, also
     where the adapter takes another kind; options have their defaults, those that must be given are left out, and no further
     input is given. Without it the control images to train on stand beside the images. */
  ArpgPreprocess control_of_image;

  /* For "tokens", NULL otherwise: makes the condition tokens of one layer, called for each layer.

     tokens  room for rows * columns * dim values, in raster order: values[(row * columns + column) * dim + i]. All are NaN at
             first; all must be written, finite. 0 changes nothing at a position.
     Returns ARPG_OK, ARPG_NOTHING where this layer is given none (at least one is given some), or ARPG_FAILED. The layers
     that are given tokens are the same for all controls. */
  int32_t (*tokens)(
      void *context, const ArpgControl *control, const ArpgDecoder *decoder, uint32_t layer, float *tokens,
      ArpgMessage *message);
} ArpgAdapter;

/* What a library gives. The first two fields are the same in all versions. */
typedef struct ArpgAdapterLibrary {
  /* ARPG_ADAPTER_INTERFACE_VERSION */
  uint32_t interface_version;
  /* sizeof(ArpgAdapterLibrary) */
  uint32_t struct_size;
  /* sizeof(ArpgAdapter) */
  uint32_t adapter_size;
  /* The number of adapters, 1 to 256. */
  uint32_t adapter_count;
  const ArpgAdapter *adapters;
} ArpgAdapterLibrary;

/*
 * The one function that a library defines. It does no work, and gives the same table each time; NULL where it cannot serve a
 * program of that interface version.
 */
ARPG_EXPORT const ArpgAdapterLibrary *arpg_adapter_library(uint32_t program_interface_version);

/* ---- For convenience ------------------------------------------------------------------------------------------- */

/* Writes a line into *message and gives ARPG_FAILED: `return arpg_fail(message, "an image of one colour");` */
static inline int32_t arpg_fail(ArpgMessage *message, const char *line) {
  snprintf(message->bytes, message->size, "%s", line);
  return ARPG_FAILED;
}

/* The option of a name; NULL where the descriptor has none. */
static inline const ArpgOption *arpg_option(const ArpgRequest *request, const char *name) {
  for (uint32_t i = 0; i < request->option_count; i++) {
    if (strcmp(request->options[i].name, name) == 0) return &request->options[i];
  }
  return NULL;
}

/* The value of a number, or of a toggle as 1 or 0; NaN where the descriptor has none of that name. */
static inline double arpg_number(const ArpgRequest *request, const char *name) {
  const ArpgOption *option = arpg_option(request, name);
  return option ? option->number : (double)NAN;
}

/* The further input of a name; NULL where it is not given. */
static inline const ArpgInput *arpg_further_input(const ArpgRequest *request, const char *name) {
  for (uint32_t i = 0; i < request->further_input_count; i++) {
    if (strcmp(request->further_inputs[i].name, name) == 0) return &request->further_inputs[i];
  }
  return NULL;
}

#ifdef __cplusplus
}
#endif

#endif
