/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The planner's chapter of names: by which other name the server of a service may be reached.
 *
 * Names that the peer gives (greeting, certificate) are tried without login, and count only when they lead to the same
 * address: see proposal_best().
 */

#include <errno.h>
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

