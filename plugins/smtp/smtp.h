/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the files of the SMTP plugin share: the state of a dialogue, and its steps. */

#include <maildiag/conn.h>
#include <maildiag/finding.h>
#include <maildiag/plugin.h>
#include <maildiag/reply.h>

#include "capabilities.h"
#include "reply.h"

typedef struct SmtpState {
        SmtpReply reply;                /* the last one */
        const char *last_text;          /* of its last line, uncut; valid until the next line is read */
        SmtpCapabilities capabilities;  /* of the last EHLO */
        char refusal[SMTP_PRINTED_MAX]; /* of a login, as evidence */
        char mechanism[SMTP_MECHANISM_SIZE];    /* the one that is tried */
        bool masked_greeting;
        bool quit_sent;
} SmtpState;

#define SMTP_N_FINDINGS 18u
extern const MdFindingInfo smtp_findings[SMTP_N_FINDINGS];

#define SMTP_N_REPLIES 83u
extern const MdReplyRule smtp_replies[SMTP_N_REPLIES];

/* Reads a whole reply into the state.  `each` (may be NULL) gets the text of every line.  Returns 0 or
 * -errno. */
int smtp_read(MdProbe *probe, SmtpState *smtp, void (*each)(SmtpState *smtp, const char *text));
/* Goes on with a reply of which the caller has the first line. */
int smtp_read_on(MdProbe *probe, SmtpState *smtp, const char *line,
                 void (*each)(SmtpState *smtp, const char *text));
/* Reports the last reply as an observation. */
void smtp_observe_reply(MdProbe *probe, const SmtpState *smtp, const char *command);
/* The last reply is a refusal (4yz, 5yz): raises the finding that fits at that stage of a dialogue. */
void smtp_refused(MdProbe *probe, const SmtpState *smtp, const char *stage);
/* The last reply is none of those that the command can have: "protocol.bad-reply"; returns -EPROTO. */
int smtp_unexpected(MdProbe *probe, const SmtpState *smtp);

/* Steps, in order. */
int smtp_step_greeting(MdProbe *probe, void *state);
int smtp_step_ehlo(MdProbe *probe, void *state);
int smtp_step_starttls(MdProbe *probe, void *state);
int smtp_step_ehlo_again(MdProbe *probe, void *state);
int smtp_step_auth(MdProbe *probe, void *state);
int smtp_step_transaction(MdProbe *probe, void *state);
int smtp_step_quit(MdProbe *probe, void *state);
