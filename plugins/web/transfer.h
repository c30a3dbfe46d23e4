/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* One exchange with one host: a handle of curl, and what its answer amounts to. */

#include <curl/curl.h>

#include "fetch.h"

typedef struct Transfer {
        MdProbe *probe;
        WebRequest *request;
        WebUrl url;                     /* where it is at present */
        CURL *easy;
        struct curl_slist *names, *headers;
        char error[CURL_ERROR_SIZE];
        const char *refused;            /* why the certificate is not good */
        size_t header_bytes;
        unsigned redirects;
        bool by_proxy;
} Transfer;

/* Prepares the handle: `found` are the addresses of the host, or those of the proxy when there is one ("http://host:port").
 * Returns 0 or -ENOMEM. */
int transfer_begin(Transfer *transfer, const char *proxy, const MdLookup *found);

/* Takes the answer: the outcome, or, when it is a redirect that may be followed, the next URL.  Returns 0 when it is over, 1 when it
 * goes on at transfer->url, -ENOMEM. */
int transfer_end(Transfer *transfer, CURLcode code);

/* Gives the handle back; transfer_begin() may follow. */
void transfer_close(Transfer *transfer);
void transfer_done(Transfer *transfer);
