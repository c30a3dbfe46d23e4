# SPDX-License-Identifier: LGPL-2.1-or-later
"""blackbox_exporter as it runs beside Prometheus: always up, asked over HTTP, greeting and STARTTLS by a script of its own, no login."""

import http.client
import json
import shutil
import subprocess
import time
import urllib.parse

import host
import scale

PORT = 9115
SCRIPTS = {
    "imap": [("expect", r"^\* OK"), ("send", "a STARTTLS"), ("expect", "^a OK"), ("starttls", "true"), ("send", "b CAPABILITY"),
             ("expect", "^b OK")],
    "pop3": [("expect", r"^\+OK"), ("send", "STLS"), ("expect", r"^\+OK"), ("starttls", "true"), ("send", "QUIT"),
             ("expect", r"^\+OK")],
    "smtp": [("expect", "^220 "), ("send", "EHLO prober"), ("expect", "^250 "), ("send", "STARTTLS"), ("expect", "^220"),
             ("starttls", "true"), ("send", "EHLO prober"), ("expect", "^250 "), ("send", "QUIT"), ("expect", "^221")],
}


def script(protocol, security):
    """The dialogue; over implicit TLS without what leads there."""
    steps = SCRIPTS[protocol]
    if security == "starttls":
        return steps
    return steps[:1] + steps[steps.index(("starttls", "true")) + 1:]


def quoted(value):
    return value if value == "true" else json.dumps(value)


def module(protocol, security, trust):
    lines = ["    prober: tcp", "    timeout: 20s", "    tcp:", f"      tls: {'true' if security == 'tls' else 'false'}",
             "      preferred_ip_protocol: ip4", "      tls_config:"]
    lines += [f"        {line}" for line in trust]
    lines += ["      query_response:"]
    lines += [f"        - {key}: {quoted(value)}" for key, value in script(protocol, security)]
    return "\n".join([f"  {protocol}-{security}:"] + lines)


class Blackbox:
    """One exporter; verifies against the authorities when they are given."""

    def __init__(self, folder, authorities=None):
        self.program = shutil.which("prometheus-blackbox-exporter")
        self.folder, self.process = folder, None
        self.trust = [f"ca_file: {authorities}", f"server_name: {host.NAME}"] if authorities else ["insecure_skip_verify: true"]

    def __enter__(self):
        if not self.program:
            return self
        config = self.folder / f"blackbox-{len(self.trust)}.yml"
        parts = [module(protocol, security, self.trust) for protocol in SCRIPTS for security in ("starttls", "tls")]
        config.write_text("modules:\n" + "\n".join(parts) + "\n")
        self.port = PORT + len(self.trust)
        self.process = subprocess.Popen([self.program, f"--config.file={config}", f"--web.listen-address=127.0.0.1:{self.port}"],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=(self.folder / "blackbox.log").open("ab"))
        self.wait()
        return self

    def wait(self):
        for _ in range(200):
            try:
                self.get("/-/healthy")
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("blackbox_exporter does not answer")

    def __exit__(self, *_):
        if self.process:
            self.process.terminate()
            self.process.wait()

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=scale.LONGEST)
        connection.request("GET", path)
        text = connection.getresponse().read().decode()
        connection.close()
        return text

    def measure(self, endpoint, address):
        """One probe: wall clock of the HTTP call, processor time of the exporter."""
        query = urllib.parse.urlencode({"target": f"{address}:{endpoint.port}",
                                        "module": f"{endpoint.protocol}-{endpoint.security}"})
        before, began = scale.processor(self.process.pid), time.monotonic()
        text = self.get(f"/probe?{query}")
        wall = time.monotonic() - began
        if "\nprobe_success 1" not in text:
            raise scale.Failed(f"blackbox_exporter: {query} failed")
        return wall * 1000, scale.processor(self.process.pid) - before
