/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Names of files, and what to do without a disk: go on, and say so once. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "keyed-hash.h"
#include "log.h"
#include "monitor-state.h"
#include "own.h"
#include "state.h"

#define LOSS "how accounts are is known only while it runs"

struct MonitorState {
        char *place;                    /* NULL: nowhere */
        bool given;                     /* somebody named the place */
        int directory;                  /* -1: not open */
        bool opened;                    /* it was tried */
        bool told;                      /* that nothing can be kept */
};

MonitorState *monitor_state_new(Instance instance, const char *directory) {
        MonitorState *state = calloc(1, sizeof(*state));

        if (!state)
                return NULL;
        state->directory = -1;
        _cleanup_free_ char *place = instance == INSTANCE_PRIVATE ? NULL : state_place(instance, directory, &state->given);
        if (place && asprintf(&state->place, "%s/accounts", place) < 0) {
                state->place = NULL;
                return monitor_state_free(state);
        }
        state->opened = instance == INSTANCE_PRIVATE;
        return state;
}

MonitorState *monitor_state_free(MonitorState *state) {
        if (!state)
                return NULL;
        close_fd(state->directory);
        free(state->place);
        free(state);
        return NULL;
}

static void tell(MonitorState *state, const char *why) {
        const LogField fields[] = { { "MAILDIAG_FILE", state->place }, { "MAILDIAG_REASON", why }, { 0 } };
        const char *place = state->place ? state->place : "", *colon = state->place ? ": " : "";

        if (!state->told && state->given)
                log_event(LOG_EVENT_STATE_UNUSABLE, fields, LOSS ": %s%s%s", place, colon, why);
        else if (!state->told)
                log_line(LOG_NOTICE, LOSS ": %s%s%s", place, colon, why);
        state->told = true;
}

static bool open_place(MonitorState *state) {
        if (state->opened)
                return state->directory >= 0;
        state->opened = true;
        if (!state->place) {
                tell(state, "there is no state directory");
                return false;
        }
        state->directory = state_open(state->place);
        if (state->directory < 0)
                tell(state, state->directory == -EPERM ? "others may write there" : strerror(-state->directory));
        return state->directory >= 0;
}

/* Ids are chosen freely, and names of files are not. */
static void name_of(const Account *account, char ret[static KEYED_HASH_TEXT_SIZE]) {
        const KeyedHash key = { 0 };
        KeyedHash hash = keyed_hash(&key, account->id, strlen(account->id));
        keyed_hash_to_text(&hash, ret);
}

void monitor_state_load(MonitorState *state, Account *account) {
        _cleanup_free_ char *text = NULL;
        char name[KEYED_HASH_TEXT_SIZE];
        AccountStatus status;

        if (!open_place(state))
                return;
        name_of(account, name);
        int r = state_read(state->directory, name, &text);
        if (r >= 0)
                r = account_status_from_text(text, &status);
        if (r >= 0) {
                account_status_done(&account->status);
                account->status = status;
        } else if (r != -ENOENT && r != -ENOMEM)
                log_line(LOG_WARNING, "%s/%s cannot be used, account %s begins anew: %s", state->place, name, account->id,
                         r == -EBADMSG ? "it is damaged" :
                         r == -EPROTONOSUPPORT ? "another version wrote it" : strerror(-r));
}

/* What is too long is kept without its findings. */
static char *text_that_fits(const Account *account) {
        char *text = account_status_to_text(&account->status);
        if (!text || strlen(text) <= STATE_FILE_MAX)
                return text;
        AccountStatus without = account->status;
        free(text);
        without.findings = NULL;
        return account_status_to_text(&without);
}

void monitor_state_save(MonitorState *state, const Account *account) {
        char name[KEYED_HASH_TEXT_SIZE];

        if (!open_place(state))
                return;
        name_of(account, name);
        _cleanup_free_ char *text = text_that_fits(account);
        int r = text ? state_write(state->directory, name, text) : -ENOMEM;
        if (r < 0)
                tell(state, strerror(-r));
        else
                state->told = false;    /* should it fail again, it is news */
}

void monitor_state_forget(MonitorState *state, const Account *account) {
        char name[KEYED_HASH_TEXT_SIZE];

        if (!open_place(state))
                return;
        name_of(account, name);
        unlinkat(state->directory, name, 0);
}
