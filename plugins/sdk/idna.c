/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Host names as they travel: A-labels (RFC 5891).  The library maps; lengths (RFC 1035 section 2.3.4)
 * and letters are checked here. */

#include <errno.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

#include "tls.h"

#define NAME_MAX_SIZE 253u
#define LABEL_MAX_SIZE 63u

/* RFC 1123 section 2.1; and the underscore, which names of servers do have. */
static bool label_fits(const char *label, size_t size) {
        if (size < 1 || size > LABEL_MAX_SIZE || label[0] == '-' || label[size - 1] == '-')
                return false;
        for (size_t i = 0; i < size; i++) {
                char c = label[i];
                if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                      c == '_'))
                        return false;
        }
        return true;
}

static bool name_fits(const char *name, size_t size) {
        if (size > 0 && name[size - 1] == '.')
                size--;
        if (size < 1 || size > NAME_MAX_SIZE)
                return false;
        for (size_t at = 0; at <= size;) {
                const char *dot = memchr(name + at, '.', size - at);
                size_t label = dot ? (size_t) (dot - name) - at : size - at;
                if (!label_fits(name + at, label))
                        return false;
                at += label + 1;
        }
        return true;
}

static bool is_ascii(const char *name) {
        for (; *name; name++)
                if (*name & 0x80)
                        return false;
        return true;
}

static int copy_name(const char *name, size_t size, char **ret) {
        if (!name_fits(name, size))
                return -EINVAL;
        char *copy = strndup(name, size);
        if (!copy)
                return -ENOMEM;
        *ret = copy;
        return 0;
}

int md_idna_to_ascii(const char *name, char **ret) {
        gnutls_datum_t mapped;

        /* The library maps nothing there. */
        if (is_ascii(name))
                return copy_name(name, strlen(name), ret);
        int r = gnutls_idna_map(name, (unsigned) strlen(name), &mapped, 0);
        if (r == GNUTLS_E_MEMORY_ERROR)
                return -ENOMEM;
        if (r < 0)
                return -EINVAL;

        r = copy_name((const char *) mapped.data, mapped.size, ret);
        gnutls_free(mapped.data);
        return r;
}

int md_idna_to_text(const char *name, char **ret) {
        gnutls_datum_t mapped;

        int r = gnutls_idna_reverse_map(name, (unsigned) strlen(name), &mapped, 0);
        if (r == GNUTLS_E_MEMORY_ERROR)
                return -ENOMEM;
        *ret = r < 0 ? strdup(name) : strndup((const char *) mapped.data, mapped.size);
        if (r >= 0)
                gnutls_free(mapped.data);
        return *ret ? 0 : -ENOMEM;
}
