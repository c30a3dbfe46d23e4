/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The planner's chapter of names: by which other name the server of a service may be reached.
 *
 * Names that the peer gives (greeting, certificate) are tried without login, and count only when they lead to the same
 * address: see proposal_best().
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "match.h"
#include "plan-round.h"
#include "text.h"

#define NAMES_MAX 4             /* that are tried per service */

/* ---- names that the peer gives ---- */

static bool is_host_name(const char *name, size_t length) {
        static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
        return length > 3 && length < 254 && strspn(name, allowed) >= length && memchr(name, '.', length) &&
               name[0] != '.' && name[0] != '-' && name[length - 1] != '.' && strspn(name, "0123456789.") < length;
}

static int try_name(Round *round, size_t service, const MdTarget *from, const char *name, size_t length,
                    size_t *used) {
        char host[256];
        if (*used == NAMES_MAX || !is_host_name(name, length))
                return 0;
        memcpy(host, name, length);
        host[length] = '\0';
        if (md_word_equal(host, from->host))
                return 0;
        (*used)++;
        return round_add(round, &(Draft) { .service = service, .why = PROBE_OTHER_NAME, .host = host, .port = from->port,
                                     .security = from->security });
}

static int try_name_list(Round *round, size_t service, const MdTarget *from, const char *const *names, size_t *used) {
        int r = 0;
        for (size_t i = 0; r >= 0 && names && names[i]; i++)
                r = try_name(round, service, from, names[i], strlen(names[i]), used);
        return r;
}

/* Names in the words of a greeting: "220 mail.hoster.example ESMTP". */
static int try_greeting(Round *round, size_t service, const MdTarget *from, const char *text, size_t *used) {
        int r = 0;
        for (const char *word = text; r >= 0 && *word;) {
                size_t length = strcspn(word, " \t<>()[],;:");
                r = try_name(round, service, from, word, length, used);
                word += length;
                word += strspn(word, " \t<>()[],;:");
        }
        return r;
}

int round_try_names(Round *round, size_t service, const ProbeLog *log) {
        static const char *const facts[] = { "reverse-names", "mail-hosts" };
        const MdRecord *certificate = probe_log_next(log, NULL, "certificate");
        const MdRecord *greeting = probe_log_next(log, NULL, "greeting");
        size_t used = 0;
        int r = 0;

        if (greeting)
                r = try_greeting(round, service, &log->target, md_record_text(greeting, "text"), &used);
        for (size_t i = 0; r >= 0 && i < sizeof(facts) / sizeof(facts[0]); i++) {
                const MdField *names = probe_log_fact(log, facts[i]);
                if (names && names->type == 'l')
                        r = try_name_list(round, service, &log->target, names->list, &used);
        }
        if (r >= 0 && certificate)
                r = try_name_list(round, service, &log->target, md_record_list(certificate, "names"), &used);
        return r;
}


/* ---- usual names ---- */

#define PREFIXES_MAX 3

static const char *const *usual_prefixes(const char *plugin) {
        static const struct {
                const char *plugin;
                const char *prefixes[PREFIXES_MAX];
        } usual[] = {
                { "imap", { "imap", "mail" } },
                { "pop3", { "pop", "mail" } },
                { "smtp", { "smtp", "mail" } },
        };
        static const char *const other[PREFIXES_MAX] = { "mail" };
        for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
                if (!strcmp(usual[i].plugin, plugin))
                        return usual[i].prefixes;
        return other;
}

/* With every way to encrypt that has a port of its own, apart from that between servers (RFC 6409 section 3.1). */
int round_try_host(Round *round, size_t service, const ProbeLog *log, const char *host, ProbeWhy why) {
        const PluginInfo *plugin = registry_plugin(round->frame.registry, log->target.plugin);
        int r = 0;
        for (size_t i = 0; r >= 0 && plugin && i < plugin->n_endpoints; i++) {
                const MdEndpoint *endpoint = &plugin->endpoints[i];
                if (endpoint->security != MD_SECURITY_NONE && strcmp(endpoint->service, "smtp"))
                        r = round_add(round, &(Draft) { .service = service, .why = why, .host = host,
                                                        .port = endpoint->port, .security = endpoint->security });
        }
        return r;
}

static int try_domain(Round *round, size_t service, const ProbeLog *log, const char *domain) {
        const MdTarget *from = &log->target;
        const char *const *prefixes = usual_prefixes(from->plugin);
        char host[512];
        int r = 0;
        for (size_t i = 0; r >= 0 && i < PREFIXES_MAX && prefixes[i]; i++) {
                int length = snprintf(host, sizeof(host), "%s.%s", prefixes[i], domain);
                if (length < (int) sizeof(host) && is_host_name(host, length) && !md_word_equal(host, from->host))
                        r = round_try_host(round, service, log, host, PROBE_USUAL_NAME);
        }
        return r;
}

/* The domain of the mail address, and what is behind the first dot of the host: "imap" in "impa.hoster.example" may be all
 * that is misspelt.  A domain has a dot itself. */
int round_try_usual_names(Round *round, size_t service, const ProbeLog *log) {
        const MdTarget *from = &log->target;
        const char *at = from->address ? strrchr(from->address, '@') : NULL, *dot = strchr(from->host, '.');
        const char *domains[] = { at ? at + 1 : NULL, dot ? dot + 1 : NULL };
        int r = 0;
        for (size_t i = 0; r >= 0 && i < sizeof(domains) / sizeof(domains[0]); i++)
                if (domains[i] && strchr(domains[i], '.') && is_host_name(from->host, strlen(from->host)))
                        r = try_domain(round, service, log, domains[i]);
        return r;
}
