# SPDX-License-Identifier: MIT
"""The console in Chromium, on the chat sample and on the rows' APIs."""

import json
import os
import pathlib
import shutil
import tempfile
import time
import unittest
import urllib.parse

import browser
import e2e
import gateway

HOSTILE = "<img src=x onerror=document.title='taken'><script>document.title='taken'</script>"

# What the page puts into the clipboard, kept where a test can read it.
CATCH = """
navigator.clipboard.writeText = (text) => {
  window.copied = text;
  return Promise.resolve();
};
"""
LISTED = """
return [...document.querySelectorAll("#log > li")]
  .filter((item) => !item.hidden)
  .map((item) => item.firstElementChild.innerText.replace(/\\s+/g, " "));
"""
SAID = """
return [...arguments[0].querySelectorAll(".talk li span")].map((item) => item.textContent);
"""


def setUpModule():
    Page.browser = browser.Browser()
    unittest.addModuleCleanup(Page.browser.close)


class Page(unittest.TestCase):
    """A window for all tests; each opens the page anew."""

    maxDiff = None

    def show(self, served, api, width=1400, height=900):
        url = served.url(api)
        self.browser.size(width, height)
        self.browser.open(f"http://{url.netloc}/_wsgen")
        self.browser.run(f"localStorage.clear(); {CATCH}")
        self.browser.wait(
            "return document.querySelector('.client select option') &&"
            " document.querySelector('#status.live')",
            what="the page is there",
        )

    def tearDown(self):
        # Nothing that the policy forbids, and no error of the scripts.
        self.assertEqual(self.browser.log(), [])
        self.browser.open("about:blank")

    def listed(self, *words, count=1):
        """The entries that are shown, once enough of them have these words."""
        until = time.monotonic() + browser.PATIENCE
        while True:
            all_of_them = self.browser.run(LISTED)
            found = [line for line in all_of_them if all(word in line for word in words)]
            if len(found) >= count:
                return found
            if time.monotonic() > until:
                raise AssertionError(f"never {words} in {all_of_them}")
            time.sleep(0.02)

    def hear(self, word, client=0):
        """Wait until a client has heard a text with the word in it."""
        return self.browser.wait(
            """
            const texts = [...document.querySelectorAll(".client")[arguments[1]]
              .querySelectorAll(".talk .theirs span")].map((item) => item.textContent);
            return texts.find((text) => text.includes(arguments[0]));
            """,
            word,
            client,
            what=f"client {client} hears {word}",
        )

    def choose(self, label, client=0):
        self.browser.run(
            """
            const select = document.querySelectorAll(".client")[arguments[1]].querySelector("select");
            const option = [...select.options].find(({ label }) => label === arguments[0]);
            select.value = option.value;
            select.dispatchEvent(new Event("change"));
            """,
            label,
            client,
        )

    def press_button(self, label, inside="body", nth=0):
        self.browser.run(
            """
            const box = document.querySelectorAll(arguments[1])[arguments[2]];
            [...box.querySelectorAll("button")].find(({ innerText }) => innerText === arguments[0]).click();
            """,
            label,
            inside,
            nth,
        )

    def copied(self):
        return self.browser.wait("const text = window.copied; window.copied = ''; return text")

    def run_copied(self, program, served, folder):
        """Run what was copied, as whoever copied it would."""
        test = folder / "copied-test"
        test.write_text(self.copied())
        path = f"{pathlib.Path(gateway.PROGRAM).parent}:{os.environ['PATH']}"
        return e2e.run(program, test, cwd=folder, env=e2e.environment(PATH=path))


class Chat(Page):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = e2e.built_chat(cls)

    def setUp(self):
        self.served = gateway.Gateway(self.folder / "build", "--store", "memory")
        self.addCleanup(self.served.stop)
        self.show(self.served, "chat")

    def join(self, room="lobby", client=0):
        self.choose("join", client)
        self.browser.run(
            """
            const input = document.querySelectorAll(".client")[arguments[1]].querySelector(".form input");
            input.value = arguments[0];
            input.dispatchEvent(new Event("input"));
            """,
            room,
            client,
        )
        self.press_button("Send", ".client", client)
        self.hear('"people"', client)

    def test_form_to_invocation(self):
        self.browser.click(".client .bar .main")
        self.listed("opened")
        self.choose("sendMessage")
        self.assertEqual(
            self.browser.run("return document.querySelector('.client textarea').value"),
            '{"action": "sendMessage", "room": "room", "text": "text"}',
        )
        self.join()
        self.choose("sendMessage")
        self.browser.type(".form input[name=room]", "lobby")
        self.browser.type(".form input[name=text]", 'say "hello"')
        self.browser.press("Control", "Enter")
        self.hear('say \\"hello\\"')
        self.listed("invoked", "join", '{"room":"lobby","people":1}')
        self.listed("received", "sendMessage")
        self.listed("managed", "POST", "200")
        (line,) = self.listed("invoked", "sendMessage")
        self.assertRegex(line, r"\d (µs|ms)$")
        # What is served, and who is there.
        beside = self.browser.run("return document.querySelector('#served').innerText")
        self.assertIn("takes SendMessage", beside)
        self.assertIn("Connections 1", beside)
        self.assertRegex(beside, r"chat\s+3 calls")

    def test_details_of_an_invocation(self):
        self.browser.press("m")
        self.browser.press("Control", "Enter")
        self.hear('"people"')
        self.listed("sent", "reply")
        self.browser.run(
            "document.querySelector('#log [data-kind=invoked]:has(b) .head').focus()"
        )
        # From $connect to join, by the keyboard.
        while "join" not in self.browser.run("return document.activeElement.innerText"):
            self.browser.press("j")
        while "invoked" not in self.browser.run("return document.activeElement.innerText"):
            self.browser.press("Down")
        self.browser.press("Enter")
        text = self.browser.run("return document.querySelector('.detail').innerText")
        for word in ("connection", "selected by $request.body.action", "took", "outcome",
                     "Event", '"routeKey": "join"', "Answer", '"statusCode": 200'):
            self.assertIn(word, text)
        self.browser.press("Enter")
        self.assertFalse(self.browser.run("return document.querySelector('.detail')"))

    def test_log_lines_belong_to_their_invocation(self):
        self.browser.type(".client textarea", '{"action": "join", "room": ""}')
        self.press_button("Send", ".client")
        self.hear("invalid")
        self.listed("invoked", "join", "400", "1 log line")
        self.browser.run("[...document.querySelectorAll('#log [data-kind=invoked] .head')].at(-1).click()")
        self.assertRegex(
            self.browser.run("return document.querySelector('.detail').innerText"),
            r"Log\s+(WARN|INFO|ERROR) .*room",
        )

    def test_filter_pause_clear(self):
        self.join()
        self.listed("sent", "reply")
        self.browser.press("Escape")
        self.browser.press("/")
        for key in "people -sent":
            self.browser.press(key)
        shown = self.listed("invoked")
        self.assertEqual([line for line in shown if "people" not in line], [])
        self.assertFalse([line for line in self.browser.run(LISTED) if " sent " in line])
        self.browser.type("#find", "no such thing")
        self.assertEqual(self.browser.run(LISTED), [])
        self.browser.run("const find = document.querySelector('#find'); find.value = '';"
                         "find.dispatchEvent(new Event('input')); find.blur()")
        self.assertTrue(self.listed("sent"))
        # A kind less.
        self.press_button("messages", "#kinds")
        self.assertFalse([line for line in self.browser.run(LISTED) if " sent " in line])
        self.press_button("messages", "#kinds")
        # While paused nothing is added; then all of it is.
        before = len(self.browser.run(LISTED))
        self.browser.run("document.activeElement.blur()")
        self.browser.press("p")
        client = gateway.Client(self.served.url("chat"))
        self.addCleanup(client.link.close)
        client.ask({"action": "join", "room": "other"})
        self.browser.wait("return /Resume \\(\\d+\\)/.test(document.querySelector('#pause').innerText)")
        self.assertEqual(len(self.browser.run(LISTED)), before)
        self.browser.press("p")
        self.listed("received", '"other"')
        self.browser.press("c")
        self.assertEqual(self.browser.run(LISTED), [])
        client.ask({"action": "leave", "room": "other"})
        self.listed("received", "leave")

    def test_one_connection_only(self):
        self.join()
        client = gateway.Client(self.served.url("chat"))
        self.addCleanup(client.link.close)
        client.ask({"action": "join", "room": "other"})
        self.listed("received", '"other"')
        self.browser.run("document.querySelector('#served .link.id').click()")
        shown = self.listed("received")
        self.assertEqual([line for line in shown if '"other"' in line], [])
        self.assertTrue(self.listed("invoked", "join"))

    def test_hostile_texts_stay_texts(self):
        self.join()
        client = gateway.Client(self.served.url("chat"), f"x={urllib.parse.quote(HOSTILE)}",
                                [("User-Agent", HOSTILE), ("X-" + "A" * 50, HOSTILE)])
        self.addCleanup(client.link.close)
        client.ask({"action": "join", "room": "lobby"})
        client.send({"action": "sendMessage", "room": "lobby", "text": HOSTILE})
        self.hear("<img src=x onerror")
        client.send(HOSTILE)
        self.listed("received", "<img src=x onerror")
        self.listed("managed", "<img src=x onerror")
        self.browser.run("for (const head of document.querySelectorAll('#log .head')) head.click()")
        self.assertIn("<script>", self.browser.run("return document.querySelector('#log').innerText"))
        self.assertEqual(self.browser.run("return document.querySelectorAll('img, #log script').length"), 0)
        self.assertEqual(self.browser.run("return document.title"), "chat · wsgen")

    def test_several_clients_and_saved_messages(self):
        self.browser.press("n")
        self.assertEqual(self.browser.run("return document.querySelectorAll('.client').length"), 2)
        self.join(client=0)
        self.join(client=1)
        self.choose("sendMessage", 1)
        self.browser.run(
            """
            const text = document.querySelectorAll(".client textarea")[1];
            text.value = '{"action": "sendMessage", "room": "lobby", "text": "both"}';
            """
        )
        self.press_button("Save", ".client", 1)
        self.press_button("Send", ".client", 1)
        self.hear('"both"', 0)
        self.hear('"both"', 1)
        # All of it, in the order in which it was, by a program.
        e2e.need(
            e2e.run("/usr/bin/python3", "-c", "import websockets").returncode == 0,
            "no python3-websockets",
        )
        self.press_button("Copy all as a test", "#clients")
        text = self.copied()
        self.assertIn("client_2", text)
        self.browser.run("window.copied = arguments[0]", text)
        # Those of the page leave the room before.
        self.press_button("Disconnect", ".client", 0)
        self.press_button("Disconnect", ".client", 1)
        self.listed("closed", count=2)
        self.listed("invoked", "$disconnect", count=2)
        done = self.run_copied("/usr/bin/python3", self.served, self.folder)
        self.assertEqual(done.returncode, 0, f"{done.stderr}\n{text}")
        self.browser.run("window.copied = arguments[0]", text.replace("both", "neither", 1))
        done = self.run_copied("/usr/bin/python3", self.served, self.folder)
        self.assertIn("wanted", done.stderr)
        # The saved one is there after a reload, until it is forgotten.
        self.browser.open(f"http://{self.served.url('chat').netloc}/_wsgen")
        self.browser.wait("return document.querySelector('optgroup[label=Saved]')")
        label = '{"action": "sendMessage", "room": "lobby", "text": "both"}'[:60]
        self.choose(label)
        self.assertIn("both", self.browser.run("return document.querySelector('textarea').value"))
        self.press_button("Forget")
        self.assertFalse(self.browser.run("return document.querySelector('optgroup[label=Saved]')"))

    def test_copied_invocation_runs(self):
        self.choose("$default")
        self.browser.type(".client textarea", "it's no JSON\nEND")
        self.press_button("Send", ".client")
        self.hear("no such action")
        self.listed("invoked", "$default")
        self.browser.run("[...document.querySelectorAll('#log [data-kind=invoked]')].at(-1).querySelector('.head').click()")
        self.press_button("Copy as a test", ".detail")
        done = self.run_copied("sh", self.served, self.folder)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertIn("1 invocations", done.stdout)

    def test_copied_by_hand(self):
        """Where pages have no clipboard, as on another machine's address."""
        self.browser.run("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
        self.press_button("Copy", "#served")
        self.assertEqual(
            self.browser.wait("return document.querySelector('dialog[open] textarea')?.value"),
            self.served.url("chat").geturl(),
        )
        self.browser.press("Escape")
        self.browser.wait("return !document.querySelector('dialog[open]')")
        self.browser.press("?")
        self.browser.wait("return document.querySelector('#help[open]')")
        self.browser.press("Escape")

    def test_copied_recording_runs(self):
        self.join()
        self.choose("sendMessage")
        self.browser.run("document.querySelector('.client textarea').value ="
                         "'{\"action\": \"sendMessage\", \"room\": \"lobby\", \"text\": \"hi\"}'")
        self.press_button("Send", ".client")
        self.hear('"hi"')
        self.listed("managed")
        self.browser.wait("return ![...document.querySelectorAll('#log .took')].some((item) =>"
                          " item.parentNode.innerText.includes('…'))")
        self.browser.run("document.querySelector('#keep').click()")
        done = self.run_copied("sh", self.served, self.folder)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertIn("1 @connections calls: 0 differ", done.stdout)

    def test_builds_and_reloads(self):
        self.served.order(do="build", text="chat.yaml:3:1: error: <b>no</b>", ok=False)
        self.browser.wait("return !document.querySelector('#build').hidden")
        self.assertEqual(
            self.browser.run("return document.querySelector('#build').textContent"),
            "chat.yaml:3:1: error: <b>no</b>",
        )
        self.served.order(do="build", text="", ok=True)
        self.browser.wait("return document.querySelector('#build').hidden")
        # What was typed outlives what a reload brings.
        self.browser.type(".client textarea", "half a message")
        file = self.folder / "build/gateway.json"
        before = file.read_text()
        self.addCleanup(file.write_text, before)
        file.write_text(before.replace('"key": "leave"', '"key": "depart"'))
        self.served.order(do="reload")
        self.browser.wait("return document.querySelector('#served').innerText.includes('depart')")
        self.assertEqual(
            self.browser.run("return document.querySelector('.client textarea').value"),
            "half a message",
        )

    def test_gateway_comes_back(self):
        port = self.served.url("chat").port
        self.join()
        self.served.stop()
        self.browser.wait("return document.querySelector('#status.lost')")
        again = gateway.Gateway(self.folder / "build", "--store", "memory", "--port", str(port))
        self.addCleanup(again.stop)
        self.browser.wait("return document.querySelector('#status.live')")
        self.browser.wait("return document.querySelector('#served').innerText.includes('Connections 0')")
        # The browser itself notes that nobody was there.
        refused = [line for line in self.browser.log() if "ERR_CONNECTION_REFUSED" not in line]
        self.assertEqual(refused, [])

    def test_narrow_and_dark(self):
        self.join("a" * 64)
        for dark in (False, True):
            self.browser.dark(dark)
            for width, height in ((320, 600), (390, 800), (800, 600), (1400, 900)):
                self.browser.size(width, height)
                for part in ("events", "clients", "served"):
                    self.browser.run("document.querySelector(`[data-part=${arguments[0]}]`).click()", part)
                    with self.subTest(f"{width} {part}"):
                        self.assertEqual(
                            self.browser.run(
                                """
                                const wide = [document.documentElement, ...document.querySelectorAll("main > section")];
                                return wide.filter((box) => box.scrollWidth > box.clientWidth)
                                  .map((box) => [box.tagName, box.id, box.scrollWidth, box.clientWidth]);
                                """
                            ),
                            [],
                        )
        ground = self.browser.run("return getComputedStyle(document.body).backgroundColor")
        self.assertEqual(ground, "rgb(20, 21, 19)")
        self.browser.dark(False)
        self.assertNotEqual(
            self.browser.run("return getComputedStyle(document.body).backgroundColor"), ground
        )


class Rows(Page):
    """What needs authorizers, subprotocols, and several APIs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = pathlib.Path(tempfile.mkdtemp(prefix="wsgen-rows-"))
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        made = e2e.run(e2e.WSGEN, gateway.HERE / "rows.yaml", "-o", folder / "build")
        assert made.returncode == 0, made.stderr
        gateway.puppeteer(folder / "build")
        cls.served = gateway.Gateway(folder / "build", "--clock", "manual")
        cls.addClassCleanup(cls.served.stop)

    def test_subprotocols(self):
        order = {"answer": {"statusCode": 200, "headers": {"Sec-WebSocket-Protocol": "b"}}}
        query = urllib.parse.urlencode({"do": json.dumps(order)})
        self.show(self.served, "main")
        self.browser.type(".client .bar > input", f"{self.served.url('main').geturl()}?{query}")
        self.browser.run("document.querySelector('.client details').open = true")
        self.browser.type(".client details input", "a, b")
        self.browser.click(".client .bar .main")
        self.listed("opened", "with b")
        self.browser.wait("return document.querySelector('.talk').innerText.includes('connected with b')")

    def test_forms(self):
        self.show(self.served, "main")
        text = "return document.querySelector('.client textarea').value"
        # What selects the route is a field of the message, too.
        self.assertEqual(self.browser.run(text), '{"action": "fit", "text": "text"}')
        self.browser.type(".form input[name=many]", "[1, 2]")
        self.browser.type(".form input[name=text]", 'a"b')
        self.assertEqual(
            self.browser.run(text), '{"action": "fit", "text": "a\\"b", "many": [1, 2]}'
        )
        self.browser.run("document.querySelector('.form input[type=checkbox]').click()")
        self.assertEqual(self.browser.run(text), '{"action": "fit", "text": "a\\"b"}')
        # A page of another port begins with that port's API.
        self.show(self.served, "guarded")
        self.assertEqual(
            self.browser.run("return document.querySelector('.client .bar > input').value"),
            self.served.url("guarded").geturl(),
        )
        self.assertEqual(self.browser.run(text), '{"action":"ask"}')

    def test_authorizer_decisions(self):
        self.show(self.served, "guarded")
        who = [("X-Who", "me"), ("User-Agent", "tests")]
        for effect, status in (("Deny", "403"), ("Allow", "200")):
            order = {"who": "me", "auth": json.dumps({"effect": effect})}
            try:
                client = gateway.Client(
                    self.served.url("guarded"), urllib.parse.urlencode(order), who
                )
                client.link.close()
                self.assertEqual(effect, "Allow")
            except gateway.Refused as refused:
                self.assertEqual((effect, refused.status), ("Deny", 403))
            self.listed("authorized", status, effect.lower())

    def test_refused(self):
        self.show(self.served, "signed")
        self.browser.type(".client .bar > input", self.served.url("signed").geturl())
        self.browser.click(".client .bar .main")
        self.browser.wait("return document.querySelector('.talk').innerText.includes('refused')")
        self.listed("refused", "403")
        # The browser itself notes each refusal.
        self.assertEqual([line for line in self.browser.log() if " 403" not in line], [])

    def test_clock(self):
        self.show(self.served, "main")
        before = self.browser.run("return fetch('/_wsgen/state').then((answer) => answer.json())")
        self.press_button("+10m", "#clock")
        after = self.browser.wait(
            """
            return fetch("/_wsgen/state").then((answer) => answer.json())
              .then(({ now }) => now >= arguments[0] + 600000 && now);
            """,
            before["now"],
        )
        self.assertEqual(after, before["now"] + 600000)

    def test_another_page_gets_nothing(self):
        """A page from elsewhere, on an address of its own."""
        self.show(self.served, "main")
        here = self.served.url("main").netloc
        elsewhere = self.served.url("bare").netloc
        self.browser.open(f"http://{elsewhere}/_wsgen")
        found = self.browser.run(
            """
            const [here] = arguments;
            const feed = new Promise((done) => {
              const socket = new WebSocket(`ws://${here}/_wsgen/feed`);
              socket.onopen = () => done("open");
              socket.onerror = () => done("refused");
            });
            return feed;
            """,
            here,
        )
        self.assertEqual(found, "refused")
        self.assertTrue(all("403" in line for line in self.browser.log()))


if __name__ == "__main__":
    e2e.main()
