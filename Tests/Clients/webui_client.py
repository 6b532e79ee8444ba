"""Makes images with webuiapi, a client of the WebUI: webui_client.py ADDRESS"""

import base64
import json
import sys
import threading
import time
from urllib.parse import urlparse

import requests
import webuiapi
from PIL import Image, ImageOps

from images import decode, different, encode, left_half, native, raises, same, sketch

address = sys.argv[1]
place = urlparse(address)
api = webuiapi.WebUIApi(host=place.hostname, port=place.port, sampler="ARPG arccos", steps=6)
fast = {"width": 256, "height": 256, "cfg_scale": 2}


def expected(text, seed, controls=(), **request):
    """What the native interface makes of the same."""
    settings = {"steps": 6, "guidance": 2, "schedule": "arccos"}
    return native(
        address, controls=[{"adapter": "class", "text": text}, *controls], seed=seed, settings=settings, **request)


def lists():
    assert api.has_controlnet, "units are not found"
    assert api.util_get_model_names() == ["starter"], f"models are {api.util_get_model_names()}"
    samplers = api.util_get_sampler_names()
    assert "ARPG arccos" in samplers and "ARPG cosine" in samplers, f"samplers are {samplers}"
    assert "cosine" in api.util_get_scheduler_names()
    assert [upscaler["name"] for upscaler in api.get_upscalers()] == ["None"]
    for call in [
        api.get_sd_vae, api.get_loras, api.get_hypernetworks, api.get_face_restorers, api.get_realesrgan_models,
        api.get_prompt_styles, api.get_latent_upscale_modes,
    ]:
        assert call() == [], f"{call.__name__} is not empty"
    assert api.get_embeddings()["loaded"] == {}
    assert api.get_memory()["ram"]["used"] > 0
    assert api.get_cmd_flags()["api"] is True
    assert api.refresh_checkpoints() is None
    api.util_wait_for_ready()


def chooses_models():
    api.set_options({"sd_model_checkpoint": "starter [0123456789]", "CLIP_stop_at_last_layers": 2})
    api.util_set_model("Starter")
    assert api.util_get_current_model() == "starter", f"the model is {api.util_get_current_model()}"
    response = requests.post(f"{address}/sdapi/v1/options", json={"sd_model_checkpoint": "v1-5"}, timeout=60)
    assert response.status_code == 404 and "starter" in response.json()["detail"], response.text


def makes_images():
    result = api.txt2img(prompt="mug", seed=5, **fast)
    same(result.image, expected("mug", 5)[0], "a class and a seed")
    info = result.info
    assert info["seed"] == 5 and info["all_seeds"] == [5] and info["steps"] == 6, f"the info is {info}"
    assert info["sampler_name"] == "ARPG arccos" and info["cfg_scale"] == 2 and info["width"] == 256
    assert "Steps: 6" in info["infotexts"][0], f"the text is {info['infotexts']}"
    assert result.parameters["prompt"] == "mug"

    several = api.txt2img(
        prompt="((a photo of a (mug:1.3))), <lora:tree:0.7> [blurry]", negative_prompt="tree", seed=5, batch_size=2,
        n_iter=2, **fast)
    wanted = expected("mug", 5, count=4)
    assert len(several.images) == 4, f"two times two are {len(several.images)} images"
    for index, image in enumerate(several.images):
        same(image, wanted[index], f"image {index} of several")
    again = api.txt2img(
        prompt="mug", seed=several.info["all_seeds"][2], subseed=several.info["all_subseeds"][2], **fast)
    same(again.image, wanted[2], "an image of several by itself")

    random = [api.txt2img(prompt="mug", **fast) for _ in range(2)]
    different(random[0].image, random[1].image, "two seeds at random")
    cosine = api.txt2img(prompt="mug", seed=5, sampler_name="Euler a", scheduler="cosine", **fast)
    same(cosine.image, native(
        address, controls=[{"adapter": "class", "text": "mug"}], seed=5,
        settings={"steps": 6, "guidance": 2, "schedule": "cosine"})[0], "a scheduler")
    other = api.txt2img(
        prompt="mug", seed=5, override_settings={"sd_model_checkpoint": "starter"}, send_images=False, **fast)
    assert other.images == [], "images were sent"


def tells_what_images_say():
    image = api.txt2img(prompt="mug", seed=5, **fast)
    file = base64.b64decode(image.json["images"][0])
    response = requests.post(
        f"{address}/sdapi/v1/png-info", json={"image": base64.b64encode(file).decode()}, timeout=60).json()
    assert "Seed: 5" in response["info"] and response["parameters"]["Seed"] == "5", f"the text is {response}"
    assert json.loads(response["items"]["arpg"])["seed"] == 5
    assert "Seed: 5" in api.png_info(image.image).info


def changes_images():
    image = api.txt2img(prompt="mug", seed=6, **fast).image
    changed = api.img2img(images=[image], prompt="mug", seed=7, denoising_strength=0.3, **fast).image
    different(changed, image, "an image that is changed")
    same(api.img2img(images=[image], prompt="mug", seed=7, denoising_strength=0, **fast).image, image, "no change")
    right = (160, 0, 256, 256)
    masked = api.img2img(images=[image], mask_image=left_half(), prompt="tree", seed=7, **fast).image
    same(masked.crop(right), image.crop(right), "what is outside of the mask")
    different(masked.crop((0, 0, 96, 256)), image.crop((0, 0, 96, 256)), "what is inside of the mask")
    inverted = api.img2img(
        images=[image], mask_image=ImageOps.invert(left_half()), inpainting_mask_invert=1, prompt="tree", seed=7,
        **fast).image
    same(inverted, masked, "a mask that is inverted twice")


def follows_units():
    lines = sketch()
    unit = webuiapi.ControlNetUnit(
        image=lines, module="canny", model="control_v11p_sd15_canny [d14c016b]", weight=0.8, guidance_start=0.1,
        guidance_end=0.9, threshold_a=50, threshold_b=150, resize_mode="Crop and Resize")
    control = {
        "adapter": "canny", "image": lines, "strength": 0.8, "from": 0.1, "to": 0.9,
        "options": {"low": 50, "high": 150}}
    result = api.txt2img(prompt="mug", seed=5, controlnet_units=[unit], **fast)
    same(result.image, expected("mug", 5, [control])[0], "a unit")
    off = webuiapi.ControlNetUnit(image=lines, module="canny", enabled=False)
    same(api.txt2img(prompt="mug", seed=5, controlnet_units=[off], **fast).image, expected("mug", 5)[0], "a unit that is off")
    # An adapter without thresholds, by its module alone, beside another with a region.
    depth = webuiapi.ControlNetUnit(image=lines, module="depth_midas")
    region = webuiapi.ControlNetUnit(image=lines, mask=left_half(), module="canny", threshold_a=-1, threshold_b=-1)
    result = api.txt2img(prompt="mug", seed=5, controlnet_units=[depth, region], **fast)
    controls = [
        {"adapter": "depth", "image": lines},
        {"adapter": "canny", "image": lines, "region": base64.b64encode(encode(left_half())).decode()}]
    same(result.image, expected("mug", 5, controls, fit="pad")[0], "two units")
    # The image of the edit where the unit has none.
    image = api.txt2img(prompt="mug", seed=6, **fast).image
    unit = webuiapi.ControlNetUnit(module="canny", model="canny")
    given = webuiapi.ControlNetUnit(image=image, module="canny", model="canny")
    edits = [
        api.img2img(images=[image], prompt="mug", seed=7, controlnet_units=[unit], **fast).image for unit in [unit, given]]
    same(edits[0], edits[1], "a unit without an image")


def shows_controls():
    assert api.controlnet_version() == 3
    models, modules = api.controlnet_model_list(), api.controlnet_module_list()
    assert "canny" in models and "depth" in models and "class" not in models, f"models are {models}"
    assert modules == ["none", *models], f"modules are {modules}"
    types = api.custom_get("controlnet/control_types")["control_types"]
    assert types["canny"]["default_model"] == "canny" and "canny" in types["All"]["module_list"]
    detail = api.custom_get("controlnet/module_list")["module_detail"]["canny"]
    assert [slider["name"] for slider in detail["sliders"][1:]] == ["low", "high"], f"the sliders are {detail}"
    detected = api.controlnet_detect([sketch(), sketch()], module="canny", threshold_a=50, threshold_b=150)
    assert len(detected.images) == 2 and detected.images[0].size == (256, 256)
    response = requests.post(
        f"{address}/api/v1/controls", timeout=60,
        json={"adapter": "canny", "image": base64.b64encode(encode(sketch())).decode(), "options": {"low": 50, "high": 150}})
    same(detected.images[0], decode(base64.b64encode(response.content)), "what a module sees")
    same(api.controlnet_detect([sketch()], module="none").image, sketch(), "the module none")


def tells_progress():
    result, seen = [], []
    work = threading.Thread(
        target=lambda: result.append(api.txt2img(prompt="mug", seed=5, steps=256, n_iter=2, **fast)))
    work.start()
    while work.is_alive():
        progress = api.get_progress()
        if progress["state"]["job_count"]:
            seen.append(progress)
        time.sleep(0.05)
    work.join()
    assert len(result) == 1, "the images were not made"
    values = [progress["progress"] for progress in seen]
    assert values == sorted(values) and values[-1] > 0, f"progress is {values}"
    running = [progress for progress in seen if progress["progress"] > 0]
    assert running[-1]["state"]["sampling_steps"] == 256, f"the state is {running[-1]['state']}"
    assert running[0]["eta_relative"] > 0, f"the time left is {running[0]['eta_relative']}"
    images = [progress["current_image"] for progress in running if progress["current_image"]]
    assert images and decode(images[-1]).size == (256, 256), "there is no preview"
    idle = requests.get(f"{address}/sdapi/v1/progress?skip_current_image=true", timeout=60).json()
    assert idle["progress"] == 0 and idle["state"]["job_count"] == 0, f"idle progress is {idle}"


def interrupts():
    result = []
    for call in [api.interrupt, api.skip]:
        work = threading.Thread(
            target=lambda: result.append(api.txt2img(prompt="mug", seed=5, steps=256, batch_size=8, n_iter=4, **fast)))
        begun = time.monotonic()
        work.start()
        while not api.get_progress()["progress"] > 0.02:
            assert time.monotonic() - begun < 120, "the images were not begun"
            time.sleep(0.05)
        call()
        work.join(timeout=60)
        assert not work.is_alive(), f"{call.__name__} did not end the images"
    assert all(item.info["interrupted"] and len(item.images) < 32 for item in result), "the images were finished"
    api.util_wait_for_ready(check_interval=0.1)


def tells_errors():
    raises(RuntimeError, lambda: api.txt2img(prompt="unicorn", **fast), "422", "mug")
    raises(RuntimeError, lambda: api.txt2img(prompt="mug", width=1024, height=1024), "422", "512x512")
    raises(RuntimeError, lambda: api.txt2img(prompt="mug", steps=0), "422", "steps")
    raises(RuntimeError, lambda: api.txt2img(prompt="mug", n_iter=1 << 40, batch_size=1 << 40), "422", "n_iter")
    raises(RuntimeError, lambda: api.txt2img(prompt="mug", enable_hr=True), "422", "enable_hr")
    raises(RuntimeError, lambda: api.txt2img(prompt="mug", script_name="x/y plot"), "422", "script")
    raises(RuntimeError, lambda: api.txt2img(prompt="mug", override_settings={"sd_model_checkpoint": "v1-5"}), "404", "starter")
    raises(RuntimeError, lambda: api.img2img(images=[], prompt="mug"), "422", "init_images")
    raises(RuntimeError, lambda: api.img2img(images=[sketch()], prompt="mug", denoising_strength=2), "422", "denoising")
    unit = webuiapi.ControlNetUnit(image=sketch(), module="openpose", model="openpose")
    raises(RuntimeError, lambda: api.txt2img(prompt="mug", controlnet_units=[unit]), "422", "canny")
    unit = webuiapi.ControlNetUnit(module="canny")
    raises(RuntimeError, lambda: api.txt2img(prompt="mug", controlnet_units=[unit]), "422", "image")
    unit = webuiapi.ControlNetUnit(image=sketch(), module="canny", guidance_start=2)
    raises(RuntimeError, lambda: api.txt2img(prompt="mug", controlnet_units=[unit]), "422", "guidance_start")
    response = requests.post(f"{address}/sdapi/v1/txt2img", data="{", headers={"Content-Type": "application/json"}, timeout=60)
    assert response.status_code == 400 and set(response.json()) >= {"error", "detail", "errors"}, response.text


for test in [
    lists, chooses_models, makes_images, tells_what_images_say, changes_images, follows_units, shows_controls,
    tells_progress, interrupts, tells_errors,
]:
    test()
    print(f"webui: {test.__name__}", flush=True)
