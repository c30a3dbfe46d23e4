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

/* Finds the subject in a certificate (RFC 5280 section 4.1): behind version, serial, signature, issuer
 * and validity. */
static int der_find_subject(const uint8_t *bytes, size_t size, Anchor *anchor) {
        MdDer all = { bytes, bytes + size }, certificate, body, inside, version;
        uint8_t tag;
        if (md_der_take(&all, MD_DER_SEQUENCE, &certificate) < 0 ||
            md_der_take(&certificate, MD_DER_SEQUENCE, &body) < 0)
                return -EBADMSG;
        md_der_take(&body, MD_DER_EXPLICIT_0, &version);        /* may be left out */
        for (unsigned i = 0; i < 4; i++)
                if (md_der_next(&body, &tag, &inside) < 0)
                        return -EBADMSG;
        const uint8_t *begin = body.at;
        if (md_der_take(&body, MD_DER_SEQUENCE, &inside) < 0)
                return -EBADMSG;
        anchor->subject = (size_t) (begin - bytes);
        anchor->subject_size = (size_t) (body.at - begin);
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
        Anchor anchor = { .offset = trust->size, .size = size };
        if (der_find_subject(bytes, size, &anchor) < 0)
                return 0;
        anchor.subject += trust->size;

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

static bool anchor_is_named(const MdTrust *trust, const Anchor *anchor, const gnutls_datum_t *name) {
        return anchor->subject_size == name->size &&
               !memcmp(trust->der + anchor->subject, name->data, name->size);
}

/* Whether a certificate of the chain has the subject or the issuer that the anchor is named by. */
static bool anchor_is_wanted(const MdTrust *trust, const Anchor *anchor, const gnutls_datum_t *names,
                             size_t n) {
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

int md_trust_select(const MdTrust *trust, const gnutls_x509_crt_t *chain, size_t n,
                    gnutls_x509_trust_list_t list) {
        gnutls_datum_t *names = calloc(n * 2, sizeof(*names));
        if (!names)
                return -ENOMEM;
        size_t n_names = 0;
        int r = 0;
        for (size_t i = 0; i < n; i++) {
                n_names += gnutls_x509_crt_get_raw_dn(chain[i], &names[n_names]) >= 0;
                n_names += gnutls_x509_crt_get_raw_issuer_dn(chain[i], &names[n_names]) >= 0;
        }
        for (size_t i = 0; r == 0 && i < trust->n_anchors; i++)
                if (anchor_is_wanted(trust, &trust->anchors[i], names, n_names))
                        r = anchor_parse(trust, &trust->anchors[i], list);

        for (size_t i = 0; i < n_names; i++)
                gnutls_free(names[i].data);
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
