#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Authorizers and sessions that are generated, made and asked."""

import base64
import hashlib
import hmac
import json
import subprocess
import time
import unittest

from e2e import MAKEFILE, Case, environment, need_program, run

SECRET = "0123456789abcdef0123456789abcdef"

SPEC = """\
name: chat
authorizer:
  type: jwt
  issuer: https://example.com/
  audience: [chat]
  %s
  identity: [header.Authorization, query.access_token, subprotocol]
  claims:
    role: enum(admin|user)
scopes: [chat:write]
session:
  type: jwt
  issuer: https://example.com/
  audience: [chat]
  %s
  claims:
    role: enum(admin|user)
routes:
  $connect: src/chat.on_connect
  whoAmI:
    handler: src/chat.on_who
    message: { text: string }
    reply: { role: string }
"""

HANDLERS = """\
#include "chat.h"

enum wsg_result on_connect(struct wsg_connect *client)
{
	struct chat_session session;

	if (!chat_session(wsg_connect_event(client), &session))
		return wsg_connect_reject(client, 401);
	return WSG_OK;
}

enum wsg_result on_who(struct chat_who_am_i_call *call,
		       const struct chat_who_am_i_message *msg,
		       struct chat_who_am_i_reply *reply)
{
	struct chat_session session;

	(void)msg;
	if (!chat_session(call->event, &session))
		return WSG_REFUSED;
	reply->role = wsg_str(session.role == CHAT_SESSION_ROLE_ADMIN ?
			      "admin" : "user");
	return WSG_OK;
}
"""


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signing_input(alg, **more):
    claims = {
        "iss": "https://example.com/",
        "aud": "chat",
        "sub": "ada",
        "exp": int(time.time()) + 300,
        "scope": "chat:read chat:write",
        "role": "admin",
        **more,
    }
    return ".".join(
        base64url(json.dumps(part).encode()) for part in ({"alg": alg}, claims)
    )


def secret_token(secret=SECRET, **more):
    text = signing_input("HS256", **more)
    mac = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    return text + "." + base64url(mac)


def authorizer_event(**more):
    return {
        "type": "REQUEST",
        "methodArn": "arn:aws:execute-api:eu-west-1:1:a/dev/$connect",
        "requestContext": {"routeKey": "$connect", "eventType": "CONNECT"},
        **more,
    }


def bearer(token):
    return authorizer_event(headers={"Authorization": "Bearer " + token})


class Tokens(Case):
    def start(self, keys):
        self.write("chat.yaml", SPEC % (keys, keys))
        self.write("Makefile", MAKEFILE)
        self.write("src/chat.c", HANDLERS)
        self.make("CFLAGS=-std=c11 -O1 -Wall -Wextra -Wpedantic -Werror")

    def ask(self, function, event, **env):
        """The answer and what was logged."""
        done = run(
            self.folder / "build/functions" / function / "bootstrap",
            stdin=json.dumps(event),
            env=environment(**{"JWT_SECRET": SECRET, **env}),
            cwd=self.folder,
        )
        answer = json.loads(done.stdout)
        self.assertEqual(done.returncode, int("errorMessage" in answer))
        return answer, done.stderr

    def check_verdict(self, event, verdict, **env):
        answer, log = self.ask("chat-authorizer", event, **env)
        if "errorMessage" in answer:
            self.assertEqual(answer["errorMessage"], verdict, log)
            return
        (statement,) = answer["policyDocument"]["Statement"]
        self.assertEqual(statement["Effect"], verdict, log)
        self.assertEqual(statement["Resource"], event["methodArn"])
        if verdict == "Allow":
            self.assertEqual(log, "")

    def test_secret(self):
        self.start("secret: { env: JWT_SECRET }")
        good = secret_token()
        for name, event, verdict in (
            ("good", bearer(good), "Allow"),
            (
                "query",
                authorizer_event(queryStringParameters={"access_token": good}),
                "Allow",
            ),
            (
                "subprotocol",
                authorizer_event(
                    headers={"Sec-WebSocket-Protocol": "bearer, " + good}
                ),
                "Allow",
            ),
            ("none", authorizer_event(), "Unauthorized"),
            ("no token", bearer("x"), "Unauthorized"),
            ("forged", bearer(secret_token("x" * 32)), "Unauthorized"),
            ("expired", bearer(secret_token(exp=1)), "Unauthorized"),
            ("audience", bearer(secret_token(aud="x")), "Unauthorized"),
            ("issuer", bearer(secret_token(iss="x")), "Unauthorized"),
            ("claim", bearer(secret_token(role="root")), "Unauthorized"),
            ("scope", bearer(secret_token(scope="chat:read")), "Deny"),
        ):
            with self.subTest(name):
                self.check_verdict(event, verdict)
        self.check_verdict(
            bearer(good), "the authorizer failed", JWT_SECRET="short"
        )
        answer, _ = self.ask("chat-authorizer", bearer(good))
        self.assertEqual(answer["principalId"], "ada")
        self.assertEqual(answer["context"]["role"], "admin")
        self.check_session(answer["context"])

    def check_session(self, context):
        def message(body, **more):
            return {
                "body": json.dumps({"action": "whoAmI", "text": '"', **body}),
                "requestContext": {
                    "routeKey": "whoAmI",
                    "eventType": "MESSAGE",
                    **more,
                },
            }

        user = secret_token(role="user")
        for name, event, status, body in (
            ("authorizer", message({}, authorizer=context), 200, "admin"),
            ("message", message({"token": user}), 200, "user"),
            ("none", message({}), 403, None),
            ("expired", message({"token": secret_token(exp=1)}), 403, None),
        ):
            with self.subTest(name):
                answer, _ = self.ask("chat", event)
                self.assertEqual(answer["statusCode"], status)
                if body:
                    self.assertEqual(json.loads(answer["body"]), {"role": body})
        for token, status in ((user, 200), ("x", 401)):
            event = bearer(token)
            del event["type"]
            answer, log = self.ask("chat", event)
            self.assertEqual(answer["statusCode"], status)
            self.assertNotIn(token.split(".")[-1] + " ", log)

    def test_file(self):
        need_program("openssl")
        key = self.folder / "key.pem"

        def openssl(*words, **more):
            return subprocess.run(
                ("openssl", *words), check=True, capture_output=True, **more
            ).stdout

        openssl("genpkey", "-algorithm", "ed25519", "-out", key)
        public = openssl("pkey", "-in", key, "-pubout", "-outform", "DER")[-32:]
        jwk = {"kty": "OKP", "crv": "Ed25519", "x": base64url(public)}
        self.write("keys/jwks.json", json.dumps({"keys": [jwk]}))
        self.start("jwks: keys/jwks.json")
        text = signing_input("EdDSA")
        self.write("text", text)
        signature = openssl(
            *("pkeyutl", "-sign", "-rawin", "-inkey", key),
            *("-in", self.folder / "text"),
        )
        good = text + "." + base64url(signature)
        self.check_verdict(bearer(good), "Allow")
        # Whoever knows the public key must not be able to sign with it.
        secret = base64url(public)
        self.check_verdict(bearer(secret_token(secret)), "Unauthorized")
        self.check_verdict(bearer(signing_input("none") + "."), "Unauthorized")
        (self.folder / "keys/jwks.json").unlink()
        self.check_verdict(bearer(good), "the authorizer failed")


if __name__ == "__main__":
    unittest.main()
