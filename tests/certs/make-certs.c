/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * make-certs DIR: writes certificates of every kind for servers that tests start.  ca.pem is the root to
 * trust; KIND.crt is a chain, KIND.key its key, KIND.ocsp the OCSP response to staple where the kind has
 * one.  make-certs --list names the kinds and the host name that each is to be asked for.
 *
 * make-certs DIR FILE=KIND[:NAME,NAME…]…: writes only those, as FILE.crt and so on, for other names if there are some.
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

static void write_kind(Certs *certs, const char *dir, const char *file, const char *kind, const char *names) {
        CertBundle bundle;
        certs_make_for(certs, kind, names, &bundle);
        write_file(dir, file, ".crt", 0644, bundle.chain, strlen(bundle.chain));
        write_file(dir, file, ".key", 0600, bundle.key, strlen(bundle.key));
        if (bundle.staple)
                write_file(dir, file, ".ocsp", 0644, bundle.staple, bundle.staple_size);
        cert_bundle_done(&bundle);
}

/* FILE=KIND or FILE=KIND:NAME,NAME */
static void write_ordered(Certs *certs, const char *dir, char *order) {
        char *rest = order, *file = strsep(&rest, "="), *kind = strsep(&rest, ":");
        if (!kind) {
                fprintf(stderr, "make-certs: \"%s\" lacks a kind\n", file);
                exit(64);
        }
        for (char *c = rest; c && *c; c++)
                if (*c == ',')
                        *c = ' ';
        write_kind(certs, dir, file, kind, rest);
}

int main(int argc, char **argv) {
        if (argc < 2) {
                fprintf(stderr, "usage: make-certs DIR [FILE=KIND[:NAME,NAME...]]... | --list\n");
                return 64;
        }
        if (!strcmp(argv[1], "--list")) {
                for (size_t i = 0; cert_kind(i); i++)
                        printf("%s\t%s\n", cert_kind(i), cert_kind_host(cert_kind(i)));
                return EXIT_SUCCESS;
        }

        Certs *certs = certs_new();
        write_file(argv[1], "ca", ".pem", 0644, certs_root(certs), strlen(certs_root(certs)));
        for (size_t i = 0; argc == 2 && cert_kind(i); i++)
                write_kind(certs, argv[1], cert_kind(i), cert_kind(i), NULL);
        for (int i = 2; i < argc; i++)
                write_ordered(certs, argv[1], argv[i]);
        certs_free(certs);
        return EXIT_SUCCESS;
}
