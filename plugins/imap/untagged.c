/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What a server says without a tag: data, codes, and goodbye.  Much of it may come at any time (RFC 9051 section 7);
 * what can only be an answer to a question is taken for one only while the question is open.
 */

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "imap.h"

static bool login_is_due(const ImapState *imap) {
        return imap->pending[IMAP_AUTHENTICATE] || imap->pending[IMAP_LOGIN];
}

/* Lists that come together with the acceptance of a login are those after it (RFC 9051 section 6.2.2). */
static ImapPhase phase_now(const MdProbe *probe, const ImapState *imap) {
        if (md_probe_is_logged_in(probe) || login_is_due(imap))
                return IMAP_AFTER_LOGIN;
        return md_is_encrypted(probe) ? IMAP_AFTER_TLS : IMAP_BEFORE_TLS;
}

static const char *now(const ImapState *imap) {
        for (int i = 0; i < _IMAP_COMMAND_MAX; i++)
                if (imap->pending[i])
                        return imap_command_to_string((ImapCommand) i);
        return "greeting";
}

static int unsolicited(MdProbe *probe, const ImapState *imap) {
        imap_find(probe, imap, "security.unsolicited-reply");
        return -EPROTO;
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

static int take_capability_data(MdProbe *probe, ImapState *imap) {
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
        imap_observe_reply(probe, imap, now(imap));
        imap_find(probe, imap, "imap.alert");
        return 0;
}

/* Gmail names the page before it refuses. */
static int take_web_alert(MdProbe *probe, ImapState *imap) {
        if (login_is_due(imap) && imap->response.status != IMAP_OK)
                imap_find(probe, imap, "auth.web-login-required");
        return 0;
}

/* RFC 2221, 2193.  Where the server refuses at the same time, the refusal is what counts.  Before the login nobody
 * knows yet whose mailbox it is that should be elsewhere. */
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

/* ---- goodbye ---- */

static bool only_logout_is_due(const ImapState *imap) {
        for (int i = 0; i < _IMAP_COMMAND_MAX; i++)
                if (imap->pending[i] && i != IMAP_LOGOUT)
                        return false;
        return imap->pending[IMAP_LOGOUT];
}

static const char *meaning_of_bye(const MdProbe *probe, const ImapState *imap) {
        if (login_is_due(imap))
                return imap_refusal_meaning(&imap->response, IMAP_AT_LOGIN);
        if (!md_probe_is_logged_in(probe))
                return imap_refusal_meaning(&imap->response, IMAP_AT_COMMAND);

        /* Exchange accepts the password, then finds that it may not open the mailbox. */
        const char *id = imap_refusal_meaning(&imap->response, IMAP_AT_MAILBOX);
        bool unexplained = !strcmp(id, "server.closed-session");
        return unexplained && !imap->mailbox.accepted ? "mailbox.not-available" : id;
}

static int take_bye(MdProbe *probe, ImapState *imap) {
        imap->over = true;
        if (only_logout_is_due(imap))
                return 0;

        imap_observe_reply(probe, imap, now(imap));
        imap_find(probe, imap, meaning_of_bye(probe, imap));
        if (!md_found(probe, NULL))     /* so far only a warning, yet the session is over */
                imap_find(probe, imap, "server.closed-session");
        return -EPROTO;
}

/* ---- status and data ---- */

/* Before the first command is completed a plain OK can only be another greeting: of a proxy, or of a forger. */
static bool is_second_greeting(const MdProbe *probe, const ImapState *imap) {
        const char *code = imap->response.code;

        return !imap->any_completed && !md_probe_is_logged_in(probe) && !login_is_due(imap) &&
               (!code || !strcasecmp(code, "CAPABILITY"));
}

/* It is judged when the command is completed: a flood of them is another fault. */
static void doubt(ImapState *imap) {
        imap->doubtful = true;
        if (!imap->doubt)
                imap->doubt = strdup(imap->raw);
}

static int take_status(MdProbe *probe, ImapState *imap) {
        int r = imap_take_code(probe, imap);
        if (r < 0)
                return r;

        switch (imap->response.status) {
        case IMAP_BYE:
                return take_bye(probe, imap);
        case IMAP_PREAUTH:
                return unsolicited(probe, imap);
        case IMAP_OK:
                if (is_second_greeting(probe, imap))
                        doubt(imap);
                return 0;
        case IMAP_NO:
        case IMAP_BAD:
                imap_observe_reply(probe, imap, now(imap));
                return 0;
        }
        return 0;
}

/* What an untagged name answers, if its question is open. */
static const struct {
        const char *name;
        ImapCommand command;            /* _IMAP_COMMAND_MAX: at any time */
        int (*take)(MdProbe *probe, ImapState *imap);
} data[] = {
        { "CAPABILITY", _IMAP_COMMAND_MAX, take_capability_data },
        { "ID",         IMAP_ID,           imap_take_id         },
        { "NAMESPACE",  IMAP_NAMESPACE,    imap_take_namespace  },
        { "LIST",       IMAP_LIST_FOLDERS, imap_take_folder     },
        { "EXISTS",     IMAP_EXAMINE,      imap_take_exists     },
        { "QUOTA",      IMAP_GETQUOTAROOT, imap_take_quota      },
};

/* What only a logged-in client can be told.  Clients that take it earlier show forged folders and mail. */
static bool is_of_a_mailbox(const char *name) {
        static const char *const names[] = {
                "LIST", "LSUB", "XLIST", "STATUS", "SEARCH", "FLAGS", "EXISTS", "RECENT", "EXPUNGE", "FETCH",
        };

        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
                if (!strcasecmp(names[i], name))
                        return true;
        return false;
}

static int take_data(MdProbe *probe, ImapState *imap) {
        const char *name = imap->response.name;

        for (size_t i = 0; i < sizeof(data) / sizeof(data[0]); i++)
                if (!strcasecmp(data[i].name, name) &&
                    (data[i].command == _IMAP_COMMAND_MAX || imap->pending[data[i].command]))
                        return data[i].take(probe, imap);

        if (md_probe_is_logged_in(probe))
                return 0;
        if (is_of_a_mailbox(name))
                return unsolicited(probe, imap);
        if (!imap->told_unsolicited)
                md_fact(probe, "unsolicited-data", name);
        imap->told_unsolicited = true;
        return 0;
}

int imap_take_untagged(MdProbe *probe, ImapState *imap) {
        return imap->response.kind == IMAP_STATUS ? take_status(probe, imap) : take_data(probe, imap);
}
