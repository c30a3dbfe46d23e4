/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the files of the POP3 plugin share: the state of a dialogue, and its steps. */

#include <maildiag/conn.h>
#include <maildiag/finding.h>
#include <maildiag/plugin.h>
#include <maildiag/reply.h>

#include "capabilities.h"
#include "reply.h"

#define POP3_MECHANISM_SIZE 64u

/* What is known about unique ids. */
typedef enum Pop3Uids {
        POP3_UIDS_UNKNOWN,
        POP3_UIDS_MISSING,
        POP3_UIDS_CHANGE,
        POP3_UIDS_STABLE,
} Pop3Uids;

typedef struct Pop3State {
        Pop3Reply reply;                /* the last one */
        /* Of its line behind the status, as long as it is; valid until the next read. */
        const char *rest;
        Pop3Capabilities capabilities;
        char mechanism[POP3_MECHANISM_SIZE];    /* by which the login is tried */
        bool masked_greeting;
        bool no_initial_response;
        bool opened;                    /* STAT was answered */
        bool lost;                      /* what is read next belongs to an answer that was given up */
        bool quit_sent;
        uint64_t messages;
        char uid[POP3_UID_SIZE];        /* of the first message, as first told */
        char uid_evidence[512];         /* what is wrong with the ids */
        Pop3Uids uids;
} Pop3State;

void pop3_state_done(void *state);

#define POP3_N_FINDINGS 6u
extern const MdFindingInfo pop3_findings[POP3_N_FINDINGS];

#define POP3_N_REPLIES 12u
extern const MdReplyRule pop3_replies[POP3_N_REPLIES];

/* ---- dialogue.c ---- */

/* Reads a status line into the state.  "+" is a bad reply, except in AUTH.  Returns 0 or -errno. */
int pop3_read(MdProbe *probe, Pop3State *pop3);
int pop3_read_or_challenge(MdProbe *probe, Pop3State *pop3);
/* Sends a command that has to be answered before the next one, and reads its status. */
int pop3_ask(MdProbe *probe, Pop3State *pop3, const char *command);
/* Reports the last reply, a refusal. */
void pop3_observe_refusal(MdProbe *probe, const Pop3State *pop3, const char *command);
/* The same, and raises the finding that fits at that stage of a dialogue. */
void pop3_refused(MdProbe *probe, const Pop3State *pop3, const char *stage, const char *command);
/* The id of that finding. */
const char *pop3_refusal_meaning(MdProbe *probe, const Pop3State *pop3, const char *stage);

/* ---- hello.c ---- */

/* Reads the list that CAPA is answered with, status first, and reports it. */
int pop3_read_capabilities(MdProbe *probe, Pop3State *pop3, const char *phase);

/* ---- steps, in order ---- */

int pop3_step_greeting(MdProbe *probe, void *state);
int pop3_step_capa(MdProbe *probe, void *state);
int pop3_step_stls(MdProbe *probe, void *state);
int pop3_step_capa_again(MdProbe *probe, void *state);
int pop3_step_login(MdProbe *probe, void *state);
int pop3_step_mailbox(MdProbe *probe, void *state);
int pop3_step_quit(MdProbe *probe, void *state);
