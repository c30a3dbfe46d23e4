/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The provider plugin: what is known beforehand about the mail of a domain, without a network.
 *
 * The daemon asks it twice: at once, and again when the mail exchangers of the domain are known, since a domain of one's
 * own is found only by them.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "plugins/sdk/distance.h"
#include "provider.h"
#include "shipped.h"
#include "typing.h"

#define FAULTS_MAX 32u
#define LAYER_ADDED 1u

typedef struct ProviderState {
        Table *table;
        const TableBlock *block;        /* NULL: nobody is known */
        char *faults[FAULTS_MAX + 1];   /* "FILE:LINE: fault" */
        size_t n_faults;                /* all of them, also those that are not kept */
        MdProbe *probe;                 /* while files are read */
} ProviderState;

static LookupQuestion question_of(const MdProbe *probe) {
        return (LookupQuestion) { md_probe_domain(probe), md_probe_mx(probe), md_probe_hosts(probe) };
}

/* ---- the table ---- */

static void note_fault(void *userdata, const char *file, unsigned line, const char *fault) {
        ProviderState *state = userdata;

        if (state->n_faults < FAULTS_MAX &&
            asprintf(&state->faults[state->n_faults], "%s:%u: %s", file, line, fault) < 0)
                state->faults[state->n_faults] = NULL;
        state->n_faults++;
        if (line > 0)
                md_find(state->probe, "provider.bad-line", NULL, MD_TEXT("file", file), MD_NUMBER("line", line),
                        MD_TEXT("fault", fault));
        else
                md_find(state->probe, "provider.bad-file", NULL, MD_TEXT("file", file), MD_TEXT("fault", fault));
}

static int step_table(MdProbe *probe, void *state) {
        ProviderState *provider = state;

        provider->probe = probe;
        provider->table = table_new(&table_shipped);
        int r = provider->table ? 0 : -ENOMEM;
        if (r >= 0 && *md_probe_data_dir(probe))
                r = load_folder(provider->table, LAYER_ADDED, md_probe_data_dir(probe), note_fault, provider);
        if (r < 0)
                return r;
        if (provider->n_faults > 0)
                md_observe(probe, "fact", MD_TEXT("name", "table-faults"),
                           MD_LIST("value", (const char *const *) provider->faults));
        return MD_NEXT;
}

/* ---- the provider ---- */

/* What showed it, in the words of md_provider(), and the name that did. */
static const char *evidence_of(const Table *table, const TableBlock *block, LookupHow how,
                               const LookupQuestion *question) {
        const char *const *names = how == LOOKUP_MX ? question->mx : question->hosts;
        LookupHow one;

        if (how == LOOKUP_DOMAIN || how == LOOKUP_PATTERN)
                return question->domain;
        for (; *names; names++) {
                const char *const alone[] = { *names, NULL };
                const LookupQuestion again = { question->domain, how == LOOKUP_MX ? alone : NULL,
                                               how == LOOKUP_HOST ? alone : NULL };
                if (lookup_block(table, &again, &one) == block)
                        return *names;
        }
        return NULL;
}

static int step_provider(MdProbe *probe, void *state) {
        ProviderState *provider = state;
        const LookupQuestion question = question_of(probe);
        LookupHow how;

        provider->block = lookup_block(provider->table, &question, &how);
        if (!provider->block)
                return MD_NEXT;
        md_provider(probe, provider->block->id, provider->block->name,
                    lookup_how_to_string(how == LOOKUP_PATTERN ? LOOKUP_DOMAIN : how),
                    evidence_of(provider->table, provider->block, how, &question));
        if (provider->block->page)
                md_fact(probe, "help-page", provider->block->page);
        tell_preconditions(probe, provider->block);
        tell_services(probe, provider->table, provider->block);
        return MD_NEXT;
}

/* ---- names that were mistyped ---- */

static int step_names(MdProbe *probe, void *state) {
        const ProviderState *provider = state;
        const char *domain = md_probe_domain(probe), *meant = typing_domain(provider->table, domain);
        char host[TYPING_NAME_SIZE];

        if (meant)
                md_resembles(probe, "address", domain, meant, (unsigned) md_word_distance(domain, meant));
        for (const char *const *given = md_probe_hosts(probe); *given; given++)
                if (typing_host(provider->table, *given, provider->block, domain, host))
                        md_resembles(probe, "host", *given, host, (unsigned) md_word_distance(*given, host));
        return MD_NEXT;
}

static void state_done(void *state) {
        ProviderState *provider = state;

        for (size_t i = 0; i < FAULTS_MAX; i++)
                free(provider->faults[i]);
        table_free(provider->table);
}

static const MdStep steps[] = {
        { "table",    MD_STAGE_CONFIG, MD_DEPTH_CONNECT, 0, step_table    },
        { "provider", MD_STAGE_CONFIG, MD_DEPTH_CONNECT, 0, step_provider },
        { "names",    MD_STAGE_CONFIG, MD_DEPTH_CONNECT, 0, step_names    },
};

MD_PLUGIN_EXPORT("provider") = {
        .size = sizeof(MdPlugin),
        .kind = MD_KIND_DISCOVERY,
        .name = "provider",
        .version = "0.1",
        .summary = N_("What is known beforehand about mail providers"),
        .purpose = MD_PURPOSE_OTHER,
        .profile = MD_PROFILE_TABLE,
        .steps = steps,
        .n_steps = sizeof(steps) / sizeof(steps[0]),
        .findings = provider_findings,
        .n_findings = PROVIDER_FINDINGS,
        .state_size = sizeof(ProviderState),
        .state_done = state_done,
};
