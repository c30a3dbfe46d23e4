/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From the greeting to an encrypted connection: 220, EHLO, STARTTLS, EHLO again (RFC 5321, 3207). */

#include <errno.h>
#include <string.h>

#include "smtp.h"

int smtp_step_greeting(MdProbe *probe, void *state) {
        SmtpState *smtp = state;
        const char *line;

        int r = md_read_greeting(probe, &line, NULL);
        if (r != MD_NEXT)
                return r;
        r = smtp_read_on(probe, smtp, line, NULL);
        if (r < 0)
                return r;

        md_observe(probe, "greeting", MD_TEXT("text", smtp->reply.text));
        smtp->masked_greeting = smtp_greeting_is_masked(smtp->reply.text);
        if (smtp->reply.code == 220)
                return MD_NEXT;
        if (smtp_reply_class(&smtp->reply) < 4)
                return smtp_unexpected(probe, smtp);

        /* RFC 5321 section 3.1: 554 says that there is no mail service for us. */
        smtp_observe_reply(probe, smtp, "greeting");
        smtp_refused(probe, smtp, "greeting");
        return -EPROTO;
}

/* ---- EHLO ---- */

/* The first line names the server, each further one an ability. */
static void take_capability(SmtpState *smtp, const char *text) {
        if (smtp->reply.n_lines > 1)
                smtp_capabilities_add(&smtp->capabilities, text);
}

static void observe_capabilities(MdProbe *probe, const SmtpCapabilities *c) {
        const char *words[SMTP_WORDS_MAX + 1] = { NULL };

        for (size_t i = 0; i < c->n_words; i++)
                words[i] = c->words[i];
        md_observe(probe, "capability", MD_TEXT("phase", md_is_encrypted(probe) ? "after-tls" : "before-tls"),
                   MD_LIST("words", words));
}

static int say_hello(MdProbe *probe, SmtpState *smtp, const char *command) {
        int r = md_expect_silence(probe);
        if (r < 0)
                return r;
        r = md_send(probe, "%s %s", command, md_probe_client_name(probe));
        if (r < 0)
                return r;
        return smtp_read(probe, smtp, take_capability);
}

/* RFC 5321 section 3.2: a server that does not know EHLO is greeted with HELO. */
static int fall_back(MdProbe *probe, SmtpState *smtp) {
        char evidence[SMTP_PRINTED_MAX];

        smtp_reply_print(&smtp->reply, evidence, sizeof(evidence));
        smtp_observe_reply(probe, smtp, "EHLO");
        int r = say_hello(probe, smtp, "HELO");
        if (r < 0)
                return r;
        memset(&smtp->capabilities, 0, sizeof(smtp->capabilities));
        if (smtp->reply.code == 250)
                md_find(probe, "smtp.no-esmtp", evidence);
        return 0;
}

static int ehlo(MdProbe *probe, SmtpState *smtp) {
        const char *command = "EHLO";

        memset(&smtp->capabilities, 0, sizeof(smtp->capabilities));
        int r = say_hello(probe, smtp, command);
        if (r < 0)
                return r;
        if (smtp->reply.code == 500 || smtp->reply.code == 502 || smtp->reply.code == 504) {
                command = "HELO";
                r = fall_back(probe, smtp);
                if (r < 0)
                        return r;
        }
        if (smtp->reply.code == 250)
                return MD_NEXT;
        if (smtp_reply_class(&smtp->reply) < 4)
                return smtp_unexpected(probe, smtp);
        smtp_observe_reply(probe, smtp, command);
        smtp_refused(probe, smtp, "command");
        return -EPROTO;
}

/* What the report shows of the last list, the one that counts. */
static void report_facts(MdProbe *probe, const SmtpCapabilities *c) {
        static const struct {
                SmtpKeyword keyword;
                const char *name;
        } facts[] = {
                { SMTP_PIPELINING,          "pipelining"            },
                { SMTP_8BITMIME,            "8bitmime"              },
                { SMTP_SMTPUTF8,            "smtputf8"              },
                { SMTP_CHUNKING,            "chunking"              },
                { SMTP_DSN,                 "dsn"                   },
                { SMTP_ENHANCEDSTATUSCODES, "enhanced-status-codes" },
        };

        for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
                md_fact_truth(probe, facts[i].name, c->has[facts[i].keyword]);
        if (c->size_limit > 0)
                md_fact_number(probe, "size-limit", c->size_limit);
        if (md_is_encrypted(probe) && c->has[SMTP_STARTTLS])
                md_fact_truth(probe, "starttls-inside-tls", true);
}

int smtp_step_ehlo(MdProbe *probe, void *state) {
        SmtpState *smtp = state;

        int r = ehlo(probe, smtp);
        if (r != MD_NEXT)
                return r;
        observe_capabilities(probe, &smtp->capabilities);
        if (md_probe_security(probe) != MD_SECURITY_STARTTLS)
                report_facts(probe, &smtp->capabilities);
        return MD_NEXT;
}

/* ---- STARTTLS ---- */

static int starttls_is_missing(MdProbe *probe, const SmtpState *smtp) {
        bool masked = smtp->masked_greeting || smtp->capabilities.masked;

        md_find(probe, masked ? "security.starttls-masked" : "tls.starttls-missing", NULL);
        return -EPROTO;
}

int smtp_step_starttls(MdProbe *probe, void *state) {
        SmtpState *smtp = state;

        if (md_probe_security(probe) != MD_SECURITY_STARTTLS)
                return MD_SKIP;
        if (!smtp->capabilities.has[SMTP_STARTTLS])
                return starttls_is_missing(probe, smtp);

        int r = md_expect_silence(probe);
        if (r < 0)
                return r;
        r = md_send(probe, "STARTTLS");
        if (r < 0)
                return r;
        r = smtp_read(probe, smtp, NULL);
        if (r < 0)
                return r;
        if (smtp->reply.code == 220)
                return md_start_tls(probe);
        if (smtp_reply_class(&smtp->reply) < 4)
                return smtp_unexpected(probe, smtp);

        smtp_observe_reply(probe, smtp, "STARTTLS");
        smtp_refused(probe, smtp, "starttls");
        return -EPROTO;
}

/* RFC 3207 section 4.2: what was said before TLS is forgotten. */
int smtp_step_ehlo_again(MdProbe *probe, void *state) {
        SmtpState *smtp = state;

        if (md_probe_security(probe) != MD_SECURITY_STARTTLS)
                return MD_SKIP;
        int r = ehlo(probe, smtp);
        if (r != MD_NEXT)
                return r;
        observe_capabilities(probe, &smtp->capabilities);
        report_facts(probe, &smtp->capabilities);
        return MD_NEXT;
}
