# SPDX-License-Identifier: MIT
"""What the tests of the registry share: the function that they run."""
import json
import os
import subprocess
import sys
import unittest

from http_server import Server, answer

BINARY = os.path.abspath(sys.argv[1])
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_SESSION_TOKEN": "session/token==", "AWS_REGION": "eu-west-1",
        "WSG_CONNECTIONS_TABLE": "kept"}
OURS = ("AWS_LAMBDA_RUNTIME_API", "WSG_ENDPOINT", "AWS_ENDPOINT_URL_DYNAMODB",
        "TEST_JOIN", "TEST_REFUSE", "TEST_TTL", "TEST_TOPICS")


def error(kind, status="400 Bad Request", message="why"):
    body = {"__type": "com.amazonaws.dynamodb.v20120810#" + kind,
            "message": message}
    return answer(json.dumps(body).encode(), status)


def says(body):
    return answer(json.dumps(body).encode())


def do(what, **more):
    return {"do": what, **more}


class Case(unittest.TestCase):
    url = None

    def start(self, behave):
        server = Server(behave)
        self.addCleanup(server.close)
        return server

    def launch(self, key="any", tasks=(), connection="me=", stage="dev",
               **env):
        """The function, which has its event but no leave to start yet."""
        event = {"requestContext": {
            "routeKey": key, "apiId": "abc", "stage": stage,
            "connectionId": connection}, "body": json.dumps(tasks)}
        variables = {name: value for name, value in os.environ.items()
                     if name not in OURS}
        variables.update(KEYS)
        if self.url:
            variables["AWS_ENDPOINT_URL_DYNAMODB"] = self.url
        for name, value in env.items():
            variables.pop(name, None)
            if value is not None:
                variables[name] = value
        process = subprocess.Popen([BINARY], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=variables)
        return process, json.dumps(event).encode()

    def invoke(self, key="any", **more):
        """The function's answer, None if it failed, and its log."""
        process, event = self.launch(key, **more)
        said, log = process.communicate(event, timeout=50)
        log = log.decode()
        # Whatever happens, no secret in the log.
        for secret in (SECRET, KEYS["AWS_SESSION_TOKEN"], "Signature="):
            self.assertNotIn(secret, log)
        said = json.loads(said)
        return (None if process.returncode else said), log

    def ask(self, *tasks, **more):
        """What became of each task."""
        said, log = self.invoke(tasks=tasks, **more)
        self.assertIsNotNone(said, log)
        return json.loads(said["body"]), log

    def tell(self, *tasks, **more):
        """The same, where all goes well and nothing is logged."""
        said, log = self.ask(*tasks, **more)
        self.assertEqual(log, "")
        for one in said:
            self.assertIs(one.pop(), True, said)
        return said
