"""Load on a running arpg-server: many clients at once, and how much requests that are merged gain over one after the other.

    python Benchmarks/service_load.py http://127.0.0.1:7860 --clients 64 --seconds 300

Prints, as a table: images a second of one client after the other and of eight that wait together, in turn, and their ratio;
then the answers of all clients by status, the slowest of them, and the server's memory before and after, without results. Exits with 1 where an
answer is neither 200 nor 429, or memory grew by more than a quarter. Standard library alone.
"""

import argparse
import base64
import http.client
import json
import pathlib
import statistics
import sys
import threading
import time
import urllib.parse


class Client:
    def __init__(self, address):
        parts = urllib.parse.urlsplit(address)
        self.host, self.port = parts.hostname, parts.port or 80

    def post(self, body):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=600)
        try:
            connection.request(
                "POST", "/api/v1/generations", json.dumps(body), {"Content-Type": "application/json"}
            )
            response = connection.getresponse()
            response.read()
            return response.status, float(response.headers.get("Retry-After", 0))
        finally:
            connection.close()

    def memory_bytes(self):
        """The server's memory without the results that it keeps."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        connection.close()
        values = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
        return float(values["process_resident_memory_bytes"]) - float(values["arpg_result_bytes"])


class Requests:
    """Requests for one image of the bundled model each: of a class, of a sketch where there is one, with a seed of its own."""

    def __init__(self, class_names, sketch=None):
        self.class_names = class_names
        self.sketch = base64.b64encode(sketch).decode() if sketch else None

    def __call__(self, seed):
        controls = [{"adapter": "class", "text": self.class_names[seed % len(self.class_names)]}]
        if self.sketch:
            controls.append({"adapter": "canny", "image": self.sketch})
        return {"controls": controls, "seed": seed}


def together(client, count, request, first):
    """Seconds that `count` requests take which arrive together."""
    begun = time.perf_counter()
    threads = [threading.Thread(target=client.post, args=(request(first + index),)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - begun


def merging(client, request, runs):
    singles, merged = [], []
    together(client, 8, request, 0)
    for run in range(runs):
        begun = time.perf_counter()
        for index in range(8):
            client.post(request(index))
        singles.append(time.perf_counter() - begun)
        merged.append(together(client, 8, request, 0))
    single, merge = statistics.median(singles), statistics.median(merged)
    print(f"one after the other   {8 / single:6.2f} images a second")
    print(f"eight together        {8 / merge:6.2f} images a second")
    print(f"ratio                 {single / merge:6.2f}")


def load(client, request, clients, seconds):
    statuses, slowest, errors, lock = {}, [0.0], [], threading.Lock()
    end = time.monotonic() + seconds

    def work(number):
        seed = number * 1_000_000
        while time.monotonic() < end:
            begun = time.perf_counter()
            try:
                status, pause = client.post(request(seed))
            except OSError as error:
                with lock:
                    errors.append(str(error))
                continue
            with lock:
                statuses[status] = statuses.get(status, 0) + 1
                slowest[0] = max(slowest[0], time.perf_counter() - begun)
            seed += 1
            time.sleep(min(pause, max(0, end - time.monotonic())))

    together(client, 8, request, 0)
    time.sleep(1)
    before = client.memory_bytes()
    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = client.memory_bytes()
    print(f"{clients} clients, {seconds} s: " + ", ".join(f"{n} times {s}" for s, n in sorted(statuses.items())))
    print(f"images a second       {statuses.get(200, 0) / seconds:6.2f}")
    print(f"slowest answer        {slowest[0]:6.2f} s")
    print(f"memory                {before / 1e6:6.0f} MB before, {after / 1e6:.0f} MB after")
    if errors:
        print(f"{len(errors)} connections failed: {errors[0]}")
    return not errors and set(statuses) <= {200, 429} and after < 1.25 * before


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--runs", type=int, default=5, help="how often merging is measured")
    parser.add_argument("--edges", type=pathlib.Path, help="a sketch that every image follows")
    arguments = parser.parse_args()
    client = Client(arguments.address)
    connection = http.client.HTTPConnection(client.host, client.port, timeout=60)
    connection.request("GET", "/api/v1/models")
    class_names = json.load(connection.getresponse())["models"][0]["class_names"]
    request = Requests(class_names, arguments.edges and arguments.edges.read_bytes())
    if arguments.runs:
        merging(client, request, arguments.runs)
    if arguments.seconds and not load(client, request, arguments.clients, arguments.seconds):
        sys.exit(1)


if __name__ == "__main__":
    main()
