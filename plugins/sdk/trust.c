/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Certificates that are trusted.  A store of 150 parsed certificates costs 7 ms and 8 MB that every fork
 * has to copy page tables for, and a probe needs one or two of them.  So the zygote keeps their DER (150
 * kB) and where each one's subject lies in it; a probe parses those whose subject its chain names.  Whether
 * they fit is for the library to say.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "der.h"
#include "trust.h"

typedef struct Anchor {
        size_t offset, size;            /* of its DER */
        size_t subject, subject_size;   /* of its subject, a Name with tag and length */
} Anchor;

struct MdTrust {
        uint8_t *der;
        size_t size, room;
        Anchor *anchors;
        size_t n_anchors, anchors_room;
};

/* A Name as it stands in a certificate, with tag and length. */
typedef struct Name {
        const uint8_t *at;
        size_t size;
} Name;

/* Finds issuer and subject in a certificate (RFC 5280 section 4.1): the issuer is behind version, serial and signature,
 * the subject behind the validity. */
static int der_find_names(const uint8_t *bytes, size_t size, Name *ret_issuer, Name *ret_subject) {
        MdDer all = { bytes, bytes + size }, certificate, body, inside, version;
        Name *names[] = { NULL, NULL, ret_issuer, NULL, ret_subject };
        uint8_t tag;
        if (md_der_take(&all, MD_DER_SEQUENCE, &certificate) < 0 ||
            md_der_take(&certificate, MD_DER_SEQUENCE, &body) < 0)
                return -EBADMSG;
        md_der_take(&body, MD_DER_EXPLICIT_0, &version);        /* may be left out */
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
                const uint8_t *begin = body.at;
                if (md_der_next(&body, &tag, &inside) < 0 || (names[i] && tag != MD_DER_SEQUENCE))
                        return -EBADMSG;
                if (names[i])
                        *names[i] = (Name) { begin, (size_t) (body.at - begin) };
        }
        return 0;
}

static void *make_room(void *array, size_t *room, size_t needed, size_t element) {
        if (needed <= *room)
                return array;
        size_t larger = needed + needed / 2;
        void *moved = reallocarray(array, larger, element);
        if (moved)
                *room = larger;
        return moved;
}

/* Returns 1 when the certificate was added, 0 when it is none. */
static int trust_add_der(MdTrust *trust, const uint8_t *bytes, size_t size) {
        Name issuer, subject;
        if (der_find_names(bytes, size, &issuer, &subject) < 0)
                return 0;
        const Anchor anchor = {
                .offset = trust->size, .size = size,
                .subject = trust->size + (size_t) (subject.at - bytes), .subject_size = subject.size,
        };

        uint8_t *der = make_room(trust->der, &trust->room, trust->size + size, 1);
        if (!der)
                return -ENOMEM;
        trust->der = der;
        size_t n = trust->n_anchors + 1;
        Anchor *anchors = make_room(trust->anchors, &trust->anchors_room, n, sizeof(Anchor));
        if (!anchors)
                return -ENOMEM;
        trust->anchors = anchors;

        memcpy(trust->der + trust->size, bytes, size);
        trust->size += size;
        trust->anchors[trust->n_anchors++] = anchor;
        return 1;
}

/* Adds the first certificate at or after *at and moves *at behind it; 0 at the end of the text. */
static int trust_add_block(MdTrust *trust, const char **at, const char *end) {
        static const char begin_line[] = "-----BEGIN CERTIFICATE-----";
        static const char end_line[] = "-----END CERTIFICATE-----";
        const char *begin = memmem(*at, (size_t) (end - *at), begin_line, sizeof(begin_line) - 1);
        const char *last = NULL;
        if (begin)
                last = memmem(begin, (size_t) (end - begin), end_line, sizeof(end_line) - 1);
        if (!last)
                return 0;
        last += sizeof(end_line) - 1;
        *at = last;

        gnutls_datum_t pem = { (uint8_t *) begin, (unsigned) (last - begin) }, der;
        int r = gnutls_pem_base64_decode2("CERTIFICATE", &pem, &der);
        if (r == GNUTLS_E_MEMORY_ERROR)
                return -ENOMEM;
        if (r < 0)
                return 1;
        r = trust_add_der(trust, der.data, der.size);
        gnutls_free(der.data);
        return r < 0 ? r : 1;
}

int md_trust_add_text(MdTrust *trust, const char *text, size_t size) {
        const char *at = text;
        size_t before = trust->n_anchors;
        int r;
        while ((r = trust_add_block(trust, &at, text + size)) > 0)
                ;
        return r < 0 ? r : (int) (trust->n_anchors - before);
}

int md_trust_add_fd(MdTrust *trust, int fd) {
        char *text;
        size_t size;
        int r = md_pem_read(fd, &text, &size);
        if (r < 0)
                return r;
        r = md_trust_add_text(trust, text, size);
        free(text);
        return r == 0 ? -EBADMSG : r;
}

/* Distributions without a bundle keep their certificates where only the library knows. */
static int trust_add_library(MdTrust *trust) {
        gnutls_x509_trust_list_t list;
        if (gnutls_x509_trust_list_init(&list, 0) < 0)
                return -ENOMEM;
        gnutls_x509_trust_list_add_system_trust(list, 0, 0);

        gnutls_x509_trust_list_iter_t iter = NULL;
        gnutls_x509_crt_t crt;
        int r = 0;
        while (r >= 0 && gnutls_x509_trust_list_iter_get_ca(list, &iter, &crt) >= 0) {
                gnutls_datum_t der;
                r = gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, &der) < 0 ? -ENOMEM : 0;
                gnutls_x509_crt_deinit(crt);
                if (r < 0)
                        break;
                r = trust_add_der(trust, der.data, der.size);
                gnutls_free(der.data);
        }
        gnutls_x509_trust_list_iter_deinit(iter);
        gnutls_x509_trust_list_deinit(list, 1);
        return r < 0 ? r : (int) trust->n_anchors;
}

int md_trust_load(MdTrust *trust, const char *path) {
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
                return errno == ENOENT ? trust_add_library(trust) : -errno;
        int r = md_trust_add_fd(trust, fd);
        close(fd);
        return r == -EBADMSG ? 0 : r;
}

MdTrust *md_trust_new_empty(void) {
        return calloc(1, sizeof(MdTrust));
}

int md_trust_new(MdTrust **ret) {
        MdTrust *trust = md_trust_new_empty();
        if (!trust)
                return -ENOMEM;
        int r = md_trust_load(trust, MAILDIAG_TRUST_STORE);
        if (r < 0) {
                md_trust_free(trust);
                return r;
        }
        *ret = trust;
        return r;
}

MdTrust *md_trust_free(MdTrust *trust) {
        if (trust) {
                free(trust->der);
                free(trust->anchors);
                free(trust);
        }
        return NULL;
}

static bool anchor_is_named(const MdTrust *trust, const Anchor *anchor, const Name *name) {
        return anchor->subject_size == name->size &&
               !memcmp(trust->der + anchor->subject, name->at, name->size);
}

/* Whether a certificate of the chain has the subject or the issuer that the anchor is named by. */
static bool anchor_is_wanted(const MdTrust *trust, const Anchor *anchor, const Name *names, size_t n) {
        for (size_t i = 0; i < n; i++)
                if (anchor_is_named(trust, anchor, &names[i]))
                        return true;
        return false;
}

static int anchor_parse(const MdTrust *trust, const Anchor *anchor, gnutls_x509_trust_list_t list) {
        gnutls_x509_crt_t crt;
        if (gnutls_x509_crt_init(&crt) < 0)
                return -ENOMEM;
        gnutls_datum_t der = { trust->der + anchor->offset, (unsigned) anchor->size };
        /* What the library cannot parse it cannot trust; the chain is then refused like any other
         * without anchor. */
        if (gnutls_x509_crt_import(crt, &der, GNUTLS_X509_FMT_DER) < 0 ||
            gnutls_x509_trust_list_add_cas(list, &crt, 1, 0) != 1)
                gnutls_x509_crt_deinit(crt);
        return 0;
}

int md_trust_select(const MdTrust *trust, const gnutls_datum_t *chain, size_t n, gnutls_x509_trust_list_t list) {
        Name *names = calloc(n > 0 ? n * 2 : 1, sizeof(*names));
        if (!names)
                return -ENOMEM;
        size_t n_names = 0;
        int r = 0;
        /* One that cannot be read names nobody. */
        for (size_t i = 0; i < n; i++)
                if (der_find_names(chain[i].data, chain[i].size, &names[n_names], &names[n_names + 1]) == 0)
                        n_names += 2;
        for (size_t i = 0; r == 0 && i < trust->n_anchors; i++)
                if (anchor_is_wanted(trust, &trust->anchors[i], names, n_names))
                        r = anchor_parse(trust, &trust->anchors[i], list);
        free(names);
        return r;
}

bool md_trust_mentions(const MdTrust *trust, const char *name) {
        static const uint8_t string_tags[] = { 0x0c, 0x13, 0x14 };      /* UTF8, Printable, T61String */
        uint8_t needle[2 + 64];
        size_t size = strlen(name);
        if (size < 1 || size > 64 || trust->size == 0)  /* ub-organization-name, RFC 5280 appendix A */
                return false;
        needle[1] = (uint8_t) size;
        memcpy(needle + 2, name, size);
        for (size_t i = 0; i < sizeof(string_tags); i++) {
                needle[0] = string_tags[i];
                if (memmem(trust->der, trust->size, needle, 2 + size))
                        return true;
        }
        return false;
}
