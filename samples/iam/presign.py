#!/usr/bin/env python3
"""The URL of a WebSocket API, signed in its query as browsers have to do it.

usage: presign.py URL, with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, where
there is one, AWS_SESSION_TOKEN in the environment
"""

import datetime
import hashlib
import hmac
import os
import sys
import urllib.parse


def sign(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def quote(text, safe=""):
    return urllib.parse.quote(text, safe=safe + "-_.~")


url = urllib.parse.urlsplit(sys.argv[1])
key_id = os.environ["AWS_ACCESS_KEY_ID"]
secret = os.environ["AWS_SECRET_ACCESS_KEY"]
token = os.environ.get("AWS_SESSION_TOKEN")
region = os.environ.get("AWS_REGION", "us-east-1")
now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
scope = [now[:8], region, "execute-api", "aws4_request"]

query = urllib.parse.parse_qsl(url.query, keep_blank_values=True) + [
    ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
    ("X-Amz-Credential", "/".join([key_id, *scope])),
    ("X-Amz-Date", now),
    ("X-Amz-Expires", "300"),
    ("X-Amz-SignedHeaders", "host"),
]
if token:
    query.append(("X-Amz-Security-Token", token))
pairs = "&".join(sorted(f"{quote(name)}={quote(value)}" for name, value in query))
request = ["GET", quote(url.path, "/"), pairs, f"host:{url.netloc}", "", "host", digest("")]
text = ["AWS4-HMAC-SHA256", now, "/".join(scope), digest("\n".join(request))]

key = f"AWS4{secret}".encode()
for part in scope:
    key = sign(key, part)
signature = sign(key, "\n".join(text)).hex()
print(f"{url.scheme}://{url.netloc}{url.path}?{pairs}&X-Amz-Signature={signature}")
