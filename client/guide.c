/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The settings that a guide can tell about, and looking them up. */

#include <stdlib.h>
#include <string.h>

#include "guide.h"
#include "i18n.h"

const GuideSetting guide_settings[] = {
        { "add-account",       GUIDE_ELSE, "add-account",     N_("Adding an account") },
        { "in.protocol",       GUIDE_IN,   "protocol",        N_("Protocol") },
        { "in.host",           GUIDE_IN,   "host",            N_("Server") },
        { "in.port",           GUIDE_IN,   "port",            N_("Port") },
        { "in.security",       GUIDE_IN,   "security",        N_("Security") },
        { "in.auth",           GUIDE_IN,   "auth",            N_("Authentication") },
        { "in.username",       GUIDE_IN,   "username",        N_("User name") },
        { "in.password",       GUIDE_IN,   "password",        N_("Password") },
        { "out.host",          GUIDE_OUT,  "host",            N_("Server") },
        { "out.port",          GUIDE_OUT,  "port",            N_("Port") },
        { "out.security",      GUIDE_OUT,  "security",        N_("Security") },
        { "out.auth",          GUIDE_OUT,  "auth",            N_("Authentication") },
        { "out.auth-required", GUIDE_OUT,  "auth-required",   N_("Login to send") },
        { "out.username",      GUIDE_OUT,  "username",        N_("User name") },
        { "out.password",      GUIDE_OUT,  "password",        N_("Password") },
        { "out.address",       GUIDE_OUT,  "address",         N_("Sender address") },
        { "out.which",         GUIDE_OUT,  "which",           N_("Server of the account") },
        { "leave-on-server",   GUIDE_ELSE, "leave-on-server", N_("Leave a copy on the server") },
        { "trust",             GUIDE_ELSE, "trust",           N_("Certificates") },
        { "test",              GUIDE_ELSE, "test",            N_("Test") },
        { NULL, GUIDE_ELSE, NULL, NULL },
};

Guide *guide_free(Guide *guide) {
        if (guide) {
                free(guide->text);
                free(guide->id);
                free(guide);
        }
        return NULL;
}

const GuideRow *guide_row(const Guide *guide, GuideSide side, const char *name) {
        for (size_t i = 0; i < guide->n_rows; i++)
                if (guide->rows[i].setting->side == side && !strcmp(guide->rows[i].setting->name, name))
                        return &guide->rows[i];
        return NULL;
}

bool guide_row_is_sourced(const GuideRow *row) {
        return row->sourced && (!row->screen || row->screen->sourced);
}

const char *guide_word(const GuideRow *row, const char *value) {
        for (size_t i = 0; i < row->n_words; i++)
                if (!strcmp(row->words[i].word, value))
                        return row->words[i].text;
        return value;
}

const GuideSetting *guide_setting(GuideSide side, const char *name) {
        for (const GuideSetting *setting = guide_settings; setting->key; setting++)
                if (setting->side == side && !strcmp(setting->name, name))
                        return setting;
        return NULL;
}

GuideSide guide_side(const char *protocol) {
        return strcmp(protocol, "smtp") ? GUIDE_IN : GUIDE_OUT;
}
