/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the server can do, as a set of words. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "capabilities.h"

#define AUTH "AUTH="

static int split(ImapCapabilities *capabilities) {
        size_t n_words = 0, n_mechanisms = 0;
        char *rest = NULL;

        for (char *text = capabilities->memory, *word; (word = strtok_r(text, " ", &rest)); text = NULL) {
                if (n_words == IMAP_CAPABILITIES_MAX)
                        return -E2BIG;
                capabilities->words[n_words++] = word;
                if (!strncasecmp(word, AUTH, strlen(AUTH)) && word[strlen(AUTH)])
                        capabilities->mechanisms[n_mechanisms++] = word + strlen(AUTH);
        }
        return 0;
}

int imap_capabilities_parse(const char *text, ImapCapabilities *ret) {
        ImapCapabilities capabilities = {
                .words = calloc(IMAP_CAPABILITIES_MAX + 1, sizeof(char *)),
                .mechanisms = calloc(IMAP_CAPABILITIES_MAX + 1, sizeof(char *)),
                .text = strdup(text),
                .memory = strdup(text),
        };
        int r = -ENOMEM;

        if (capabilities.words && capabilities.mechanisms && capabilities.text && capabilities.memory)
                r = split(&capabilities);
        if (r < 0) {
                imap_capabilities_done(&capabilities);
                return r;
        }

        *ret = capabilities;
        return 0;
}

void imap_capabilities_done(ImapCapabilities *capabilities) {
        free(capabilities->words);
        free(capabilities->mechanisms);
        free(capabilities->text);
        free(capabilities->memory);
        *capabilities = (ImapCapabilities) { 0 };
}

bool imap_capabilities_have(const ImapCapabilities *capabilities, const char *word) {
        for (char **w = capabilities->words; w && *w; w++)
                if (!strcasecmp(*w, word))
                        return true;
        return false;
}

static bool is_subset(const ImapCapabilities *a, const ImapCapabilities *b) {
        for (char **w = a->words; w && *w; w++)
                if (!imap_capabilities_have(b, *w))
                        return false;
        return true;
}

bool imap_capabilities_equal(const ImapCapabilities *a, const ImapCapabilities *b) {
        return is_subset(a, b) && is_subset(b, a);
}

const char *imap_capabilities_masked(const ImapCapabilities *capabilities) {
        for (char **w = capabilities->words; w && *w; w++)
                if (strlen(*w) >= 4 && strspn(*w, "X") == strlen(*w))
                        return *w;
        return NULL;
}
