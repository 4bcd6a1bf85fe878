#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The HTTP client over TLS: whom it trusts, and whom it does not.

usage: test_tls.py TOOL, the binary of http_tool.c
"""
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from http_server import Server, answer  # noqa: E402
from test_ca import Authority  # noqa: E402

TOOL = os.path.abspath(sys.argv[1])


def hello(connection, request, number):
    connection.sendall(answer(b"hello"))
    return True


@unittest.skipUnless(shutil.which("openssl"), "no openssl command")
class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.ca = ca = Authority(cls.folder.name)
        ca.root("other")
        ca.issue("middle", ca=True)
        ca.issue("good", "DNS:h.test,DNS:*.w.test,IP:127.0.0.1")
        ca.issue("deep", "DNS:h.test", issuer="middle")
        ca.issue("expired", "DNS:h.test", days=-1)
        ca.issue("stranger", "DNS:h.test", issuer="other")
        ca.issue("below", "DNS:h.test", issuer="good")
        ca.issue("nameless")
        ca.run("req", "-x509", "-newkey", "ec", "-pkeyopt",
               "ec_paramgen_curve:P-256", "-nodes", "-keyout", "self.key",
               "-out", "self.pem", "-subj", "/CN=h.test", "-addext",
               "subjectAltName=DNS:h.test")
        with open(ca.path("hosts"), "w") as file:
            file.write("127.0.0.1 h.test a.w.test b.a.w.test h.test.evil\n")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def context(self, name="good", more=(), **settings):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.ca.chain(name, *more),
                                self.ca.path(name + ".key"))
        for key, value in settings.items():
            setattr(context, key, value)
        return context

    def start(self, behave=hello, **more):
        server = Server(behave, **more)
        self.addCleanup(server.close)
        return server

    def ask(self, *jobs, roots="root.pem"):
        """Each job is (url, count, timeout_ms, body_size)."""
        env = dict(os.environ, TOOL_HOSTS=self.ca.path("hosts"))
        env.pop("WSG_CA_FILE", None)
        if roots:
            env["WSG_CA_FILE"] = self.ca.path(roots)
        lines = "".join("%d 1 %d 10000000 %s %d\n" % (count, timeout, url, size)
                        for url, count, timeout, size in jobs)
        result = subprocess.run([TOOL], input=lines.encode(), env=env,
                                capture_output=True, timeout=30)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        said = result.stdout.decode().split("\n")
        return [line for line in said if line not in ("end", "")]

    def once(self, server, host="h.test", timeout=3000, size=3, **more):
        said = self.ask(("https://%s:%d/" % (host, server.port), 1, timeout,
                         size), **more)
        self.assertEqual(len(said), 1)
        return said[0]

    def test_certificates(self):
        good = "0 200 5 'hello' ''"
        refused = "0 error the server's certificate is refused: "
        for what, name, more, host, roots, expected in (
            ("a good one", "good", (), "h.test", "root.pem", good),
            ("a wildcard", "good", (), "a.w.test", "root.pem", good),
            ("a number", "good", (), "127.0.0.1", "root.pem", good),
            ("through another", "deep", ("middle",), "h.test", "root.pem",
             good),
            ("without that other", "deep", (), "h.test", "root.pem",
             refused + "unable to get local issuer certificate"),
            ("two labels for a wildcard", "good", (), "b.a.w.test",
             "root.pem", refused + "hostname mismatch"),
            ("another name", "good", (), "h.test.evil", "root.pem",
             refused + "hostname mismatch"),
            ("another number", "deep", ("middle",), "127.0.0.1", "root.pem",
             refused + "IP address mismatch"),
            ("only a common name", "nameless", (), "h.test", "root.pem",
             refused + "hostname mismatch"),
            ("expired", "expired", (), "h.test", "root.pem",
             refused + "certificate has expired"),
            ("another root", "stranger", ("other",), "h.test", "root.pem",
             refused + "self-signed certificate in certificate chain"),
            ("issued by no authority", "below", ("good",), "h.test",
             "root.pem", refused + "invalid CA certificate"),
            ("self-signed", "self", (), "h.test", "root.pem",
             refused + "self-signed certificate"),
            ("Amazon's roots only", "good", (), "h.test", None,
             refused + "unable to get local issuer certificate"),
            ("roots that are not there", "good", (), "h.test", "absent.pem",
             "0 error the certificates in WSG_CA_FILE cannot be read"),
        ):
            with self.subTest(what):
                server = self.start(context=self.context(name, more))
                said = self.once(server, host, roots=roots)
                # OpenSSL 3.0 and later spell some of these differently.
                self.assertEqual(said.replace("self signed", "self-signed")
                                 .replace("Hostname", "hostname"), expected)
                if said != good:
                    self.assertEqual(server.requests, [])

    def test_versions(self):
        for version, good in ((ssl.TLSVersion.TLSv1, False),
                              (ssl.TLSVersion.TLSv1_1, False),
                              (ssl.TLSVersion.TLSv1_2, True),
                              (ssl.TLSVersion.TLSv1_3, True)):
            with self.subTest(version.name):
                context = self.context()
                context.set_ciphers("ALL:@SECLEVEL=0")
                context.minimum_version = context.maximum_version = version
                server = self.start(context=context)
                said = self.once(server)
                if good:
                    self.assertEqual(said, "0 200 5 'hello' ''")
                else:
                    self.assertIn("0 error no TLS with the server: ", said)
                    self.assertEqual(server.requests, [])

    def test_resumption(self):
        def bye(connection, request, number):
            connection.sendall(answer(b"x", head="Connection: close"))
            time.sleep(0.05)
            return False

        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            with self.subTest(version.name):
                server = self.start(bye, context=self.context(
                    maximum_version=version))
                url = "https://h.test:%d/" % server.port
                self.assertEqual(self.ask(*[(url, 1, 3000, 3)] * 4),
                                 ["0 200 1 'x' ''"] * 4)
                self.assertEqual((server.connections, server.resumed), (4, 3))

    def test_resumed_for_one_name_only(self):
        # A session is no pass for another name of the same server.
        def bye(connection, request, number):
            connection.sendall(answer(b"x", head="Connection: close"))
            return False

        server = self.start(bye, context=self.context())
        said = self.ask(*[("https://%s:%d/" % (host, server.port), 1, 3000, 3)
                          for host in ("h.test", "h.test.evil", "h.test")])
        self.assertEqual([line[:7] for line in said],
                         ["0 200 1", "0 error", "0 200 1"])

    def test_kept(self):
        server = self.start(context=self.context())
        url = "https://h.test:%d/" % server.port
        self.assertEqual(self.ask(*[(url, 3, 3000, 3)] * 3),
                         ["%d 200 5 'hello' ''" % i for i in range(3)] * 3)
        self.assertEqual(server.connections, 1)

    def test_long_bodies(self):
        def echo(connection, request, number):
            connection.sendall(answer(request.body))
            return True

        server = self.start(echo, context=self.context())
        self.assertEqual(self.once(server, size=3000000, timeout=8000),
                         "0 200 3000000 '%s' ''" % ("x" * 40))

    def test_broken(self):
        def short(connection, request, number):
            connection.sendall(answer(b"x" * 100)[:-50])
            connection.unwrap()
            return False

        def cut(connection, request, number):
            # Without a goodbye of TLS: it may have been cut by anybody.
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nto the end")
            connection.shutdown(socket.SHUT_RDWR)
            return False

        server = self.start(short, context=self.context())
        self.assertEqual(self.once(server), "0 error closed without an answer")
        server = self.start(cut, context=self.context())
        self.assertIn("0 error the TLS connection broke", self.once(server))

        # No TLS at all, at either end.
        server = self.start()
        self.assertIn("0 error no TLS with the server", self.once(server))
        server = self.start(context=self.context())
        said = self.ask(("http://h.test:%d/" % server.port, 1, 3000, 3))
        self.assertIn("0 error", said[0])
        self.assertEqual(server.requests, [])

    def test_slow(self):
        silent = socket.create_server(("127.0.0.1", 0))
        held = []
        threading.Thread(target=lambda: held.append(silent.accept()),
                         daemon=True).start()
        started = time.monotonic()
        said = self.ask(("https://h.test:%d/" % silent.getsockname()[1], 1,
                         300, 3))
        self.assertEqual(said, ["0 error timed out"])
        self.assertLess(time.monotonic() - started, 4)
        silent.close()
        for connection, _ in held:
            connection.close()


if __name__ == "__main__":
    # Old versions are asked for, to see them refused.
    unittest.main(argv=sys.argv[:1], warnings="ignore")
