/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Documents from hosts that are not trusted: all that are wanted at once, over https only, no more than WEB_SIZE_MAX bytes,
 * no more than WEB_REDIRECTS_MAX redirects and those within a site, nothing of the person's but what the address of the
 * document says, never a login.  The name of a host is looked up by the SDK, and its certificate judged by it, before the
 * request is sent.
 */

#include <maildiag/discovery.h>

#include "url.h"

#define WEB_REQUESTS_MAX 8u
#define WEB_REDIRECTS_MAX 3u
#define WEB_SIZE_MAX (256u * 1024u)

typedef enum WebOutcome {
        WEB_FETCHED,                    /* status 200: there is a body */
        WEB_ABSENT,                     /* the host is there, the document is not; see status */
        WEB_NO_HOST,                    /* there is no such host */
        WEB_LOCAL_HOST,                 /* its name leads to this computer */
        WEB_NO_NAMES,                   /* names cannot be looked up */
        WEB_UNREACHABLE,                /* nobody took the connection */
        WEB_TIMEOUT,
        WEB_NO_TLS,                     /* no TLS with it */
        WEB_BAD_CERTIFICATE,
        WEB_BAD_REDIRECT,
        WEB_TOO_LARGE,
        WEB_LOGIN,                      /* it wants a login */
        WEB_PORTAL,                     /* the network wants a login */
        WEB_PROXY_FAILED,               /* the proxy cannot be used */
        WEB_BROKEN,                     /* it does not speak HTTP, or breaks off */
} WebOutcome;

/* What is asked for; the rest is the answer. */
typedef struct WebRequest {
        const char *url;
        const char *post;               /* body of a POST, XML; NULL: it is a GET */
        bool sure;                      /* the host is known and in order: what is wrong with it is the network's doing */
        WebOutcome outcome;
        long status;                    /* of HTTP, or 0 */
        char detail[256];               /* in words: why it did not work; "" */
        char *final;                    /* WEB_FETCHED: URL of the document, after redirects */
        char *body;                     /* the same; a NUL behind */
        size_t size;
} WebRequest;

/* Fetches all of them, within the deadline of the step; whatever is not there by then has timed out.  Returns 0, or -errno for
 * our own trouble. */
int web_fetch(MdProbe *probe, WebRequest *requests, size_t n);
void web_request_done(WebRequest *request);
