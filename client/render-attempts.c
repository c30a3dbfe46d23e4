/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The end of the report: what was tried besides the settings, and what came of it. */

#include <stdlib.h>
#include <string.h>

#include "i18n.h"
#include "render.h"
#include "report.h"

#define INDENT 2
#define COLUMN 12

typedef struct Word {
        const char *word;
        const char *text;
        Tone tone;
} Word;

static const Word *find_word(const Word *words, const char *word) {
        while (words->word && strcmp(words->word, word))
                words++;
        return words;
}

static void render_attempt(Page *page, const json_t *attempt) {
        static const Word outcomes[] = {
                { "works", N_("works"), TONE_GOOD },
                { "fails", N_("fails"), TONE_BAD },
                { NULL, N_("unknown"), TONE_WARN },
        };
        static const Word reasons[] = {
                { "configured", N_("as configured"), TONE_PLAIN },
                { "auto", N_("security left open"), TONE_PLAIN },
                { "auto-login", N_("login where the security was left open"), TONE_PLAIN },
                { "other-security", N_("with another security"), TONE_PLAIN },
                { "other-protocol", N_("with another protocol"), TONE_PLAIN },
                { "other-name", N_("with another name"), TONE_PLAIN },
                { "usual-name", N_("with a usual name of the domain"), TONE_PLAIN },
                { "other-username", N_("with another user name"), TONE_PLAIN },
                { "other-mechanism", N_("with another authentication"), TONE_PLAIN },
                { "proof", N_("proof of the proposal"), TONE_PLAIN },
                { "again", N_("the same once more"), TONE_PLAIN },
                { "discovered", N_("as published for the address"), TONE_PLAIN },
                { "similar-name", N_("with a name that is nearly the same"), TONE_PLAIN },
                { "control", N_("control, whether the network lets this through"), TONE_PLAIN },
                { NULL, "", TONE_PLAIN },
        };
        const Word *outcome = find_word(outcomes, report_text(attempt, "outcome"));
        const char *code = report_text(attempt, "code");

        page_entryf(page, INDENT, outcome->tone, _(outcome->text), COLUMN, _("%s %s port %d, %s: %s, %s%s%s"),
                    protocol_label(report_text(attempt, "protocol")).text, report_text(attempt, "host"),
                    (int) report_number(attempt, "port"), report_text(attempt, "security"),
                    _(find_word(reasons, report_text(attempt, "why"))->text),
                    duration_format(report_number(attempt, "elapsed-usec")).text, *code ? ", " : "", code);
}

void render_attempts(Page *page, const json_t *attempts) {
        bool more = false;
        size_t i;
        json_t *attempt;

        json_array_foreach((json_t *) attempts, i, attempt)
                more = more || strcmp(report_text(attempt, "why"), "configured");
        if (!more)
                return;
        page_blank(page);
        page_text(page, TONE_STRONG, _("Everything that was tried, in order"));
        json_array_foreach((json_t *) attempts, i, attempt)
                render_attempt(page, attempt);
}
