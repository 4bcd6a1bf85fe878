#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Keys of tokens: where they come from, how they change, what goes wrong.

usage: test_keys.py TOOL, the binary of jwt_tool.c
"""
import base64
import hashlib
import hmac
import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from http_server import Server, answer  # noqa: E402
from test_ca import Authority  # noqa: E402

TOOL = os.path.abspath(sys.argv[1])
RETRY = "age 30000"
KEEP = "age 3600000"


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def head(**header):
    return ".".join(base64url(json.dumps(part).encode())
                    for part in (header, {"sub": "ada"}))


def hs256(secret, **header):
    text = head(alg="HS256", **header)
    mac = hmac.new(secret.encode(), text.encode(), hashlib.sha256)
    return text + "." + base64url(mac.digest())


class Key:
    """An Ed25519 key of the openssl command's."""

    def __init__(self, folder, kid):
        self.kid = kid
        self.path = os.path.join(folder, kid + ".key")
        self.run("genpkey", "-algorithm", "ed25519", "-out", self.path)
        self.public = self.run("pkey", "-in", self.path, "-pubout",
                               "-outform", "DER")[-32:]

    @staticmethod
    def run(*words):
        return subprocess.run(("openssl",) + words, check=True,
                              capture_output=True).stdout

    def jwk(self):
        return {"kty": "OKP", "crv": "Ed25519", "kid": self.kid,
                "x": base64url(self.public)}

    def token(self, **header):
        text = head(alg="EdDSA", **(header or {"kid": self.kid}))
        with tempfile.NamedTemporaryFile() as file:
            file.write(text.encode())
            file.flush()
            signature = self.run("pkeyutl", "-sign", "-rawin", "-inkey",
                                 self.path, "-in", file.name)
        return text + "." + base64url(signature)


def jwks(*keys):
    return json.dumps({"keys": [key.jwk() for key in keys]}).encode()


class Tool:
    def __init__(self, kind, name, **environment):
        env = {"PATH": os.environ["PATH"], **environment}
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [TOOL, kind, name], env=env, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.tokens = []

    def ask(self, *lines):
        said = []
        for line in lines:
            if not line.startswith("age"):
                self.tokens.append(line)
                line = "verify " + line
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
            said.append(self.process.stdout.readline().rstrip("\n"))
        return said[0] if len(said) == 1 else said

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        status = self.process.wait(10)
        self.log.seek(0)
        log = self.log.read().decode()
        self.log.close()
        return status, log


@unittest.skipUnless(shutil.which("openssl"), "no openssl command")
class Keys(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.one = Key(cls.folder.name, "one")
        cls.two = Key(cls.folder.name, "two")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        self.answers = answer(jwks(self.one))
        self.server = Server(self.behave)
        self.addCleanup(self.server.close)
        self.url = "http://127.0.0.1:%d/.well-known/jwks.json" % (
            self.server.port)

    def behave(self, connection, request, number):
        if self.answers is None:
            time.sleep(1.5)
            return False
        connection.sendall(self.answers)
        return True

    def tool(self, kind, name, log="", **environment):
        tool = Tool(kind, name, **environment)

        def close():
            status, said = tool.close()
            self.assertEqual(status, 0, said)
            self.assertIn(log, said)
            for token in tool.tokens:
                for part in token.split("."):
                    self.assertNotIn(part, said)

        self.addCleanup(close)
        return tool

    def asked(self):
        return len(self.server.requests)

    def test_file(self):
        path = os.path.join(self.folder.name, "jwks.json")
        with open(path, "wb") as file:
            file.write(jwks(self.one))
        tool = self.tool("jwks", path)
        self.assertEqual(tool.ask(self.one.token(), self.two.token()),
                         ["verified", "unknown"])
        tool = self.tool("jwks", "jwks.json",
                         LAMBDA_TASK_ROOT=self.folder.name)
        self.assertEqual(tool.ask(self.one.token()), "verified")
        tool = self.tool("jwks", "$KEYS", KEYS=path)
        self.assertEqual(tool.ask(self.one.token()), "verified")
        tool = self.tool("jwks", "$KEYS", "the variable is not set")
        self.assertEqual(tool.ask(self.one.token()), "no keys")

    def test_file_in_memory_that_was_used(self):
        path = os.path.join(self.folder.name, "jwks.json")
        with open(path, "wb") as file:
            file.write(jwks(self.one))
        # glibc fills what malloc hands out with the complement: line feeds,
        # which JSON may have behind it.
        tool = self.tool("jwks", path, MALLOC_PERTURB_="245")
        self.assertEqual(tool.ask(self.one.token()), "verified")

    def test_url_is_asked_once(self):
        tool = self.tool("jwks", self.url)
        self.assertEqual(tool.ask(*[self.one.token()] * 3), ["verified"] * 3)
        self.assertEqual(self.asked(), 1)
        self.assertEqual(self.server.requests[0].line,
                         "GET /.well-known/jwks.json HTTP/1.1")
        self.assertEqual(tool.ask(KEEP, self.one.token()),
                         ["older", "verified"])
        self.assertEqual(self.asked(), 2)

    def test_rotation(self):
        tool = self.tool("jwks", self.url)
        new = self.two.token()
        self.assertEqual(tool.ask(self.one.token(), new),
                         ["verified", "unknown"])
        self.answers = answer(jwks(self.two, self.one))
        # Not again at once, however many tokens name keys that are not there.
        self.assertEqual(tool.ask(new, new), ["unknown"] * 2)
        self.assertEqual(self.asked(), 1)
        self.assertEqual(tool.ask(RETRY, new, self.one.token()),
                         ["older", "verified", "verified"])
        self.assertEqual(self.asked(), 2)
        # Without a kid, a signature that no key made is the sign of it.
        self.answers = answer(jwks(self.one))
        tool.ask(KEEP, self.one.token())
        self.answers = answer(jwks(self.two))
        new = self.two.token(typ="JWT")
        self.assertEqual(tool.ask(new, RETRY, new),
                         ["forged", "older", "verified"])
        # Another's signature under a known kid asks nobody.
        asked = self.asked()
        self.assertEqual(
            tool.ask(RETRY, self.one.token(kid="two"), self.one.token()),
            ["older", "forged", "unknown"])
        self.assertEqual(self.asked(), asked + 1)

    def test_old_keys_while_the_url_fails(self):
        for name, answers in (
            ("500", answer(b"", "500 Internal Server Error")),
            ("garbage", answer(b"<html>")),
            ("empty", answer(b"")),
            ("no keys", answer(b'{"keys":[]}')),
            ("redirect", answer(b"", "302 Found", "Location: /other")),
            ("too large", answer(b'{"keys":[],"x":"' + b"x" * 300000)),
            ("not HTTP", b"hello\r\n\r\n"),
        ):
            with self.subTest(name):
                self.answers = answer(jwks(self.one))
                tool = self.tool("jwks", self.url, "stay as they were")
                self.assertEqual(tool.ask(self.one.token()), "verified")
                self.answers = answers
                before = self.asked()
                self.assertEqual(
                    tool.ask(KEEP, self.one.token(), self.one.token()),
                    ["older", "verified", "verified"])
                self.assertEqual(self.asked(), before + 1)
                self.answers = answer(jwks(self.two))
                self.assertEqual(tool.ask(RETRY, self.two.token()),
                                 ["older", "verified"])

    def test_none_at_first(self):
        tool = self.tool("jwks", self.url, "no keys of " + self.url)
        self.answers = answer(b"", "503 Service Unavailable")
        token = self.one.token()
        self.assertEqual(tool.ask(token, token), ["no keys"] * 2)
        self.assertEqual(self.asked(), 1)
        self.answers = answer(jwks(self.one))
        self.assertEqual(tool.ask("age 1000", token), ["older", "verified"])

    def test_slow(self):
        tool = self.tool("jwks", self.url, "timed out")
        self.answers = None
        started = time.monotonic()
        self.assertEqual(tool.ask(self.one.token()), "no keys")
        self.assertLess(time.monotonic() - started, 5)

    def test_http_is_for_this_machine(self):
        tool = self.tool("jwks", "http://192.0.2.1/jwks.json",
                         "keys that come over http can be anybody's")
        self.assertEqual(tool.ask(self.one.token()), "no keys")

    def test_https(self):
        authority = Authority(self.folder.name)
        authority.issue("good", "IP:127.0.0.1")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(authority.chain("good"),
                                authority.path("good.key"))
        server = Server(self.behave, context)
        self.addCleanup(server.close)
        url = "https://127.0.0.1:%d/jwks.json" % server.port
        tool = self.tool("jwks", url, WSG_CA_FILE=authority.path("root.pem"))
        self.assertEqual(tool.ask(self.one.token()), "verified")
        tool = self.tool("jwks", url, "no keys of")
        self.assertEqual(tool.ask(self.one.token()), "no keys")

    def test_variable(self):
        secret = "0123456789abcdef" * 2
        tool = self.tool("env", "S", S=secret)
        self.assertEqual(
            tool.ask(hs256(secret), hs256(secret, kid="x"), hs256("x" * 32),
                     self.one.token()),
            ["verified", "verified", "forged", "unknown"])

    def test_parameter(self):
        secrets = ["0123456789abcdef" * 2, "fedcba9876543210" * 2]
        self.answers = answer(json.dumps(
            {"Parameter": {"Name": "/chat/secret", "Value": secrets[0],
                           "Version": 1}}).encode())
        tool = self.tool(
            "ssm", "/chat/secret", AWS_REGION="eu-west-1",
            AWS_ENDPOINT_URL_SSM=self.url[:self.url.rindex("/.well")],
            AWS_ACCESS_KEY_ID="AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY="secret",
            AWS_SESSION_TOKEN="session")
        self.assertEqual(tool.ask(hs256(secrets[0]), hs256(secrets[1])),
                         ["verified", "forged"])
        request = self.server.requests[0]
        self.assertEqual(request.line, "POST / HTTP/1.1")
        self.assertEqual(json.loads(request.body),
                         {"Name": "/chat/secret", "WithDecryption": True})
        self.assertEqual(request.header("x-amz-target"),
                         "AmazonSSM.GetParameter")
        self.assertEqual(request.header("x-amz-security-token"), "session")
        self.assertRegex(
            request.header("authorization"),
            r"^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\d{8}/eu-west-1/ssm/"
            r"aws4_request, SignedHeaders=[a-z;-]*x-amz-target[a-z;-]*, "
            r"Signature=[0-9a-f]{64}$")
        # Another secret: like a new key.
        self.answers = answer(json.dumps(
            {"Parameter": {"Value": secrets[1]}}).encode())
        self.assertEqual(tool.ask(RETRY, hs256(secrets[1])),
                         ["older", "verified"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
