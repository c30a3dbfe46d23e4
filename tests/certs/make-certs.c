/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * make-certs DIR: writes certificates of every kind for servers that tests start.  ca.pem is the root to
 * trust; KIND.crt is a chain, KIND.key its key, KIND.ocsp the OCSP response to staple where the kind has
 * one.  make-certs --list names the kinds and the host name that each is to be asked for.
 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "certs.h"

static void write_file(const char *dir, const char *name, const char *suffix, mode_t mode, const void *bytes,
                       size_t size) {
        char path[4096];
        snprintf(path, sizeof(path), "%s/%s%s", dir, name, suffix);
        int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
        if (fd < 0 || write(fd, bytes, size) != (ssize_t) size || close(fd) < 0) {
                perror(path);
                exit(EXIT_FAILURE);
        }
}

static void write_kind(Certs *certs, const char *dir, const char *kind) {
        CertBundle bundle;
        certs_make(certs, kind, &bundle);
        write_file(dir, kind, ".crt", 0644, bundle.chain, strlen(bundle.chain));
        write_file(dir, kind, ".key", 0600, bundle.key, strlen(bundle.key));
        if (bundle.staple)
                write_file(dir, kind, ".ocsp", 0644, bundle.staple, bundle.staple_size);
        cert_bundle_done(&bundle);
}

int main(int argc, char **argv) {
        if (argc != 2) {
                fprintf(stderr, "usage: make-certs DIR | --list\n");
                return 64;
        }
        if (!strcmp(argv[1], "--list")) {
                for (size_t i = 0; cert_kind(i); i++)
                        printf("%s\t%s\n", cert_kind(i), cert_kind_host(cert_kind(i)));
                return EXIT_SUCCESS;
        }

        Certs *certs = certs_new();
        write_file(argv[1], "ca", ".pem", 0644, certs_root(certs), strlen(certs_root(certs)));
        for (size_t i = 0; cert_kind(i); i++)
                write_kind(certs, argv[1], cert_kind(i));
        certs_free(certs);
        return EXIT_SUCCESS;
}
