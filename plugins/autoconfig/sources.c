/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sources.h"
#include "url.h"

__attribute__((format(printf, 3, 4)))
static int add(AutoconfigSources *sources, AutoconfigPlace place, const char *format, ...) {
        char *url;
        va_list arguments;

        va_start(arguments, format);
        int r = vasprintf(&url, format, arguments);
        va_end(arguments);
        if (r < 0)
                return -ENOMEM;
        for (size_t i = 0; i < sources->n; i++)
                if (!strcmp(sources->list[i].url, url)) {
                        free(url);
                        return 0;
                }
        sources->list[sources->n++] = (AutoconfigSource) { url, place };
        return 0;
}

/* What stands behind the first dot of the exchanger's name, if it is longer than what somebody registered. */
static const char *full_domain(const char *exchanger, const char *base) {
        const char *rest = strchr(exchanger, '.');
        return rest && strlen(rest + 1) > strlen(base) ? rest + 1 : NULL;
}

/* The address is told only to the domain's own host: who the exchanger is, is often nobody's proven word. */
static int add_own(AutoconfigSources *sources, const AutoconfigQuery *query) {
        char *address = web_url_escape(query->address);
        int r = address ? 0 : -ENOMEM;

        if (r == 0)
                r = add(sources, AUTOCONFIG_OWN, "https://autoconfig.%s/mail/config-v1.1.xml?emailaddress=%s", query->domain,
                        address);
        free(address);
        return r < 0 ? r : add(sources, AUTOCONFIG_OWN, "https://%s/.well-known/autoconfig/mail/config-v1.1.xml",
                               query->domain);
}

static int add_exchanger(AutoconfigSources *sources, const AutoconfigQuery *query) {
        const char *base = query->exchanger ? web_site(query->exchanger) : NULL;
        const char *domains[] = { base ? full_domain(query->exchanger, base) : NULL, base };
        int r = 0;

        for (size_t i = 0; r == 0 && i < 2; i++)
                if (domains[i] && strcmp(domains[i], query->domain))
                        r = add(sources, AUTOCONFIG_EXCHANGER, "https://autoconfig.%s/mail/config-v1.1.xml", domains[i]);
        for (size_t i = 0; r == 0 && query->ispdb && i < 2; i++)
                if (domains[i])
                        r = add(sources, AUTOCONFIG_EXCHANGER, "%s%s", query->ispdb, domains[i]);
        return r;
}

int autoconfig_sources_list(const AutoconfigQuery *query, AutoconfigSources *ret) {
        *ret = (AutoconfigSources) { 0 };
        int r = add_own(ret, query);
        if (r == 0 && query->ispdb)
                r = add(ret, AUTOCONFIG_CENTRAL, "%s%s", query->ispdb, query->domain);
        return r < 0 ? r : add_exchanger(ret, query);
}

void autoconfig_sources_done(AutoconfigSources *sources) {
        for (size_t i = 0; i < sources->n; i++)
                free(sources->list[i].url);
        *sources = (AutoconfigSources) { 0 };
}
