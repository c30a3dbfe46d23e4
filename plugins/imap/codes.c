/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a response code says wherever it stands (RFC 9051 section 7.1), and the lists of capabilities,
 * which come as a code or as data. */

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "imap.h"

bool imap_login_is_due(const ImapState *imap) {
        return imap->pending[IMAP_AUTHENTICATE] || imap->pending[IMAP_LOGIN];
}

/* Lists that come together with the acceptance of a login are those after it (RFC 9051 section 6.2.2). */
static ImapPhase phase_now(const MdProbe *probe, const ImapState *imap) {
        if (md_probe_is_logged_in(probe) || imap_login_is_due(imap))
                return IMAP_AFTER_LOGIN;
        return md_is_encrypted(probe) ? IMAP_AFTER_TLS : IMAP_BEFORE_TLS;
}

const char *imap_now(const ImapState *imap) {
        for (int i = 0; i < _IMAP_COMMAND_MAX; i++)
                if (imap->pending[i])
                        return imap_command_to_string((ImapCommand) i);
        return "greeting";
}

/* ---- capabilities ---- */

static void observe_capabilities(MdProbe *probe, const ImapState *imap) {
        static const char *const phases[] = {
                [IMAP_BEFORE_TLS] = "before-tls",
                [IMAP_AFTER_TLS] = "after-tls",
                [IMAP_AFTER_LOGIN] = "after-login",
        };

        md_observe(probe, "capability", MD_TEXT("phase", phases[imap->phase]),
                   MD_LIST("words", (const char *const *) imap->capabilities.words));
}

static int take_capabilities(MdProbe *probe, ImapState *imap, const char *text) {
        ImapPhase phase = phase_now(probe, imap);
        ImapCapabilities capabilities;

        int r = imap_capabilities_parse(text, &capabilities);
        if (r == -E2BIG)
                return md_too_many_lines(probe);
        if (r < 0)
                return r;

        bool again = imap->capabilities.words && imap->phase == phase;
        if (again && !imap_capabilities_equal(&imap->capabilities, &capabilities))
                imap_find(probe, imap, "protocol.capability-mismatch");
        imap_capabilities_done(&imap->capabilities);
        imap->capabilities = capabilities;
        imap->phase = phase;
        if (!again || md_found(probe, "protocol.capability-mismatch"))
                observe_capabilities(probe, imap);
        return 0;
}

int imap_take_capabilities(MdProbe *probe, ImapState *imap) {
        return take_capabilities(probe, imap, imap->response.text);
}

/* ---- response codes that mean something wherever they stand ---- */

static int take_capability_code(MdProbe *probe, ImapState *imap) {
        return take_capabilities(probe, imap, imap->response.argument ? imap->response.argument : "");
}

/* RFC 9051 section 7.1: the text must be shown to the user.  A refusal is shown anyway. */
static int take_alert(MdProbe *probe, ImapState *imap) {
        if (imap->response.tag && imap->response.status != IMAP_OK)
                return 0;
        imap_observe_reply(probe, imap, imap_now(imap));
        imap_find(probe, imap, "imap.alert");
        /* Dovecot warns before it refuses. */
        if (imap_login_is_due(imap) &&
            !strcmp(imap_refusal_meaning(probe, imap, "auth"), "security.password-exposed"))
                imap_refused(probe, imap, "auth");
        return 0;
}

/* Gmail names the page before it refuses. */
static int take_web_alert(MdProbe *probe, ImapState *imap) {
        if (imap_login_is_due(imap) && imap->response.status != IMAP_OK)
                imap_refused(probe, imap, "auth");
        return 0;
}

/* RFC 2221, 2193.  Where the server refuses at the same time, the refusal is what counts.  Before the
 * login nobody knows yet whose mailbox it is that should be elsewhere. */
static int take_referral(MdProbe *probe, ImapState *imap) {
        if (imap->response.status != IMAP_OK)
                return 0;
        if (phase_now(probe, imap) == IMAP_AFTER_LOGIN) {
                imap_find(probe, imap, "imap.referral-offered");
                return 0;
        }
        imap_find(probe, imap, "imap.referral");
        return -EPROTO;
}

int imap_take_code(MdProbe *probe, ImapState *imap) {
        static const struct {
                const char *code;
                int (*take)(MdProbe *probe, ImapState *imap);
        } codes[] = {
                { "CAPABILITY", take_capability_code },
                { "ALERT",      take_alert           },
                { "WEBALERT",   take_web_alert       },
                { "REFERRAL",   take_referral        },
        };

        for (size_t i = 0; imap->response.code && i < sizeof(codes) / sizeof(codes[0]); i++)
                if (!strcasecmp(codes[i].code, imap->response.code))
                        return codes[i].take(probe, imap);
        return 0;
}
