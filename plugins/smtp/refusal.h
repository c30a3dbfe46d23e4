/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a refusal means: from code, enhanced code and words to the id of a finding, without I/O. */

#include <stdbool.h>

#include "reply.h"

typedef enum SmtpMoment {
        SMTP_AT_EHLO,                   /* EHLO, and HELO after it */
        SMTP_AT_AUTH,
        SMTP_AT_MAIL,
        SMTP_AT_RCPT,
        _SMTP_MOMENT_MAX,
} SmtpMoment;

/* What else is known when the refusal comes. */
typedef struct SmtpSituation {
        SmtpMoment moment;
        bool encrypted;
        bool logged_in;
        bool offers_auth;
} SmtpSituation;

/* Id of the finding; never NULL. */
const char *smtp_refusal_meaning(const SmtpReply *reply, const SmtpSituation *situation);
