/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The judge on the sources of settings: apps that set themselves up go by them, so what is wrong there breaks accounts. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "finding.h"
#include "judge-desk.h"
#include "match.h"
#include "own.h"

/* ---- sources that disagree ---- */

/* "imap.example.org (SRV …, table …, 2025-03); mail.example.net (…)" */
static char *list_hosts(const Candidates *candidates, const char *protocol) {
        char *text = NULL;
        size_t size;
        FILE *stream = open_memstream(&text, &size);
        if (!stream)
                return NULL;
        for (size_t i = 0; i < candidates->n; i++) {
                const Candidate *candidate = &candidates->items[i];
                if (!candidate->conflict || strcmp(candidate->protocol, protocol))
                        continue;
                fprintf(stream, "%s%s (", ftell(stream) > 0 ? "; " : "", candidate->host);
                for (size_t k = 0; k < candidate->n_origins; k++)
                        fprintf(stream, "%s%s%s%s", k > 0 ? ", " : "", candidate->origins[k].text,
                                candidate->origins[k].asof ? " " : "",
                                candidate->origins[k].asof ? candidate->origins[k].asof : "");
                fprintf(stream, ")");
        }
        if (fclose(stream) == 0)
                return text;
        free(text);
        return NULL;
}

static int judge_disagreement(const Desk *desk) {
        size_t finder = desk_finder(desk);
        const char *last = "";
        int r = 0;

        for (size_t i = 0; r >= 0 && finder != SIZE_MAX && i < desk->candidates->n; i++) {
                const Candidate *candidate = &desk->candidates->items[i];
                if (!candidate->conflict || !strcmp(last, candidate->protocol))
                        continue;
                last = candidate->protocol;
                _cleanup_free_ char *hosts = list_hosts(desk->candidates, last);
                if (!hosts)
                        return -ENOMEM;
                const MdField params[] = { MD_TEXT("protocol", last), MD_TEXT("hosts", hosts), { 0 } };
                r = finding_add(desk->report, finder, desk->registry, "autoconf.sources-disagree", hosts, params);
                if (desk->report->is_search)
                        continue;
                break;
        }
        return r;
}

/* ---- servers that are published, and do not work ---- */

/* The way to the server, and not the server. */
static bool is_way(const char *code) {
        static const char *const ways[] = { "dns.", "net.", "tcp.timeout", "tcp.rejected-by-firewall" };
        for (size_t i = 0; i < ELEMENTS(ways); i++)
                if (code_matches(code, ways[i]))
                        return true;
        return false;
}

/* Where not one of several is reached, the network is the likelier cause, and one finding is enough. */
static bool none_is_reached(const Desk *desk) {
        size_t n = 0;
        for (size_t i = 0; i < desk->candidates->n; i++) {
                const Candidate *candidate = &desk->candidates->items[i];
                if (candidate->trial == TRIAL_WORKS || (candidate->trial == TRIAL_FAILS && !is_way(candidate->code)))
                        return false;
                n += candidate->trial == TRIAL_FAILS;
        }
        return n > 1;
}

static int judge_way(const Desk *desk) {
        for (size_t i = 0; i < desk->candidates->n; i++) {
                const Candidate *candidate = &desk->candidates->items[i];
                if (candidate->trial != TRIAL_FAILS)
                        continue;
                const MdField params[] = { MD_TEXT("found", candidate->code), { 0 } };
                return finding_add(desk->report, candidate->probe, desk->registry, "autoconf.none-reached", candidate->code, params);
        }
        return 0;
}

static int judge_trials(const Desk *desk) {
        int r = 0;

        if (desk->report->is_search && none_is_reached(desk))
                return judge_way(desk);
        for (size_t i = 0; r >= 0 && desk->report->is_search && i < desk->candidates->n; i++) {
                const Candidate *candidate = &desk->candidates->items[i];
                if (candidate->trial != TRIAL_FAILS)
                        continue;
                const MdField params[] = {
                        MD_TEXT("origin", candidate->origins[0].text),
                        MD_TEXT("protocol", candidate->protocol),
                        MD_TEXT("found", candidate->code),
                        { 0 },
                };
                const char *code = strcmp(candidate->code, "cert.wrong-host") ? "autoconf.server-fails" :
                                                                                "autoconf.wrong-certificate";
                r = finding_add(desk->report, candidate->probe, desk->registry, code, candidate->code, params);
        }
        return r;
}

/* ---- nothing ---- */

/* "provider, srv, autoconfig" */
static void list_finders(const Report *report, char *text, size_t size) {
        size_t used = 0;
        text[0] = '\0';
        for (size_t i = 0; i < report->n_logs && used < size; i++)
                if (report->logs[i]->why == PROBE_FINDER && !report->logs[i]->target.mx)
                        used += (size_t) snprintf(text + used, size - used, "%s%s", used > 0 ? ", " : "", report->logs[i]->target.plugin);
}

static int judge_nothing(const Desk *desk) {
        size_t finder = desk_finder(desk);
        char asked[128];

        if (finder == SIZE_MAX || desk->candidates->n > 0 || (!desk->report->is_search && !desk->report->is_assumed))
                return 0;
        list_finders(desk->report, asked, sizeof(asked));
        return finding_add(desk->report, finder, desk->registry, "autoconf.nothing-found", asked, NULL);
}

int judge_sources(const Desk *desk) {
        int r = judge_disagreement(desk);
        if (r >= 0)
                r = judge_trials(desk);
        return r < 0 ? r : judge_nothing(desk);
}
