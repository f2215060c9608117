"""The peer's side of HTTP: a client that posts, and a server whose answers follow a script of faults."""
import http.client
import http.server
import socket
import struct
import sys
import threading
import time
import traceback
import urllib.parse


class answer:
    def __init__(self, status, content_type, body):
        self.status, self.content_type, self.body = status, content_type or "", body


def post(url, content_type, body, timeout=60, headers=(), tls=None):
    """`tls`: the ssl.SSLContext of an https address; the answer then has the suite that was agreed on."""
    place = urllib.parse.urlsplit(url)
    line = (http.client.HTTPSConnection(place.hostname, place.port, timeout=timeout, context=tls)
            if place.scheme == "https" else http.client.HTTPConnection(place.hostname, place.port, timeout=timeout))
    try:
        line.request("POST", place.path, body, {"Content-Type": content_type, **dict(headers)})
        suite = line.sock.cipher()[0] if place.scheme == "https" else None
        got = line.getresponse()
        said = answer(got.status, got.getheader("Content-Type"), got.read())
        said.suite = suite
        return said
    finally:
        line.close()


class seen:
    """One request that came to the peer."""

    def __init__(self, path, content_type, body, authorization=""):
        self.path, self.content_type, self.body, self.at = path, content_type, body, time.monotonic()
        self.authorization = authorization


class peer:
    """An HTTP server on 127.0.0.1, or where `host` and `port` say. `script` is asked for every request: it gets `seen` and gives what to do:

    answer(...)          answer so          "drop"      read the request, close the connection without a word
    "hang"               never answer       "reset"     RST after the request
    ("cut", answer)      promise the whole, send the half
    """

    def __init__(self, script, host="127.0.0.1", port=0):
        self.requests, self.script, self.lock = [], script, threading.Lock()
        outer = self

        class door(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                outer.meet(self)

            def log_message(self, *_):
                pass

        class server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            def handle_error(self, *_):
                if not isinstance(sys.exc_info()[1], OSError):  # a caller that is gone is no news
                    traceback.print_exc()

            address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

        self.server = server((host, port), door)
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{self.server.server_port}/as4"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def meet(self, line):
        body = read_body(line)
        one = seen(line.path, line.headers.get("Content-Type", ""), body, line.headers.get("Authorization", ""))
        with self.lock:
            self.requests.append(one)
            what = self.script(one)
        line.close_connection = True
        if isinstance(what, answer):
            send(line, what, len(what.body))
        elif what == "hang":
            time.sleep(3600)
        elif what == "reset":
            line.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.connection.close()
        elif isinstance(what, tuple):
            send(line, answer(what[1].status, what[1].content_type, what[1].body[:len(what[1].body) // 2]), len(what[1].body))

    def wait(self, count, seconds=20):
        """The requests, once there are so many, or after so long."""
        end = time.monotonic() + seconds
        while len(self.requests) < count and time.monotonic() < end:
            time.sleep(0.02)
        return list(self.requests)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def read_body(line):
    if "chunked" not in line.headers.get("Transfer-Encoding", ""):
        return line.rfile.read(int(line.headers.get("Content-Length", 0)))
    body = b""
    while size := int(line.rfile.readline().split(b";")[0], 16):
        body += line.rfile.read(size)
        line.rfile.readline()
    line.rfile.readline()
    return body


def send(line, what, promised):
    line.send_response(what.status)
    line.send_header("Content-Type", what.content_type)
    line.send_header("Content-Length", str(promised))
    line.send_header("Connection", "close")
    line.end_headers()
    line.wfile.write(what.body)
