/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Patterns of names.  A star never stands for more than a label, but as the first label for one or more, and as the last for
 * what names are registered below. */

#include <ctype.h>
#include <string.h>

#include "pattern.h"

#define STARS_MAX 3u                    /* each is tried with every length */

static bool ends_with_star(const char *pattern) {
        size_t length = strlen(pattern);
        return length > 2 && !strcmp(pattern + length - 2, ".*");
}

const char *pattern_fault(const char *pattern) {
        const char *middle = !strncmp(pattern, "*.", 2) ? pattern + 2 : pattern;
        size_t literal = 0, stars = 0;

        for (const char *c = pattern; *c; c++)
                stars += *c == '*';
        if (stars == 0)
                return "has no star";
        if (stars > STARS_MAX)
                return "has more than three stars";
        if (middle > pattern && ends_with_star(pattern))
                return "has a star at both ends";
        if (middle > pattern && !strchr(middle, '.'))
                return "would be every name below a top-level domain";
        for (const char *c = middle; *c; c++)
                literal += *c != '*' && *c != '.';
        return literal < 3 ? "would be nearly every name" : NULL;
}

/* Up to the end of the pattern, or `stop` of it: the rest of the name is returned. */
static const char *match_labels(const char *pattern, const char *stop, const char *name) {
        for (; pattern < stop; pattern++, name++) {
                if (*pattern == '*') {
                        for (const char *rest = name;; rest++) {
                                const char *end = match_labels(pattern + 1, stop, rest);
                                if (end)
                                        return end;
                                if (!*rest || *rest == '.')
                                        return NULL;
                        }
                }
                if (*pattern != *name)
                        return NULL;
        }
        return name;
}

/* "com", "de", "co.uk", "com.br": one label, or a short one and that of a country. */
static bool is_registry(const char *name) {
        size_t first = strcspn(name, ".");

        if (first == 0)
                return false;
        if (!name[first])
                return true;
        return first <= 3 && strlen(name + first + 1) == 2 && isalpha((unsigned char) name[first + 1]) &&
               isalpha((unsigned char) name[first + 2]);
}

bool pattern_match(const char *pattern, const char *name) {
        size_t length = strlen(pattern);

        if (!strncmp(pattern, "*.", 2)) {
                for (const char *dot = strchr(name, '.'); dot && dot > name; dot = strchr(dot + 1, '.')) {
                        const char *end = match_labels(pattern + 1, pattern + length, dot);
                        if (end && !*end)
                                return true;
                }
                return false;
        }
        if (ends_with_star(pattern)) {
                const char *end = match_labels(pattern, pattern + length - 1, name);
                return end && is_registry(end);
        }
        const char *end = match_labels(pattern, pattern + length, name);
        return end && !*end;
}
