# SPDX-License-Identifier: MIT
"""An HTTP server over raw sockets that does what its test tells it to."""
import socket
import ssl
import threading


class Request:
    def __init__(self, stream):
        self.line = stream.readline().decode().rstrip("\r\n")
        self.headers = []
        while self.line:
            line = stream.readline().decode()
            if line in ("\r\n", ""):
                break
            self.headers.append(line.rstrip("\r\n").split(": ", 1))
        self.method, self.target = (self.line + " ").split(" ")[:2]
        self.stream = stream
        self.body = None

    def header(self, name):
        for key, value in self.headers:
            if key.lower() == name.lower():
                return value
        return None

    def read_body(self):
        self.body = self.stream.read(int(self.header("content-length") or 0))


class Server:
    """
    behave(connection, request, number) answers the number-th request, whose
    body was read unless read_bodies is false. It returns True to keep the
    connection.
    """

    def __init__(self, behave, context=None, read_bodies=True):
        self.behave = behave
        self.context = context
        self.read_bodies = read_bodies
        self.requests = []
        self.connections = 0
        self.resumed = 0
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,),
                             daemon=True).start()

    def serve(self, connection):
        try:
            if self.context:
                connection = self.context.wrap_socket(connection,
                                                      server_side=True)
                self.resumed += connection.session_reused
            stream = connection.makefile("rb")
            while self.request(connection, stream):
                pass
            stream.close()
        except (OSError, ssl.SSLError, ValueError):
            pass
        connection.close()

    def request(self, connection, stream):
        request = Request(stream)
        if not request.line:
            return False
        if self.read_bodies:
            request.read_body()
        with self.lock:
            number = len(self.requests)
            self.requests.append(request)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return self.behave(connection, request, number)
        finally:
            with self.lock:
                self.at_once -= 1

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()


def answer(body=b"", status="200 OK", head=""):
    """The bytes of a plain answer."""
    lines = ["HTTP/1.1 " + status, "Content-Length: %d" % len(body)]
    return "\r\n".join(lines + [line for line in head.split("\n") if line] +
                       ["", ""]).encode() + body
