# SPDX-License-Identifier: MIT
"""A certificate authority for a test, made with the openssl command."""
import os
import subprocess

KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


class Authority:
    """Files in folder: NAME.pem and NAME.key for each certificate."""

    def __init__(self, folder):
        self.folder = folder
        self.root("root")

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *args):
        subprocess.run(["openssl", *args], check=True, capture_output=True,
                       cwd=self.folder)

    def root(self, name):
        self.run("req", "-x509", *KEY, "-keyout", name + ".key", "-out",
                 name + ".pem", "-subj", "/CN=test " + name, "-days", "2")

    def issue(self, name, names="", issuer="root", days=2, ca=False):
        """A certificate for names, as subjectAltName has them."""
        self.run("req", "-new", *KEY, "-keyout", name + ".key", "-out",
                 name + ".csr", "-subj", "/CN=test " + name)
        with open(self.path(name + ".ext"), "w") as file:
            if ca:
                file.write("basicConstraints=critical,CA:true\n"
                           "keyUsage=keyCertSign\n")
            else:
                file.write("basicConstraints=CA:false\n")
            if names:
                file.write("subjectAltName=%s\n" % names)
        self.run("x509", "-req", "-in", name + ".csr", "-CA", issuer + ".pem",
                 "-CAkey", issuer + ".key", "-CAcreateserial", "-days",
                 str(days), "-extfile", name + ".ext", "-out", name + ".pem")

    def chain(self, name, *more):
        """One file with a certificate and those above it."""
        path = self.path(name + ".chain.pem")
        with open(path, "w") as out:
            for one in (name, *more):
                with open(self.path(one + ".pem")) as file:
                    out.write(file.read())
        return path
