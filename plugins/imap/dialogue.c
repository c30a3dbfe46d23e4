/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Commands out under a tag of their own, responses in.  Several commands may be on their way; each answer
 * finds its command by its tag, and an answer that has none is not believed.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "imap.h"

static const char *const commands[_IMAP_COMMAND_MAX] = {
        [IMAP_CAPABILITY] = "CAPABILITY",
        [IMAP_STARTTLS] = "STARTTLS",
        [IMAP_ID] = "ID",
        [IMAP_AUTHENTICATE] = "AUTHENTICATE",
        [IMAP_LOGIN] = "LOGIN",
        [IMAP_NAMESPACE] = "NAMESPACE",
        [IMAP_LIST_FOLDERS] = "LIST",
        [IMAP_EXAMINE] = "EXAMINE",
        [IMAP_GETQUOTAROOT] = "GETQUOTAROOT",
        [IMAP_LOGOUT] = "LOGOUT",
};

/* What the faults of the parser are called. */
static const char *const faults[] = {
        [IMAP_FAULT_SYNTAX] = "protocol.bad-reply",
        [IMAP_FAULT_LITERAL] = "protocol.bad-literal",
        [IMAP_FAULT_LITERAL_SIZE] = "protocol.literal-too-large",
        [IMAP_FAULT_DEPTH] = "protocol.too-deep",
        [IMAP_FAULT_AMOUNT] = "protocol.too-many-lines",
};

const char *imap_command_to_string(ImapCommand command) {
        return commands[command];
}

/* ---- out ---- */

unsigned imap_new_tag(ImapState *imap, ImapCommand command) {
        imap->pending[command] = ++imap->n_commands;
        return imap->n_commands;
}

int imap_send(MdProbe *probe, ImapState *imap, ImapCommand command, const char *arguments) {
        if (!md_probe_is_logged_in(probe) && md_unread(probe) > 0)
                imap->doubtful = true;
        return md_send(probe, "A%u %s%s", imap_new_tag(imap, command), commands[command], arguments);
}

int imap_ask(MdProbe *probe, ImapState *imap, ImapCommand command, const char *arguments) {
        int r = imap_send(probe, imap, command, arguments);
        return r < 0 ? r : imap_await(probe, imap, command);
}

/* ---- in ---- */

static int fault_found(MdProbe *probe, int fault, const char *line) {
        md_find(probe, faults[fault], line);
        return -EPROTO;
}

/* Reads one response, with its literals, into a stream. */
static int read_response(MdProbe *probe, FILE *out) {
        const char *line;
        size_t size, literal;

        int r = md_read_line(probe, &line, &size);
        if (r < 0)
                return r;
        bool may = imap_line_may_hold_literals(line, size);
        for (;;) {
                fwrite(line, 1, size, out);
                r = may ? imap_line_announces(line, size, &literal) : 0;
                if (r < 0)
                        return fault_found(probe, -r, line);
                if (r == 0)
                        return 0;

                r = md_read_bytes(probe, literal, &line);
                if (r < 0)
                        return r;
                fputs("\r\n", out);
                fwrite(line, 1, literal, out);
                r = md_read_line(probe, &line, &size);
                if (r < 0)
                        return r;
        }
}

static int read_raw(MdProbe *probe, ImapState *imap) {
        free(imap->raw);
        imap->raw = NULL;
        FILE *out = open_memstream(&imap->raw, &imap->n_raw);
        if (!out)
                return -ENOMEM;

        int r = read_response(probe, out);
        if (fclose(out) != 0)
                return -ENOMEM;
        return r;
}

/* Folders may be many; what else comes before an answer is a handful of lines. */
static int count_line(MdProbe *probe, ImapState *imap) {
        bool folder = imap->response.kind == IMAP_DATA && !strcasecmp(imap->response.name, "LIST");

        if (folder && imap->pending[IMAP_LIST_FOLDERS])
                return 0;
        return ++imap->n_lines > MD_REPLY_LINES_MAX ? md_too_many_lines(probe) : 0;
}

static int take_response(MdProbe *probe, ImapState *imap) {
        int r = read_raw(probe, imap);
        if (r < 0)
                return r;

        imap_response_done(&imap->response);
        r = imap_response_parse(imap->raw, imap->n_raw, &imap->response);
        if (r > 0)
                return fault_found(probe, r, imap->raw);
        return r < 0 ? r : count_line(probe, imap);
}

static void find_unsolicited(MdProbe *probe, const ImapState *imap) {
        md_find(probe, "security.unsolicited-reply", imap->doubt ? imap->doubt : imap->raw);
}

static int wrong_tag(MdProbe *probe, ImapState *imap) {
        if (imap->pending[IMAP_STARTTLS])
                return md_bad_reply(probe, imap->raw);
        imap_find(probe, imap, "protocol.wrong-tag");
        return -EPROTO;
}

static int command_of_tag(const ImapState *imap) {
        char tag[16];

        for (int i = 0; i < _IMAP_COMMAND_MAX; i++) {
                snprintf(tag, sizeof(tag), "A%u", imap->pending[i]);
                if (imap->pending[i] && !strcmp(tag, imap->response.tag))
                        return i;
        }
        return -ENOENT;
}

bool imap_answer_is_due(const ImapState *imap) {
        for (int i = 0; i < _IMAP_COMMAND_MAX; i++)
                if (imap->pending[i] && i != IMAP_LOGOUT)
                        return true;
        return false;
}

/* The response is tagged: which command does it complete? */
static int complete(MdProbe *probe, ImapState *imap) {
        int command = command_of_tag(imap);
        if (command < 0)
                return wrong_tag(probe, imap);
        if (imap->doubtful) {
                find_unsolicited(probe, imap);
                return -EPROTO;
        }

        int r = imap_take_code(probe, imap);
        imap->pending[command] = 0;
        imap->any_completed = true;
        imap->n_lines = 0;
        return r < 0 ? r : command;
}

static int next(MdProbe *probe, ImapState *imap) {
        for (;;) {
                int r = take_response(probe, imap);
                if (r < 0)
                        return r;
                if (imap->response.kind == IMAP_CONTINUE)
                        return IMAP_GO_AHEAD;
                if (imap->response.tag)
                        return complete(probe, imap);
                r = imap_take_untagged(probe, imap);
                if (r < 0)
                        return r;
        }
}

int imap_next(MdProbe *probe, ImapState *imap) {
        int r = next(probe, imap);
        if (r >= 0)
                return r;

        imap->over = true;
        if (imap->doubtful && !md_found(probe, NULL))
                find_unsolicited(probe, imap);
        return r;
}

int imap_unexpected(MdProbe *probe, ImapState *imap) {
        imap->over = true;
        return md_bad_reply(probe, imap->raw);
}

int imap_await(MdProbe *probe, ImapState *imap, ImapCommand command) {
        for (;;) {
                int r = imap_next(probe, imap);
                if (r < 0)
                        return r;
                if (r == IMAP_GO_AHEAD)
                        return imap_unexpected(probe, imap);
                if (r == (int) command)
                        return 0;
        }
}

/* ---- what was said ---- */

void imap_observe_reply(MdProbe *probe, const ImapState *imap, const char *to) {
        const ImapResponse *response = &imap->response;

        md_observe(probe, "reply",
                   MD_TEXT("to", to),
                   MD_TEXT("code", imap_status_to_string(response->status)),
                   MD_TEXT("enhanced", response->code),
                   MD_TEXT("text", response->text));
}

/* Where a referral points to; some servers put it into the text. */
static const char *target_of_referral(const ImapResponse *response) {
        if (!response->code || strcasecmp(response->code, "REFERRAL"))
                return NULL;
        return response->argument ? response->argument : response->text;
}

void imap_find(MdProbe *probe, const ImapState *imap, const char *id) {
        bool tried = imap->mechanism[0];

        md_find(probe, id, imap->raw, MD_TEXT("text", imap->response.text),
                MD_TEXT("argument", target_of_referral(&imap->response)),
                MD_TEXT("mechanism", tried ? imap->mechanism : NULL),
                MD_TEXT("username", tried ? md_probe_username(probe) : NULL));
}

static MdReply reply_of(const ImapState *imap, const char *stage) {
        return (MdReply) {
                .stage = stage,
                .code = imap_status_to_string(imap->response.status),
                .enhanced = imap->response.code,
                .text = imap->response.text,
                .line = imap->raw,
        };
}

const char *imap_refusal_meaning(MdProbe *probe, const ImapState *imap, const char *stage) {
        MdReply reply = reply_of(imap, stage);
        return md_refusal_meaning(probe, &reply);
}

void imap_refused(MdProbe *probe, const ImapState *imap, const char *stage) {
        MdReply reply = reply_of(imap, stage);

        md_refusal(probe, &reply, MD_TEXT("argument", target_of_referral(&imap->response)),
                   MD_TEXT("mechanism", *imap->mechanism ? imap->mechanism : NULL));
}
