/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * How an account is, as its checks found it.  Pure.
 *
 * Most checks make no login.  What the last login found stays until the next one says otherwise: a wrong password does not
 * become right because a connection came about.  And what breaks is looked at twice before anybody is told, unless somebody
 * asked for the check and hears the answer anyway.
 */

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "judge-shared.h"
#include "report.h"

#define STATUS_HISTORY_MAX 16u

/* A change of the verdict. */
typedef struct StatusEvent {
        uint64_t usec;                  /* CLOCK_REALTIME */
        Verdict verdict;
        char code[64];                  /* of the finding that stood first; "": none */
} StatusEvent;

typedef struct AccountStatus {
        Verdict verdict;                /* "unknown" until it was checked */
        uint64_t since_usec;            /* CLOCK_REALTIME: when it became so; 0: never */
        uint64_t checked_usec;          /* CLOCK_REALTIME: the last check; 0: never */
        uint64_t login_usec;            /* CLOCK_REALTIME: the last one that tried a login; 0: never */
        uint64_t muted_usec;            /* CLOCK_REALTIME: nobody is told until then; 0: not muted */
        char *summary;                  /* one sentence; NULL: none */
        json_t *receive, *send;         /* as in a report; NULL: none */
        json_t *findings;               /* as in a report, root cause first; NULL: none */
        bool suspect;                   /* the last check found it broken, which was not confirmed yet */
        bool suspect_login;             /* by its login */
        bool refused;                   /* the last login was refused */
        unsigned n_failed;              /* checks in a row that found it broken */
        size_t n_history;
        StatusEvent *history;           /* the oldest first; NULL: none */
} AccountStatus;

void account_status_init(AccountStatus *status);
void account_status_done(AccountStatus *status);

/* What a check found. */
typedef struct StatusCheck {
        const Report *report;           /* its end */
        const Shared *shared;           /* what several accounts of the check have in common; NULL: nothing */
        size_t number;                  /* of the account among them */
        bool asked;                     /* somebody asked for it */
        bool online;                    /* the network was up, as far as is known */
        uint64_t now_usec;              /* CLOCK_REALTIME */
} StatusCheck;

typedef enum StatusNews {
        STATUS_NOTHING,                 /* the check says nothing about the account: there was no network, or no worker */
        STATUS_CHECKED,                 /* it is as it was */
        STATUS_SUSPECT,                 /* it may be broken, and is to be looked at again */
        STATUS_CHANGED,                 /* its verdict became another */
} StatusNews;

/* Takes over what a check found.  Returns what is new, or -ENOMEM. */
int account_status_take(AccountStatus *status, const StatusCheck *check);
/* The settings became others: what a login found with the old ones says nothing any more. */
void account_status_settings_changed(AccountStatus *status);

/* All of it as text that account_status_from_text() reads; NULL: out of memory. */
char *account_status_to_text(const AccountStatus *status);
/* The reverse, whatever the text.  Returns 0, -EBADMSG when it is damaged, -EPROTONOSUPPORT when another version wrote it,
 * -ENOMEM; the status is written only on success. */
int account_status_from_text(const char *text, AccountStatus *ret);
