# SPDX-License-Identifier: LGPL-2.1-or-later
"""A certificate authority for one run, made with the openssl program in a directory that goes away."""

import os
import subprocess

AUTHORITY = """[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = $ENV::NAMES
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


class Authority:
    def __init__(self, directory):
        self.directory = directory
        self.ca_file = self._path("ca.pem")
        self._made = {}
        with open(self._path("openssl.cnf"), "w", encoding="ascii") as file:
            file.write(AUTHORITY)
        self._key("ca.key")
        self._run("req", "-new", "-x509", "-key", self._path("ca.key"), "-out", self.ca_file, "-days", "30",
                  "-subj", "/O=maildiag demonstration/CN=Demonstration CA", "-extensions", "authority")

    def certificate(self, names):
        """The paths of a chain and a key for these DNS names."""
        if names not in self._made:
            self._made[names] = self._make(names, f"server{len(self._made)}")
        return self._made[names]

    def _make(self, names, stem):
        key, request, chain = (self._path(stem + suffix) for suffix in (".key", ".csr", ".pem"))
        alternatives = ",".join("DNS:" + name for name in names)
        self._key(stem + ".key")
        self._run("req", "-new", "-key", key, "-out", request, "-subj", "/CN=" + names[0])
        self._run("x509", "-req", "-in", request, "-out", chain, "-days", "29", "-CA", self.ca_file,
                  "-CAkey", self._path("ca.key"), "-CAcreateserial", "-extfile", self._path("openssl.cnf"),
                  "-extensions", "server", config=False, names=alternatives)
        return chain, key

    def _key(self, name):
        self._run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self._path(name), config=False)

    def _run(self, *words, config=True, names="DNS:none.invalid"):
        if config:
            words += ("-config", self._path("openssl.cnf"))
        environment = dict(os.environ, NAMES=names)
        subprocess.run(("openssl",) + words, env=environment, check=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def _path(self, name):
        return os.path.join(self.directory, name)
