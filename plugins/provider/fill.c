/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Placeholders, filled in from a mail address. */

#include <errno.h>
#include <string.h>

#include "fill.h"

typedef struct Span {
        const char *at;
        size_t size;
} Span;

/* The placeholder that the text begins with: what it stands for, and how long it is; 0: it begins with none. */
static size_t find_placeholder(const char *text, const char *address, const char *at, Span *ret) {
        const struct {
                const char *word;
                Span value;
        } placeholders[] = {
                { "%EMAILADDRESS%", { address, strlen(address) } },
                { "%EMAILLOCALPART%", { address, (size_t) (at - address) } },
                { "%EMAILDOMAIN%", { at + 1, strlen(at + 1) } },
        };
        for (size_t i = 0; i < sizeof(placeholders) / sizeof(placeholders[0]); i++) {
                size_t length = strlen(placeholders[i].word);
                if (!strncmp(text, placeholders[i].word, length)) {
                        *ret = placeholders[i].value;
                        return length;
                }
        }
        return 0;
}

int fill_placeholders(const char *text, const char *address, char *buffer, size_t size) {
        const char *at = strrchr(address, '@');
        size_t used = 0;

        if (!at)
                return -EINVAL;
        while (*text) {
                Span span = { text, 1 };
                size_t length = find_placeholder(text, address, at, &span);
                if (span.size >= size - used)
                        return -ENOBUFS;
                memcpy(buffer + used, span.at, span.size);
                used += span.size;
                text += length > 0 ? length : 1;
        }
        if (used == size)
                return -ENOBUFS;
        buffer[used] = '\0';
        return 0;
}

const char *fill_form(const char *username) {
        if (!username)
                return "";
        if (!strcmp(username, "%EMAILADDRESS%"))
                return "address";
        return strcmp(username, "%EMAILLOCALPART%") ? "other" : "local-part";
}
