/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What every step does: ask, read a status line, tell what a refusal means. */

#include "pop3.h"

int pop3_read_or_challenge(MdProbe *probe, Pop3State *pop3) {
        const char *line;
        int r = md_read_line(probe, &line, NULL);
        if (r < 0)
                return r;
        if (pop3_reply_parse(line, &pop3->reply) < 0)
                return md_bad_reply(probe, line);
        pop3->rest = pop3_reply_rest(line);
        return 0;
}

int pop3_read(MdProbe *probe, Pop3State *pop3) {
        int r = pop3_read_or_challenge(probe, pop3);
        if (r < 0)
                return r;
        return pop3->reply.status == POP3_CONTINUE ? md_bad_reply(probe, pop3->reply.line) : 0;
}

int pop3_ask(MdProbe *probe, Pop3State *pop3, const char *command) {
        int r = md_expect_silence(probe);
        if (r >= 0)
                r = md_send(probe, "%s", command);
        return r < 0 ? r : pop3_read(probe, pop3);
}

void pop3_observe_refusal(MdProbe *probe, const Pop3State *pop3, const char *command) {
        const Pop3Reply *reply = &pop3->reply;
        md_observe(probe, "reply", MD_TEXT("to", command), MD_TEXT("code", *reply->code ? reply->code : NULL),
                   MD_TEXT("text", reply->text));
}

static MdReply reply_of(const Pop3State *pop3, const char *stage) {
        return (MdReply) {
                .stage = stage,
                .code = "-ERR",
                .enhanced = pop3->reply.code,
                .text = pop3->reply.text,
                .line = pop3->reply.line,
        };
}

const char *pop3_refusal_meaning(MdProbe *probe, const Pop3State *pop3, const char *stage) {
        MdReply reply = reply_of(pop3, stage);
        return md_refusal_meaning(probe, &reply);
}

void pop3_refused(MdProbe *probe, const Pop3State *pop3, const char *stage, const char *command) {
        MdReply reply = reply_of(pop3, stage);

        pop3_observe_refusal(probe, pop3, command);
        md_refusal(probe, &reply, MD_TEXT("mechanism", *pop3->mechanism ? pop3->mechanism : NULL));
}
