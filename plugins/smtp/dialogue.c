/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What every step does with replies: read, report, tell what a refusal means. */

#include <errno.h>
#include <stdio.h>

#include "smtp.h"

int smtp_read_on(MdProbe *probe, SmtpState *smtp, const char *line,
                 void (*each)(SmtpState *smtp, const char *text)) {
        const char *text;

        smtp_reply_begin(&smtp->reply);
        for (;;) {
                int r = smtp_reply_add(&smtp->reply, line, &text);
                if (r == -EBADMSG)
                        return md_bad_reply(probe, line);
                if (r == -EILSEQ) {
                        md_find(probe, "protocol.inconsistent-code", line);
                        return -EPROTO;
                }
                smtp->last_text = text;
                if (each)
                        each(smtp, text);
                if (r == SMTP_REPLY_LAST)
                        return 0;
                if (smtp->reply.n_lines >= MD_REPLY_LINES_MAX)
                        return md_too_many_lines(probe);
                r = md_read_line(probe, &line, NULL);
                if (r < 0)
                        return r;
        }
}

int smtp_read(MdProbe *probe, SmtpState *smtp, void (*each)(SmtpState *smtp, const char *text)) {
        const char *line;

        int r = md_read_line(probe, &line, NULL);
        if (r < 0)
                return r;
        return smtp_read_on(probe, smtp, line, each);
}

void smtp_observe_reply(MdProbe *probe, const SmtpState *smtp, const char *command) {
        const SmtpReply *reply = &smtp->reply;
        char code[16];

        snprintf(code, sizeof(code), "%u", reply->code);
        md_observe(probe, "reply", MD_TEXT("to", command), MD_TEXT("code", code),
                   MD_TEXT("enhanced", reply->enhanced[0] ? reply->enhanced : NULL),
                   MD_TEXT("text", reply->text));
}

void smtp_refused(MdProbe *probe, const SmtpState *smtp, const char *stage) {
        char code[16];

        snprintf(code, sizeof(code), "%u", smtp->reply.code);
        const MdReply reply = {
                .stage = stage,
                .code = code,
                .enhanced = smtp->reply.enhanced,
                .text = smtp->reply.text,
                .when = smtp->capabilities.has[SMTP_AUTH] ? MD_REPLY_LOGIN_OFFERED : 0,
        };
        md_refusal(probe, &reply, MD_TEXT("mechanism", smtp->mechanism[0] ? smtp->mechanism : NULL));
}

int smtp_unexpected(MdProbe *probe, const SmtpState *smtp) {
        char line[SMTP_PRINTED_MAX];

        smtp_reply_print(&smtp->reply, line, sizeof(line));
        return md_bad_reply(probe, line);
}
