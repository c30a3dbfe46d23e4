/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "page.h"

#define HEAD_MAX 1024u                  /* bytes within which a page shows that it is one */

static char fold(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;
}

/* Whether a word, in lower case, stands in the text. */
static bool contains(const char *bytes, size_t size, const char *word) {
        size_t length = strlen(word);

        for (size_t i = 0; i + length <= size; i++) {
                size_t n = 0;
                while (n < length && fold(bytes[i + n]) == word[n])
                        n++;
                if (n == length)
                        return true;
        }
        return false;
}

static bool contains_any(const char *bytes, size_t size, const char *const *words) {
        for (; *words; words++)
                if (contains(bytes, size, *words))
                        return true;
        return false;
}

WebPage web_page(const char *bytes, size_t size) {
        static const char *const page[] = { "<!doctype html", "<html", "<head>", "<body", NULL };
        static const char *const portal[] = {
                "wispaccessgatewayparam", "captive portal", "captiveportal", "captive-portal", "hotspot", "wi-fi login",
                "wifi login", "network login", "network authentication required", NULL,
        };
        if (!contains_any(bytes, size < HEAD_MAX ? size : HEAD_MAX, page))
                return WEB_PAGE_NONE;
        return contains_any(bytes, size, portal) ? WEB_PAGE_PORTAL : WEB_PAGE_SITE;
}
