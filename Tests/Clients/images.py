"""What the tests of all clients share: images of the native interface, and comparisons of pixels."""

import base64
import io

import requests
from PIL import Image, ImageDraw


def decode(data):
    """An image of base64."""
    return Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")


def encode(image):
    """The bytes of a PNG file."""
    file = io.BytesIO()
    image.save(file, format="PNG")
    return file.getvalue()


def native(address, **request):
    """The images of a request to the native interface."""
    for control in request.get("controls", []):
        if isinstance(control.get("image"), Image.Image):
            control["image"] = base64.b64encode(encode(control["image"])).decode()
    response = requests.post(f"{address}/api/v1/generations", json=request, timeout=600)
    assert response.status_code == 200, f"native: {response.status_code} {response.text}"
    return [decode(image["data"]) for image in response.json()["images"]]


def same(found, expected, what):
    """Fails unless two images are the same pixel by pixel."""
    assert found.size == expected.size, f"{what}: the size is {found.size}, expected {expected.size}"
    assert found.convert("RGB").tobytes() == expected.convert("RGB").tobytes(), f"{what}: pixels differ"


def different(found, other, what):
    """Fails where two images are the same."""
    assert found.convert("RGB").tobytes() != other.convert("RGB").tobytes(), f"{what}: the images are the same"


def sketch(size=256):
    """A drawing of a mug: something to follow."""
    image = Image.new("RGB", (size, size), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((70, 80, 160, 200), outline="black", width=4)
    draw.ellipse((150, 105, 205, 170), outline="black", width=4)
    return image


def left_half(size=256):
    """A mask that is white on its left half."""
    mask = Image.new("L", (size, size), 0)
    mask.paste(255, (0, 0, size // 2, size))
    return mask


def raises(kind, call, *texts):
    """The error of a call, which must be of a kind and hold texts."""
    try:
        call()
    except kind as error:
        for text in texts:
            assert text in str(error), f"the error does not say '{text}': {error}"
        return error
    raise AssertionError(f"no {kind.__name__} where one was expected")
