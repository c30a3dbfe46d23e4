/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The owner of a name, as far as it can be told without a list of public suffixes. */

#include "match.h"
#include "text.h"

/* From the last dot but one on; all of it when there is none. */
static const char *owner_of(const char *host) {
        const char *owner = host;
        unsigned dots = 0;
        for (const char *c = host + strlen(host); c > host && dots < 2; c--)
                if (c[-1] == '.' && ++dots == 2)
                        owner = c;
        return owner;
}

bool hosts_are_related(const char *a, const char *b) {
        return md_word_equal(owner_of(a), owner_of(b));
}
