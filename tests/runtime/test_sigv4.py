#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Signatures against an implementation of their rules on Python's hmac.

usage: test_sigv4.py TOOL [FIXTURES], the binary of sigv4_tool.c and a folder
with the cases of the official suite, which is skipped when it is not there
"""
import datetime
import hashlib
import hmac
import json
import os
import random
import subprocess
import sys
import unittest
from urllib.parse import quote, unquote_to_bytes

TOOL = os.path.abspath(sys.argv[1])
FIXTURES = sys.argv[2] if len(sys.argv) > 2 else ""
EPOCH = datetime.datetime(1970, 1, 1)
NOON = 1440938160  # 2015-08-30T12:36:00Z
SIGNER = {
    "key_id": "AKIDEXAMPLE",
    "secret": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    "region": "us-east-1",
    "service": "execute-api",
    "time": NOON,
}
GET = {"method": "GET", "path": "/", "query": "", "body": "",
       "headers": [["Host", "example.amazonaws.com"]]}


def stamp(seconds):
    return (EPOCH + datetime.timedelta(seconds=seconds)).strftime(
        "%Y%m%dT%H%M%SZ")


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def encode(raw):
    return quote(raw, safe="-._~")


def normal(path):
    parts = []
    for part in path.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    last = path.rsplit("/", 1)[-1]
    return "/" + "/".join(parts) + (
        "/" if parts and last in ("", ".", "..") else "")


def canonical(task):
    path = task["path"] if task.get("keep_path") else normal(task["path"])
    pairs = []
    for part in task["query"].split("&"):
        name, equals, value = part.partition("=")
        if name or equals:
            pairs.append((encode(unquote_to_bytes(name)),
                          encode(unquote_to_bytes(value))))
    headers = {}
    for name, value in task["headers"]:
        headers.setdefault(name.lower(), []).append(" ".join(value.split()))
    return "\n".join(
        [task["method"], quote(path or "/", safe="/-._~"),
         "&".join("=".join(pair) for pair in sorted(pairs))] +
        [name + ":" + ",".join(headers[name]) for name in sorted(headers)] +
        ["", ";".join(sorted(headers)), sha256(task["body"])])


def sign(task):
    """The canonical request, the string to sign, and the signature."""
    scope = "/".join([stamp(task["time"])[:8], task["region"],
                      task["service"], "aws4_request"])
    request = canonical(task)
    to_sign = "\n".join(["AWS4-HMAC-SHA256", stamp(task["time"]), scope,
                         sha256(request)])
    key = ("AWS4" + task["secret"]).encode()
    for part in scope.split("/") + [to_sign]:
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return request, to_sign, key.hex()


def random_text(rng, letters, longest):
    return "".join(rng.choice(letters) for _ in range(rng.randint(0, longest)))


def random_task(rng):
    odd = "aZ9-._~ %/=&+@:é\u1234"
    query = "&".join(
        encode(random_text(rng, odd, 4)) +
        rng.choice(["", "=", "=" + encode(random_text(rng, odd, 4))])
        for _ in range(rng.randint(0, 6)))
    headers = [["Host", "x.execute-api.us-east-1.amazonaws.com"]]
    headers += [[rng.choice(["X-A", "x-b", "Content-Type", "zeta"]),
                 random_text(rng, "ab \t\"", 9)]
                for _ in range(rng.randint(0, 5))]
    rng.shuffle(headers)
    return dict(
        SIGNER, method=rng.choice(["GET", "POST", "DELETE"]), query=query,
        path="/" + random_text(rng, "/.a%=@é", 12), headers=headers,
        body=random_text(rng, "body é", 200),
        token=random_text(rng, "token/+=", 20),
        keep_path=rng.random() < 0.5, body_header=rng.random() < 0.3,
        region=rng.choice(["us-east-1", "eu-central-1"]),
        time=NOON + rng.randint(0, 4 * 86400), expires=rng.randint(1, 604800))


class Tool(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.process = subprocess.Popen([TOOL], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE)

    @classmethod
    def tearDownClass(cls):
        cls.process.stdin.close()
        code = cls.process.wait()
        cls.process.stdout.close()
        assert code == 0, code

    def ask(self, what, task):
        line = json.dumps(dict(task, what=what), ensure_ascii=False) + "\n"
        self.process.stdin.write(line.encode())
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def signed(self, task):
        """The task with the headers that signing it adds."""
        answer = self.ask("sign", task)
        self.assertTrue(answer["done"])
        lines = answer["text"].split("\r\n")
        self.assertEqual(lines.pop(), "")
        return dict(task, headers=task["headers"] + [
            line.split(": ", 1) for line in lines])

    def presigned(self, task):
        answer = self.ask("presign", task)
        self.assertTrue(answer["done"])
        return dict(task, query=answer["text"])

    def check_headers(self, task):
        """Sign in headers, and see that our own rules come to the same."""
        done = self.signed(task)
        name, authorization = done["headers"][-1]
        self.assertEqual(name, "Authorization")
        plain = dict(done, headers=done["headers"][:-1])
        request, to_sign, signature = sign(plain)
        self.assertEqual(authorization[-64:], signature, task)
        answer = self.ask("verify", done)
        self.assertEqual(answer, {"result": "valid", "canonical": request,
                                  "to_sign": to_sign}, task)
        return done, answer, signature

    def check_query(self, task):
        done = self.presigned(task)
        query, _, given = done["query"].partition("&X-Amz-Signature=")
        request, to_sign, signature = sign(dict(done, query=query))
        self.assertEqual(given, signature, task)
        answer = self.ask("verify", done)
        self.assertEqual(answer, {"result": "valid", "canonical": request,
                                  "to_sign": to_sign}, task)
        return done, answer, signature


class Rules(Tool):
    def test_requests(self):
        rng = random.Random(4)
        for _ in range(400):
            task = random_task(rng)
            self.check_headers(task)
            self.check_query(task)

    def test_known(self):
        # Computed by hand once, so that both sides cannot drift together.
        _, answer, signature = self.check_headers(
            dict(SIGNER, method="POST", query="", body='{"a":1}',
                 path="/dev/@connections/AbC%3D",
                 headers=[["Host", "h.execute-api.us-east-1.amazonaws.com"]]))
        self.assertEqual(answer["canonical"].split("\n")[1],
                         "/dev/%40connections/AbC%253D")
        self.assertEqual(signature, KNOWN)

    def test_limits(self):
        many = [["Host", "h"]] + [["x-%d" % i, "v"] for i in range(96)]
        self.assertFalse(self.ask("sign", dict(
            SIGNER, **dict(GET, headers=many)))["done"])
        self.assertTrue(self.ask("sign", dict(
            SIGNER, **dict(GET, headers=many[:90])))["done"])
        self.assertFalse(self.ask("sign", dict(SIGNER, **dict(
            GET, query="&".join("a=%d" % i for i in range(257)))))["done"])
        for expires in (0, 604801):
            self.assertFalse(self.ask("presign", dict(
                SIGNER, expires=expires, **GET))["done"])

    def test_signed_once(self):
        """A query with a signature, or with a part of one, gets no other."""
        for query, done in (
            ("X-Amz-Security-Token=t", False),
            ("a=1&X-Amz-Date", False),
            ("X%2DAmz-Signature=0&a=1", False),
            ("x-amz-date=1&a=X-Amz-Date&X-Amz-=&X-Amz-Dates=1", True),
        ):
            with self.subTest(query):
                task = dict(SIGNER, expires=60, **dict(GET, query=query))
                self.assertEqual(self.ask("presign", task)["done"], done)
                if done:
                    self.check_query(task)

    def test_refusals(self):
        task = dict(SIGNER, **dict(GET, query="a=1&b=2", body="b"))
        headers = self.signed(task)
        query = self.presigned(dict(task, expires=600))

        def header(name, change):
            return dict(headers, headers=[
                [n, change(v) if n == name else v]
                for n, v in headers["headers"]])

        def swap(old, new):
            return dict(query, query=query["query"].replace(old, new))

        auth = "Authorization"
        cases = [
            ("valid", headers), ("valid", query),
            ("missing", dict(headers, **GET)),
            ("missing", dict(query, query="a=X-Amz-Signature=")),
            ("valid", dict(headers, time=NOON + 300)),
            ("expired", dict(headers, time=NOON + 301)),
            ("expired", dict(headers, time=NOON - 301)),
            ("valid", dict(query, time=NOON + 600)),
            ("expired", dict(query, time=NOON + 601)),
            ("expired", dict(query, time=NOON - 301)),
            ("mismatch", dict(headers, body="c")),
            ("mismatch", dict(headers, method="PUT")),
            ("mismatch", dict(headers, path="/x")),
            ("mismatch", dict(headers, query="a=1&b=3")),
            ("mismatch", dict(headers, secret="other")),
            ("mismatch", header("Host", lambda v: v + "x")),
            ("mismatch", swap("a=1", "a=2")),
            ("mismatch", swap("Expires=600", "Expires=601")),
            ("mismatch", dict(query, query=query["query"] + "&c=3")),
            ("mismatch", header(auth, lambda v: v[:-1])),
            ("mismatch", header(auth, lambda v: v[:-1] +
                                ("0" if v[-1] != "0" else "1"))),
            ("unknown key", dict(headers, key_id="AKIDOTHER")),
            ("unknown key", dict(headers, token="of a session")),
            ("wrong scope", dict(headers, region="us-east-2")),
            ("wrong scope", dict(headers, service="s3")),
            ("malformed", header("X-Amz-Date", lambda v: "20150831" + v[8:])),
            ("malformed", header("X-Amz-Date", lambda v: v[:-1])),
            ("malformed", header(auth, lambda v: v.replace("host;", ""))),
            ("malformed", header(auth, lambda v: v.replace("host;", "host;x;"))),
            ("malformed", header(auth, lambda v: v.replace(";x-amz-date", ""))),
            ("malformed", header(auth, lambda v: v.replace("aws4_request",
                                                           "aws5_request"))),
            ("malformed", header(auth, lambda v: v.replace("/20", "20"))),
            ("malformed", header(auth, lambda v: v + ", Signature=x")),
            ("malformed", header(auth, lambda v: v + ", Other=x")),
            ("malformed", header(auth, lambda v: "AWS4-HMAC-SHA256")),
            ("missing", header(auth, lambda v: "Bearer x")),
            ("malformed", swap("Expires=600", "Expires=604801")),
            ("malformed", swap("Expires=600", "Expires=-1")),
            ("malformed", swap("HMAC-SHA256", "HMAC-SHA1")),
            ("malformed", swap("&X-Amz-Date", "&X-Amz-Date=1&X-Amz-Date")),
            ("malformed", swap("SignedHeaders=host", "SignedHeaders=")),
        ]
        for number, (result, case) in enumerate(cases):
            with self.subTest(number=number, result=result):
                self.assertEqual(self.ask("verify", case)["result"], result)


@unittest.skipUnless(os.path.isdir(FIXTURES), "no fixtures here")
class Suite(Tool):
    def read(self, folder, name):
        with open(os.path.join(FIXTURES, folder, name), newline="") as file:
            return file.read()

    def task(self, folder):
        context = json.loads(self.read(folder, "context.json"))
        text = self.read(folder, "request.txt").replace("\r\n", "\n")
        head, _, body = text.partition("\n\n")
        first, *lines = head.rstrip("\n").split("\n")
        method, target = first.rsplit(" ", 1)[0].split(" ", 1)
        path, _, query = target.partition("?")
        headers = []
        for line in lines:
            if line[0] in " \t":
                headers[-1][1] += " " + line.strip()
            else:
                headers.append(line.split(":", 1))
        keys = context["credentials"]
        return {
            "key_id": keys["access_key_id"],
            "secret": keys["secret_access_key"],
            "token": keys.get("token", ""), "time": NOON,
            "region": context["region"], "service": context["service"],
            "keep_path": not context["normalize"],
            "body_header": context["sign_body"],
            "expires": context["expiration_in_seconds"], "method": method,
            "path": path, "query": query, "headers": headers, "body": body,
        }

    def test_folders(self):
        folders = [name for name in sorted(os.listdir(FIXTURES))
                   if os.path.isdir(os.path.join(FIXTURES, name))]
        self.assertEqual(len(folders), 19)
        for folder in folders:
            for form, check in (("header", self.check_headers),
                                ("query", self.check_query)):
                with self.subTest(folder=folder, form=form):
                    _, answer, signature = check(self.task(folder))
                    self.assertEqual(answer["canonical"], self.read(
                        folder, form + "-canonical-request.txt"))
                    self.assertEqual(answer["to_sign"], self.read(
                        folder, form + "-string-to-sign.txt"))
                    self.assertEqual(signature, self.read(
                        folder, form + "-signature.txt").rjust(64, "0"))

    def test_execute_api(self):
        with open(os.path.join(FIXTURES, "execute-api.json")) as file:
            cases = json.load(file)
        for case in cases:
            with self.subTest(case=case["name"]):
                task = dict(
                    SIGNER, method=case["method"], path=case["wire_path"],
                    query="", body=case["body"],
                    token=case["session_token"] or "",
                    headers=[["Host", case["host"]]] +
                    [list(item) for item in case["headers"].items()])
                if case["expires"]:
                    task["expires"] = case["expires"]
                    done, answer, signature = self.check_query(task)
                    self.assertEqual("https://%s%s?%s" % (
                        case["host"], case["wire_path"], done["query"]),
                        case["signed_url"])
                else:
                    done, answer, signature = self.check_headers(task)
                    self.assertEqual(done["headers"][-1][1],
                                     case["authorization"])
                self.assertEqual(answer["canonical"],
                                 case["canonical_request"])
                self.assertEqual(answer["to_sign"], case["string_to_sign"])
                self.assertEqual(signature, case["signature"])


KNOWN = "ae338969ba0cf6dfe3df9afda754f8d34756a3a258be750884c3c57ddc615259"

if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
