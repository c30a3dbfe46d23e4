/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From the greeting to an encrypted connection: greeting, CAPA, STLS, CAPA again (RFC 1939, 2449, 2595). */

#include <errno.h>
#include <string.h>

#include "pop3.h"

int pop3_step_greeting(MdProbe *probe, void *state) {
        Pop3State *pop3 = state;
        const char *line;

        int r = md_read_greeting(probe, &line, NULL);
        if (r != MD_NEXT)
                return r;
        if (pop3_reply_parse(line, &pop3->reply) < 0 || pop3->reply.status == POP3_CONTINUE) {
                md_find(probe, "greeting.garbage", line);
                return -EPROTO;
        }
        md_observe(probe, "greeting", MD_TEXT("text", pop3->reply.line));
        if (pop3->reply.status == POP3_ERR) {
                pop3_refused(probe, pop3, "greeting", "greeting");
                return -EPROTO;
        }

        md_fact_truth(probe, "apop", pop3_has_timestamp(pop3->reply.text));
        pop3->masked_greeting = pop3_is_starred(pop3->reply.text);
        /* Exchange breaks the session off when a response stands on the line of AUTH, against RFC 5034. */
        pop3->no_initial_response = strcasestr(pop3->reply.text, "Microsoft Exchange");
        return MD_NEXT;
}

/* ---- CAPA ---- */

static int read_list(MdProbe *probe, Pop3State *pop3) {
        pop3->lost = true;
        for (unsigned n = 0; n < MD_REPLY_LINES_MAX; n++) {
                const char *line;
                int r = md_read_line(probe, &line, NULL);
                if (r < 0)
                        return r;
                if (pop3_ends_list(line)) {
                        pop3->lost = false;
                        return 0;
                }
                r = pop3_capabilities_add(&pop3->capabilities, pop3_unstuff(line));
                if (r < 0)
                        return r;
        }
        return md_too_many_lines(probe);
}

/* What a setting of the app can depend on. */
static void report_facts(MdProbe *probe, const Pop3Capabilities *c) {
        if (c->implementation)
                md_fact(probe, "implementation", c->implementation);
        if (c->login_delay > 0) {
                md_fact_number(probe, "login-delay", c->login_delay);
                md_find(probe, "pop3.login-delay", NULL, MD_NUMBER("seconds", c->login_delay));
        }
}

int pop3_read_capabilities(MdProbe *probe, Pop3State *pop3, const char *phase) {
        int r = pop3_read(probe, pop3);
        if (r < 0)
                return r;
        /* RFC 2449 section 5: then nothing is known, which is no fault. */
        if (pop3->reply.status == POP3_ERR)
                return 0;

        pop3_capabilities_done(&pop3->capabilities);
        pop3->capabilities.known = true;
        r = read_list(probe, pop3);
        if (r < 0)
                return r;
        md_observe(probe, "capability", MD_TEXT("phase", phase),
                   MD_LIST("words", (const char *const *) pop3->capabilities.words));
        return 0;
}

static int ask_capabilities(MdProbe *probe, Pop3State *pop3) {
        int r = md_expect_silence(probe);
        if (r >= 0)
                r = md_send(probe, "CAPA");
        if (r >= 0)
                r = pop3_read_capabilities(probe, pop3, md_is_encrypted(probe) ? "after-tls" : "before-tls");
        return r;
}

int pop3_step_capa(MdProbe *probe, void *state) {
        Pop3State *pop3 = state;

        int r = ask_capabilities(probe, pop3);
        if (r < 0)
                return r;
        if (md_probe_security(probe) != MD_SECURITY_STARTTLS)
                report_facts(probe, &pop3->capabilities);
        return MD_NEXT;
}

/* ---- STLS ---- */

static int stls_is_missing(MdProbe *probe, const Pop3State *pop3, const char *evidence) {
        bool masked = pop3->masked_greeting || pop3->capabilities.masked;
        md_find(probe, masked ? "security.starttls-masked" : "tls.starttls-missing", evidence);
        return -EPROTO;
}

int pop3_step_stls(MdProbe *probe, void *state) {
        Pop3State *pop3 = state;

        if (md_probe_security(probe) != MD_SECURITY_STARTTLS)
                return MD_SKIP;
        if (pop3->capabilities.known && !pop3->capabilities.has[POP3_STLS])
                return stls_is_missing(probe, pop3, NULL);

        int r = pop3_ask(probe, pop3, "STLS");
        if (r < 0)
                return r;
        if (pop3->reply.status == POP3_OK)
                return md_start_tls(probe);
        /* A server that does not know CAPA may not know STLS either. */
        if (!pop3->capabilities.known)
                return stls_is_missing(probe, pop3, pop3->reply.line);
        pop3_refused(probe, pop3, "starttls", "STLS");
        return -EPROTO;
}

/* RFC 2595 section 4: what was said before TLS is forgotten. */
int pop3_step_capa_again(MdProbe *probe, void *state) {
        Pop3State *pop3 = state;

        if (md_probe_security(probe) != MD_SECURITY_STARTTLS)
                return MD_SKIP;
        pop3_capabilities_done(&pop3->capabilities);
        int r = ask_capabilities(probe, pop3);
        if (r < 0)
                return r;
        report_facts(probe, &pop3->capabilities);
        return MD_NEXT;
}
