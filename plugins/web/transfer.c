/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * curl does HTTP, and only that.  It looks no name up and opens no file: addresses come from the SDK, which also judges the
 * certificate once the handshake is done and before the request leaves (the "prereq" call).  curl's own judgement would need
 * a file of authorities, and could not add the caller's to the system's; so it is switched off here and nowhere else.
 */

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "transfer.h"

#define HEADERS_MAX (64u * 1024u)       /* bytes of all headers, those of 1xx answers too */

/* ---- what curl calls ---- */

static size_t on_body(char *bytes, size_t one, size_t size, void *userdata) {
        Transfer *transfer = userdata;
        WebRequest *request = transfer->request;

        if (size > WEB_SIZE_MAX - request->size)
                return 0;
        char *body = realloc(request->body, request->size + size + 1);
        if (!body)
                return 0;
        memcpy(body + request->size, bytes, size);
        request->body = body;
        request->size += size;
        body[request->size] = '\0';
        return size;
}

static size_t on_header(char *bytes, size_t one, size_t size, void *userdata) {
        Transfer *transfer = userdata;

        transfer->header_bytes += size;
        return transfer->header_bytes > HEADERS_MAX ? 0 : size;
}

static int on_connected(void *userdata, char *peer, char *local, int peer_port, int local_port) {
        Transfer *transfer = userdata;
        struct curl_tlssessioninfo *tls = NULL;
        const char *reason = "it cannot be read";

        if (curl_easy_getinfo(transfer->easy, CURLINFO_TLS_SSL_PTR, &tls) != CURLE_OK || !tls ||
            tls->backend != CURLSSLBACKEND_GNUTLS ||
            md_verify_session(transfer->probe, tls->internals, transfer->url.host, &reason) < 0) {
                transfer->refused = reason;
                return CURL_PREREQFUNC_ABORT;
        }
        return CURL_PREREQFUNC_OK;
}

/* ---- one transfer ---- */

static int list_add(struct curl_slist **list, const char *text) {
        struct curl_slist *longer = curl_slist_append(*list, text);
        if (!longer)
                return -ENOMEM;
        *list = longer;
        return 0;
}

/* Where curl will connect to: the host, or the proxy, "http://host:port". */
static void print_peer(const Transfer *transfer, const char *proxy, char *text, size_t size) {
        if (proxy)
                snprintf(text, size, "%s:", strstr(proxy, "//") ? strstr(proxy, "//") + 2 : proxy);
        else
                snprintf(text, size, "%s:443:", transfer->url.host);
}

/* "host:port:address,address" is all that curl knows of names. */
static int addresses_set(Transfer *transfer, const char *proxy, const MdLookup *found) {
        char text[300 + MD_LOOKUP_MAX * (MD_LOOKUP_TEXT_MAX + 3)];

        print_peer(transfer, proxy, text, 300);
        size_t used = strlen(text);
        for (size_t i = 0; i < found->n; i++) {
                const char *form = strchr(found->addresses[i], ':') ? "%s[%s]" : "%s%s";
                used += (size_t) snprintf(text + used, sizeof(text) - used, form, i > 0 ? "," : "", found->addresses[i]);
        }
        return list_add(&transfer->names, text);
}

static const struct {
        CURLoption option;
        long value;
} numbers[] = {
        { CURLOPT_FOLLOWLOCATION, 0 },          /* redirects are looked at first */
        { CURLOPT_NOSIGNAL, 1 },
        { CURLOPT_SSL_VERIFYPEER, 0 },          /* on_connected() does, before the request is sent */
        { CURLOPT_SSL_VERIFYHOST, 0 },
        { CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 },
        { CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1 },
        { CURLOPT_NETRC, CURL_NETRC_IGNORED },
        { CURLOPT_DISALLOW_USERNAME_IN_URL, 1 },
        { CURLOPT_MAXFILESIZE, WEB_SIZE_MAX },
        { CURLOPT_FRESH_CONNECT, 1 },
        { CURLOPT_FORBID_REUSE, 1 },
        { CURLOPT_SUPPRESS_CONNECT_HEADERS, 1 },
        { CURLOPT_HTTPPROXYTUNNEL, 1 },
};

static CURLcode options_set(Transfer *transfer, const char *proxy) {
        const struct {
                CURLoption option;
                const void *value;
        } texts[] = {
                { CURLOPT_URL, transfer->url.text },
                { CURLOPT_PROTOCOLS_STR, "https" },
                { CURLOPT_PROXY, proxy ? proxy : "" },
                { CURLOPT_NOPROXY, "" },
                { CURLOPT_CAINFO, NULL },
                { CURLOPT_CAPATH, NULL },
                { CURLOPT_USERAGENT, "maildiag/" MAILDIAG_VERSION },
                { CURLOPT_ERRORBUFFER, transfer->error },
                { CURLOPT_RESOLVE, transfer->names },
                { CURLOPT_HTTPHEADER, transfer->headers },
                { CURLOPT_WRITEDATA, transfer },
                { CURLOPT_HEADERDATA, transfer },
                { CURLOPT_PREREQDATA, transfer },
                { CURLOPT_PRIVATE, transfer },
        };
        CURLcode code = CURLE_OK;
        for (size_t i = 0; code == CURLE_OK && i < sizeof(numbers) / sizeof(numbers[0]); i++)
                code = curl_easy_setopt(transfer->easy, numbers[i].option, numbers[i].value);
        for (size_t i = 0; code == CURLE_OK && i < sizeof(texts) / sizeof(texts[0]); i++)
                code = curl_easy_setopt(transfer->easy, texts[i].option, texts[i].value);
        return code;
}

/* What does not answer is given up before the step is over, so that the others are heard. */
static CURLcode times_set(Transfer *transfer) {
        long left = (long) md_probe_left_ms(transfer->probe);
        CURLcode code = curl_easy_setopt(transfer->easy, CURLOPT_CONNECTTIMEOUT_MS, left / 2 + 1);
        return code == CURLE_OK ? curl_easy_setopt(transfer->easy, CURLOPT_TIMEOUT_MS, left * 9 / 10 + 1) : code;
}

static CURLcode functions_set(Transfer *transfer) {
        CURLcode code = curl_easy_setopt(transfer->easy, CURLOPT_WRITEFUNCTION, on_body);
        if (code == CURLE_OK)
                code = curl_easy_setopt(transfer->easy, CURLOPT_HEADERFUNCTION, on_header);
        if (code == CURLE_OK)
                code = curl_easy_setopt(transfer->easy, CURLOPT_PREREQFUNCTION, on_connected);
        return code;
}

/* A redirect within the site is asked in the same way. */
static CURLcode method_set(Transfer *transfer) {
        if (!transfer->request->post)
                return CURLE_OK;
        return curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDS, transfer->request->post);
}

int transfer_begin(Transfer *transfer, const char *proxy, const MdLookup *found) {
        transfer->easy = curl_easy_init();
        transfer->by_proxy = proxy;
        int r = transfer->easy ? addresses_set(transfer, proxy, found) : -ENOMEM;
        if (r == 0 && transfer->request->post)
                r = list_add(&transfer->headers, "Content-Type: text/xml; charset=utf-8");
        if (r == 0)
                r = list_add(&transfer->headers, "Expect:");
        if (r < 0)
                return r;
        CURLcode code = options_set(transfer, proxy);
        if (code == CURLE_OK)
                code = times_set(transfer);
        if (code == CURLE_OK)
                code = functions_set(transfer);
        if (code == CURLE_OK)
                code = method_set(transfer);
        return code == CURLE_OK ? 0 : -ENOMEM;
}

void transfer_close(Transfer *transfer) {
        curl_easy_cleanup(transfer->easy);
        curl_slist_free_all(transfer->names);
        curl_slist_free_all(transfer->headers);
        transfer->easy = NULL;
        transfer->names = transfer->headers = NULL;
        transfer->refused = NULL;
        transfer->header_bytes = 0;
        transfer->error[0] = '\0';
}

void transfer_done(Transfer *transfer) {
        transfer_close(transfer);
        web_url_done(&transfer->url);
}

/* ---- what the answer amounts to ---- */

static int over(Transfer *transfer, WebOutcome outcome, const char *detail) {
        WebRequest *request = transfer->request;

        request->outcome = outcome;
        snprintf(request->detail, sizeof(request->detail), "%s", detail ? detail : "");
        request->final = strdup(transfer->url.text);
        return request->final ? 0 : -ENOMEM;
}

static int failed(Transfer *transfer, CURLcode code) {
        static const struct {
                CURLcode code;
                WebOutcome outcome;
        } codes[] = {
                { CURLE_COULDNT_CONNECT, WEB_UNREACHABLE },
                { CURLE_OPERATION_TIMEDOUT, WEB_TIMEOUT },
                { CURLE_SSL_CONNECT_ERROR, WEB_NO_TLS },
                { CURLE_COULDNT_RESOLVE_PROXY, WEB_PROXY_FAILED },
                { CURLE_PROXY, WEB_PROXY_FAILED },
        };
        long tunnel = 0, error = 0;

        if (code == CURLE_OUT_OF_MEMORY)
                return -ENOMEM;
        if (transfer->refused)
                return over(transfer, WEB_BAD_CERTIFICATE, transfer->refused);
        curl_easy_getinfo(transfer->easy, CURLINFO_HTTP_CONNECTCODE, &tunnel);
        curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &error);
        if (code == CURLE_WRITE_ERROR || code == CURLE_FILESIZE_EXCEEDED)
                return over(transfer, WEB_TOO_LARGE, "more than 256 KiB");
        if (transfer->by_proxy && (code == CURLE_COULDNT_CONNECT || (tunnel > 0 && tunnel / 100 != 2)))
                return over(transfer, WEB_PROXY_FAILED, transfer->error);
        for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
                if (codes[i].code == code)
                        return over(transfer, codes[i].outcome, code == CURLE_COULDNT_CONNECT && error > 0 ?
                                    strerror((int) error) : transfer->error);
        return over(transfer, WEB_BROKEN, transfer->error[0] ? transfer->error : curl_easy_strerror(code));
}

static int redirected(Transfer *transfer) {
        static const char *const reasons[] = {
                [WEB_REDIRECT_NOWHERE] = "to nowhere",
                [WEB_REDIRECT_NOT_HTTPS] = "to where nothing is encrypted",
                [WEB_REDIRECT_ODD] = "to a place that no document has",
                [WEB_REDIRECT_OTHER_SITE] = "to another site",
        };
        struct curl_header *location;
        char detail[256];
        WebUrl next;

        if (curl_easy_header(transfer->easy, "Location", 0, CURLH_HEADER, -1, &location) != CURLHE_OK)
                return over(transfer, WEB_BAD_REDIRECT, "to nowhere");
        int r = web_redirect(transfer->url.text, location->value, &next);
        if (r < 0)
                return r;
        snprintf(detail, sizeof(detail), "%s: %s", r > 0 ? reasons[r] : "too many, the last", location->value);
        if (r > 0)
                return over(transfer, WEB_BAD_REDIRECT, detail);
        if (transfer->redirects++ == WEB_REDIRECTS_MAX) {
                web_url_done(&next);
                return over(transfer, WEB_BAD_REDIRECT, detail);
        }
        web_url_done(&transfer->url);
        transfer->url = next;
        return 1;
}

static bool is_redirect(long status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static void body_forget(WebRequest *request) {
        free(request->body);
        request->body = NULL;
        request->size = 0;
}

int transfer_end(Transfer *transfer, CURLcode code) {
        WebRequest *request = transfer->request;
        char detail[32];

        request->status = 0;
        if (code != CURLE_OK) {
                body_forget(request);
                return failed(transfer, code);
        }
        curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &request->status);
        if (request->status == 200)
                return over(transfer, WEB_FETCHED, NULL);
        body_forget(request);
        if (is_redirect(request->status))
                return redirected(transfer);
        snprintf(detail, sizeof(detail), "status %ld", request->status);
        return over(transfer, request->status == 401 ? WEB_LOGIN : request->status == 511 ? WEB_PORTAL : WEB_ABSENT, detail);
}
