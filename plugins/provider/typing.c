/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Typing errors, label by label: all labels of a name but one must be right, and that one must be near. */

#include <stdio.h>
#include <string.h>

#include "plugins/sdk/distance.h"
#include "typing.h"

#define LABELS_MAX 8u
#define FAR 99u

typedef struct Labels {
        char text[TYPING_NAME_SIZE];
        char *at[LABELS_MAX];
        size_t n;
} Labels;

/* Returns false for a name that is too long for a typing error. */
static bool split(const char *name, Labels *ret) {
        ret->n = 0;
        if (strlen(name) >= sizeof(ret->text))
                return false;
        char *rest = strcpy(ret->text, name);
        for (char *label; (label = strsep(&rest, "."));) {
                if (ret->n == LABELS_MAX)
                        return false;
                ret->at[ret->n++] = label;
        }
        return true;
}

/* ---- one label ---- */

/* The digits of two words in their order: smtp1 is not a mistyped smtp2. */
static bool same_digits(const char *a, const char *b) {
        for (;; a++, b++) {
                a += strcspn(a, "0123456789");
                b += strcspn(b, "0123456789");
                if (*a != *b)
                        return false;
                if (!*a)
                        return true;
        }
}

static bool is_swapped(const char *given, const char *meant) {
        size_t at = 0;

        if (strlen(given) != strlen(meant))
                return false;
        while (given[at] && given[at] == meant[at])
                at++;
        return given[at] && given[at + 1] && given[at] == meant[at + 1] && given[at + 1] == meant[at] &&
               !strcmp(given + at + 2, meant + at + 2);
}

/* A letter too many, which is that before it. */
static bool is_doubled(const char *given, const char *meant) {
        size_t at = 0;

        if (strlen(given) != strlen(meant) + 1)
                return false;
        while (meant[at] && given[at] == meant[at])
                at++;
        return at > 0 && given[at] == given[at - 1] && !strcmp(given + at + 1, meant + at);
}

/* How far a label is from the one that was meant; FAR: too far for its length.  Another first letter makes another word
 * of a short one. */
static size_t label_distance(const char *given, const char *meant) {
        size_t length = strlen(meant), distance = md_word_distance(given, meant);
        bool same_first = given[0] == meant[0];

        if (distance == 0 || !same_digits(given, meant))
                return FAR;
        if (is_swapped(given, meant))
                return 1;
        if (length < 4)
                return FAR;
        if (length == 4)
                return is_doubled(given, meant) ? 1 : FAR;
        if (distance == 1)
                return same_first || length >= 7 ? 1 : FAR;
        return distance == 2 && same_first && length >= 10 ? 2 : FAR;
}

/* Of the last label.  Countries are not confused. */
static size_t top_distance(const char *given, const char *meant) {
        if (strlen(given) == 2 && strlen(meant) == 2)
                return FAR;
        return md_word_distance(given, meant) == 1 ? 1 : FAR;
}

/* ---- names ---- */

/* "gmailcom" */
static bool lacks_dot(const char *given, const char *meant) {
        size_t missing = 0;

        for (; *meant; meant++)
                if (*given == *meant)
                        given++;
                else if (*meant != '.' || ++missing > 1)
                        return false;
        return !*given && missing == 1;
}

/* What a known name allows for its first label, where all others are right. */
static size_t first_distance(const char *given, const char *meant) {
        return same_digits(given, meant) && md_word_distance(given, meant) == 1 ? 1 : FAR;
}

static size_t name_distance(const char *given, const char *meant, bool is_host) {
        Labels a, b;
        size_t at = LABELS_MAX, last;

        if (lacks_dot(given, meant))
                return 1;
        if (!split(given, &a) || !split(meant, &b) || a.n != b.n)
                return FAR;
        for (size_t i = 0; i < a.n; i++) {
                if (!strcmp(a.at[i], b.at[i]))
                        continue;
                if (at < LABELS_MAX)
                        return FAR;
                at = i;
        }
        last = a.n - 1;
        if (at == LABELS_MAX)
                return FAR;
        if (at == last)
                return top_distance(a.at[at], b.at[at]);
        return is_host && at == 0 ? first_distance(a.at[at], b.at[at]) : label_distance(a.at[at], b.at[at]);
}

/* Endings that nobody can register, so that a pattern such as yahoo.* says nothing about them. */
static bool has_impossible_end(const char *domain) {
        static const char *const ends[] = {
                ".con", ".cmo", ".ocm", ".vom", ".xom", ".cim", ".comm", ".coom", ".cpm", ".clm", ".nte", ".ogr",
        };
        const char *dot = strrchr(domain, '.');

        for (size_t i = 0; dot && i < sizeof(ends) / sizeof(ends[0]); i++)
                if (!strcmp(dot, ends[i]))
                        return true;
        return false;
}

const char *typing_domain(const Table *table, const char *domain) {
        const char *nearest = NULL;
        size_t least = FAR;

        if (!has_impossible_end(domain) && lookup_knows_domain(table, domain))
                return NULL;
        for (size_t i = 0; i < table_count(table); i++) {
                const TableBlock *block = table_block(table, i);
                for (size_t k = 0; !table_is_replaced(table, i) && k < block->popular.n; k++) {
                        size_t distance = name_distance(domain, block->popular.at[k], false);
                        if (distance < least) {
                                nearest = block->popular.at[k];
                                least = distance;
                        }
                }
        }
        return nearest;
}

/* ---- hosts ---- */

typedef struct Nearest {
        char *name;
        size_t distance;
} Nearest;

static void keep_nearest(Nearest *nearest, const char *host, const char *meant) {
        size_t distance = name_distance(host, meant, true);

        if (distance < nearest->distance) {
                snprintf(nearest->name, TYPING_NAME_SIZE, "%s", meant);
                nearest->distance = distance;
        }
}

static void try_block(Nearest *nearest, const TableBlock *block, const char *host) {
        for (size_t i = 0; i < block->n_services; i++)
                if (!block->services[i].until)
                        keep_nearest(nearest, host, block->services[i].host);
}

/* smpt.example.org, of whatever domain. */
static void try_protocol(Nearest *nearest, const char *host) {
        static const char *const protocols[] = { "smtp", "imap", "pop3", "mail" };
        size_t length = strcspn(host, ".");
        char first[16];

        if (length >= sizeof(first) || !host[length])
                return;
        memcpy(first, host, length);
        first[length] = '\0';
        for (size_t i = 0; nearest->distance == FAR && i < sizeof(protocols) / sizeof(protocols[0]); i++)
                if (label_distance(first, protocols[i]) == 1) {
                        snprintf(nearest->name, TYPING_NAME_SIZE, "%s%s", protocols[i], host + length);
                        nearest->distance = 1;
                }
}

/* mail.exmaple.org for anna@example.org. */
static void try_domain(Nearest *nearest, const char *host, const char *domain) {
        for (const char *dot = strchr(host, '.'); dot && nearest->distance == FAR; dot = strchr(dot + 1, '.'))
                if (name_distance(dot + 1, domain, false) < FAR) {
                        snprintf(nearest->name, TYPING_NAME_SIZE, "%.*s%s", (int) (dot + 1 - host), host, domain);
                        nearest->distance = 1;
                }
}

bool typing_host(const Table *table, const char *host, const TableBlock *block, const char *domain,
                 char ret[static TYPING_NAME_SIZE]) {
        Nearest nearest = { ret, FAR };

        if (strlen(host) >= TYPING_NAME_SIZE || lookup_knows_host(table, host))
                return false;
        if (block)
                try_block(&nearest, block, host);
        for (size_t i = 0; nearest.distance == FAR && i < table_count(table); i++) {
                const TableBlock *other = table_block(table, i);
                if (!table_is_replaced(table, i) && other->popular.n > 0)
                        try_block(&nearest, other, host);
        }
        try_protocol(&nearest, host);
        if (domain)
                try_domain(&nearest, host, domain);
        return nearest.distance < FAR;
}
