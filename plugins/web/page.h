/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What kind of document came instead of the one that was asked for.  No I/O. */

#include <stddef.h>

typedef enum WebPage {
        WEB_PAGE_NONE,                  /* whatever it is, no web page */
        WEB_PAGE_SITE,                  /* HTML: a web site that answers every address with a page */
        WEB_PAGE_PORTAL,                /* HTML that speaks of logging in to a network */
} WebPage;

WebPage web_page(const char *bytes, size_t size);
