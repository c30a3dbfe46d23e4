/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The judge on the sources of settings: apps that set themselves up go by them, so what is wrong there breaks accounts. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "finding.h"
#include "judge-desk.h"
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
                r = finding_add(desk->report, finder, desk->registry, "autoconf.sources-disagree", NULL, params);
                if (desk->report->is_search)
                        continue;
                break;
        }
        return r;
}

/* ---- servers that are published, and do not work ---- */

static int judge_trials(const Desk *desk) {
        int r = 0;

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
                r = finding_add(desk->report, candidate->probe, desk->registry, code, NULL, params);
        }
        return r;
}

/* ---- nothing ---- */

static int judge_nothing(const Desk *desk) {
        size_t finder = desk_finder(desk);

        if (finder == SIZE_MAX || desk->candidates->n > 0 || (!desk->report->is_search && !desk->report->is_assumed))
                return 0;
        return finding_add(desk->report, finder, desk->registry, "autoconf.nothing-found", NULL, NULL);
}

int judge_sources(const Desk *desk) {
        int r = judge_disagreement(desk);
        if (r >= 0)
                r = judge_trials(desk);
        return r < 0 ? r : judge_nothing(desk);
}
