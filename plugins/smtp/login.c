/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* AUTH (RFC 4954): only the frame of it, the mechanisms are the SDK's. */

#include <errno.h>
#include <stdio.h>

#include <maildiag/sasl.h>

#include "smtp.h"

#define AUTH_LINE_MAX 512u      /* RFC 4954 section 4: a longer initial response waits for the challenge */

static int auth_begin(MdProbe *probe, void *state, const char *mechanism, char *ret, size_t size) {
        SmtpState *smtp = state;

        int r = md_expect_silence(probe);
        if (r < 0)
                return r;
        snprintf(smtp->mechanism, sizeof(smtp->mechanism), "%s", mechanism);
        return snprintf(ret, size, "AUTH %s", mechanism) < (int) size ? 0 : -EINVAL;
}

static int take_refusal(MdProbe *probe, SmtpState *smtp, MdSaslReply *ret) {
        smtp_observe_reply(probe, smtp, "AUTH");
        smtp_reply_print(&smtp->reply, smtp->refusal, sizeof(smtp->refusal));
        *ret = (MdSaslReply) { MD_SASL_REFUSED, smtp->refusal };
        return 0;
}

static int auth_read(MdProbe *probe, void *state, MdSaslReply *ret) {
        SmtpState *smtp = state;

        int r = smtp_read(probe, smtp, NULL);
        if (r < 0)
                return r;
        if (smtp_reply_class(&smtp->reply) >= 4)
                return take_refusal(probe, smtp, ret);
        if (smtp->reply.code == 334)
                *ret = (MdSaslReply) { MD_SASL_CONTINUE, smtp->last_text };
        else if (smtp->reply.code == 235)
                *ret = (MdSaslReply) { MD_SASL_ACCEPTED, NULL };
        else
                return smtp_unexpected(probe, smtp);
        return 0;
}

static void auth_refused(MdProbe *probe, void *state) {
        smtp_refused(probe, state, "auth");
}

/* Before TLS there is often no AUTH where there is one after it (RFC 8314 section 4): security is wrong. */
static bool is_only_after_tls(MdProbe *probe, const SmtpCapabilities *c) {
        return !md_is_encrypted(probe) && !c->has[SMTP_AUTH] && c->has[SMTP_STARTTLS];
}

int smtp_step_auth(MdProbe *probe, void *state) {
        static const MdSaslProfile profile = {
                .initial_response = true,
                .command_max = AUTH_LINE_MAX,
                .begin = auth_begin,
                .read = auth_read,
                .refused = auth_refused,
        };
        SmtpState *smtp = state;
        const SmtpCapabilities *c = &smtp->capabilities;
        const char *offered[SMTP_MECHANISMS_MAX + 1] = { NULL };

        if (!md_probe_username(probe))
                return MD_SKIP;
        if (is_only_after_tls(probe, c)) {
                md_find(probe, "auth.not-possible-without-tls", NULL);
                return MD_DONE;
        }
        for (size_t i = 0; i < c->n_mechanisms; i++)
                offered[i] = c->mechanisms[i];
        return md_sasl_login(probe, &profile, smtp, offered);
}
