# SPDX-License-Identifier: MIT
"""wsgen-gateway as a program: its options, its exit codes, its parent."""

import json
import re
import signal
import socket
import subprocess
import time
import unittest
import unittest.mock

import e2e
import gateway

SPEC = """\
name: small
apis:
  one:
    routes:
      $connect: src/one.on_connect
      $disconnect: src/one.on_disconnect
      ask: { handler: src/one.on_ask, reply: true }
  two:
    routes:
      $connect: src/two.on_connect
      ask: { handler: src/two.on_ask, reply: true }
"""


def free_ports(count):
    """A port that is free, and those behind it."""
    while True:
        with socket.socket() as first:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
        try:
            for at in range(port, port + count):
                with socket.socket() as one:
                    one.bind(("127.0.0.1", at))
            return port
        except OSError:
            continue


class Case(e2e.Case):
    def generate(self, spec=SPEC):
        self.write("spec.yaml", spec)
        self.wsgen("spec.yaml", "-o", "build")
        gateway.puppeteer(self.folder / "build")
        return self.folder / "build"

    def serve(self, *words, spec=SPEC):
        served = gateway.Gateway(self.generate(spec), *words)
        self.addCleanup(served.stop)
        return served

    def client(self, served, api="one", **more):
        client = gateway.Client(served.url(api), **more)
        self.addCleanup(client.link.close)
        return client

    def run_gateway(self, *words, code):
        done = e2e.run(gateway.PROGRAM, *words, cwd=self.folder)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done


class Options(Case):
    def test_help_names_every_option(self):
        done = self.run_gateway("--help", code=0)
        for option in (
            "host port env env-file api-key max-instances clock fault debug record "
            "store serial no-sign-check no-account-limits control color quiet "
            "verbose help version"
        ).split():
            self.assertIn(f"--{option} ", done.stdout)
        self.assertEqual(done.stderr, "")
        self.assertEqual(self.run_gateway("-h", code=0).stdout, done.stdout)

    def test_version(self):
        done = self.run_gateway("--version", code=0)
        self.assertRegex(done.stdout, r"^wsgen-gateway \d+\.\d+\.\d+\n$")

    def test_usage(self):
        for words, said in [
            ([], "which folder?"),
            (["a", "b"], "not 'b' too"),
            (["--nope", "build"], "there is no option '--nope'"),
            (["-z", "build"], "there is no option '-z'"),
            (["--port"], "--port needs a value"),
            (["--port", "x", "build"], "--port: 'x' is no port"),
            (["--port=65536", "build"], "--port: '65536' is no port"),
            (["--serial=yes", "build"], "--serial takes no value"),
            (["--env", "=x", "build"], "--env: '=x' is not NAME=VALUE"),
            (["--api-key", "", "build"], "neither VALUE nor ID=VALUE"),
            (["--max-instances", "0", "build"], "no number from 1 to 1000"),
            (["--clock", "slow", "build"], "neither real nor manual"),
            (["--store", "cloud", "build"], "neither file nor memory"),
            (["--color", "red", "build"], "none of auto, always and never"),
            (["--fault", "throttle", "build"], "--fault: "),
            (["replay"], "replay what?"),
        ]:
            with self.subTest(words):
                done = self.run_gateway(*words, code=2)
                self.assertIn(said, done.stderr)
                self.assertEqual(done.stdout, "")

    def test_no_folder(self):
        done = self.run_gateway("nowhere", code=1)
        self.assertIn("nowhere", done.stderr)
        self.assertTrue(done.stderr.startswith("wsgen-gateway: "))
        done = self.run_gateway("no\x1b[31mwhere", code=1)
        self.assertNotIn("\x1b", done.stderr)

    def test_a_function_that_was_not_built(self):
        served = self.serve()
        (served.build / "functions/one/bootstrap").unlink()
        with self.assertRaises(gateway.Refused) as refused:
            self.client(served)
        self.assertEqual(refused.exception.status, 502)
        self.assertRegex(
            served.said(), "has make built it.*functions/one/bootstrap"
        )

    def test_no_file_of_variables(self):
        build = self.generate()
        done = self.run_gateway("--env-file", "nope", build, code=1)
        self.assertIn("nope", done.stderr)

    def test_port_in_use(self):
        build = self.generate()
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            done = self.run_gateway("--port", port, build, code=3)
        self.assertIn(f"127.0.0.1:{port}: the port is in use", done.stderr)

    def test_a_port_for_each_api(self):
        build = self.generate()
        port = free_ports(2)
        process = subprocess.Popen(
            [gateway.PROGRAM, f"--port={port}", build],
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(process.stderr.close)
        lines = [process.stderr.readline() for _ in range(3)]
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(20), 0)
        self.assertEqual(
            lines,
            [
                f"one  ws://127.0.0.1:{port}/dev\n",
                f"two  ws://127.0.0.1:{port + 1}/dev\n",
                f"console  http://127.0.0.1:{port}/_wsgen\n",
            ],
        )

    def test_host(self):
        served = self.serve("--host", "127.0.0.2")
        self.assertEqual(served.url("one").hostname, "127.0.0.2")
        self.assertEqual(self.client(served).ask({"action": "ask"}), "fine")

    def test_quiet_and_verbose(self):
        for words, opened, invoked in [
            (["--quiet"], False, False),
            ([], True, False),
            (["-v"], True, True),
        ]:
            with self.subTest(words):
                build = self.generate()
                served = gateway.Gateway(build, *words, loud=False)
                self.addCleanup(served.stop)
                self.client(served).ask({"action": "ask"})
                said = served.said()
                self.assertEqual(" open 101" in said, opened)
                self.assertEqual(" invoked " in said, invoked)

    def test_colour(self):
        for words, coloured in [(["--color=always"], True), (["--color", "never"], False)]:
            served = self.serve(*words)
            self.client(served)
            self.assertEqual("\033[" in served.said(), coloured)

    def test_a_client_does_not_command_the_terminal(self):
        served = self.serve()
        self.client(served).ask({"action": "ask", "x": "\033[2J\u009b"})
        client = self.client(served)
        client.send("\033[2J")
        client.text()
        self.assertNotIn("\033", served.said())
        self.assertNotIn("\u009b", served.said())

    def test_max_instances(self):
        served = self.serve("--max-instances", "2")
        client = self.client(served)
        for _ in range(6):
            client.send({"action": "ask", "do": {"sleep": 0.1}})
        for _ in range(6):
            self.assertEqual(client.text(), "fine")
        self.assertIn("instance 2 started", served.said())
        self.assertNotIn("instance 3 started", served.said())


class Variables(Case):
    SPEC = f"""{SPEC}
defaults: {{ function: {{ environment: {{ WHERE: "${{Place}}" }} }} }}
resources: {{ Place: {{ Type: AWS::S3::Bucket }} }}
"""

    def where(self, served):
        return self.client(served).ask({"action": "ask", "do": {"env": "WHERE"}})

    def test_missing(self):
        build = self.generate(self.SPEC)
        done = self.run_gateway("--port=0", build, code=1)
        self.assertIn("Place", done.stderr)
        self.assertIn("--env", done.stderr)

    def test_env(self):
        served = self.serve("--env", "Place=here", spec=self.SPEC)
        self.assertEqual(self.where(served), "here")

    def test_env_beside_the_folder(self):
        self.write(".env", "Place=there\n")
        self.assertEqual(self.where(self.serve(spec=self.SPEC)), "there")

    def test_env_file(self):
        self.write(".env", "Place=there\n")
        self.write("other", "Place='over there'\n")
        served = self.serve("--env-file", str(self.folder / "other"), spec=self.SPEC)
        self.assertEqual(self.where(served), "over there")

    def test_env_wins(self):
        self.write(".env", "Place=there\n")
        served = self.serve("--env=Place=here", spec=self.SPEC)
        self.assertEqual(self.where(served), "here")


class Ending(Case):
    def processes(self, served):
        return [int(pid) for pid in re.findall(r"as process (\d+)", served.said())]

    def is_alive(self, pid):
        try:
            with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
                return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
        except OSError:
            return False

    def test_signals_end_everything(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                served = self.serve()
                client = self.client(served)
                client.ask({"action": "ask"})
                started = self.processes(served)
                self.assertTrue(started)
                served.process.send_signal(number)
                self.assertEqual(client.closed(), (1001, "Going away"))
                self.assertEqual(served.process.wait(20), 0)
                self.assertEqual([pid for pid in started if self.is_alive(pid)], [])

    def test_the_parents_end_is_the_gateways(self):
        served = self.serve()
        client = self.client(served)
        client.send({"action": "ask", "do": {"sleep": 5}})
        time.sleep(0.1)
        started = self.processes(served)
        served.process.stdin.close()
        self.assertEqual(served.process.wait(20), 0)
        self.assertEqual([pid for pid in started if self.is_alive(pid)], [])

    def test_killed(self):
        """Functions of a gateway that was killed do not stay."""
        served = self.serve()
        self.client(served).ask({"action": "ask"})
        started = self.processes(served)
        served.process.kill()
        served.process.wait(20)
        until = time.monotonic() + 10
        while time.monotonic() < until and any(map(self.is_alive, started)):
            time.sleep(0.05)
        self.assertEqual([pid for pid in started if self.is_alive(pid)], [])


class Control(Case):
    def test_ready(self):
        served = self.serve()
        url = served.url("one")
        self.assertEqual(
            served.ready["apis"][0],
            {
                "name": "one",
                "url": f"ws://{url.netloc}/dev",
                "console": f"http://{url.netloc}/_wsgen",
            },
        )

    def test_reload_keeps_connections(self):
        served = self.serve()
        client = self.client(served)
        self.assertEqual(json.loads(client.ask("?"))["message"], "Forbidden")
        self.generate(SPEC.replace("      ask:", "      $default: { handler: "
                                   "src/one.on_default, reply: true }\n      ask:", 1))
        served.order(do="reload", functions=["one"])
        self.assertEqual(served.hear(), {"event": "reloaded"})
        self.assertEqual(client.ask("?"), "fine")
        self.assertEqual(client.ask({"action": "ask"}), "fine")
        client.close(1000)

    def test_reload_swaps_what_was_built(self):
        served = self.serve()
        client = self.client(served)
        pid = client.ask({"action": "ask", "do": {"pid": 1}})
        served.order(do="reload", functions=[])
        self.assertEqual(served.hear(), {"event": "reloaded"})
        self.assertEqual(client.ask({"action": "ask", "do": {"pid": 1}}), pid)
        served.order(do="reload", functions=["one"])
        self.assertEqual(served.hear(), {"event": "reloaded"})
        self.assertNotEqual(client.ask({"action": "ask", "do": {"pid": 1}}), pid)

    def test_reload_while_a_function_works(self):
        served = self.serve()
        client = self.client(served)
        client.send({"action": "ask", "do": {"sleep": 0.5}})
        coming = gateway.Client(
            served.url("one"), 'do={"sleep":0.5}'.replace('"', "%22"), wait=False
        )
        self.addCleanup(coming.link.close)
        time.sleep(0.2)
        served.order(do="reload", functions=["one"])
        self.assertEqual(served.hear(), {"event": "reloaded"})
        self.assertEqual(client.text(), "fine")
        self.assertEqual(coming.answer().ask({"action": "ask"}), "fine")

    def test_reload_takes_a_route_that_messages_wait_for(self):
        more = SPEC.replace("  two:", "      gone: src/one.on_gone\n  two:")
        served = self.serve("--serial", spec=more)
        client = self.client(served)
        client.send({"action": "ask", "do": {"sleep": 0.5}})
        for _ in range(2):
            client.send({"action": "gone"})
        time.sleep(0.2)
        self.generate()
        served.order(do="reload", functions=[])
        self.assertEqual(served.hear(), {"event": "reloaded"})
        self.assertEqual(client.text(), "fine")
        for _ in range(2):
            self.assertEqual(
                json.loads(client.text())["message"], "Internal server error"
            )
        self.assertEqual(client.ask({"action": "ask"}), "fine")

    def test_reload_that_is_refused(self):
        served = self.serve()
        client = self.client(served)
        (self.folder / "build" / "gateway.json").write_text("{")
        served.order(do="reload", functions=[])
        refused = served.hear()
        self.assertEqual(refused["event"], "refused")
        self.assertIn("gateway.json", refused["text"])
        self.assertIn(refused["text"].strip(), served.said())
        self.assertEqual(client.ask({"action": "ask"}), "fine")

    def test_reload_with_other_apis(self):
        served = self.serve()
        one, two = self.client(served), self.client(served, "two")
        self.generate(SPEC.split("  one:\n")[0] + "  two:" + SPEC.split("  two:")[1])
        served.order(do="reload", functions=[])
        self.assertEqual(served.hear(), {"event": "reloaded"})
        self.assertEqual(one.closed(), (1001, "Going away"))
        self.assertIn("closed 1001 Going away", served.said())
        self.assertEqual(two.ask({"action": "ask"}), "fine")
        # It has moved to the first port, with those who are connected.
        moved = gateway.Client(served.url("one"))
        self.addCleanup(moved.link.close)
        self.assertEqual(moved.ask({"action": "ask"}), "fine")
        with self.assertRaises(OSError):
            gateway.Client(served.url("two"))
        self.generate()
        served.order(do="reload", functions=[])
        self.assertEqual(served.hear(), {"event": "reloaded"})
        self.assertEqual(two.ask({"action": "ask"}), "fine")
        self.assertEqual(self.client(served, "two").ask({"action": "ask"}), "fine")

    def test_orders_that_are_none(self):
        served = self.serve()
        for line in (b"hello\n", b"{}\n", b'{"do":"dance"}\n', b"[]\n"):
            served.process.stdin.write(line)
            served.process.stdin.flush()
            self.assertEqual(served.hear()["event"], "refused")
        served.order(do="build", text="all is well", ok=True)
        served.order(do="reload", functions=[])
        self.assertEqual(served.hear(), {"event": "reloaded"})

    def test_orders_in_pieces(self):
        served = self.serve()
        for piece in (b'{"do":"rel', b'oad","functions":[]}\n{"do":', b'"reload"}\n'):
            served.process.stdin.write(piece)
            served.process.stdin.flush()
            time.sleep(0.05)
        self.assertEqual(served.hear(), {"event": "reloaded"})
        self.assertEqual(served.hear(), {"event": "reloaded"})


class Clock(Case):
    def post(self, served, body, method="POST", **headers):
        return served.http("one", method, "/_wsgen/clock", body, headers)[0]

    def test_manual(self):
        served = self.serve("--clock", "manual")
        for body, status in [
            ('{"advance":"1ms"}', 204),
            ('{"advance":"24h"}', 204),
            ('{"advance":"25h"}', 400),
            ('{"advance":"-1s"}', 400),
            ('{"advance":"1"}', 400),
            ('{"advance":1}', 400),
            ("no", 400),
        ]:
            with self.subTest(body):
                self.assertEqual(self.post(served, body), status)
        self.assertEqual(self.post(served, "", method="GET"), 405)

    def test_real(self):
        served = self.serve("--clock=real")
        self.assertEqual(self.post(served, '{"advance":"1s"}'), 409)

    def test_not_for_pages(self):
        served = self.serve("--clock", "manual")
        body = '{"advance":"1s"}'
        self.assertEqual(self.post(served, body, Origin="http://evil.test"), 403)


class Faults(Case):
    def test_throttle(self):
        served = self.serve("--fault", "throttle=100%")
        with self.assertRaises(gateway.Refused) as caught:
            self.client(served)
        self.assertEqual(caught.exception.status, 429)

    def test_gone(self):
        served = self.serve("--fault", "gone=100%,seed=3")
        client = self.client(served)
        client.ask({"action": "ask", "do": {"call": ["POST", "x"]}})
        self.assertEqual(served.kept("one")[-1]["status"], 410)

    def test_drop(self):
        served = self.serve("--fault=drop=100%")
        client = self.client(served)
        client.send({"action": "ask"})
        self.assertEqual(client.closed(), (None, None))

    def test_drop_of_one_that_is_read_no_further(self):
        # With that seed, it is the message that fills what may be answered.
        served = self.serve("--fault=drop=0.5%,seed=161")
        client = self.client(served)
        link, client.link = client.link, unittest.mock.Mock()
        for _ in range(200):
            client.send({"action": "ask"})
        burst = [call.args[0] for call in client.link.sendall.call_args_list]
        client.link = link
        link.sendall(b"".join(burst))
        self.assertEqual(client.closed(), (None, None))
        end = time.monotonic() + gateway.PATIENCE
        kinds = set()
        while "DISCONNECT" not in kinds:
            self.assertLess(time.monotonic(), end, "no $disconnect")
            time.sleep(0.05)
            kinds = {
                event.get("requestContext", {}).get("eventType")
                for event in served.kept("one")
            }

    def test_latency(self):
        served = self.serve("--fault", "latency=300ms..300ms")
        begun = time.monotonic()
        self.client(served)
        self.assertGreater(time.monotonic() - begun, 0.3)

    def test_crash(self):
        served = self.serve("--fault", "crash=100%")
        with self.assertRaises(gateway.Refused) as caught:
            self.client(served)
        self.assertEqual(caught.exception.status, 502)


class Record(Case):
    def test_what_happens_is_written_down(self):
        file = self.folder / "session"
        served = self.serve("--record", str(file))
        self.client(served).ask({"action": "ask"})
        self.assertEqual(served.stop(), 0)
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        self.assertIn("received", [line.get("kind") for line in lines])

    def test_nothing_is_written_over(self):
        file = self.write("session", "mine")
        done = self.run_gateway("--record", file, "--port=0", self.generate(), code=3)
        self.assertIn("session", done.stderr)
        self.assertEqual(file.read_text(), "mine")


if __name__ == "__main__":
    unittest.main()
