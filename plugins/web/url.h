/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Addresses of documents: which may be fetched, and where a redirect may lead.  No I/O. */

#include <stdbool.h>
#include <stddef.h>

/* Where a document is, taken apart: https, port 443, a name and no address, no user, no fragment. */
typedef struct WebUrl {
        char *text;                     /* as it is asked for */
        char *host;                     /* A-labels, lower case */
} WebUrl;

/* Returns 0, -EINVAL for one that is not fetched, -ENOMEM. */
int web_url_parse(const char *text, WebUrl *ret);
void web_url_done(WebUrl *url);

/* A new string: `text` as it stands in a part of an URL (RFC 3986 section 2.1).  NULL: no memory. */
char *web_url_escape(const char *text);

/* The part of a name that somebody registered ("example.co.uk"), by the public suffix list; NULL when the name is no
 * more than a suffix, or is none.  Points into `host`, which is in lower case. */
const char *web_site(const char *host);

/* Whether two hosts are of one site.  Two that are equal always are. */
bool web_same_site(const char *a, const char *b);

/* Where a redirect leads. */
typedef enum WebRedirect {
        WEB_REDIRECT_FINE,
        WEB_REDIRECT_NOWHERE,           /* no address that could be followed */
        WEB_REDIRECT_NOT_HTTPS,         /* http, ftp, file… */
        WEB_REDIRECT_ODD,               /* a user, another port than 443, an address instead of a name */
        WEB_REDIRECT_OTHER_SITE,
} WebRedirect;

/* `location` is relative to `from`, an URL that was fetched.  Returns a WebRedirect, and the URL for WEB_REDIRECT_FINE;
 * or -ENOMEM. */
int web_redirect(const char *from, const char *location, WebUrl *ret);
