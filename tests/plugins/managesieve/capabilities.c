/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the server offers (RFC 5804 section 1.7): lines that come unasked at the beginning, and again after TLS. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sieve.h"

static int mechanisms_split(SieveState *sieve, const char *list) {
        size_t n = 0;

        while (*list && n < SIEVE_MECHANISMS_MAX) {
                size_t length = strcspn(list, " ");
                if (length > 0 && !(sieve->mechanisms[n++] = strndup(list, length)))
                        return -ENOMEM;
                list += length;
                list += strspn(list, " ");
        }
        return 0;
}

static int capability_add(MdProbe *probe, SieveState *sieve, size_t n) {
        const SieveResponse *response = &sieve->response;
        const char *value = response->text;

        if (asprintf(&sieve->capabilities[n], "%s%s%s", response->name, *value ? "=" : "", value) < 0) {
                sieve->capabilities[n] = NULL;
                return -ENOMEM;
        }
        if (!strcasecmp(response->name, "STARTTLS"))
                sieve->starttls = true;
        if (!strcasecmp(response->name, "IMPLEMENTATION"))
                md_fact(probe, "implementation", value);
        return !strcasecmp(response->name, "SASL") && !sieve->mechanisms[0] ? mechanisms_split(sieve, value) : 0;
}

int sieve_read_capabilities(MdProbe *probe, SieveState *sieve) {
        sieve_capabilities_done(sieve);
        for (size_t n = 0; sieve->response.status == SIEVE_DATA; n++) {
                if (n == SIEVE_CAPABILITIES_MAX)
                        return md_too_many_lines(probe);
                int r = capability_add(probe, sieve, n);
                if (r >= 0)
                        r = sieve_read(probe, sieve);
                if (r < 0)
                        return r;
        }
        md_observe(probe, "capability", MD_TEXT("phase", md_is_encrypted(probe) ? "after-tls" : "before-tls"),
                   MD_LIST("words", (const char *const *) sieve->capabilities));
        return 0;
}

static void list_forget(char **list) {
        for (; *list; list++) {
                free(*list);
                *list = NULL;
        }
}

void sieve_capabilities_done(SieveState *sieve) {
        list_forget(sieve->capabilities);
        list_forget(sieve->mechanisms);
        sieve->starttls = false;
}
