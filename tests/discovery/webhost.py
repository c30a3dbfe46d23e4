# SPDX-License-Identifier: LGPL-2.1-or-later
"""A web server for many names at one address, good and hostile: what it does for a request is a table of functions.

Everything that came is kept: lines, headers, bodies.
"""

import contextlib
import http.server
import ssl
import subprocess
import threading
import time


class Request:
    def __init__(self, handler, body):
        self.host = handler.headers.get("Host", "")
        self.method = handler.command
        self.path = handler.path
        self.headers = dict(handler.headers.items())
        self.body = body

    @property
    def everything(self):
        """All of it, to look for what must not be there."""
        head = f"{self.method} {self.path}\n" + "".join(f"{name}: {value}\n" for name, value in self.headers.items())
        return head.encode("latin-1", "replace") + self.body


def document(body, kind="text/xml", status=200, headers=()):
    """An answer in good order."""
    data = body.encode() if isinstance(body, str) else body

    def answer(handler):
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(data)))
        for name, value in headers:
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(data)
    return answer


def redirect(location, status=302):
    return document(b"", status=status, headers=[("Location", location)])


def endless(handler):
    """A body that never ends, with no length."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/xml")
    handler.end_headers()
    while True:
        handler.wfile.write(b"<!-- " + b"x" * 8192 + b" -->\n")


def endless_chunks(handler):
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    while True:
        handler.wfile.write(b"1000\r\n" + b"y" * 4096 + b"\r\n")


def huge(handler):
    """Says that ten gigabytes will follow."""
    handler.send_response(200)
    handler.send_header("Content-Length", "10737418240")
    handler.end_headers()
    handler.wfile.write(b"<clientConfig>")


def endless_headers(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        handler.wfile.write(b"X-More: " + b"z" * 1000 + b"\r\n")


def slow(handler):
    """A byte now and then, for longer than anybody waits."""
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    for _ in range(5000):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.2)


def silent(handler):
    time.sleep(60)


def hang_up(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<clientConfig>")


def nonsense(handler):
    handler.wfile.write(b"220 mail.example ESMTP\r\n")


class WebHost:
    """`pages`: {(host, path without query): function of the handler}; what is not there is a 404."""

    def __init__(self, pages):
        self.pages = pages
        self.requests = []
        self.servers = []

    def handle(self, handler):
        length = int(handler.headers.get("Content-Length", 0))
        request = Request(handler, handler.rfile.read(length))
        self.requests.append(request)
        answer = self.pages.get((request.host, request.path.split("?")[0]))
        handler.close_connection = True
        (answer or document("nothing here", "text/plain", 404))(handler)

    def listen(self, address, certificate):
        """Serves at an address; `certificate` None: without TLS."""
        host = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            do_GET = do_POST = lambda self: host.handle(self)

            def handle(self):
                with contextlib.suppress(OSError, ssl.SSLError):
                    super().handle()

            def log_message(self, format, *arguments):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def finish_request(self, request, client_address):
                with contextlib.suppress(OSError, ssl.SSLError):
                    if not context:
                        super().finish_request(request, client_address)
                        return
                    with context.wrap_socket(request, server_side=True) as encrypted:
                        super().finish_request(encrypted, client_address)

            def handle_error(self, request, client_address):
                pass

        context = None
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(f"{certificate}.crt", f"{certificate}.key")
        server = Server((address, 443), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.servers.append(server)


def certificates_make(program, folder, **orders):
    """Writes FILE=KIND:NAMES for each; the root to trust is ca.pem."""
    subprocess.run([program, str(folder)] + [f"{file}={order}" for file, order in orders.items()], check=True)
