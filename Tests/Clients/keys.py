"""Sends a key with both clients, and none: keys.py ADDRESS KEY"""

import sys
from urllib.parse import urlparse

import openai
import requests
import webuiapi

from images import raises

address, key = sys.argv[1:]
place = urlparse(address)
fast = {"settings": {"steps": 2}}

client = openai.OpenAI(base_url=f"{address}/v1", api_key=key, max_retries=0)
url = client.images.generate(prompt="mug", response_format="url", extra_body=fast).data[0].url
assert requests.get(url, timeout=60).status_code == 401, "an image is given without the key"
response = requests.get(url, headers={"Authorization": f"Bearer {key}"}, timeout=60)
assert response.status_code == 200, f"the image is not given with the key: {response.status_code}"
wrong = openai.OpenAI(base_url=f"{address}/v1", api_key="another-key", max_retries=0)
error = raises(openai.AuthenticationError, lambda: wrong.images.generate(prompt="mug"), "key")
assert error.code == "invalid_api_key", f"the code is {error.code}"

api = webuiapi.WebUIApi(host=place.hostname, port=place.port, username="anybody", password=key)
assert api.has_controlnet and len(api.txt2img(prompt="mug", steps=2, width=256, height=256).images) == 1
wrong = webuiapi.WebUIApi(host=place.hostname, port=place.port)
raises(RuntimeError, lambda: wrong.txt2img(prompt="mug"), "401")
print("keys: both clients")
