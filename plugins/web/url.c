/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* curl takes addresses apart, since it is curl that follows them: two readers of one text may differ. */

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <libpsl.h>
#include <stdlib.h>
#include <string.h>

#include "url.h"

typedef struct Parts {
        char *scheme, *user, *host, *port, *fragment;
} Parts;

static void parts_done(Parts *parts) {
        curl_free(parts->scheme);
        curl_free(parts->user);
        curl_free(parts->host);
        curl_free(parts->port);
        curl_free(parts->fragment);
}

/* Parts that are not there stay NULL. */
static int parts_get(CURLU *handle, Parts *ret) {
        const struct {
                CURLUPart part;
                char **slot;
        } wanted[] = {
                { CURLUPART_SCHEME, &ret->scheme }, { CURLUPART_USER, &ret->user }, { CURLUPART_HOST, &ret->host },
                { CURLUPART_PORT, &ret->port }, { CURLUPART_FRAGMENT, &ret->fragment },
        };
        *ret = (Parts) { 0 };
        for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
                if (curl_url_get(handle, wanted[i].part, wanted[i].slot, 0) == CURLUE_OUT_OF_MEMORY)
                        return -ENOMEM;
        return 0;
}

/* A name as it travels: letters, digits, hyphens, two labels at least; the digits of an address are none. */
static bool host_is_name(const char *host) {
        struct in6_addr bytes;
        size_t length = host ? strlen(host) : 0;

        if (length == 0 || length > 253 || !strchr(host, '.') || strstr(host, "..") || host[0] == '.')
                return false;
        if (strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789-_.") != length)
                return false;
        const char *last = strrchr(host, '.') + 1;
        return *last && strspn(last, "0123456789") != strlen(last) && inet_pton(AF_INET, host, &bytes) != 1;
}

static void lower(char *text) {
        for (; *text; text++)
                if (*text >= 'A' && *text <= 'Z')
                        *text = (char) (*text - 'A' + 'a');
}

static WebRedirect parts_judge(Parts *parts) {
        if (!parts->scheme)
                return WEB_REDIRECT_NOWHERE;
        if (strcmp(parts->scheme, "https"))
                return WEB_REDIRECT_NOT_HTTPS;
        if (!parts->host)
                return WEB_REDIRECT_NOWHERE;
        lower(parts->host);
        if (parts->user || (parts->port && strcmp(parts->port, "443")) || !host_is_name(parts->host))
                return WEB_REDIRECT_ODD;
        return WEB_REDIRECT_FINE;
}

static int url_take(CURLU *handle, const char *host, WebUrl *ret) {
        char *text = NULL;

        if (curl_url_set(handle, CURLUPART_FRAGMENT, NULL, 0) != CURLUE_OK ||
            curl_url_get(handle, CURLUPART_URL, &text, 0) != CURLUE_OK)
                return -ENOMEM;
        *ret = (WebUrl) { .text = strdup(text), .host = strdup(host) };
        curl_free(text);
        if (ret->text && ret->host)
                return WEB_REDIRECT_FINE;
        web_url_done(ret);
        return -ENOMEM;
}

/* Control characters and spaces have no place in an URL; curl would pass some of them on. */
static bool is_printable(const char *text) {
        for (; *text; text++)
                if ((unsigned char) *text <= ' ' || *text == 0x7f)
                        return false;
        return true;
}

/* `base` NULL: `text` stands for itself. */
static int url_read(const char *base, const char *text, WebUrl *ret) {
        CURLU *handle = curl_url();
        Parts parts = { 0 };
        int r = handle ? WEB_REDIRECT_NOWHERE : -ENOMEM;

        if (handle && is_printable(text) && (!base || curl_url_set(handle, CURLUPART_URL, base, 0) == CURLUE_OK)) {
                CURLUcode code = curl_url_set(handle, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME);
                r = code == CURLUE_OK ? parts_get(handle, &parts) :
                    code == CURLUE_OUT_OF_MEMORY ? -ENOMEM : (int) WEB_REDIRECT_NOWHERE;
                if (code == CURLUE_OK && r == 0)
                        r = (int) parts_judge(&parts);
                if (r == WEB_REDIRECT_FINE)
                        r = url_take(handle, parts.host, ret);
        }
        parts_done(&parts);
        curl_url_cleanup(handle);
        return r;
}

int web_url_parse(const char *text, WebUrl *ret) {
        int r = url_read(NULL, text, ret);
        return r == WEB_REDIRECT_FINE || r < 0 ? r : -EINVAL;
}

void web_url_done(WebUrl *url) {
        free(url->text);
        free(url->host);
        *url = (WebUrl) { 0 };
}

char *web_url_escape(const char *text) {
        static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~@";
        static const char digits[] = "0123456789ABCDEF";
        char *escaped = malloc(3 * strlen(text) + 1), *to = escaped;

        if (!escaped)
                return NULL;
        for (; *text; text++) {
                if (strchr(plain, *text)) {
                        *to++ = *text;
                        continue;
                }
                *to++ = '%';
                *to++ = digits[(unsigned char) *text >> 4];
                *to++ = digits[(unsigned char) *text & 15];
        }
        *to = '\0';
        return escaped;
}

const char *web_site(const char *host) {
        return psl_registrable_domain(psl_builtin(), host);
}

bool web_same_site(const char *a, const char *b) {
        if (!strcmp(a, b))
                return true;
        const char *of_a = web_site(a), *of_b = web_site(b);
        return of_a && of_b && !strcmp(of_a, of_b);
}

int web_redirect(const char *from, const char *location, WebUrl *ret) {
        WebUrl old, new;

        int r = web_url_parse(from, &old);
        if (r < 0)
                return r == -EINVAL ? (int) WEB_REDIRECT_NOWHERE : r;
        r = url_read(from, location, &new);
        if (r == WEB_REDIRECT_FINE && !web_same_site(old.host, new.host)) {
                web_url_done(&new);
                r = WEB_REDIRECT_OTHER_SITE;
        }
        web_url_done(&old);
        if (r == WEB_REDIRECT_FINE)
                *ret = new;
        return r;
}
