/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A transaction as far as it goes without sending anything: MAIL FROM the account's address, RCPT TO itself,
 * RSET, QUIT.  With PIPELINING (RFC 2920) all four leave at once.
 */

#include <errno.h>
#include <string.h>

#include "smtp.h"

static bool is_ascii(const char *text) {
        for (; *text; text++)
                if ((unsigned char) *text >= 0x80)
                        return false;
        return true;
}

/* RFC 6531 section 3.4: an address beyond ASCII has to be announced. */
static int send_mail(MdProbe *probe) {
        const char *address = md_probe_address(probe);
        return md_send(probe, "MAIL FROM:<%s>%s", address, is_ascii(address) ? "" : " SMTPUTF8");
}

static int send_rcpt(MdProbe *probe) {
        return md_send(probe, "RCPT TO:<%s>", md_probe_address(probe));
}

typedef enum Outcome {
        OUTCOME_REFUSED = 0,            /* and said so */
        OUTCOME_ACCEPTED = 1,
        OUTCOME_LEAVING = 2,            /* 421: refused, and the server hangs up (RFC 5321 section 3.8) */
} Outcome;

/* Reads the reply to MAIL or RCPT: an Outcome, or -errno. */
static int read_outcome(MdProbe *probe, SmtpState *smtp, const char *stage, const char *command) {
        int r = smtp_read(probe, smtp, NULL);
        if (r < 0)
                return r;
        switch (smtp_reply_class(&smtp->reply)) {
        case 2:
                return OUTCOME_ACCEPTED;
        case 4:
        case 5:
                smtp_observe_reply(probe, smtp, command);
                smtp_refused(probe, smtp, stage);
                return smtp->reply.code == 421 ? OUTCOME_LEAVING : OUTCOME_REFUSED;
        default:
                return smtp_unexpected(probe, smtp);
        }
}

static int all_at_once(MdProbe *probe, SmtpState *smtp) {
        int r;

        if ((r = send_mail(probe)) < 0 || (r = send_rcpt(probe)) < 0 || (r = md_send(probe, "RSET")) < 0 ||
            (r = md_send(probe, "QUIT")) < 0)
                return r;
        smtp->quit_sent = true;

        r = read_outcome(probe, smtp, "mail", "MAIL");
        /* After a refused MAIL the answer to RCPT only says that there was none. */
        if (r == OUTCOME_REFUSED)
                r = smtp_read(probe, smtp, NULL);
        else if (r == OUTCOME_ACCEPTED)
                r = read_outcome(probe, smtp, "rcpt", "RCPT");
        if (r < 0 || r == OUTCOME_LEAVING)
                return r;
        return smtp_read(probe, smtp, NULL);
}

static int one_by_one(MdProbe *probe, SmtpState *smtp) {
        int r = send_mail(probe);
        if (r < 0)
                return r;
        r = read_outcome(probe, smtp, "mail", "MAIL");
        if (r == OUTCOME_ACCEPTED) {
                if ((r = md_expect_silence(probe)) < 0 || (r = send_rcpt(probe)) < 0)
                        return r;
                r = read_outcome(probe, smtp, "rcpt", "RCPT");
        }
        if (r < 0 || r == OUTCOME_LEAVING)
                return r;
        if ((r = md_expect_silence(probe)) < 0 || (r = md_send(probe, "RSET")) < 0)
                return r;
        return smtp_read(probe, smtp, NULL);
}

/* With a login, or where the settings have none at all; never after something was found to be wrong: an
 * address is personal. */
static bool may_try(MdProbe *probe) {
        if (!md_probe_address(probe) || md_found(probe, NULL))
                return false;
        return md_probe_is_logged_in(probe) || (!md_probe_username(probe) && !md_probe_has_secret(probe));
}

int smtp_step_transaction(MdProbe *probe, void *state) {
        SmtpState *smtp = state;

        if (!may_try(probe))
                return MD_SKIP;
        if (!is_ascii(md_probe_address(probe)) && !smtp->capabilities.has[SMTP_SMTPUTF8]) {
                md_find(probe, "smtp.no-utf8-address", NULL, MD_TEXT("address", md_probe_address(probe)));
                return MD_DONE;
        }
        int r = md_expect_silence(probe);
        if (r < 0)
                return r;
        r = smtp->capabilities.has[SMTP_PIPELINING] ? all_at_once(probe, smtp) : one_by_one(probe, smtp);
        return r < 0 ? r : MD_NEXT;
}

/* The answer is read so that the server is not cut off in the middle of it; what it says is no matter. */
int smtp_step_quit(MdProbe *probe, void *state) {
        SmtpState *smtp = state;
        const char *line, *text;

        if (!smtp->quit_sent) {
                int r = md_send(probe, "QUIT");
                if (r < 0)
                        return r;
        }
        smtp_reply_begin(&smtp->reply);
        for (;;) {
                int r = md_read_line(probe, &line, NULL);
                if (r < 0)
                        return r;
                if (smtp_reply_add(&smtp->reply, line, &text) != SMTP_REPLY_MORE)
                        return MD_NEXT;
        }
}
