"""Makes images with the client of OpenAI: openai_client.py ADDRESS"""

import base64
import io
import json
import sys

import openai
import requests
from PIL import Image

from images import decode, different, encode, left_half, native, raises, same, sketch

address = sys.argv[1]
client = openai.OpenAI(base_url=f"{address}/v1", api_key="no-key-is-set", max_retries=0)
fast = {"settings": {"steps": 6}}


def lists_models():
    models = list(client.models.list())
    assert [model.id for model in models] == ["starter"], f"models are {models}"
    model = client.models.retrieve("starter")
    assert model.object == "model" and model.created > 0, f"the model is {model}"
    raises(openai.NotFoundError, lambda: client.models.retrieve("dall-e-9"), "starter")


def generates():
    result = client.images.generate(model="starter", prompt="mug", extra_body={"seed": 5, **fast})
    assert len(result.data) == 1 and result.data[0].url is None
    assert result.output_format == "png" and result.size == "256x256", f"the result is {result.size}"
    assert result.usage.input_tokens == 0 and result.usage.output_tokens == 256, f"usage is {result.usage}"
    expected = native(address, controls=[{"adapter": "class", "text": "mug"}], seed=5, settings={"steps": 6})
    same(decode(result.data[0].b64_json), expected[0], "a class and a seed")


def reads_prompts():
    expected = native(
        address, controls=[{"adapter": "class", "text": "mug"}], seed=7, settings={"steps": 6, "top_p": 0.5})[0]
    for prompt in [
        "a photo of a Mug on a shelf, in the evening -- steps=6 top_p=0.5 seed=7", "mug\nsteps=6 top_p=0.5 seed=7",
        "9 -- seed=7 steps=6 top_p=0.5",
    ]:
        result = client.images.generate(prompt=prompt)
        same(decode(result.data[0].b64_json), expected, f"the prompt {prompt!r}")
    both = client.images.generate(prompt="mug, tree", n=2, extra_body={"seed": 3, **fast})
    expected = native(address, controls=[{"adapter": "class", "text": "mug,tree"}], count=2, seed=3, settings={"steps": 6})
    assert len(both.data) == 4, f"two of two classes are {len(both.data)} images"
    for index, image in enumerate(both.data):
        same(decode(image.b64_json), expected[index], f"image {index} of a list of classes")
    nothing = client.images.generate(prompt="", extra_body={"seed": 3, **fast})
    same(decode(nothing.data[0].b64_json), native(address, seed=3, settings={"steps": 6})[0], "an empty prompt")


def takes_sizes_and_formats():
    result = client.images.generate(prompt="mug", size="128x256", output_format="jpeg", output_compression=50, extra_body=fast)
    file = io.BytesIO(base64.b64decode(result.data[0].b64_json))
    image = Image.open(file)
    assert image.format == "JPEG" and image.size == (128, 256), f"the image is {image.format} of {image.size}"
    webp = client.images.generate(prompt="mug", output_format="webp", extra_body=fast)
    image = Image.open(io.BytesIO(base64.b64decode(webp.data[0].b64_json)))
    assert image.format == "WEBP" and webp.output_format == "webp", f"the image is {image.format}"
    auto = client.images.generate(prompt="mug", size="auto", quality="high", style="vivid", user="me", extra_body=fast)
    assert auto.size == "256x256", f"the size is {auto.size}"


def gives_addresses():
    result = client.images.generate(prompt="tree", response_format="url", extra_body={"seed": 1, **fast})
    assert result.data[0].b64_json is None
    response = requests.get(result.data[0].url, timeout=60)
    assert response.headers["Content-Type"] == "image/png", f"the address gives {response.status_code}"
    expected = client.images.generate(prompt="tree", extra_body={"seed": 1, **fast})
    same(Image.open(io.BytesIO(response.content)), decode(expected.data[0].b64_json), "the image at an address")


def takes_controls():
    control = {"adapter": "canny", "image": sketch(), "strength": 0.8}
    expected = native(
        address, controls=[{"adapter": "class", "text": "mug"}, control], seed=2, settings={"steps": 6})
    result = client.images.generate(prompt="mug", extra_body={"seed": 2, "controls": [control], **fast})
    same(decode(result.data[0].b64_json), expected[0], "a native control")


def streams():
    whole = client.images.generate(prompt="mug", extra_body={"seed": 4, "settings": {"steps": 8}})
    stream = client.images.generate(
        prompt="mug", stream=True, partial_images=3, extra_body={"seed": 4, "settings": {"steps": 8}})
    events = list(stream)
    kinds = [event.type for event in events]
    assert kinds == ["image_generation.partial_image"] * 3 + ["image_generation.completed"], f"events are {kinds}"
    assert [event.partial_image_index for event in events[:3]] == [0, 1, 2]
    assert decode(events[0].b64_json).size == (256, 256)
    different(decode(events[0].b64_json), decode(events[-1].b64_json), "a partial image and the last")
    same(decode(events[-1].b64_json), decode(whole.data[0].b64_json), "an image that was streamed")
    assert events[-1].usage.output_tokens == 256 and events[-1].size == "256x256"
    plain = [event.type for event in client.images.generate(prompt="mug", stream=True, n=2, extra_body=fast)]
    assert plain == ["image_generation.completed"] * 2, f"events without partial images are {plain}"


def edits():
    source = client.images.generate(prompt="mug", extra_body={"seed": 6, **fast})
    image = decode(source.data[0].b64_json)
    mask = Image.new("RGBA", image.size, "white")
    # What is transparent is edited.
    mask.putalpha(left_half().point(lambda value: 255 - value))
    result = client.images.edit(
        image=("mug.png", encode(image)), mask=("mask.png", encode(mask)), prompt="tree",
        extra_body={"seed": 8, "settings": {"steps": 6}})
    edited = decode(result.data[0].b64_json)
    right = (160, 0, 256, 256)
    same(edited.crop(right), image.crop(right), "what the mask keeps")
    different(edited.crop((0, 0, 96, 256)), image.crop((0, 0, 96, 256)), "what the mask edits")
    assert 0 < result.usage.output_tokens <= 256, f"usage is {result.usage}"

    transparent = image.copy()
    transparent.putalpha(mask.getchannel("A"))
    events = list(client.images.edit(
        image=[("mug.png", encode(transparent)), ("other.png", encode(sketch()))], prompt="tree", stream=True, partial_images=1,
        extra_body={"seed": 8, "settings": {"steps": 6}}))
    kinds = [event.type for event in events]
    assert kinds == ["image_edit.partial_image", "image_edit.completed"], f"events are {kinds}"

    whole = client.images.edit(
        image=("mug.png", encode(image)), prompt="mug -- steps=6", input_fidelity="high", n=2,
        extra_body={"seed": 8, "controls": json.dumps([{"adapter": "canny", "image": "@image"}])})
    assert len(whole.data) == 2
    different(decode(whole.data[0].b64_json), image, "an edit of all of an image")


def tells_errors():
    error = raises(openai.BadRequestError, lambda: client.images.generate(prompt="a photo of a unicorn"), "mug")
    assert error.type == "invalid_request_error", f"the type is {error.type}"
    generate = client.images.generate
    raises(openai.BadRequestError, lambda: generate(prompt="mug", size="1024x1024"), "512x512")
    raises(openai.BadRequestError, lambda: generate(prompt="mug", size="large"), "size")
    raises(openai.BadRequestError, lambda: generate(prompt="mug", n=0), "n is 0")
    raises(openai.BadRequestError, lambda: generate(prompt="mug", partial_images=4), "partial_images")
    raises(openai.BadRequestError, lambda: generate(prompt="mug", output_compression=101), "output_compression")
    raises(openai.BadRequestError, lambda: generate(prompt="mug", output_format="gif"), "png")
    raises(openai.BadRequestError, lambda: generate(prompt="mug -- speed=3"), "steps")
    raises(openai.BadRequestError, lambda: generate(prompt="mug -- steps=many"), "steps")
    raises(openai.NotFoundError, lambda: generate(prompt="mug", model="dall-e-9"), "starter")
    raises(openai.APIError, lambda: list(generate(prompt="mug", size="1024x1024", stream=True)), "512x512")
    raises(openai.BadRequestError, lambda: client.images.edit(image=b"no image", prompt="mug"), "image")
    opaque = ("mask.png", encode(sketch()))
    raises(openai.BadRequestError, lambda: client.images.edit(image=opaque, mask=opaque, prompt="mug"), "transparent")


for test in [
    lists_models, generates, reads_prompts, takes_sizes_and_formats, gives_addresses, takes_controls, streams, edits,
    tells_errors,
]:
    test()
    print(f"openai: {test.__name__}", flush=True)
