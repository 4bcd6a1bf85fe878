#!/usr/bin/env python3
"""A token as the issuer of jwt.yaml would make it, signed with $JWT_SECRET.

usage: token.py SUB ROLE
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


sub, role = sys.argv[1:]
claims = {
    "iss": "https://example.com/",
    "aud": "doorbell",
    "exp": int(time.time()) + 3600,
    "sub": sub,
    "role": role,
}
parts = ({"alg": "HS256", "typ": "JWT"}, claims)
text = ".".join(encode(json.dumps(part).encode()) for part in parts)
secret = os.environ["JWT_SECRET"].encode()
print(text + "." + encode(hmac.new(secret, text.encode(), hashlib.sha256).digest()))
