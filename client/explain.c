/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* maildiag explain CODE: what a finding means and what to do about it; --list names them all.  What is no
 * code is an error that somebody pasted (explain-text.c). */

#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "complain.h"
#include "explain.h"
#include "i18n.h"
#include "nearest.h"
#include "page.h"
#include "report.h"
#include "verb.h"

static void print_json(const json_t *document) {
        json_dumpf(document, stdout, JSON_INDENT(2) | JSON_SORT_KEYS);
        putchar('\n');
}

static int list(const Settings *settings, Call *call) {
        json_t *codes, *code;
        size_t i;

        int status = call_list_findings(call, &codes);
        if (status != 0)
                return status;
        if (settings->json)
                print_json(codes);
        else
                json_array_foreach(codes, i, code)
                        puts(json_string_value(code) ?: "");
        json_decref(codes);
        return STATUS_FINE;
}

static int complain_unknown(Call *call, const char *word) {
        json_t *codes, *code;
        size_t i;

        int status = call_list_findings(call, &codes);
        if (status != 0)
                return status;
        const char **known = calloc(json_array_size(codes) + 1, sizeof(char *));
        if (known)
                json_array_foreach(codes, i, code)
                        known[i] = json_string_value(code) ?: "";
        char *nearest = known ? nearest_words(word, "", known, json_array_size(codes)) : NULL;
        if (nearest && *nearest)
                complain(STATUS_NO_INPUT, _("no finding has the code '%s'; nearest: %s"), word, nearest);
        else
                complain(STATUS_NO_INPUT, _("no finding has the code '%s'; see maildiag explain --list"), word);
        free(nearest);
        free(known);
        json_decref(codes);
        return STATUS_NO_INPUT;
}

static void print_entry(const Settings *settings, const json_t *entry) {
        static const struct {
                const char *head;
                const char *key;
        } parts[] = {
                { N_("Meaning"), "meaning" },
                { N_("To do"), "remedy" },
                { N_("Severity"), "severity" },
                { N_("Stage"), "stage" },
                { N_("Who"), "actor" },
                { N_("Setting"), "setting" },
                { N_("Standard"), "standard" },
                { N_("Since"), "since" },
                { N_("Plugin"), "owner" },
        };
        Page page;
        page_init(&page, stdout, settings->colour);

        char *title = entry_text(entry, "title");
        page_text(&page, TONE_STRONG, report_text(entry, "code"));
        page_text(&page, TONE_PLAIN, title ?: "");
        free(title);
        page_blank(&page);
        for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
                print_part(&page, _(parts[i].head), entry, parts[i].key);
}

/* Two words with a dot between, as all codes of findings are. */
static bool is_code(const char *word) {
        static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
        size_t first = strspn(word, letters), second = word[first] == '.' ? strspn(word + first + 1, letters) : 0;
        return first > 0 && second > 0 && word[first + 1 + second] == '\0' && strspn(word, "0123456789.") < strlen(word);
}

static int explain(const Settings *settings, Call *call) {
        const char *code = settings->words[0];
        json_t *entry;

        if (!is_code(code))
                return explain_text(settings, call, code);
        int status = call_explain(call, code, "", &entry);
        if (status == STATUS_NO_INPUT)
                return complain_unknown(call, code);
        if (status != 0)
                return status;
        if (settings->json)
                print_json(entry);
        else
                print_entry(settings, entry);
        json_decref(entry);
        return STATUS_FINE;
}

static int run(Settings *settings) {
        Call *call;

        if (settings->n_words == 0 && !settings->list)
                return complain(STATUS_USAGE, _("explain: the code of a finding or an error is missing, as in: "
                                                "maildiag explain cert.expired; --list shows all codes"));
        if (settings->n_words > 0 && settings->list)
                return complain(STATUS_USAGE, _("explain: --list takes no code, '%s' is one too many"),
                                settings->words[0]);
        int status = call_new(settings, &call);
        if (status != 0)
                return status;
        status = settings->list ? list(settings, call) : explain(settings, call);
        call_free(call);
        return status;
}

const Verb verb_explain = {
        .name = "explain",
        .bit = VERB_EXPLAIN,
        .n_words = 1,
        .pasted = true,
        .synopsis = N_("CODE | 'ERROR' | --list"),
        .summary = N_("Explain a finding, or an error that a mail app shows"),
        .description = N_("Explains a finding by its code, such as cert.expired: what it means, what to do, and who "
                "can do it. Anything else is taken for an error that a server gave or an app shows, such as "
                "'535 5.7.8 Authentication failed' or 0x800CCC0E: what it most likely means, what else it can be, how to "
                "tell them apart, and the command that finds out."),
        .run = run,
};
