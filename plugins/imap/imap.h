/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the files of the IMAP plugin share: the state of a dialogue, how it is read and written, its steps. */

#include <maildiag/conn.h>
#include <maildiag/finding.h>
#include <maildiag/plugin.h>
#include <maildiag/reply.h>

#include "capabilities.h"
#include "config.h"
#include "response.h"

#define IMAP_SPECIAL_MAX 16u            /* special folders that are told by name */
#define IMAP_QUOTAS_MAX 8u
#define IMAP_MECHANISM_SIZE 64u

typedef enum ImapCommand {
        IMAP_CAPABILITY,
        IMAP_STARTTLS,
        IMAP_ID,
        IMAP_AUTHENTICATE,
        IMAP_LOGIN,
        IMAP_NAMESPACE,
        IMAP_LIST_FOLDERS,
        IMAP_EXAMINE,
        IMAP_GETQUOTAROOT,
        IMAP_LOGOUT,
        _IMAP_COMMAND_MAX,
} ImapCommand;

/* What imap_next() returns for "+". */
#define IMAP_GO_AHEAD ((int) _IMAP_COMMAND_MAX)

/* A list of capabilities holds until the state changes (RFC 9051 section 7.2.2). */
typedef enum ImapPhase {
        IMAP_BEFORE_TLS,
        IMAP_AFTER_TLS,
        IMAP_AFTER_LOGIN,
} ImapPhase;

/* What LIST and QUOTA told, kept until all of it is there. */
typedef struct ImapMailbox {
        uint64_t n_folders;
        char *special[IMAP_SPECIAL_MAX + 1];    /* "\Sent=Sent Items" */
        size_t n_special;
        char *quotas[IMAP_QUOTAS_MAX + 1];      /* "STORAGE 10/512" */
        size_t n_quotas;
        size_t fullest;                         /* among them */
        uint64_t percent;                       /* of the fullest */
        bool accepted;                          /* a command of the mailbox was answered with OK */
} ImapMailbox;

typedef struct ImapState {
        unsigned n_commands;                    /* number of the last tag */
        unsigned pending[_IMAP_COMMAND_MAX];    /* number of its tag; 0: no answer is due */
        bool any_completed;
        unsigned n_lines;                       /* since the last tagged response */

        ImapResponse response;                  /* the last one */
        char *raw;                              /* as it came, for evidence */
        size_t n_raw;

        ImapCapabilities capabilities;
        ImapPhase phase;                        /* in which they were listed */
        char mechanism[IMAP_MECHANISM_SIZE];    /* by which the login is tried */
        ImapMailbox mailbox;
        bool doubtful;                          /* something came before it was asked for */
        char *doubt;                            /* that, as far as it was read */
        bool told_unsolicited;
        bool over;                              /* the server said BYE, or what it says cannot be read */
} ImapState;

void imap_state_done(void *state);

/* What a client says about itself (RFC 2971), neutral and the same for all. */
#define IMAP_ID_ARGUMENTS " (\"name\" \"maildiag\" \"version\" \"" MAILDIAG_VERSION "\")"

#define IMAP_N_FINDINGS 4u
extern const MdFindingInfo imap_findings[IMAP_N_FINDINGS];

#define IMAP_N_REPLIES 29u
extern const MdReplyRule imap_replies[IMAP_N_REPLIES];

/* ---- dialogue.c ---- */

/* Name of a command, as it is sent and as reports call it. */
const char *imap_command_to_string(ImapCommand command);
/* Queues a command with a new tag; arguments begin with a space, "" for none.  What is there already
 * before the login makes the next answer doubtful. */
int imap_send(MdProbe *probe, ImapState *imap, ImapCommand command, const char *arguments);
/* Whether a command waits for its answer, other than LOGOUT. */
bool imap_answer_is_due(const ImapState *imap);
/* Sends a command and waits until it is completed. */
int imap_ask(MdProbe *probe, ImapState *imap, ImapCommand command, const char *arguments);
/* The number of a new tag for a command that the caller sends itself: "A<number>". */
unsigned imap_new_tag(ImapState *imap, ImapCommand command);
/* Reads up to the next response that is not untagged.  Returns the command that it completes, IMAP_GO_AHEAD,
 * or -errno. */
int imap_next(MdProbe *probe, ImapState *imap);
/* Reads until the command is completed; an invitation to go on is a bad reply. */
int imap_await(MdProbe *probe, ImapState *imap, ImapCommand command);
/* An invitation came that nobody waited for: "protocol.bad-reply"; returns -EPROTO. */
int imap_unexpected(MdProbe *probe, ImapState *imap);
/* Reports the last response, a status, as an observation. */
void imap_observe_reply(MdProbe *probe, const ImapState *imap, const char *to);
/* Raises a finding with the last response as evidence. */
void imap_find(MdProbe *probe, const ImapState *imap, const char *id);
/* The last response is a refusal (NO, BAD, BYE): raises the finding that fits at that stage of a dialogue. */
void imap_refused(MdProbe *probe, const ImapState *imap, const char *stage);
/* The id of that finding. */
const char *imap_refusal_meaning(MdProbe *probe, const ImapState *imap, const char *stage);

/* ---- codes.c ---- */

/* Whether a login was sent and not answered yet. */
bool imap_login_is_due(const ImapState *imap);
/* What the dialogue is at, for reports: the command whose answer is due, or "greeting". */
const char *imap_now(const ImapState *imap);
/* The last response is a list of capabilities, as data. */
int imap_take_capabilities(MdProbe *probe, ImapState *imap);
/* Follows the response code of the last response: capabilities, an alert, a referral.  0 or -EPROTO. */
int imap_take_code(MdProbe *probe, ImapState *imap);

/* ---- untagged.c ---- */

/* The last response is untagged.  0, or -EPROTO when the dialogue cannot go on. */
int imap_take_untagged(MdProbe *probe, ImapState *imap);

/* ---- mailbox-data.c: one untagged answer each ---- */

int imap_take_id(MdProbe *probe, ImapState *imap);
int imap_take_namespace(MdProbe *probe, ImapState *imap);
int imap_take_folder(MdProbe *probe, ImapState *imap);
int imap_take_exists(MdProbe *probe, ImapState *imap);
int imap_take_quota(MdProbe *probe, ImapState *imap);

/* ---- steps, in order ---- */

int imap_step_greeting(MdProbe *probe, void *state);
int imap_step_capability(MdProbe *probe, void *state);
int imap_step_starttls(MdProbe *probe, void *state);
int imap_step_after_tls(MdProbe *probe, void *state);
int imap_step_id(MdProbe *probe, void *state);
int imap_step_login(MdProbe *probe, void *state);
int imap_step_after_login(MdProbe *probe, void *state);
int imap_step_mailbox(MdProbe *probe, void *state);
int imap_step_logout(MdProbe *probe, void *state);
