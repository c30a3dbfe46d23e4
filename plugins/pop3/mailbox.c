/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What a mail app does after the login, up to the first message: how much there is (STAT), by which ids it
 * tells old from new (UIDL, twice, since ids that change make it fetch everything again), the head of a
 * message (TOP).
 *
 * UIDL is asked for the first message only: the list of all would be megabytes for a mailbox that was never
 * emptied.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pop3.h"

#define TOP_LINES_MAX 4096u             /* of a header; long lists of recipients are folded into many */

/* ---- the answers ---- */

static int take_capabilities(MdProbe *probe, Pop3State *pop3) {
        return pop3_read_capabilities(probe, pop3, "after-login");
}

static int take_stat(MdProbe *probe, Pop3State *pop3) {
        uint64_t octets;
        int r = pop3_read(probe, pop3);
        if (r < 0)
                return r;
        if (pop3->reply.status == POP3_ERR) {
                pop3_refused(probe, pop3, "mailbox", "STAT");
                return 0;
        }
        if (pop3_stat_parse(pop3->reply.text, &pop3->messages, &octets) < 0)
                return md_bad_reply(probe, pop3->reply.line);
        pop3->opened = true;
        md_fact_number(probe, "messages", pop3->messages);
        md_fact_number(probe, "octets", octets);
        return 0;
}

static int take_uidl(MdProbe *probe, Pop3State *pop3) {
        char uid[POP3_UID_SIZE];
        int r = pop3_read(probe, pop3);
        if (r < 0 || !pop3->opened || pop3->messages == 0)
                return r;
        if (pop3->reply.status == POP3_ERR) {
                pop3->uids = POP3_UIDS_MISSING;
                snprintf(pop3->uid_evidence, sizeof(pop3->uid_evidence), "%s", pop3->reply.line);
                return 0;
        }
        if (pop3_uidl_parse(pop3->reply.text, 1, uid) < 0)
                return md_bad_reply(probe, pop3->reply.line);
        if (!*pop3->uid)
                memcpy(pop3->uid, uid, sizeof(uid));
        else if (pop3->uids != POP3_UIDS_MISSING)
                pop3->uids = strcmp(uid, pop3->uid) ? POP3_UIDS_CHANGE : POP3_UIDS_STABLE;
        if (pop3->uids == POP3_UIDS_CHANGE)
                snprintf(pop3->uid_evidence, sizeof(pop3->uid_evidence), "UIDL 1: %s, then %s", pop3->uid, uid);
        return 0;
}

/* The head of a message is nobody's business: it is read past, and the transcript does not show it. */
static int take_top(MdProbe *probe, Pop3State *pop3) {
        int r = pop3_read(probe, pop3);
        if (r < 0 || pop3->reply.status == POP3_ERR)
                return r;
        for (unsigned n = 0; n < TOP_LINES_MAX; n++) {
                const char *line;
                r = md_read_private_line(probe, &line, NULL);
                if (r < 0)
                        return r;
                if (pop3_ends_list(line))
                        return 0;
        }
        return md_too_many_lines(probe);
}

/* ---- the questions ---- */

static bool always(const Pop3State *pop3) {
        return true;
}

static bool differs_by_user(const Pop3State *pop3) {
        return pop3->capabilities.differs_by_user;
}

/* Of a mailbox that is known to be empty nothing more is asked. */
static bool may_have_messages(const Pop3State *pop3) {
        return !pop3->opened || pop3->messages > 0;
}

static const struct {
        const char *command;
        bool (*applies)(const Pop3State *pop3);
        int (*take)(MdProbe *probe, Pop3State *pop3);
} questions[] = {
        { "CAPA", differs_by_user, take_capabilities },
        { "STAT", always, take_stat },
        { "UIDL 1", may_have_messages, take_uidl },
        { "UIDL 1", may_have_messages, take_uidl },
        { "TOP 1 0", may_have_messages, take_top },
};

#define N_QUESTIONS (sizeof(questions) / sizeof(questions[0]))

/* RFC 2449 section 6.6: all in one go, the goodbye with them. */
static int ask_at_once(MdProbe *probe, Pop3State *pop3) {
        bool asked[N_QUESTIONS];
        int r = md_expect_silence(probe);
        for (size_t i = 0; r >= 0 && i < N_QUESTIONS; i++) {
                asked[i] = questions[i].applies(pop3);
                if (asked[i])
                        r = md_send(probe, "%s", questions[i].command);
        }
        if (r >= 0)
                r = md_send(probe, "QUIT");
        pop3->quit_sent = true;
        for (size_t i = 0; r >= 0 && i < N_QUESTIONS; i++)
                if (asked[i])
                        r = questions[i].take(probe, pop3);
        return r;
}

static int ask_in_turn(MdProbe *probe, Pop3State *pop3) {
        int r = 0;
        for (size_t i = 0; r >= 0 && i < N_QUESTIONS; i++) {
                if (!questions[i].applies(pop3))
                        continue;
                r = md_expect_silence(probe);
                if (r >= 0)
                        r = md_send(probe, "%s", questions[i].command);
                if (r >= 0)
                        r = questions[i].take(probe, pop3);
        }
        return r;
}

/* ---- can a copy stay on the server? ---- */

static const struct {
        const char *answer, *reason, *finding;
} copies[] = {
#define COPY_UNKNOWN 0
        { "unknown", N_("The mailbox is empty, and the server does not say whether it has UIDL."), NULL },
#define COPY_NO_UIDL 1
        { "no", N_("The server has no UIDL, so an app cannot tell old messages from new ones."),
          "pop3.no-uidl" },
#define COPY_UNSTABLE 2
        { "no", N_("UIDL tells another id each time, so an app fetches everything again."),
          "pop3.uidl-unstable" },
#define COPY_EXPIRES 3
        { "limited", N_("The server deletes messages some days after they were fetched."), "pop3.expire" },
#define COPY_NEVER 4
        { "no", N_("The server says that it deletes messages once they were fetched."), "pop3.expire" },
#define COPY_KEPT 5
        { "yes", N_("UIDL tells lasting ids, and the server says that it never deletes messages by itself."),
          NULL },
#define COPY_YES 6
        { "yes", N_("UIDL tells lasting ids."), NULL },
#define COPY_PROBABLY 7
        { "yes", N_("The server has UIDL, which could not be tried since the mailbox is empty."), NULL },
};

static size_t judge_copies(const Pop3State *pop3) {
        const Pop3Capabilities *c = &pop3->capabilities;
        if (pop3->uids == POP3_UIDS_MISSING || (pop3->messages == 0 && c->known && !c->has[POP3_UIDL]))
                return COPY_NO_UIDL;
        if (pop3->uids == POP3_UIDS_CHANGE)
                return COPY_UNSTABLE;
        if (c->expire == POP3_EXPIRE_DAYS)
                return c->expire_days > 0 ? COPY_EXPIRES : COPY_NEVER;
        if (pop3->messages == 0)
                return c->known ? COPY_PROBABLY : COPY_UNKNOWN;
        return c->expire == POP3_EXPIRE_NEVER ? COPY_KEPT : COPY_YES;
}

static void report_copies(MdProbe *probe, const Pop3State *pop3) {
        size_t i = judge_copies(pop3);
        md_fact(probe, "leave-on-server", copies[i].answer);
        md_observe(probe, "fact", MD_OWN("name", "leave-on-server-reason"), MD_OWN("value", copies[i].reason));
        if (copies[i].finding)
                md_find(probe, copies[i].finding, *pop3->uid_evidence ? pop3->uid_evidence : NULL, MD_NUMBER("days", pop3->capabilities.expire_days));
}

/* ---- steps ---- */

int pop3_step_mailbox(MdProbe *probe, void *state) {
        Pop3State *pop3 = state;

        if (!md_probe_is_logged_in(probe))
                return MD_SKIP;
        pop3->lost = true;
        bool at_once = pop3->capabilities.known && pop3->capabilities.has[POP3_PIPELINING];
        int r = at_once ? ask_at_once(probe, pop3) : ask_in_turn(probe, pop3);
        if (r < 0)
                return r;
        pop3->lost = false;
        if (pop3->opened)
                report_copies(probe, pop3);
        return MD_NEXT;
}

int pop3_step_quit(MdProbe *probe, void *state) {
        Pop3State *pop3 = state;

        if (pop3->lost)
                return MD_SKIP;
        int r = pop3->quit_sent ? 0 : md_send(probe, "QUIT");
        return r < 0 ? r : pop3_read(probe, pop3);
}
