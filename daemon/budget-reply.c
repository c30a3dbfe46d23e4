/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How long a server asks to wait, in the words of its reply. */

#include <stdlib.h>
#include <string.h>

#include "budget.h"
#include "text.h"

#define DIGITS "0123456789"

/* Abbreviations stand for whole words, too. */
static const struct {
        const char *unit;
        int64_t usec;
} units[] = {
        { "s", BUDGET_MINUTE / 60 },
        { "sec", BUDGET_MINUTE / 60 },
        { "second", BUDGET_MINUTE / 60 },
        { "m", BUDGET_MINUTE },
        { "min", BUDGET_MINUTE },
        { "minute", BUDGET_MINUTE },
        { "h", 60 * BUDGET_MINUTE },
        { "hr", 60 * BUDGET_MINUTE },
        { "hour", 60 * BUDGET_MINUTE },
};

/* A word of `length` bytes is a unit, or several of it ("mins"). */
static int64_t unit_at(const char *word, size_t length) {
        for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
                size_t size = strlen(units[i].unit);
                if (strncasecmp(word, units[i].unit, size < length ? size : length))
                        continue;
                if (length == size || (length == size + 1 && (word[size] | 0x20) == 's'))
                        return units[i].usec;
        }
        return 0;
}

static bool is_letter(char c) {
        return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* "15 minutes", "30s", "15-minute"; not the digits of "4.7.0" or of a name. */
static int64_t time_at(const char *number, size_t digits) {
        const char *word = number + digits;
        size_t length = 0;

        word += strspn(word, " -");
        while (is_letter(word[length]))
                length++;
        return digits <= 5 ? strtoll(number, NULL, 10) * unit_at(word, length) : 0;
}

/* Of several the shortest: the others may be what was exceeded. */
int64_t budget_stated_pause(const char *reply) {
        int64_t shortest = 0;

        for (const char *c = strpbrk(reply, DIGITS); c; c = strpbrk(c, DIGITS)) {
                size_t digits = strspn(c, DIGITS);
                bool begins = c == reply || strchr(" \t(=:", c[-1]);
                int64_t usec = begins ? time_at(c, digits) : 0;
                if (usec > 0 && (shortest == 0 || usec < shortest))
                        shortest = usec;
                c += digits;
        }
        return shortest > 0 && shortest < BUDGET_MINUTE ? BUDGET_MINUTE : shortest;
}
