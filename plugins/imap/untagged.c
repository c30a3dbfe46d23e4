/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What a server says without a tag: data, and goodbye.  Much of it may come at any time (RFC 9051 section
 * 7); what can only be the answer to a question is taken for one only while the question is open.
 */

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "imap.h"

static int unsolicited(MdProbe *probe, const ImapState *imap) {
        imap_find(probe, imap, "security.unsolicited-reply");
        return -EPROTO;
}

/* ---- goodbye ---- */

static const char *stage_now(const MdProbe *probe, const ImapState *imap) {
        if (imap_login_is_due(imap))
                return "auth";
        return md_probe_is_logged_in(probe) ? "mailbox" : "command";
}

/* Exchange accepts the password, then finds that it may not open the mailbox. */
static bool is_shut(MdProbe *probe, const ImapState *imap) {
        return md_probe_is_logged_in(probe) && !imap->mailbox.accepted &&
               !strcmp(imap_refusal_meaning(probe, imap, "mailbox"), "server.closed-session");
}

static int take_bye(MdProbe *probe, ImapState *imap) {
        imap->over = true;
        if (imap->pending[IMAP_LOGOUT] && !imap_answer_is_due(imap))
                return 0;

        imap_observe_reply(probe, imap, imap_now(imap));
        if (is_shut(probe, imap))
                imap_find(probe, imap, "mailbox.not-available");
        else
                imap_refused(probe, imap, stage_now(probe, imap));
        if (!md_found(probe, NULL))     /* so far only a warning, yet the session is over */
                imap_find(probe, imap, "server.closed-session");
        return -EPROTO;
}

/* ---- status and data ---- */

/* Before the first command is completed a plain OK can only be another greeting, of a proxy or of a
 * forger. */
static bool is_second_greeting(const MdProbe *probe, const ImapState *imap) {
        const char *code = imap->response.code;

        return !imap->any_completed && !md_probe_is_logged_in(probe) && !imap_login_is_due(imap) &&
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
                imap_observe_reply(probe, imap, imap_now(imap));
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
        { "CAPABILITY", _IMAP_COMMAND_MAX, imap_take_capabilities },
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
