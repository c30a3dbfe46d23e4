/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Whose certificate it is, by RFC 9525: only the subject alternative name counts; a wildcard is the whole
 * left-most label and stands for one label; an address needs an iPAddress.  The library still looks at the
 * common name; this does not.
 */

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "cert.h"

bool md_names_begin(gnutls_x509_crt_t crt, MdNames *ret) {
        *ret = (MdNames) { 0 };
        if (gnutls_x509_crt_get_extension_by_oid2(crt, "2.5.29.17", 0, &ret->extension, NULL) < 0)
                return false;
        MdDer all = { ret->extension.data, ret->extension.data + ret->extension.size };
        return md_der_take(&all, MD_DER_SEQUENCE, &ret->rest) == 0;
}

bool md_names_next(MdNames *names, uint8_t *ret_tag, MdDer *ret_name) {
        return md_der_next(&names->rest, ret_tag, ret_name) == 0;
}

void md_names_end(MdNames *names) {
        gnutls_free(names->extension.data);
}

static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
}

static bool is_host_char(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/* `name` is in lower case and NUL-terminated.  Anything but letters, digits, hyphens and dots fits
 * nothing: no NUL, no underscore, no U-label. */
static bool equal_names(const char *presented, size_t size, const char *name) {
        if (strlen(name) != size)
                return false;
        for (size_t i = 0; i < size; i++)
                if (lower(presented[i]) != name[i] || !is_host_char(name[i]))
                        return false;
        return true;
}

/* Bytes of an address; returns how many, 0 when `name` is none. */
static size_t address_bytes(const char *name, uint8_t bytes[static 16]) {
        if (inet_pton(AF_INET, name, bytes) == 1)
                return 4;
        return inet_pton(AF_INET6, name, bytes) == 1 ? 16 : 0;
}

static bool is_address_text(const char *text, size_t size) {
        char copy[INET6_ADDRSTRLEN];
        uint8_t address[16];
        if (size >= sizeof(copy))
                return false;
        memcpy(copy, text, size);
        copy[size] = '\0';
        return address_bytes(copy, address) > 0;
}

static bool is_valid_label(const char *label, size_t size) {
        if (size < 1 || size > 63 || label[0] == '-' || label[size - 1] == '-')
                return false;
        for (size_t i = 0; i < size; i++)
                if (!is_host_char(lower(label[i])))
                        return false;
        return true;
}

bool md_dns_name_is_valid(const char *presented, size_t size) {
        if (size < 1 || size > 253 || is_address_text(presented, size))
                return false;
        const char *label = presented, *end = presented + size;
        if (size > 2 && label[0] == '*' && label[1] == '.')
                label += 2;
        while (label) {
                const char *dot = memchr(label, '.', (size_t) (end - label));
                if (!is_valid_label(label, (size_t) ((dot ? dot : end) - label)))
                        return false;
                label = dot ? dot + 1 : NULL;
        }
        return true;
}

bool md_dns_name_fits(const char *presented, size_t size, const char *name) {
        if (size < 2 || presented[0] != '*' || presented[1] != '.')
                return size > 0 && equal_names(presented, size, name);

        const char *rest = strchr(name, '.');
        if (!rest || rest == name || !strchr(rest + 1, '.'))    /* never for all of a top-level domain */
                return false;
        return equal_names(presented + 1, size - 1, rest);
}

MdNameFit md_cert_fits(gnutls_x509_crt_t crt, const char *name, bool is_address) {
        uint8_t address[16], tag;
        size_t address_size = is_address ? address_bytes(name, address) : 0;
        MdNameFit fit = MD_NAME_NONE;
        MdNames names;
        MdDer inside;

        for (bool any = md_names_begin(crt, &names); any && fit != MD_NAME_FITS;) {
                if (!md_names_next(&names, &tag, &inside))
                        break;
                size_t size = (size_t) (inside.end - inside.at);
                bool fits = false;
                if (tag == MD_NAME_DNS)
                        fits = !is_address && md_dns_name_fits((const char *) inside.at, size, name);
                else if (tag == MD_NAME_ADDRESS)
                        fits = is_address && size == address_size && !memcmp(inside.at, address, size);
                else
                        continue;
                fit = fits ? MD_NAME_FITS : MD_NAME_OTHER;
        }
        md_names_end(&names);
        return fit;
}
