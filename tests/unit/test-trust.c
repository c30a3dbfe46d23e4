/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The store of trusted certificates: what it takes from which descriptor, and what it finds for a chain. */

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cert.h"
#include "certs.h"
#include "config.h"
#include "harness.h"
#include "trust.h"

static Certs *certs;
static MdTrust *trust;

static void setup(void) {
        trust = md_trust_new_empty();
        ck_assert_ptr_nonnull(trust);
}

static void teardown(void) {
        trust = md_trust_free(trust);
}

static int memory_file(const char *text, size_t size) {
        int fd = memfd_create("pem", MFD_CLOEXEC);
        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(write(fd, text, size), (ssize_t) size);
        return fd;
}

static int add_text(const char *text) {
        int fd = memory_file(text, strlen(text));
        int r = md_trust_add_fd(trust, fd);
        close(fd);
        return r;
}

/* How many certificates the store offers for the server's certificate of a kind. */
static size_t count_for(const char *kind) {
        CertBundle bundle;
        gnutls_x509_crt_t crt;
        gnutls_datum_t der;
        gnutls_x509_trust_list_t list;
        gnutls_x509_trust_list_iter_t iter = NULL;
        size_t n = 0;
        certs_make(certs, kind, &bundle);
        gnutls_datum_t pem = { (unsigned char *) bundle.chain, (unsigned) strlen(bundle.chain) };
        gnutls_x509_crt_init(&crt);
        ck_assert_int_ge(gnutls_x509_crt_import(crt, &pem, GNUTLS_X509_FMT_PEM), 0);
        ck_assert_int_ge(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, &der), 0);
        gnutls_x509_trust_list_init(&list, 1);
        ck_assert_int_eq(md_trust_select(trust, &der, 1, list), 0);
        for (gnutls_x509_crt_t found; gnutls_x509_trust_list_iter_get_ca(list, &iter, &found) >= 0; n++)
                gnutls_x509_crt_deinit(found);
        gnutls_x509_trust_list_iter_deinit(iter);
        gnutls_x509_trust_list_deinit(list, 1);
        gnutls_x509_crt_deinit(crt);
        gnutls_free(der.data);
        cert_bundle_done(&bundle);
        return n;
}

START_TEST(takes_certificates_only) {
        CertBundle bundle;
        char text[16384];
        certs_make(certs, "good", &bundle);
        ck_assert_int_eq(add_text(certs_root(certs)), 1);
        ck_assert_int_eq(add_text(bundle.chain), 2);
        snprintf(text, sizeof(text),
                 "a comment\r\n%s%s%s-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
                 "-----BEGIN CERTIFICATE-----\ncut off",
                 bundle.key, bundle.chain, certs_root(certs));
        ck_assert_int_eq(add_text(text), 3);
        cert_bundle_done(&bundle);
}
END_TEST

START_TEST(offers_what_the_chain_names) {
        ck_assert_uint_eq(count_for("self-signed"), 0);
        ck_assert_int_eq(add_text(certs_root(certs)), 1);
        ck_assert_uint_eq(count_for("good"), 0);        /* its issuer is the intermediate */
        CertBundle bundle;
        certs_make(certs, "good", &bundle);
        ck_assert_int_eq(add_text(bundle.chain), 2);
        ck_assert_uint_eq(count_for("good"), 2);        /* the intermediate, and one with the same subject */
        cert_bundle_done(&bundle);
}
END_TEST

START_TEST(mentions_whole_names) {
        ck_assert(!md_trust_mentions(trust, "Test"));
        ck_assert_int_eq(add_text(certs_root(certs)), 1);
        ck_assert(md_trust_mentions(trust, "Test"));
        ck_assert(!md_trust_mentions(trust, "Tes"));
        ck_assert(!md_trust_mentions(trust, ""));
        ck_assert(!md_trust_mentions(trust, "a name longer than that of any organisation that keeps to RFC 5280"));
}
END_TEST

static const struct {
        const char *text;
        int result;
} bad_texts[] = {
        { "", -EBADMSG },
        { "rubbish", -EBADMSG },
        { "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", -EBADMSG },
        { "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", -EBADMSG },
        { "-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\n", -EBADMSG },
};

START_TEST(refuses_texts) {
        ck_assert_int_eq(add_text(bad_texts[_i].text), bad_texts[_i].result);
}
END_TEST

START_TEST(refuses_descriptors) {
        int zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);
        int dir = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        int path = open("/", O_PATH | O_CLOEXEC), silent[2];
        ck_assert_int_eq(pipe(silent), 0);
        ck_assert_int_eq(md_trust_add_fd(trust, zero), -EFBIG);
        ck_assert_int_eq(md_trust_add_fd(trust, dir), -EISDIR);
        ck_assert_int_eq(md_trust_add_fd(trust, path), -EBADF);
        ck_assert_int_eq(md_trust_add_fd(trust, -1), -EBADF);
        ck_assert_int_eq(md_trust_add_fd(trust, silent[0]), -ETIMEDOUT);
        ck_assert_str_eq(md_credential_trouble(-ETIMEDOUT), "stays silent");
        close(zero);
        close(dir);
        close(path);
        close(silent[0]);
        close(silent[1]);
}
END_TEST

/* A descriptor that several probes share is read from its start each time. */
START_TEST(reads_from_the_start) {
        int fd = memory_file(certs_root(certs), strlen(certs_root(certs)));
        ck_assert_int_eq(md_trust_add_fd(trust, fd), 1);
        ck_assert_int_eq(md_trust_add_fd(trust, fd), 1);
        close(fd);
}
END_TEST

START_TEST(reads_a_pipe_to_its_end) {
        int fds[2];
        const char *pem = certs_root(certs);
        ck_assert_int_eq(pipe(fds), 0);
        pid_t pid = fork();
        if (pid == 0) {
                for (size_t i = 0; pem[i]; i++)
                        if (write(fds[1], pem + i, 1) != 1)
                                _exit(1);
                _exit(0);
        }
        close(fds[1]);
        ck_assert_int_eq(md_trust_add_fd(trust, fds[0]), 1);
        close(fds[0]);
}
END_TEST

START_TEST(loads_a_bundle) {
        char path[] = "/tmp/maildiag-trust-XXXXXX";
        int fd = mkstemp(path);
        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(md_trust_load(trust, path), 0);        /* an empty one is no error */
        size_t size = strlen(certs_root(certs));
        ck_assert_int_eq(write(fd, certs_root(certs), size), (ssize_t) size);
        ck_assert_int_eq(md_trust_load(trust, path), 1);
        ck_assert_int_eq(md_trust_load(trust, "/"), -EISDIR);
        close(fd);
        unlink(path);
}
END_TEST

/* Without a bundle the library is asked; it knows the same certificates where there is one after all. */
START_TEST(asks_the_library) {
        int n = md_trust_load(trust, "/nonexistent/bundle.pem");
        ck_assert_int_ge(n, 0);
        MdTrust *own;
        int m = md_trust_new(&own);
        ck_assert_int_ge(m, 0);
        if (access(MAILDIAG_TRUST_STORE, R_OK) == 0)
                ck_assert_int_eq(n, m);
        md_trust_free(own);
}
END_TEST

int main(void) {
        certs = certs_new();
        Suite *suite = suite_create("trust");
        TCase *tcase = tcase_create("trust");
        tcase_add_checked_fixture(tcase, setup, teardown);
        tcase_set_timeout(tcase, 60);
        tcase_add_test(tcase, takes_certificates_only);
        tcase_add_test(tcase, offers_what_the_chain_names);
        tcase_add_test(tcase, mentions_whole_names);
        tcase_add_loop_test(tcase, refuses_texts, 0, sizeof(bad_texts) / sizeof(bad_texts[0]));
        tcase_add_test(tcase, refuses_descriptors);
        tcase_add_test(tcase, reads_from_the_start);
        tcase_add_test(tcase, reads_a_pipe_to_its_end);
        tcase_add_test(tcase, loads_a_bundle);
        tcase_add_test(tcase, asks_the_library);
        suite_add_tcase(suite, tcase);
        int r = run_suite(suite);
        certs_free(certs);
        return r;
}
