/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a refusal means: from response code and words to the id of a finding, without I/O. */

#include "response.h"

typedef enum ImapMoment {
        IMAP_AT_GREETING,
        IMAP_AT_COMMAND,                /* before the login */
        IMAP_AT_LOGIN,
        IMAP_AT_MAILBOX,
        _IMAP_MOMENT_MAX,
} ImapMoment;

/* Id of the finding for a NO, BAD or BYE; never NULL. */
const char *imap_refusal_meaning(const ImapResponse *response, ImapMoment moment);
