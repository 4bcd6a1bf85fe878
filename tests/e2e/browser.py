# SPDX-License-Identifier: MIT
"""Chromium without a window, driven through chromedriver's WebDriver calls."""

import base64
import http.client
import json
import os
import re
import subprocess
import tempfile
import time

import e2e

PATIENCE = 20  # seconds, for what has to come
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {
    "Control": "\ue009",
    "Down": "\ue015",
    "Enter": "\ue007",
    "Escape": "\ue00c",
    "Tab": "\ue004",
    "Up": "\ue013",
}


class Browser:
    """One window, until close()."""

    def __init__(self):
        e2e.need_program("chromium")
        e2e.need_program("chromedriver")
        # What it keeps goes with it; nothing of the user's own is touched.
        self.home = tempfile.TemporaryDirectory(
            prefix="wsgen-browser-", ignore_cleanup_errors=True
        )
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=0"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=e2e.environment(HOME=self.home.name, TMPDIR=self.home.name),
            text=True,
        )
        self.session = None
        try:
            self._begin()
        except BaseException:
            self.close()
            raise

    def _begin(self):
        for line in self.driver.stdout:
            found = re.search(r"started successfully on port (\d+)", line)
            if found:
                break
        else:
            raise AssertionError("chromedriver does not start")
        self.link = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=60)
        words = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage"]
        if os.getuid() == 0:
            words.append("--no-sandbox")  # which root cannot have
        made = self._ask(
            "POST",
            "/session",
            capabilities={
                "alwaysMatch": {
                    "browserName": "chrome",
                    "goog:loggingPrefs": {"browser": "ALL"},
                    "goog:chromeOptions": {"args": words},
                }
            },
        )
        self.session = made["sessionId"]

    def _ask(self, method, path, **body):
        text = json.dumps(body) if method == "POST" else None
        self.link.request(method, path, text, {"Content-Type": "application/json"})
        answer = self.link.getresponse()
        value = json.loads(answer.read())["value"]
        if answer.status != 200:
            raise AssertionError(f"{method} {path}: {value['message']}")
        return value

    def ask(self, path, **body):
        return self._ask("POST", f"/session/{self.session}{path}", **body)

    def devtools(self, command, **params):
        return self.ask("/goog/cdp/execute", cmd=command, params=params)

    def close(self):
        if self.session:
            self._ask("DELETE", f"/session/{self.session}")
            self.link.close()
        self.driver.terminate()
        self.driver.wait(PATIENCE)
        self.driver.stdout.close()
        self.home.cleanup()

    def size(self, width, height):
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def dark(self, dark):
        self.devtools(
            "Emulation.setEmulatedMedia",
            features=[
                {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
            ],
        )

    def open(self, url):
        self.ask("/url", url=url)

    def run(self, script, *args):
        """What the body of a function comes to in the page."""
        return self.ask("/execute/sync", script=script, args=args)

    def wait(self, script, *args, what=None):
        """What the script comes to, once it is something."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = self.run(script, *args)
            if found:
                return found
            time.sleep(0.02)
        raise AssertionError(f"never: {what or script}")

    def _find(self, css):
        return self.ask("/element", using="css selector", value=css)[ELEMENT]

    def click(self, css):
        self.ask(f"/element/{self._find(css)}/click")

    def type(self, css, text):
        """Into an input, in place of what it holds."""
        found = self._find(css)
        self.ask(f"/element/{found}/clear")
        self.ask(f"/element/{found}/value", text=text)

    def press(self, *keys):
        """One after the other, all held together: "a", "Enter", ..."""
        actions = []
        for key in keys:
            actions.append({"type": "keyDown", "value": KEYS.get(key, key)})
        for key in reversed(keys):
            actions.append({"type": "keyUp", "value": KEYS.get(key, key)})
        self.ask("/actions", actions=[{"type": "key", "id": "k", "actions": actions}])

    def log(self):
        """What the page wrote to its log, or did wrong, since the last time."""
        return [entry["message"] for entry in self.ask("/se/log", type="browser")]

    def picture(self, path):
        data = self._ask("GET", f"/session/{self.session}/screenshot")
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))
