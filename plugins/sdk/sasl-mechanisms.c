/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which SASL mechanism to use: a table from the strongest to the weakest, and a choice that only reads it. */

#include <maildiag/finding.h>

#include "sasl-mechanisms.h"
#include "text.h"

#define SCRAM_NEEDS (MD_MEANS_PASSWORD | MD_MEANS_PREPARED)

static const MdMechanism mechanisms[] = {
        {
                .name = "EXTERNAL", .family = MD_FAMILY_SIMPLE, .needs = MD_MEANS_CERTIFICATE, .proof = 1,
                .reason = N_("The client certificate says who logs in, so no password is sent."),
        },
        {
                .name = "OAUTHBEARER", .family = MD_FAMILY_OAUTH, .needs = MD_MEANS_TOKEN, .proof = 1,
                .reason = N_("An OAuth2 token is at hand, and this is the standard way to present it."),
        },
        {
                .name = "XOAUTH2", .family = MD_FAMILY_OAUTH, .needs = MD_MEANS_TOKEN, .proof = 1,
                .reason = N_("An OAuth2 token is at hand, and the server knows no newer way to present "
                        "it."),
        },
        {
                .name = "SCRAM-SHA-256-PLUS", .family = MD_FAMILY_SCRAM,
                .needs = SCRAM_NEEDS | MD_MEANS_BINDING, .proof = 2,
                .reason = N_("The password is never sent, and the login is tied to this TLS connection."),
        },
        {
                .name = "SCRAM-SHA-1-PLUS", .family = MD_FAMILY_SCRAM,
                .needs = SCRAM_NEEDS | MD_MEANS_BINDING, .proof = 2,
                .reason = N_("The password is never sent, and the login is tied to this TLS connection."),
        },
        {
                .name = "SCRAM-SHA-256", .family = MD_FAMILY_SCRAM, .needs = SCRAM_NEEDS, .proof = 2,
                .reason = N_("The password is never sent, and the server has to prove that it knows it."),
        },
        {
                .name = "SCRAM-SHA-1", .family = MD_FAMILY_SCRAM, .needs = SCRAM_NEEDS, .proof = 2,
                .reason = N_("The password is never sent, and the server has to prove that it knows it."),
        },
        {
                .name = "PLAIN", .family = MD_FAMILY_SIMPLE, .needs = MD_MEANS_PASSWORD, .proof = 1,
                .reason = N_("The password is sent as it is; the server offers nothing stronger that can "
                        "be used here."),
        },
        {
                .name = "LOGIN", .family = MD_FAMILY_SIMPLE, .needs = MD_MEANS_PASSWORD, .proof = 2,
                .server_first = true,
                .reason = N_("The password is sent as it is, in an old form; the server offers nothing "
                        "else that can be used here."),
        },
        {
                .name = "CRAM-MD5", .family = MD_FAMILY_CRAM, .needs = MD_MEANS_PASSWORD, .proof = 1,
                .server_first = true, .weak = true,
        },
};

#define N_MECHANISMS (sizeof(mechanisms) / sizeof(mechanisms[0]))

static bool has_word(const char *const *words, const char *word) {
        for (; *words; words++)
                if (md_word_equal(*words, word))
                        return true;
        return false;
}

static bool is_possible(const MdMechanism *mechanism, unsigned means, const char *const *offered) {
        return (mechanism->needs & ~means) == 0 && has_word(offered, mechanism->name);
}

const MdMechanism *md_mechanism_find(const char *name) {
        for (size_t i = 0; i < N_MECHANISMS; i++)
                if (md_word_equal(mechanisms[i].name, name))
                        return &mechanisms[i];
        return NULL;
}

static const MdMechanism *choose_allowed(unsigned means, const char *const *allowed,
                                         const char *const *offered) {
        for (; *allowed; allowed++) {
                const MdMechanism *mechanism = md_mechanism_find(*allowed);
                if (mechanism && is_possible(mechanism, means, offered))
                        return mechanism;
        }
        return NULL;
}

const MdMechanism *md_mechanism_choose(unsigned means, const char *const *allowed, const char *const *offered,
                                       const char **ret_reason) {
        if (allowed) {
                *ret_reason = N_("It is the first of those that the settings allow which the server offers.");
                return choose_allowed(means, allowed, offered);
        }
        for (size_t i = 0; i < N_MECHANISMS; i++)
                if (!mechanisms[i].weak && is_possible(&mechanisms[i], means, offered)) {
                        *ret_reason = mechanisms[i].reason;
                        return &mechanisms[i];
                }
        return NULL;
}

bool md_mechanism_weak_only(unsigned means, const char *const *allowed, const char *const *offered) {
        for (size_t i = 0; !allowed && i < N_MECHANISMS; i++)
                if (mechanisms[i].weak && is_possible(&mechanisms[i], means, offered))
                        return true;
        return false;
}
