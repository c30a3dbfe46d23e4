/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Answers lines of "protocol TAB stage TAB text" with the ids that explain gives, likeliest first; "-" for
 * none.  In the text "\n" is a line end; "-" as protocol or stage says that it is not known.  For
 * test-replies.py.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain.h"

#include "../../plugins/imap/imap.h"
#include "../../plugins/pop3/pop3.h"
#include "../../plugins/smtp/smtp.h"

static const ExplainTable tables[] = {
        { "imap", imap_replies, IMAP_N_REPLIES },
        { "pop3", pop3_replies, POP3_N_REPLIES },
        { "smtp", smtp_replies, SMTP_N_REPLIES },
};

static void unescape(char *text) {
        char *to = text;
        for (; *text; text++)
                if (text[0] == '\\' && text[1] == 'n')
                        *to++ = '\n', text++;
                else
                        *to++ = *text;
        *to = '\0';
}

static const char *known(const char *word) {
        return word && strcmp(word, "-") ? word : NULL;
}

int main(void) {
        static char line[65536];
        Explanation explanation;

        while (fgets(line, sizeof(line), stdin)) {
                char *next = line, *protocol = strsep(&next, "\t"), *stage = strsep(&next, "\t");
                if (!next)
                        return EXIT_FAILURE;
                next[strcspn(next, "\n")] = '\0';
                unescape(next);
                const ExplainContext context = { .protocol = known(protocol), .stage = known(stage) };
                if (explain_text(tables, sizeof(tables) / sizeof(tables[0]), next, &context, &explanation) < 0)
                        return EXIT_FAILURE;
                for (size_t i = 0; i < explanation.n_ids; i++)
                        printf("%s%s", i > 0 ? " " : "", explanation.ids[i]);
                puts(explanation.n_ids > 0 ? "" : "-");
                fflush(stdout);
        }
        return EXIT_SUCCESS;
}
