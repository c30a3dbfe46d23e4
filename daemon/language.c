/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Translations through gettext, for one caller at a time: the locale is set for this thread while it is asked, and
 * never for the process.
 */

#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "language.h"
#include "own.h"

#define NAME_MAX_BYTES 35u              /* RFC 5646 section 4.4.1 */

struct Language {
        locale_t locale;                /* 0: English */
};

bool language_name_is_valid(const char *name) {
        size_t length = strlen(name);
        return length <= NAME_MAX_BYTES &&
               strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.@") == length;
}

static locale_t open_locale(const char *name) {
        return newlocale(LC_MESSAGES_MASK | LC_CTYPE_MASK, name, (locale_t) 0);
}

/* "pt-BR" is pt_BR.UTF-8; "vi" alone is found when its country has the same letters, or as the C library knows it. */
static locale_t find_locale(const char *name) {
        char base[NAME_MAX_BYTES + 1] = "", candidate[4 * NAME_MAX_BYTES];

        memcpy(base, name, strcspn(name, ".@"));
        for (char *c = base; *c; c++)
                *c = *c == '-' ? '_' : *c;
        snprintf(candidate, sizeof(candidate), "%s.UTF-8", base);
        locale_t locale = open_locale(candidate);
        if (!locale && strlen(base) == 2) {
                snprintf(candidate, sizeof(candidate), "%s_%c%c.UTF-8", base, base[0] & ~0x20, base[1] & ~0x20);
                locale = open_locale(candidate);
        }
        return locale;
}

Language *language_new(const char *name) {
        Language *language = calloc(1, sizeof(*language));
        if (!language || !name || !*name || !language_name_is_valid(name))
                return language;
        bindtextdomain(MAILDIAG_TEXTDOMAIN, MAILDIAG_LOCALEDIR);
        bind_textdomain_codeset(MAILDIAG_TEXTDOMAIN, "UTF-8");
        language->locale = find_locale(name);
        return language;
}

Language *language_free(Language *language) {
        if (language && language->locale)
                freelocale(language->locale);
        free(language);
        return NULL;
}

const char *language_say(Language *language, const char *text) {
        if (!language->locale || !text || !*text)
                return text;
        locale_t before = uselocale(language->locale);
        const char *said = dgettext(MAILDIAG_TEXTDOMAIN, text);
        uselocale(before);
        return said;
}
