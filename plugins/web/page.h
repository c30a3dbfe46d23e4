/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What kind of document came instead of the one that was asked for.  No I/O. */

#include <stddef.h>

typedef enum WebKind {
        WEB_DATA,                       /* whatever it is, no web page */
        WEB_PAGE,                       /* HTML: a web site that answers every address with a page */
        WEB_PORTAL,                     /* HTML that speaks of logging in to a network */
} WebKind;

WebKind web_page_kind(const char *bytes, size_t size);
