/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Several transfers at once, until all are over or the step is. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>

#include "transfer.h"

#define TICK_MS 1000u                   /* longest wait for curl's descriptors */
#define NAMES_MAX (WEB_REQUESTS_MAX * (WEB_REDIRECTS_MAX + 1))

/* A name that was looked up. */
typedef struct Name {
        char *host;
        int outcome;                    /* MdLookupOutcome */
        MdLookup found;
} Name;

typedef struct Fetch {
        MdProbe *probe;
        const char *proxy;
        CURLM *multi;
        Transfer transfers[WEB_REQUESTS_MAX];
        Name names[NAMES_MAX];
        size_t n_names;
        size_t n_running;               /* transfers */
        bool names_silent;              /* no name server answers: the next name would cost the time again */
} Fetch;

/* ---- names ---- */

static int name_find(Fetch *fetch, const char *host, bool own, const Name **ret) {
        for (size_t i = 0; i < fetch->n_names; i++)
                if (!strcmp(fetch->names[i].host, host)) {
                        *ret = &fetch->names[i];
                        return 0;
                }
        Name *name = &fetch->names[fetch->n_names];
        name->host = strdup(host);
        if (!name->host)
                return -ENOMEM;
        fetch->n_names++;
        name->outcome = fetch->names_silent ? (int) MD_LOOKUP_SILENT : md_lookup(fetch->probe, host, own, &name->found);
        fetch->names_silent = name->outcome == MD_LOOKUP_SILENT;
        *ret = name;
        return name->outcome < 0 ? name->outcome : 0;
}

/* Of what curl connects to. */
static int peer_find(Fetch *fetch, const Transfer *transfer, const Name **ret) {
        char host[256];
        size_t length;

        if (!fetch->proxy)
                return name_find(fetch, transfer->url.host, false, ret);
        const char *at = strstr(fetch->proxy, "//");
        at = at ? at + 2 : fetch->proxy;
        length = strcspn(at, ":/");
        if (length >= sizeof(host))
                return -EINVAL;
        memcpy(host, at, length);
        host[length] = '\0';
        return name_find(fetch, host, true, ret);
}

/* Outcome of a request whose peer has that name, with what the outcome alone does not say. */
static void take_name(const Fetch *fetch, const Name *name, WebRequest *request) {
        static const WebOutcome outcomes[] = {
                [MD_LOOKUP_FOUND] = WEB_FETCHED,
                [MD_LOOKUP_NOTHING] = WEB_NO_HOST,
                [MD_LOOKUP_LOCAL] = WEB_LOCAL_HOST,
                [MD_LOOKUP_FAILED] = WEB_NO_NAMES,
                [MD_LOOKUP_SILENT] = WEB_NO_NAMES,
        };
        static const char *const reasons[] = {
                [MD_LOOKUP_NOTHING] = N_("there is no such host"),
                [MD_LOOKUP_LOCAL] = N_("its name leads to this computer"),
                [MD_LOOKUP_FAILED] = N_("no name server tells"),
                [MD_LOOKUP_SILENT] = N_("no name server tells"),
        };
        request->outcome = outcomes[name->outcome];
        if (!fetch->proxy || request->outcome == WEB_FETCHED)
                return;
        request->outcome = WEB_PROXY_FAILED;
        snprintf(request->detail, sizeof(request->detail), "%s", reasons[name->outcome]);
}

/* ---- transfers ---- */

/* Begins a transfer at its present URL; one whose host has no address is over. */
static int begin(Fetch *fetch, Transfer *transfer) {
        const Name *name;

        int r = peer_find(fetch, transfer, &name);
        if (r < 0)
                return r;
        take_name(fetch, name, transfer->request);
        if (transfer->request->outcome != WEB_FETCHED)
                return 0;
        transfer->request->outcome = WEB_TIMEOUT;       /* until it is over */
        r = transfer_begin(transfer, fetch->proxy, &name->found);
        if (r == 0 && curl_multi_add_handle(fetch->multi, transfer->easy) != CURLM_OK)
                r = -ENOMEM;
        fetch->n_running += r == 0;
        return r;
}

static int finish(Fetch *fetch, CURL *easy, CURLcode code) {
        Transfer *transfer;

        curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **) &transfer);
        int r = transfer_end(transfer, code);
        curl_multi_remove_handle(fetch->multi, easy);
        transfer_close(transfer);
        fetch->n_running--;
        return r > 0 ? begin(fetch, transfer) : r;
}

static int finish_all(Fetch *fetch) {
        const CURLMsg *message;
        int left, r = 0;

        while (r == 0 && (message = curl_multi_info_read(fetch->multi, &left)))
                if (message->msg == CURLMSG_DONE)
                        r = finish(fetch, message->easy_handle, message->data.result);
        return r;
}

/* ---- waiting ---- */

static size_t descriptors_get(Fetch *fetch, struct pollfd *fds, size_t max) {
        fd_set reading, writing, excepting;
        int last = -1;
        size_t n = 0;

        FD_ZERO(&reading);
        FD_ZERO(&writing);
        FD_ZERO(&excepting);
        curl_multi_fdset(fetch->multi, &reading, &writing, &excepting, &last);
        for (int fd = 0; fd <= last && n < max; fd++) {
                short events = (short) ((FD_ISSET(fd, &reading) ? POLLIN : 0) | (FD_ISSET(fd, &writing) ? POLLOUT : 0));
                if (events)
                        fds[n++] = (struct pollfd) { .fd = fd, .events = events };
        }
        return n;
}

static int wait_for_any(Fetch *fetch) {
        struct pollfd fds[2 * WEB_REQUESTS_MAX + 2];
        long wanted = -1;

        size_t n = descriptors_get(fetch, fds, sizeof(fds) / sizeof(fds[0]));
        curl_multi_timeout(fetch->multi, &wanted);
        uint32_t ms = wanted < 0 || wanted > (long) TICK_MS ? TICK_MS : (uint32_t) wanted;
        return md_poll(fetch->probe, fds, n, ms);
}

static int run(Fetch *fetch) {
        int running, r = 0;

        while (r >= 0 && fetch->n_running > 0) {
                r = wait_for_any(fetch);
                if (r >= 0)
                        r = curl_multi_perform(fetch->multi, &running) == CURLM_OK ? finish_all(fetch) : -ENOMEM;
        }
        return r == -ETIMEDOUT ? 0 : r;
}

/* ---- from outside ---- */

static int begin_all(Fetch *fetch, WebRequest *requests, size_t n) {
        int r = 0;

        for (size_t i = 0; r == 0 && i < n; i++) {
                Transfer *transfer = &fetch->transfers[i];
                *transfer = (Transfer) { .probe = fetch->probe, .request = &requests[i] };
                requests[i].outcome = WEB_NO_HOST;      /* a domain can be one that no URL can name */
                r = web_url_parse(requests[i].url, &transfer->url);
                r = r == 0 ? begin(fetch, transfer) : r == -EINVAL ? 0 : r;
        }
        return r;
}

/* What was not there in time is not there at all.  Where the name of a host that exists is not known, names are not told. */
static void settle(WebRequest *requests, size_t n) {
        for (size_t i = 0; i < n; i++) {
                if (requests[i].outcome != WEB_FETCHED)
                        web_request_done(&requests[i]);
                if (requests[i].sure && requests[i].outcome == WEB_NO_HOST)
                        requests[i].outcome = WEB_NO_NAMES;
        }
}

static void fetch_done(Fetch *fetch) {
        for (size_t i = 0; i < WEB_REQUESTS_MAX; i++) {
                if (fetch->multi && fetch->transfers[i].easy)
                        curl_multi_remove_handle(fetch->multi, fetch->transfers[i].easy);
                transfer_done(&fetch->transfers[i]);
        }
        curl_multi_cleanup(fetch->multi);
        for (size_t i = 0; i < fetch->n_names; i++)
                free(fetch->names[i].host);
}

int web_fetch(MdProbe *probe, WebRequest *requests, size_t n) {
        if (n > WEB_REQUESTS_MAX)
                return -E2BIG;
        Fetch *fetch = calloc(1, sizeof(*fetch));
        if (!fetch)
                return -ENOMEM;
        *fetch = (Fetch) { .probe = probe, .proxy = md_probe_proxy(probe), .multi = curl_multi_init() };
        int r = fetch->multi ? begin_all(fetch, requests, n) : -ENOMEM;
        if (r == 0)
                r = run(fetch);
        settle(requests, n);
        fetch_done(fetch);
        free(fetch);
        return r;
}

void web_request_done(WebRequest *request) {
        free(request->final);
        free(request->body);
        request->final = request->body = NULL;
        request->size = 0;
}
