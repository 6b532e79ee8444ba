"""Drives the page of a running arpg-server in headless Chromium, as a user would.

Draws a mug with the pointer, chooses its class, and checks that the image follows the drawing; cancels a request, edits a
part of the image, and reloads the page. Exits with 1 and a message where something is not as it should be.

    python Tests/Browser/page.py http://127.0.0.1:8080 --screenshots DIR

Needs numpy, pillow and selenium, and Chromium with its driver.
"""

import argparse
import base64
import io
import math
import os
import shutil
import sys

import numpy
from PIL import Image
from selenium import webdriver
from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

SECONDS = 120
RADIUS = 4  # pixels of the image between ink and an edge that follows it


class Failure(Exception):
    """Something that is not as it should be."""


def require(condition, message):
    if not condition:
        raise Failure(message)


def arc(x, y, across, down, start, end, steps=24):
    """Points of an ellipse, in shares of the sheet."""
    angles = [start + (end - start) * step / steps for step in range(steps + 1)]
    return [(x + across * math.cos(angle), y + down * math.sin(angle)) for angle in angles]


# A mug left of the middle, so that its mirror image lies elsewhere.
MUG = [
    arc(0.36, 0.32, 0.18, 0.055, 0, 2 * math.pi),
    [(0.18, 0.32), (0.185, 0.5), (0.195, 0.74)],
    arc(0.36, 0.74, 0.165, 0.055, math.pi, 0),
    [(0.525, 0.74), (0.535, 0.5), (0.54, 0.32)],
    arc(0.54, 0.51, 0.12, 0.14, -1.45, 1.45),
    arc(0.54, 0.51, 0.065, 0.085, -1.45, 1.45),
]


class Page:
    """The page in a browser."""

    def __init__(self, screenshots):
        options = webdriver.ChromeOptions()
        for argument in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1280,1000"]:
            options.add_argument(argument)
        names = ["chromium", "chromium-browser", "google-chrome"]
        options.binary_location = next(filter(None, map(shutil.which, names)), "")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        driver = shutil.which("chromedriver")
        service = webdriver.ChromeService(driver) if driver else None
        self.browser = webdriver.Chrome(options=options, service=service)
        self.screenshots = screenshots

    def open(self, address):
        self.browser.get(address)
        self.wait(lambda: self.all("#class-picker"), f"{address} shows no page with a class picker", 30)

    def close(self):
        self.browser.quit()

    def all(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        found = self.all(selector)
        require(found, f"the page has no {selector}")
        return found[0]

    def press(self, selector):
        self.one(selector).click()

    @property
    def status(self):
        found = self.all("#status")
        return found[0].text if found else ""

    def wait(self, condition, message, seconds=SECONDS):
        """Waits for something, and fails at once where the page shows an error."""

        def met(_):
            error = self.all("#error")
            require(not (error and error[0].is_displayed()), f"the page says: {error[0].text if error else ''}")
            return condition()

        try:
            return WebDriverWait(self.browser, seconds, poll_frequency=0.05).until(met)
        except TimeoutException:
            raise Failure(f"{message} within {seconds} s; status: '{self.status}'") from None

    def shot(self, name):
        if self.screenshots:
            self.browser.save_screenshot(os.path.join(self.screenshots, f"{name}.png"))

    def draw(self, strokes):
        """Draws on the canvas with the pointer; points are shares of the sheet."""
        canvas = self.one("#sketch")
        left, top, width, height = self.browser.execute_script(
            "arguments[0].scrollIntoView({ block: 'center' });"
            "const box = arguments[0].getBoundingClientRect();"
            "return [box.left, box.top, box.width, box.height];",
            canvas,
        )
        for stroke in strokes:
            chain = ActionChains(self.browser, duration=0)
            pointer = chain.w3c_actions.pointer_action
            for index, (x, y) in enumerate(stroke):
                pointer.move_to_location(round(left + x * width), round(top + y * height))
                if index == 0:
                    pointer.pointer_down()
            pointer.pointer_up()
            chain.perform()

    def choose_class(self, name):
        picker = self.one("#class-picker")
        picker.send_keys(Keys.CONTROL, "a")
        picker.send_keys(name, Keys.ENTER)
        require(picker.get_attribute("value") == name, f"the class picker does not take '{name}'")

    def set_number(self, selector, number):
        field = self.one(selector)
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(str(number))

    def finished(self):
        return self.all("#gallery figure[data-state=finished]")

    def generate(self, message):
        """Makes one image and gives its job."""
        before = {figure.get_attribute("data-job") for figure in self.finished()}
        self.press("#generate")

        def made():
            jobs = {figure.get_attribute("data-job") for figure in self.finished()} - before
            return jobs.pop() if jobs and not self.one("#cancel").is_enabled() else None

        return self.wait(made, message)

    def pixels(self, selector):
        """The pixels of an image or a canvas of the page, [rows, columns, 3]."""
        url = self.browser.execute_script(
            "const shown = arguments[0];"
            "if (shown instanceof HTMLCanvasElement) return shown.toDataURL('image/png');"
            "const canvas = document.createElement('canvas');"
            "canvas.width = shown.naturalWidth; canvas.height = shown.naturalHeight;"
            "canvas.getContext('2d').drawImage(shown, 0, 0);"
            "return canvas.toDataURL('image/png');",
            self.one(selector),
        )
        data = base64.b64decode(url.partition(",")[2])
        return numpy.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def near(mask, radius):
    """Pixels that lie within a distance of those of a mask."""
    rows, columns = mask.shape
    padded = numpy.pad(mask, radius)
    reached = numpy.zeros_like(mask)
    for down in range(-radius, radius + 1):
        for across in range(-radius, radius + 1):
            if down * down + across * across <= radius * radius:
                reached |= padded[radius + down : radius + down + rows, radius + across : radius + across + columns]
    return reached


def edges(image):
    """Where the luminance changes by at least 12 of 255 from pixel to pixel."""
    luminance = image.astype(float) @ [0.2126, 0.7152, 0.0722]
    down, across = numpy.gradient(luminance)
    return numpy.hypot(down, across) >= 12


def followed(ink, image):
    """The share of drawn pixels that have an edge of the image close by."""
    return float(near(edges(image), RADIUS)[ink].mean())


def check_drawing(page):
    """A drawn mug becomes an image that follows it."""
    page.draw(MUG)
    page.choose_class("mug")
    page.set_number("#seed", 1)
    page.press("#generate")
    page.wait(lambda: page.one("#result").is_displayed(), "neither a preview nor an image appears")
    page.shot("1-decoding")
    page.wait(
        lambda: page.one("#result").get_attribute("data-state") == "finished" and not page.one("#cancel").is_enabled(),
        "the image is not finished",
    )
    page.shot("2-finished")
    image = page.pixels("#result")
    rows, columns, _ = image.shape
    sheet = Image.fromarray(page.pixels("#sketch")).convert("L").resize((columns, rows), Image.Resampling.BOX)
    ink = numpy.asarray(sheet) < 128
    require(ink.mean() > 0.01, f"the drawing did not arrive on the canvas: {ink.mean():.1%} of it is ink")
    share, mirrored = followed(ink, image), followed(ink[:, ::-1], image)
    print(f"edges of the image follow {share:.0%} of the drawing, and {mirrored:.0%} of its mirror image")
    require(share >= 0.55, f"only {share:.0%} of the drawing has an edge close by; expected 55%")
    require(share >= mirrored + 0.3, f"the mirrored drawing is followed as well: {mirrored:.0%} against {share:.0%}")
    return image


def check_cancelling(page):
    """A request for many images ends when it is cancelled."""
    before = len(page.all("#gallery figure"))
    page.set_number("#count", 16)
    page.press("#generate")
    page.wait(lambda: page.one("#cancel").is_enabled() and page.one("#progress").is_displayed(), "nothing can be cancelled")
    page.press("#cancel")
    page.wait(lambda: page.status == "Cancelled.", "the request is not cancelled")
    page.set_number("#count", 1)
    left = len(page.all("#gallery figure")) - before
    require(left < 16, "all images were made although the request was cancelled")
    require(not page.all("#gallery figure:not([data-state=finished])"), "images that were not made stay in the gallery")
    print(f"cancelled with {left} of 16 images made")


def check_edit(page, image):
    """A painted part of the first image is decoded anew, the rest stays."""
    figure = page.all("#gallery figure")[-1]
    button = figure.find_element(By.CSS_SELECTOR, "[data-action=edit]")
    page.browser.execute_script("arguments[0].click()", button)
    page.wait(lambda: page.all("#tabs [data-sheet=edit][aria-pressed=true]"), "the image cannot be painted over")
    page.draw([[(0.24, 0.45), (0.48, 0.45)], [(0.24, 0.55), (0.48, 0.55)], [(0.24, 0.65), (0.48, 0.65)]])
    page.choose_class("vase")
    page.set_number("#seed", 2)
    page.shot("3-painted")
    page.generate("the edit is not finished")
    page.shot("4-edited")
    edited = page.pixels("#result")
    require(edited.shape == image.shape, f"the edited image is {edited.shape}, not {image.shape}")
    difference = numpy.abs(edited.astype(int) - image).max(axis=2)
    rows, columns = difference.shape
    y, x = numpy.mgrid[0:rows, 0:columns] / [[[rows]], [[columns]]]
    inside = (x > 0.24) & (x < 0.48) & (y > 0.45) & (y < 0.65)
    far = (x < 0.06) | (x > 0.66) | (y < 0.27) | (y > 0.83)
    changed, kept = difference[inside].mean(), difference[far].mean()
    print(f"the painted part changed by {changed:.1f} of 255, what lies far from it by {kept:.2f}")
    require(changed >= 1.5, f"the painted part hardly changed: {changed:.2f} of 255")
    require(kept <= 1, f"what was not painted changed: {kept:.2f} of 255")


def check_reload(page):
    """The gallery is there after a reload."""

    def shown():
        return [(figure.get_attribute("data-job"), figure.get_attribute("data-index")) for figure in page.finished()]

    before = shown()
    page.browser.refresh()
    page.wait(lambda: len(shown()) >= len(before), f"of {len(before)} images, not all are there after a reload", 30)
    require(shown() == before, "the gallery has other images, or another order, after a reload")
    page.shot("5-reloaded")
    print(f"{len(before)} images are there after a reload")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("address", help="of a running server, such as http://127.0.0.1:8080")
    parser.add_argument("--screenshots", metavar="DIR", help="a folder to write screenshots to")
    arguments = parser.parse_args()
    if arguments.screenshots:
        os.makedirs(arguments.screenshots, exist_ok=True)
    try:
        page = Page(arguments.screenshots)
    except WebDriverException as error:
        sys.exit(f"page.py: Chromium does not start: {error.msg}")
    try:
        page.open(arguments.address)
        image = check_drawing(page)
        check_cancelling(page)
        check_edit(page, image)
        check_reload(page)
        errors = [entry["message"] for entry in page.browser.get_log("browser") if entry["level"] == "SEVERE"]
        require(not errors, f"the browser's console shows errors: {errors}")
    except (Failure, WebDriverException) as error:
        page.shot("failure")
        sys.exit(f"page.py: {getattr(error, 'msg', error)}")
    finally:
        page.close()


if __name__ == "__main__":
    main()
