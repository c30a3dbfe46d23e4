/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a refusal means: from response code and words to the id of a finding, without I/O. */

#include "reply.h"

typedef enum Pop3Moment {
        POP3_AT_GREETING,
        POP3_AT_LOGIN,
        POP3_AT_MAILBOX,
        _POP3_MOMENT_MAX,
} Pop3Moment;

/* Id of the finding for an -ERR; never NULL. */
const char *pop3_refusal_meaning(const Pop3Reply *reply, Pop3Moment moment);
