/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Login: AUTH (RFC 5034), whose mechanisms are the SDK's, or USER and PASS where no mechanism fits.  APOP is
 * never used: its digest lets a false server find out the password (RFC 6151).
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <maildiag/sasl.h>

#include "pop3.h"

#define COMMAND_MAX 255u                /* RFC 5034 section 4, with CR LF */

/* ---- AUTH ---- */

static int auth_begin(MdProbe *probe, void *state, const char *mechanism, char *ret, size_t size) {
        Pop3State *pop3 = state;

        int r = md_expect_silence(probe);
        if (r < 0)
                return r;
        snprintf(pop3->mechanism, sizeof(pop3->mechanism), "%s", mechanism);
        return snprintf(ret, size, "AUTH %s", mechanism) < (int) size ? 0 : -EINVAL;
}

static int auth_read(MdProbe *probe, void *state, MdSaslReply *ret) {
        static const MdSaslOutcome outcomes[] = {
                [POP3_OK] = MD_SASL_ACCEPTED,
                [POP3_ERR] = MD_SASL_REFUSED,
                [POP3_CONTINUE] = MD_SASL_CONTINUE,
        };
        Pop3State *pop3 = state;

        int r = pop3_read_or_challenge(probe, pop3);
        if (r < 0)
                return r;
        ret->outcome = outcomes[pop3->reply.status];
        /* The text behind +OK is for people, it never carries data. */
        ret->text = ret->outcome == MD_SASL_CONTINUE ? pop3->rest :
                    ret->outcome == MD_SASL_REFUSED ? pop3->reply.line : NULL;
        return 0;
}

static void auth_refused(MdProbe *probe, void *state) {
        pop3_refused(probe, state, "auth", "AUTH");
}

static int authenticate(MdProbe *probe, Pop3State *pop3, const char *const *offered) {
        const MdSaslProfile profile = {
                .initial_response = !pop3->no_initial_response,
                .command_max = COMMAND_MAX,
                .begin = auth_begin,
                .read = auth_read,
                .refused = auth_refused,
        };
        return md_sasl_login(probe, &profile, pop3, offered);
}

/* ---- USER and PASS ---- */

static void join_mechanisms(const Pop3Capabilities *c, char *ret, size_t size) {
        size_t used = 0;
        *ret = '\0';
        for (size_t i = 0; i < c->n_mechanisms && used < size; i++)
                used += (size_t) snprintf(ret + used, size - used, "%s%s", i > 0 ? ", " : "",
                                          c->mechanisms[i]);
}

/* Dovecot lists USER even where it takes no plain password: then its mechanisms are what counts. */
static void command_refused(MdProbe *probe, const Pop3State *pop3, const char *command) {
        const Pop3Capabilities *c = &pop3->capabilities;
        char offered[512];

        if (c->n_mechanisms == 0 || strcmp(pop3_refusal_meaning(probe, pop3, "auth"), "auth.mechanism-broken")) {
                pop3_refused(probe, pop3, "auth", command);
                return;
        }
        join_mechanisms(c, offered, sizeof(offered));
        pop3_observe_refusal(probe, pop3, command);
        md_find(probe, "auth.no-common-mechanism", pop3->reply.line, MD_TEXT("offered", offered));
}

static int user_and_pass(MdProbe *probe, Pop3State *pop3, const char *const *offered) {
        static const char reason[] =
                N_("The server offers no mechanism that can be used here, so the password is sent as it is.");

        snprintf(pop3->mechanism, sizeof(pop3->mechanism), "USER");
        md_observe(probe, "mechanism", MD_TEXT("name", "USER"), MD_LIST("offered", offered),
                   MD_TEXT("reason", reason));

        int r = md_expect_silence(probe);
        if (r >= 0)
                r = md_send(probe, "USER %s", md_probe_username(probe));
        if (r >= 0)
                r = pop3_read(probe, pop3);
        if (r < 0)
                return r;
        if (pop3->reply.status == POP3_ERR) {
                command_refused(probe, pop3, "USER");
                return MD_DONE;
        }

        r = md_expect_silence(probe);
        if (r >= 0)
                r = md_send_secret(probe, "PASS ", MD_SECRET_RAW);
        if (r >= 0)
                r = pop3_read(probe, pop3);
        if (r < 0)
                return r;
        if (pop3->reply.status == POP3_ERR) {
                md_probe_login_refused(probe);
                command_refused(probe, pop3, "PASS");
                return MD_DONE;
        }
        md_probe_logged_in(probe);
        return MD_NEXT;
}

/* ---- which of them ---- */

/* Before TLS there is often no login where there is one after it: then the security is what is wrong. */
static bool is_only_after_tls(MdProbe *probe, const Pop3Capabilities *c) {
        return !md_is_encrypted(probe) && c->has[POP3_STLS] && !c->has[POP3_USER] && c->n_mechanisms == 0;
}

int pop3_step_login(MdProbe *probe, void *state) {
        static const char *const plain[] = { "LOGIN", NULL };
        Pop3State *pop3 = state;
        const Pop3Capabilities *c = &pop3->capabilities;
        const char *const *offered = (const char *const *) c->mechanisms;

        if (!md_probe_username(probe))
                return MD_SKIP;
        if (is_only_after_tls(probe, c)) {
                md_find(probe, "auth.not-possible-without-tls", NULL);
                return MD_DONE;
        }
        if (!md_probe_may_login(probe))
                return MD_SKIP;
        bool by_command = (c->has[POP3_USER] || !c->known) && !md_sasl_is_possible(probe, offered) &&
                          md_sasl_is_possible(probe, plain);
        return by_command ? user_and_pass(probe, pop3, offered) : authenticate(probe, pop3, offered);
}
