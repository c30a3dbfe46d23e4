/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a server offers in its answer to EHLO. */

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capabilities.h"

static const char *const keywords[_SMTP_KEYWORD_MAX] = {
        [SMTP_STARTTLS] = "STARTTLS",
        [SMTP_AUTH] = "AUTH",
        [SMTP_SIZE] = "SIZE",
        [SMTP_PIPELINING] = "PIPELINING",
        [SMTP_8BITMIME] = "8BITMIME",
        [SMTP_SMTPUTF8] = "SMTPUTF8",
        [SMTP_CHUNKING] = "CHUNKING",
        [SMTP_DSN] = "DSN",
        [SMTP_ENHANCEDSTATUSCODES] = "ENHANCEDSTATUSCODES",
};

/* Cuts the next word off; words are parted by spaces.  Returns its length, 0 at the end. */
static size_t next_word(const char **text, const char **ret_word) {
        *ret_word = *text + strspn(*text, " \t");
        size_t n = strcspn(*ret_word, " \t");
        *text = *ret_word + n;
        return n;
}

static void add_mechanism(SmtpCapabilities *c, const char *word, size_t n) {
        char name[SMTP_MECHANISM_SIZE] = "";

        if (n >= sizeof(name) || c->n_mechanisms == SMTP_MECHANISMS_MAX)
                return;
        for (size_t i = 0; i < n; i++)
                name[i] = toupper((unsigned char) word[i]);
        for (size_t i = 0; i < c->n_mechanisms; i++)
                if (!strcmp(c->mechanisms[i], name))
                        return;
        memcpy(c->mechanisms[c->n_mechanisms++], name, sizeof(name));
}

static void add_mechanisms(SmtpCapabilities *c, const char *text) {
        const char *word;
        size_t n;

        while ((n = next_word(&text, &word)) > 0)
                add_mechanism(c, word, n);
}

static void set_size_limit(SmtpCapabilities *c, const char *text) {
        char *end;

        text += strspn(text, " \t");
        if (*text < '0' || *text > '9')
                return;
        errno = 0;
        unsigned long long limit = strtoull(text, &end, 10);
        if (errno == 0 && (!*end || *end == ' '))
                c->size_limit = limit;
}

/* "XXXXXXXX", "XXXXXXXA": a firewall has crossed a keyword out. */
static bool is_masked(const char *word, size_t n) {
        size_t crosses = 0;

        while (crosses < n && word[crosses] == 'X')
                crosses++;
        return crosses >= 4 && n - crosses <= 1;
}

void smtp_capabilities_add(SmtpCapabilities *c, const char *text) {
        const char *rest = text, *word;
        size_t n = next_word(&rest, &word);

        if (n == 0)
                return;
        if (c->n_words < SMTP_WORDS_MAX)
                snprintf(c->words[c->n_words++], SMTP_WORD_SIZE, "%s", word);
        c->masked = c->masked || is_masked(word, n);

        /* "AUTH=LOGIN PLAIN" was the form before RFC 2554, and clients of that time still need it. */
        if (n > 5 && !strncasecmp(word, "AUTH=", 5)) {
                c->has[SMTP_AUTH] = true;
                add_mechanisms(c, word + 5);
                return;
        }
        for (size_t i = 0; i < _SMTP_KEYWORD_MAX; i++)
                if (strlen(keywords[i]) == n && !strncasecmp(word, keywords[i], n))
                        c->has[i] = true;
        if (n == 4 && !strncasecmp(word, "AUTH", 4))
                add_mechanisms(c, rest);
        if (n == 4 && !strncasecmp(word, "SIZE", 4))
                set_size_limit(c, rest);
}

bool smtp_greeting_is_masked(const char *text) {
        size_t stars = 0, n = strlen(text);

        for (size_t i = 0; i < n; i++)
                stars += text[i] == '*';
        return stars >= 4 && 2 * stars > n;
}
