/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The tables of words. */

#include <string.h>

#include "i18n.h"
#include "words.h"

typedef struct Word {
        const char *word, *text;
        Tone tone;
} Word;

static const Word severities[] = {
        { "error", N_("Error"), TONE_BAD },
        { "warning", N_("Warning"), TONE_WARN },
        { "info", N_("Note"), TONE_PLAIN },
        { NULL, NULL, TONE_BAD },
};

static const Word actors[] = {
        { "user", N_("you, in the settings of the mail app"), TONE_PLAIN },
        { "provider", N_("the provider of the mail server"), TONE_PLAIN },
        { "administrator", N_("the administrator of this computer or account"), TONE_PLAIN },
        { "network", N_("whoever runs the network in between"), TONE_PLAIN },
        { "computer", N_("this computer itself"), TONE_PLAIN },
        { NULL, NULL, TONE_PLAIN },
};

static const Word statuses[] = {
        { "ok", N_("in order"), TONE_GOOD },
        { "info", N_("in order"), TONE_GOOD },
        { "warning", N_("with a warning"), TONE_WARN },
        { "error", N_("broken"), TONE_BAD },
        { "unknown", N_("not known"), TONE_WARN },
        { NULL, NULL, TONE_WARN },
};

/* Their names in the interface are English words already; other languages have words of their own. */
static const Word settings[] = {
        { "protocol", N_("protocol"), TONE_PLAIN },
        { "host", N_("host"), TONE_PLAIN },
        { "port", N_("port"), TONE_PLAIN },
        { "security", N_("security"), TONE_PLAIN },
        { "username", N_("username"), TONE_PLAIN },
        { "password", N_("password"), TONE_PLAIN },
        { "auth", N_("auth"), TONE_PLAIN },
        { "address", N_("address"), TONE_PLAIN },
        { NULL, NULL, TONE_PLAIN },
};

static const Word preconditions[] = {
        { "app-password", N_("A password made for the app is needed."), TONE_PLAIN },
        { "service-off", N_("Access by mail apps has to be switched on in the account."), TONE_PLAIN },
        { "oauth-only", N_("Apps sign in with OAuth2 only, not with a password."), TONE_PLAIN },
        { "bridge", N_("A program of the provider has to run on this computer."), TONE_PLAIN },
        { "paid", N_("Apps are let in for paying customers only."), TONE_PLAIN },
        { "unsupported", N_("The provider lets no mail app in."), TONE_PLAIN },
        { NULL, NULL, TONE_PLAIN },
};

static const Word networks[] = {
        { "local", N_("There is no way to the internet now."), TONE_WARN },
        { "portal", N_("A login page of this network stands before the internet; checks wait for it."), TONE_WARN },
        { "offline", N_("There is no network; checks wait for it."), TONE_WARN },
        { NULL, NULL, TONE_PLAIN },
};

static const Word *find(const Word *words, const char *word) {
        while (words->word && strcmp(words->word, word))
                words++;
        return words;
}

static const char *text_of(const Word *words, const char *word) {
        const Word *found = find(words, word);
        return found->text ? _(found->text) : word;
}

const char *severity_text(const char *word) {
        return text_of(severities, word);
}

Tone severity_tone(const char *word) {
        return find(severities, word)->tone;
}

const char *actor_text(const char *word) {
        return text_of(actors, word);
}

const char *setting_text(const char *word) {
        return text_of(settings, word);
}

const char *precondition_text(const char *kind) {
        const Word *found = find(preconditions, kind);
        return found->text ? _(found->text) : "";
}

const char *status_text(const char *word) {
        return text_of(statuses, word);
}

Tone status_tone(const char *word) {
        return find(statuses, word)->tone;
}

const char *network_text(const char *word) {
        const Word *found = find(networks, word);
        return found->text ? _(found->text) : NULL;
}
