/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The answer to CAPA, word by word: whole words only, in any case, with any number of spaces between. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "capabilities.h"

static const char *const keywords[_POP3_KEYWORD_MAX] = {
        [POP3_TOP] = "TOP",
        [POP3_USER] = "USER",
        [POP3_UIDL] = "UIDL",
        [POP3_STLS] = "STLS",
        [POP3_PIPELINING] = "PIPELINING",
};

static int add_copy(char **list, size_t *n, size_t max, const char *text) {
        if (*n == max)
                return 0;
        list[*n] = strdup(text);
        if (!list[*n])
                return -ENOMEM;
        ++*n;
        return 0;
}

static int take_mechanisms(Pop3Capabilities *c, char *rest) {
        int r = 0;
        for (char *word; r == 0 && (word = strsep(&rest, " "));)
                if (*word)
                        r = add_copy(c->mechanisms, &c->n_mechanisms, POP3_MECHANISMS_MAX, word);
        return r;
}

/* A plain number of at most nine digits. */
static bool is_number(const char *word, uint64_t *ret) {
        size_t n = strlen(word);
        if (n == 0 || n > 9 || strspn(word, "0123456789") != n)
                return false;
        *ret = strtoull(word, NULL, 10);
        return true;
}

/* The first two words behind the keyword; "" for those that are not there. */
typedef struct Arguments {
        const char *first, *second;
} Arguments;

static Arguments split(char *rest) {
        Arguments arguments = { "", "" };
        for (char *word; (word = strsep(&rest, " "));)
                if (*word && !*arguments.first)
                        arguments.first = word;
                else if (*word && !*arguments.second)
                        arguments.second = word;
        return arguments;
}

static int take_expire(Pop3Capabilities *c, char *rest) {
        Arguments arguments = split(rest);
        if (!strcasecmp(arguments.first, "NEVER"))
                c->expire = POP3_EXPIRE_NEVER;
        else if (is_number(arguments.first, &c->expire_days))
                c->expire = POP3_EXPIRE_DAYS;
        c->differs_by_user |= !strcasecmp(arguments.second, "USER");
        return 0;
}

static int take_login_delay(Pop3Capabilities *c, char *rest) {
        Arguments arguments = split(rest);
        is_number(arguments.first, &c->login_delay);
        c->differs_by_user |= !strcasecmp(arguments.second, "USER");
        return 0;
}

static int take_implementation(Pop3Capabilities *c, char *rest) {
        free(c->implementation);
        c->implementation = rest ? strdup(rest + strspn(rest, " ")) : NULL;
        return rest && !c->implementation ? -ENOMEM : 0;
}

static const struct {
        const char *keyword;
        int (*take)(Pop3Capabilities *c, char *rest);
} with_arguments[] = {
        { "SASL", take_mechanisms },
        { "EXPIRE", take_expire },
        { "LOGIN-DELAY", take_login_delay },
        { "IMPLEMENTATION", take_implementation },
};

/* "XXXX", "XXXXXXXA": a firewall has crossed the keyword out. */
static bool is_masked(const char *word) {
        size_t crosses = strspn(word, "X");
        return crosses >= 4 && strlen(word) - crosses <= 1;
}

static int take_word(Pop3Capabilities *c, const char *word, char *rest) {
        c->masked |= is_masked(word);
        for (size_t i = 0; i < _POP3_KEYWORD_MAX; i++)
                c->has[i] |= !strcasecmp(word, keywords[i]);
        for (size_t i = 0; i < sizeof(with_arguments) / sizeof(with_arguments[0]); i++)
                if (!strcasecmp(word, with_arguments[i].keyword))
                        return with_arguments[i].take(c, rest);
        return 0;
}

int pop3_capabilities_add(Pop3Capabilities *c, const char *line) {
        line += strspn(line, " ");
        char *copy = strdup(line), *rest = copy;
        if (!copy)
                return -ENOMEM;
        int r = *line ? add_copy(c->words, &c->n_words, POP3_WORDS_MAX, line) : 0;
        if (r == 0) {
                const char *word = strsep(&rest, " ");
                r = take_word(c, word, rest);
        }
        free(copy);
        return r;
}

void pop3_capabilities_done(Pop3Capabilities *c) {
        for (size_t i = 0; i < c->n_words; i++)
                free(c->words[i]);
        for (size_t i = 0; i < c->n_mechanisms; i++)
                free(c->mechanisms[i]);
        free(c->implementation);
        *c = (Pop3Capabilities) { 0 };
}
