#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The example built as a user builds it: what links, what must not, and why.

usage: test_link.py SOURCE_ROOT ARCHIVE TLS_ARCHIVE TLS_LIBRARIES CC...
"""
import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from http_server import Server, answer  # noqa: E402
from test_ca import Authority  # noqa: E402

ROOT, CC = sys.argv[1], sys.argv[5:]
ARCHIVE = os.path.abspath(sys.argv[2])
# In the order of wsgen-runtime.pc.
LIBRARIES = [ARCHIVE, os.path.abspath(sys.argv[3]), "-lm", *sys.argv[4].split()]
HAS_TLS = "-lssl" in LIBRARIES
HERE = os.path.join(ROOT, "tests/runtime")
EXAMPLE = os.path.join(HERE, "example")
FLAGS = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion",
         "-Wshadow", "-Werror", "-I" + os.path.join(ROOT, "runtime/include"),
         "-I" + EXAMPLE]


def cc(*args):
    """Compile or link: exit code and what was said, quotes made plain."""
    result = subprocess.run(CC + FLAGS + list(args), capture_output=True,
                            env=dict(os.environ, LC_ALL="C"))
    said = result.stderr.decode()
    return result.returncode, said.replace("`", "'")


def stub(name):
    return os.path.join(EXAMPLE, "stubs/src", name)


class Link(unittest.TestCase):
    cases = 0

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.out = os.path.join(cls.folder.name, "out")
        cls.senders = cls.object(os.path.join(HERE, "link/senders.c"))
        cls.handlers = cls.object(os.path.join(HERE, "link/handlers.c"))
        cls.chat = cls.object(os.path.join(EXAMPLE, "chat.c"))
        cls.main = {name: cls.object(os.path.join(
            EXAMPLE, "functions", name, "main.c"), name)
            for name in ("chat", "authorize", "raw")}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def object(cls, source, name=None):
        name = name or os.path.basename(source)
        path = os.path.join(cls.folder.name, name + ".o")
        code, said = cc("-c", "-ffunction-sections", source, "-o", path)
        assert code == 0, said
        return path

    def source(self, text):
        Link.cases += 1
        path = os.path.join(self.folder.name, "case%d.c" % Link.cases)
        with open(path, "w") as file:
            file.write(text)
        return path

    def run_out(self, event):
        env = dict(os.environ)
        env.pop("AWS_LAMBDA_RUNTIME_API", None)
        result = subprocess.run([self.out], input=event.encode(), env=env,
                                capture_output=True, timeout=10)
        return result.stdout.decode().strip(), result.stderr.decode()

    def test_functions_answer(self):
        def message(key, body):
            return json.dumps({"body": body, "requestContext": {
                "routeKey": key, "disconnectStatusCode": 1001}})

        cases = {
            "chat": [
                ('{"queryStringParameters":{"token":"x"},'
                 '"requestContext":{"routeKey":"$connect"}}',
                 '{"statusCode":200}', ""),
                (message("$connect", ""), '{"statusCode":401}', ""),
                (message("$disconnect", ""), '{"statusCode":200}', ""),
                (message("$default", "x"), '{"statusCode":403}', ""),
                (message("echo", "[1]"), '{"statusCode":200,"body":"[1]"}',
                 ""),
                (message("history", '{"room":"r"}'),
                 '{"statusCode":200,"body":"{\\"messages\\":[{\\"text\\":'
                 '\\"r\\",\\"from\\":{\\"name\\":\\"ada\\",\\"admin\\":false'
                 '}}],\\"more\\":true}"}', ""),
                (message("history", "{"),
                 '{"statusCode":400,"body":"{\\"error\\":\\"invalid\\",'
                 '\\"field\\":\\"$\\",\\"reason\\":\\"not JSON: ends in the '
                 'middle\\"}"}', "invalid message"),
                (message("import", "{}"), '{"statusCode":403}', ""),
                (message("sendMessage", '{"room":"c=","text":"hi"}'),
                 '{"statusCode":200}',
                 'sent Message to c=: {"text":"hi","from":{"name":"ada",'
                 '"admin":false}}\nsent Message to d=: {"text":"hi",'
                 '"from":{"name":"ada","admin":false}}\nclosed c=\n'),
                (message("sendMessage", '{"room":""}'), '{"statusCode":400}',
                 "$.room: shorter than 1 byte"),
            ],
            "authorize": [
                ('{"type":"REQUEST","methodArn":"arn:m"}',
                 '{"principalId":"ada","policyDocument":{"Version":'
                 '"2012-10-17","Statement":[{"Action":"execute-api:Invoke",'
                 '"Effect":"Allow","Resource":"arn:m"}]},'
                 '"context":{"user":"ada"}}', ""),
            ],
            "raw": [("[]", "2", "")],
        }
        for name, events in cases.items():
            # As wsgen.mk does it: handlers of other functions in the same
            # file go, and with them what they would send.
            code, said = cc(self.main[name], self.chat, self.handlers,
                            self.senders, ARCHIVE, "-lm", "-static",
                            "-Wl,--gc-sections", "-o", self.out)
            self.assertEqual(code, 0, said)
            for event, answer, log in events:
                with self.subTest(name, event=event):
                    said, errors = self.run_out(event)
                    self.assertEqual(said, answer)
                    self.assertIn(log, errors)

    def symbols(self):
        said = subprocess.run(["nm", self.out], check=True,
                              capture_output=True).stdout.decode()
        return {line.split()[-1] for line in said.splitlines()}

    def test_names_of_the_runtime(self):
        """All others are left to those who link it."""
        for archive in LIBRARIES[:2]:
            said = subprocess.run(
                ["nm", "--defined-only", "--extern-only", archive], check=True,
                capture_output=True).stdout.decode()
            names = {line.split()[2] for line in said.splitlines()
                     if len(line.split()) == 3}
            self.assertIn("wsg_", "".join(names))
            self.assertEqual({name for name in names
                              if not name.startswith("wsg_")}, set())

    def test_only_what_sends_has_tls(self):
        token = ("#include <wsgen/jwt.h>\nstatic const struct wsg_jwt jwt;\n"
                 "int main(void)\n{\n\treturn (int)%s;\n}\n")
        untyped = self.object(self.source(
            "#include <wsgen/connections.h>\nint main(void)\n{\n\treturn "
            "(int)wsg_send(NULL, wsg_str(\"\"), wsg_str(\"\"));\n}\n"))
        for name, inputs, sends in (
            ("chat", [self.main["chat"], self.chat, self.handlers], True),
            ("authorize", [self.main["authorize"], self.chat, self.handlers],
             False),
            ("raw", [self.main["raw"], self.chat, self.handlers], False),
            ("untyped", [untyped], True),
            # Keys are sent for, too.
            ("jwt", [self.object(self.source(
                token % "wsg_authorize_jwt(NULL, &jwt)"))], True),
            ("session", [self.object(self.source(
                token % "wsg_session(NULL, &jwt, NULL)"))], True),
            # As is who is connected.
            ("connections", [self.object(self.source(
                "#include <wsgen/registry.h>\nint main(void)\n{\n\treturn "
                "wsg_run(&(struct wsg_function){\n\t\t.registry = "
                "&(struct wsg_registry){ &wsg_store_dynamodb,\n\t\t"
                "&wsg_registry_hooks, 60, true } });\n}\n"))], True),
        ):
            with self.subTest(name):
                code, said = cc(*inputs, *LIBRARIES, "-static",
                                "-Wl,--gc-sections", "-o", self.out)
                self.assertEqual(code, 0, said)
                symbols = self.symbols()
                self.assertEqual("wsg_tls_open" in symbols, sends)
                self.assertEqual("wsg_net_run" in symbols, sends)
                self.assertEqual("SSL_new" in symbols, sends and HAS_TLS)
                for one in ("wsg_store_dynamodb", "wsg_registry_hooks",
                            "wsg_dynamodb_make"):
                    self.assertEqual(one in symbols, name == "connections")
                self.assertEqual(
                    any(one.startswith(("EVP_", "OPENSSL_"))
                        for one in symbols), sends and HAS_TLS)
                if not sends:
                    self.assertLess(os.path.getsize(self.out), 2000000)

    def test_generated_sends_reach_the_api(self):
        """From the static binary that goes to AWS: names, TLS and all."""
        code, said = cc(self.main["chat"], self.chat, self.handlers,
                        *LIBRARIES, "-static", "-o", self.out)
        self.assertEqual(code, 0, said)
        event = {"body": '{"room":"c=","text":"hi"}',
                 "requestContext": {"routeKey": "sendMessage"}}
        contexts = {"http": None}
        if HAS_TLS and shutil.which("openssl"):
            ca = Authority(self.folder.name)
            ca.issue("server", "DNS:localhost")
            contexts["https"] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            contexts["https"].load_cert_chain(ca.path("server.pem"),
                                              ca.path("server.key"))
            os.environ["WSG_CA_FILE"] = ca.path("root.pem")
            self.addCleanup(os.environ.pop, "WSG_CA_FILE")
        self.addCleanup(os.environ.pop, "WSG_ENDPOINT")
        for scheme, context in contexts.items():
            server = Server(
                lambda connection, request, number: connection.sendall(
                    answer(b"", "410 Gone")
                    if request.method == "GET" or "/gone " in request.line
                    else answer()) or True, context=context)
            self.addCleanup(server.close)
            os.environ["WSG_ENDPOINT"] = "%s://localhost:%d/dev" % (
                scheme, server.port)
            with self.subTest(scheme):
                said, log = self.run_out(json.dumps(event))
                self.assertEqual(said, '{"statusCode":200}', log)
                body = b'{"text":"hi","from":{"name":"ada","admin":false}}'
                asked = [(r.line[:-9], r.body) for r in server.requests]
                self.assertEqual(
                    asked[:1] + sorted(asked[1:3]) + asked[3:4],
                    [("POST /dev/@connections/c%3D", body),
                     ("POST /dev/@connections/d%3D", body),
                     ("POST /dev/@connections/gone", body),
                     ("GET /dev/@connections/c%3D", b"")])

    def test_untyped_and_declared_do_not_mix(self):
        sneaky = self.source(
            "#include \"chat.h\"\n#include <wsgen/connections.h>\n"
            "enum wsg_result on_echo(struct chat_echo_call *call,\n"
            "\tstruct wsg_buf *reply)\n{\n\t(void)reply;\n"
            "\twsg_send(call->event, wsg_str(\"c\"), wsg_str(\"x\"));\n"
            "\treturn WSG_OK;\n}\n")
        stubs = [stub(name) for name in (
            "auth.c", "connect.c", "fallback.c", "history.c", "import.c",
            "init.c", "raw.c", "send.c")]
        for name, echo, good in (("typed only", stub("echo.c"), True),
                                 ("both", sneaky, False)):
            with self.subTest(name):
                code, said = cc(self.main["chat"], self.chat, echo, *stubs,
                                *LIBRARIES, "-o", self.out)
                self.assertEqual(code == 0, good, said)
                if not good:
                    self.assertRegex(
                        said, r"(multiple definition of|duplicate symbol:) "
                        r"'?wsg_untyped_send_in_a_function_that_declares_sends")

    def test_what_must_not_compile(self):
        head = "#include \"chat.h\"\n#include <wsgen/connections.h>\n"
        for name, text, error in (
            ("a send that is not declared",
             "enum wsg_sent f(struct chat_default_call *call,\n"
             "\tconst struct chat_message *msg)\n{\n\treturn "
             "chat_send_message(call->sends.message, wsg_str(\"c\"), msg);\n}",
             "no member named 'sends'"),
            ("the call of another route",
             "enum wsg_sent f(struct chat_default_call *call,\n"
             "\tconst struct chat_message *msg)\n{\n\treturn "
             "chat_send_message(call, wsg_str(\"c\"), msg);\n}",
             "incompatible type"),
            ("another message",
             "enum wsg_sent f(struct chat_send_message_call *call,\n"
             "\tconst struct chat_page *msg)\n{\n\treturn chat_send_message("
             "call->sends.message, wsg_str(\"c\"), msg);\n}",
             "incompatible pointer type"),
            ("a close that is not declared",
             "enum wsg_sent f(struct chat_echo_call *call)\n{\n\treturn "
             "chat_close(call->closes, wsg_str(\"c\"));\n}",
             "no member named 'closes'"),
            ("a send from $connect",
             "enum wsg_sent f(struct wsg_connect *client)\n{\n\treturn "
             "wsg_send(wsg_connect_event(client), wsg_str(\"c\"),\n\t\t"
             "wsg_str(\"x\"));\n}", "discards"),
            ("a send from $disconnect",
             "enum wsg_sent f(struct wsg_disconnect *client)\n{\n\treturn "
             "wsg_send(wsg_disconnect_event(client), wsg_str(\"c\"),\n\t\t"
             "wsg_str(\"x\"));\n}", "discards"),
            ("a send from an authorizer",
             "enum wsg_sent f(struct wsg_authorize *client)\n{\n\treturn "
             "wsg_send(wsg_authorize_event(client), wsg_str(\"c\"),\n\t\t"
             "wsg_str(\"x\"));\n}", "discards"),
            ("a handler with another signature",
             "enum wsg_result on_echo(struct chat_echo_call *call)\n{\n"
             "\t(void)call;\n\treturn WSG_OK;\n}", "conflicting types"),
        ):
            with self.subTest(name):
                prototype = text[:text.index("\n{")] + ";\n"
                if "on_echo" in text:
                    prototype = ""
                code, said = cc("-fsyntax-only", self.source(
                    head + prototype + text + "\n"))
                self.assertNotEqual(code, 0)
                said = said.replace("\u2018", "'").replace("\u2019", "'")
                self.assertIn(error, said)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
