#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What make links: for which processor, with what in it, for which glibc."""

import json
import os
import platform
import ssl
import sys
import unittest

from e2e import MAKEFILE, ROOT, WSGEN, Case, environment, need, need_program, run

sys.path.insert(0, str(ROOT / "tests/runtime"))
from http_server import Server, answer  # noqa: E402
from test_ca import Authority  # noqa: E402

HERE = {"x86_64": "x86_64", "aarch64": "arm64"}.get(platform.machine())
OTHER = "x86_64" if HERE == "arm64" else "arm64"
GNU = {"x86_64": "x86_64", "arm64": "aarch64"}
DEBIAN = {"x86_64": "amd64", "arm64": "arm64"}
MACHINE = {"x86_64": 62, "arm64": 183}  # as in <elf.h>

SPEC = f"""\
name: chat
functions:
  there: {{ architecture: {OTHER} }}
  here: {{ architecture: {HERE} }}
routes:
  say:
    function: there
    handler: src/say.on_say
    message: Line
    reply: Line
    sends: [Line]
  quiet: {{ function: here, handler: src/quiet.on_quiet, reply: Line }}
messages:
  Line: {{ text: string(1..64) }}
"""

SAY = """\
#include "chat.h"

enum wsg_result on_say(struct chat_say_call *call, const struct chat_line *msg,
		       struct chat_line *reply)
{
	bool sent = chat_send_line(call->sends.line, wsg_str("to="), msg) ==
		    WSG_SENT;

	reply->text = wsg_str(sent ? "sent" : "not sent");
	return WSG_OK;
}
"""

QUIET = """\
#include "chat.h"

%s
enum wsg_result on_quiet(struct chat_quiet_call *call, struct chat_line *reply)
{
	(void)call;
	reply->text = wsg_str(%s);
	return WSG_OK;
}
"""

# Debian 12 has 2.36, which is where this one came with.
LATE = QUIET % ("unsigned int arc4random(void);\n", 'arc4random() ? "a" : "b"')

PAST = QUIET % (
    "static char text[8];\nstatic volatile size_t past = 8;\n",
    'text[past] ? "a" : "b"',
)


def event(key):
    return json.dumps(
        {
            "requestContext": {
                "routeKey": key,
                "eventType": "MESSAGE",
                "connectionId": "me=",
                "stage": "dev",
                "apiId": "abc",
            },
            "body": '{"action":"x","text":"hi"}',
        }
    )


class Linking(Case):
    def start(self, quiet=QUIET % ("", '"quiet"')):
        need(HERE, "neither x86_64 nor arm64")
        self.write("chat.yaml", SPEC)
        self.write("Makefile", MAKEFILE)
        self.write("src/say.c", SAY)
        self.write("src/quiet.c", quiet)

    def need_cross(self):
        need_program(f"{GNU[OTHER]}-linux-gnu-gcc")
        need_program(f"qemu-{GNU[OTHER]}")
        headers = f"/usr/include/{GNU[OTHER]}-linux-gnu/openssl"
        need(os.path.isdir(headers), f"no libssl-dev:{DEBIAN[OTHER]}")

    def text(self, *command, key="quiet", env=None):
        """What the reply of a function says."""
        done = run(*command, stdin=event(key), env=env or environment())
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(json.loads(done.stdout)["body"])["text"]

    def build(self, name):
        return self.folder / "build" / name / "bootstrap"

    def machine(self, path):
        header = path.read_bytes()[:20]
        self.assertEqual(header[:4], b"\x7fELF")
        return header[18] + 256 * header[19]

    def symbols(self, path):
        done = run("nm", f"{path}.debug")
        self.assertEqual(done.returncode, 0, done.stderr)
        return {line.split()[-1] for line in done.stdout.splitlines()}

    def dynamic(self, path):
        return "INTERP" in run("readelf", "-lW", path).stdout

    def say(self, *command):
        """Run what sends against a server with a certificate of our own."""
        need_program("openssl")
        authority = Authority(str(self.folder))
        authority.issue("api", "DNS:localhost")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(
            authority.path("api.pem"), authority.path("api.key")
        )
        server = Server(lambda connection, *_: connection.sendall(answer()), context)
        self.addCleanup(server.close)
        env = environment(
            WSG_ENDPOINT=f"https://localhost:{server.port}/dev",
            WSG_CA_FILE=authority.path("root.pem"),
            AWS_ACCESS_KEY_ID="AKIDEXAMPLE",
            AWS_SECRET_ACCESS_KEY="secret",
            AWS_REGION="eu-west-1",
        )
        self.assertEqual(self.text(*command, key="say", env=env), "sent")
        (request,) = server.requests
        self.assertEqual(request.method, "POST")
        self.assertEqual(request.body, b'{"text":"hi"}')


class Symbols(Linking):
    def test_tls_is_only_in_what_sends(self):
        self.start()
        self.make("local")
        sends = self.symbols(self.build("functions/there"))
        quiet = self.symbols(self.build("functions/here"))
        self.assertIn("wsg_tls_open", sends)
        self.assertIn("main", quiet)
        for name in ("wsg_tls_open", "SSL_new", "OPENSSL_init_crypto"):
            self.assertNotIn(name, quiet)
        need("SSL_new" in sends, "wsgen was built without OpenSSL")
        self.say(self.build("functions/there"))

    def test_samples(self):
        """Those that send nothing and check no token hold no TLS."""
        for sample in ("iam", "lambda-auth"):
            self.wsgen("new", sample, "--sample", sample)
            self.make("local", cwd=self.folder / sample)
            for file in (self.folder / sample).glob("build/functions/*/bootstrap"):
                with self.subTest(file):
                    self.assertNotIn("wsg_tls_open", self.symbols(file))
                    self.assertNotIn("SSL_new", self.symbols(file))
                    self.assertFalse(self.dynamic(file))
                    self.assertLess(file.stat().st_size, 1 << 20)

    def test_stripped(self):
        self.start()
        self.make("local")
        file = self.build("functions/here")
        self.assertIn("no symbols", run("nm", file).stderr)
        sections = run("readelf", "-SW", file).stdout
        self.assertNotIn(".debug_info", sections)
        self.assertIn(".gnu_debuglink", sections)
        self.assertIn(".debug_info", run("readelf", "-SW", f"{file}.debug").stdout)
        self.assertEqual(self.text(file), "quiet")

    def test_same_bytes_in_another_folder(self):
        for name in ("one", "another"):
            self.wsgen("new", f"{name}/p", "--sample", "chat")
            self.make("local", cwd=self.folder / name / "p")
        one, another = (
            (self.folder / name / "p/build/functions/chat/bootstrap").read_bytes()
            for name in ("one", "another")
        )
        self.assertTrue(one == another)


class Architecture(Linking):
    def test_of_the_spec(self):
        self.need_cross()
        self.start()
        self.make("-j4")
        self.assertEqual(self.machine(self.build("functions/there")), MACHINE[HERE])
        self.assertEqual(self.machine(self.build("functions/here")), MACHINE[HERE])
        there = self.build(f"{OTHER}/there")
        self.assertEqual(self.machine(there), MACHINE[OTHER])
        self.assertFalse(self.build(f"{OTHER}/here").exists())
        self.assertFalse(self.dynamic(there))
        self.assertNotIn("link", self.make().stdout)
        need("SSL_new" in self.symbols(there), "wsgen was built without OpenSSL")
        self.say(f"qemu-{GNU[OTHER]}", there)

    def test_asked_for(self):
        self.need_cross()
        self.start()
        self.make(f"ARCH={GNU[OTHER]}")
        for name in ("here", "there"):
            self.assertEqual(
                self.machine(self.build(f"{OTHER}/{name}")), MACHINE[OTHER]
            )
        here = self.build(f"{OTHER}/here")
        self.assertEqual(self.text(f"qemu-{GNU[OTHER]}", here), "quiet")
        self.assertNotIn("SSL_new", self.symbols(here))
        self.assertFalse(self.build("functions/here").exists())
        self.assertNotIn("link", self.make(f"ARCH={OTHER}").stdout)

    def test_this_machines_own(self):
        """By its name the runtime's sources are compiled."""
        self.start()
        self.make(f"ARCH={HERE}")
        file = self.build(f"{HERE}/here")
        self.assertFalse(self.dynamic(file))
        self.assertEqual(self.text(file), "quiet")

    def test_no_compiler(self):
        self.start()
        done = self.make(f"CC_{OTHER}=no-such-compiler", code=2)
        self.assertIn(f"no no-such-compiler, which compiles for {OTHER}", done.stderr)
        package = GNU[OTHER].replace("_", "-")
        self.assertIn(f"gcc-{package}-linux-gnu", done.stderr)
        self.make("local", f"CC_{OTHER}=no-such-compiler")
        self.assertEqual(self.text(self.build("functions/here")), "quiet")

    def test_compiler_for_another(self):
        """What is not for the processor that it is to run on is no bootstrap."""
        self.start()
        done = self.make(f"ARCH={OTHER}", f"CC_{OTHER}=gcc", code=2)
        name = {"arm64": "AArch64", "x86_64": "X86-64"}[OTHER]
        self.assertIn(f", not for {name}", done.stderr)
        self.assertFalse(self.build(f"{OTHER}/here").exists())
        need_program(f"{GNU[OTHER]}-linux-gnu-gcc")
        done = self.make("local", f"CC={GNU[OTHER]}-linux-gnu-gcc", code=2)
        self.assertIn(f"say 'make ARCH={OTHER}'", done.stderr)

    def test_unknown(self):
        self.start()
        done = self.make("ARCH=mips", code=2)
        self.assertIn("ARCH is x86_64 or arm64, not 'mips'", done.stderr)


class Glibc(Linking):
    def test_dynamic(self):
        self.start()
        done = self.make("local", "STATIC=no")
        file = self.build("functions/here")
        self.assertRegex(
            done.stderr,
            "build/functions/here/bootstrap is dynamic and needs glibc 2[.][0-9]+\n",
        )
        self.assertTrue(self.dynamic(file))
        self.assertEqual(self.text(file), "quiet")
        self.assertNotIn("link", self.make("local", "STATIC=no").stdout)
        self.assertIn("link", self.make("local").stdout)
        self.assertFalse(self.dynamic(file))

    def test_too_late(self):
        self.start(LATE)
        done = self.make("-k", "local", "STATIC=no", code=2)
        need("undefined reference" not in done.stderr, "glibc is older than 2.36")
        self.assertIn("here/bootstrap is dynamic and needs glibc 2.36\n", done.stderr)
        self.assertIn("provided.al2023 has glibc 2.34\n", done.stderr)
        file = self.build("functions/here")
        self.assertFalse(file.exists())
        # A static one brings what it needs.
        self.assertNotIn("glibc 2.", self.make("local").stderr)
        self.assertIn(self.text(file), ("a", "b"))

    def test_sanitizers(self):
        """They link shared libraries and never go to Lambda."""
        self.start(LATE)
        done = self.make("SANITIZE=address,undefined", code=None)
        need("undefined reference" not in done.stderr, "glibc is older than 2.36")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("here/bootstrap is dynamic and needs glibc 2.36\n", done.stderr)
        file = self.build("sanitize/here")
        self.assertTrue(self.dynamic(file))
        self.assertIn(self.text(file), ("a", "b"))
        self.write("src/quiet.c", PAST)
        self.make("SANITIZE=address,undefined")
        done = run(file, stdin=event("quiet"))
        self.assertIn("AddressSanitizer: global-buffer-overflow", done.stderr)


if __name__ == "__main__":
    unittest.main()
