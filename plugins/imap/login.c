/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Login: AUTHENTICATE, whose mechanisms are the SDK's, or the LOGIN command where no mechanism fits (RFC 9051
 * section 6.2).  Once only: what the server refuses is not tried in another way.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <maildiag/sasl.h>

#include "imap.h"

#define COMMAND_MAX 8192u               /* RFC 7162 section 4: what every server takes */
#define LITERAL_MINUS_MAX 4096u         /* RFC 7888 section 5 */

static void refused(MdProbe *probe, void *state, ImapCommand command) {
        ImapState *imap = state;

        imap_observe_reply(probe, imap, imap_command_to_string(command));
        if (!md_found(probe, "auth.web-login-required"))        /* Gmail said so before */
                imap_refused(probe, imap, "auth");
}

/* ---- AUTHENTICATE ---- */

static int sasl_begin(MdProbe *probe, void *state, const char *mechanism, char *ret, size_t size) {
        ImapState *imap = state;

        snprintf(imap->mechanism, sizeof(imap->mechanism), "%s", mechanism);
        int n = snprintf(ret, size, "A%u AUTHENTICATE %s", imap_new_tag(imap, IMAP_AUTHENTICATE), mechanism);
        return n < (int) size ? 0 : -EINVAL;
}

static int sasl_read(MdProbe *probe, void *state, MdSaslReply *ret) {
        ImapState *imap = state;

        int r = imap_next(probe, imap);
        if (r < 0)
                return r;
        if (r == IMAP_GO_AHEAD)
                *ret = (MdSaslReply) { MD_SASL_CONTINUE, imap->response.text };
        else if (imap->response.status == IMAP_OK)
                *ret = (MdSaslReply) { MD_SASL_ACCEPTED, NULL };
        else
                *ret = (MdSaslReply) { MD_SASL_REFUSED, imap->raw };
        return 0;
}

static void sasl_refused(MdProbe *probe, void *state) {
        refused(probe, state, IMAP_AUTHENTICATE);
}

static int authenticate(MdProbe *probe, ImapState *imap, const char *const *mechanisms) {
        const MdSaslProfile profile = {
                /* RFC 4959; part of IMAP4rev2 */
                .initial_response = imap_capabilities_have(&imap->capabilities, "SASL-IR") ||
                                    imap_capabilities_have(&imap->capabilities, "IMAP4rev2"),
                .command_max = COMMAND_MAX,
                .begin = sasl_begin,
                .read = sasl_read,
                .refused = sasl_refused,
        };
        return md_sasl_login(probe, &profile, imap, mechanisms);
}

/* ---- LOGIN ---- */

static bool is_quotable(const char *text) {
        for (; *text; text++)
                if (*text & 0x80)
                        return false;
        return true;
}

static void write_quoted(FILE *out, const char *text) {
        fputc('"', out);
        for (; *text; text++) {
                if (*text == '"' || *text == '\\')
                        fputc('\\', out);
                fputc(*text, out);
        }
        fputc('"', out);
}

/* Whether a literal of that size may follow its announcement without waiting (RFC 7888). */
static bool need_not_wait(const ImapState *imap, size_t size) {
        const ImapCapabilities *c = &imap->capabilities;

        if (imap_capabilities_have(c, "LITERAL+"))
                return true;
        return size <= LITERAL_MINUS_MAX &&
               (imap_capabilities_have(c, "LITERAL-") || imap_capabilities_have(c, "IMAP4rev2"));
}

/* What LOGIN came to, and the leave to send a literal: MD_NEXT, MD_DONE, -errno. */
static int judge_login(MdProbe *probe, ImapState *imap, bool secret_sent) {
        if (imap->response.status != IMAP_OK) {
                if (secret_sent)
                        md_probe_login_refused(probe);
                refused(probe, imap, IMAP_LOGIN);
                return MD_DONE;
        }
        if (!secret_sent) {
                imap_find(probe, imap, "security.unsolicited-reply");
                return -EPROTO;
        }
        md_probe_logged_in(probe);
        return MD_NEXT;
}

static int await_leave(MdProbe *probe, ImapState *imap) {
        int r = imap_next(probe, imap);
        if (r < 0 || r == IMAP_GO_AHEAD)
                return r < 0 ? r : MD_NEXT;
        return judge_login(probe, imap, false);
}

/* Sends what `line` has so far with the announcement of a literal behind it. */
static int announce(MdProbe *probe, ImapState *imap, const char *line, size_t size) {
        bool go_on = need_not_wait(imap, size);

        int r = md_send(probe, "%s{%zu%s}", line, size, go_on ? "+" : "");
        if (r < 0)
                return r;
        return go_on ? MD_NEXT : await_leave(probe, imap);
}

/* Writes the user name to the line, which a literal begins anew. */
static int write_user(MdProbe *probe, ImapState *imap, const char *tag, char **ret_line) {
        const char *user = md_probe_username(probe);
        size_t size;

        if (!is_quotable(user)) {
                int r = announce(probe, imap, tag, strlen(user));
                if (r != MD_NEXT)
                        return r;
        }

        FILE *out = open_memstream(ret_line, &size);
        if (!out)
                return -ENOMEM;
        if (is_quotable(user)) {
                fputs(tag, out);
                write_quoted(out, user);
        } else
                fputs(user, out);
        fputc(' ', out);
        return fclose(out) == 0 ? MD_NEXT : -ENOMEM;
}

static int send_login_secret(MdProbe *probe, ImapState *imap, const char *line) {
        if (md_secret_is_quotable(probe))
                return md_send_secret(probe, line, MD_SECRET_QUOTED);

        int r = announce(probe, imap, line, md_secret_length(probe));
        return r != MD_NEXT ? r : md_send_secret(probe, "", MD_SECRET_RAW);
}

static int login(MdProbe *probe, ImapState *imap) {
        char tag[32];
        char *line = NULL;

        snprintf(tag, sizeof(tag), "A%u LOGIN ", imap_new_tag(imap, IMAP_LOGIN));
        snprintf(imap->mechanism, sizeof(imap->mechanism), "LOGIN");
        md_observe(probe, "mechanism", MD_TEXT("name", "LOGIN"),
                   MD_TEXT("reason", N_("The server offers no mechanism that fits, so the password is sent as it is.")));

        int r = write_user(probe, imap, tag, &line);
        if (r == MD_NEXT)
                r = send_login_secret(probe, imap, line);
        free(line);
        if (r != MD_NEXT)
                return r;
        r = imap_next(probe, imap);
        if (r < 0)
                return r;
        return r == IMAP_GO_AHEAD ? imap_unexpected(probe, imap) : judge_login(probe, imap, true);
}

int imap_step_login(MdProbe *probe, void *state) {
        static const char *const none[] = { NULL }, *const plain[] = { "LOGIN", NULL };
        ImapState *imap = state;
        const ImapCapabilities *c = &imap->capabilities;
        const char *const *mechanisms = c->mechanisms ? (const char *const *) c->mechanisms : none;

        if (md_probe_is_logged_in(probe) || !md_probe_may_login(probe))
                return MD_SKIP;
        int r = md_expect_silence(probe);
        if (r < 0)
                return r;

        bool by_command = !md_sasl_is_possible(probe, mechanisms) && md_sasl_is_possible(probe, plain) &&
                          !imap_capabilities_have(c, "LOGINDISABLED");
        return by_command ? login(probe, imap) : authenticate(probe, imap, mechanisms);
}
