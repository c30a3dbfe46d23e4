/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What a mail app does after the login: who the server is, where the folders are, the inbox, how full it
 * is.  All questions and the goodbye leave together (RFC 9051 section 5.5).  The inbox is examined, so that
 * nothing changes.
 */

#include <errno.h>
#include <string.h>

#include "imap.h"

#define NEARLY_FULL 95u                 /* percent */

static int refused(MdProbe *probe, ImapState *imap, ImapCommand command) {
        imap_observe_reply(probe, imap, imap_command_to_string(command));
        imap_refused(probe, imap, "mailbox");
        return MD_DONE;
}

/* A server that did not list its abilities with the acceptance of the login is asked: they are more now. */
int imap_step_after_login(MdProbe *probe, void *state) {
        ImapState *imap = state;

        if (!md_probe_is_logged_in(probe) || (imap->capabilities.words && imap->phase == IMAP_AFTER_LOGIN))
                return MD_SKIP;
        int r = imap_ask(probe, imap, IMAP_CAPABILITY, "");
        if (r < 0)
                return r;
        return imap->response.status == IMAP_OK ? MD_NEXT : refused(probe, imap, IMAP_CAPABILITY);
}

/* ---- questions ---- */

/* Only the special folders where the server can pick them (RFC 6154, RFC 5258), else the top level. */
static const char *list_arguments(const ImapCapabilities *c) {
        bool picks = imap_capabilities_have(c, "SPECIAL-USE") &&
                     (imap_capabilities_have(c, "LIST-EXTENDED") || imap_capabilities_have(c, "IMAP4rev2"));

        return picks ? " (SPECIAL-USE) \"\" \"*\" RETURN (SPECIAL-USE)" : " \"\" \"%\"";
}

static int ask_all(MdProbe *probe, ImapState *imap) {
        const ImapCapabilities *c = &imap->capabilities;
        bool namespaces = imap_capabilities_have(c, "NAMESPACE") || imap_capabilities_have(c, "IMAP4rev2");
        const struct {
                ImapCommand command;
                const char *arguments;
                bool ask;
        } questions[] = {
                { IMAP_ID,           IMAP_ID_ARGUMENTS, imap_capabilities_have(c, "ID") },
                { IMAP_NAMESPACE,    "", namespaces },
                { IMAP_LIST_FOLDERS, list_arguments(c), true },
                { IMAP_EXAMINE,      " INBOX", true },
                { IMAP_GETQUOTAROOT, " INBOX", imap_capabilities_have(c, "QUOTA") },
                { IMAP_LOGOUT,       "", true },
        };
        int r = 0;

        for (size_t i = 0; r == 0 && i < sizeof(questions) / sizeof(questions[0]); i++)
                if (questions[i].ask)
                        r = imap_send(probe, imap, questions[i].command, questions[i].arguments);
        return r;
}

/* ---- answers ---- */

static void report_folders(MdProbe *probe, const ImapMailbox *mailbox) {
        md_fact_number(probe, "folders-listed", mailbox->n_folders);
        if (mailbox->n_special > 0)
                md_observe(probe, "fact", MD_TEXT("name", "special-folders"),
                           MD_LIST("value", (const char *const *) mailbox->special));
}

static void report_quota(MdProbe *probe, const ImapMailbox *mailbox) {
        if (mailbox->n_quotas == 0)
                return;
        md_observe(probe, "fact", MD_TEXT("name", "quota"),
                   MD_LIST("value", (const char *const *) mailbox->quotas));
        md_fact_number(probe, "quota-percent", mailbox->percent);
        if (mailbox->percent >= NEARLY_FULL)
                md_find(probe, mailbox->percent >= 100 ? "mailbox.full" : "mailbox.nearly-full",
                        mailbox->quotas[mailbox->fullest], MD_NUMBER("percent", mailbox->percent));
}

/* Only the inbox must be there: a server may do without the rest. */
static void take_answer(MdProbe *probe, ImapState *imap, ImapCommand command) {
        if (imap->response.status != IMAP_OK && command == IMAP_EXAMINE) {
                refused(probe, imap, command);
                return;
        }
        if (imap->response.status != IMAP_OK) {
                imap_observe_reply(probe, imap, imap_command_to_string(command));
                return;
        }

        imap->mailbox.accepted |= command != IMAP_ID;
        if (command == IMAP_LIST_FOLDERS)
                report_folders(probe, &imap->mailbox);
        else if (command == IMAP_GETQUOTAROOT)
                report_quota(probe, &imap->mailbox);
}

int imap_step_mailbox(MdProbe *probe, void *state) {
        ImapState *imap = state;

        if (!md_probe_is_logged_in(probe))
                return MD_SKIP;
        md_fact_truth(probe, "idle", imap_capabilities_have(&imap->capabilities, "IDLE"));
        int r = ask_all(probe, imap);
        if (r < 0)
                return r;

        while (imap_answer_is_due(imap)) {
                r = imap_next(probe, imap);
                if (r < 0)
                        return r;
                if (r == IMAP_GO_AHEAD)
                        return imap_unexpected(probe, imap);
                take_answer(probe, imap, (ImapCommand) r);
        }
        return MD_NEXT;
}

int imap_step_logout(MdProbe *probe, void *state) {
        ImapState *imap = state;

        if (imap->over)
                return MD_SKIP;
        if (imap->pending[IMAP_LOGOUT])
                return imap_await(probe, imap, IMAP_LOGOUT);
        return imap_ask(probe, imap, IMAP_LOGOUT, "");
}
