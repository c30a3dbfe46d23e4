/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the files of the plugin share. */

#include <stdbool.h>
#include <stddef.h>

#include <maildiag/conn.h>
#include <maildiag/reply.h>

#include "response.h"

#define SIEVE_CAPABILITIES_MAX 64
#define SIEVE_MECHANISMS_MAX 32

typedef struct SieveState {
        char *line;                                             /* last line, literals as quoted strings */
        size_t length, room;
        SieveResponse response;                                 /* the same, taken apart */
        char *capabilities[SIEVE_CAPABILITIES_MAX + 1];         /* "NAME" or "NAME=value" */
        char *mechanisms[SIEVE_MECHANISMS_MAX + 1];
        bool starttls;
        char mechanism[64];                                     /* the one that is tried */
} SieveState;

/* ---- dialogue ---- */

/* Reads one line with its literals and takes it apart.  0 or -errno. */
int sieve_read(MdProbe *probe, SieveState *sieve);
/* The same for a line whose beginning is read already. */
int sieve_read_on(MdProbe *probe, SieveState *sieve, const char *line, size_t length);
/* Sends a command and reads one line.  0 or -errno. */
int sieve_ask(MdProbe *probe, SieveState *sieve, const char *command);

/* ---- capabilities ---- */

/* Takes and reports a list of capabilities that ends with a status; its first line is read already.  0 or -errno. */
int sieve_read_capabilities(MdProbe *probe, SieveState *sieve);
/* Forgets them. */
void sieve_capabilities_done(SieveState *sieve);

/* ---- replies ---- */

/* What refusals mean. */
#define SIEVE_N_REPLIES 9
extern const MdReplyRule sieve_replies[SIEVE_N_REPLIES];

/* Reports the NO or BYE that was read last, as the answer to a command. */
void sieve_observe_refusal(MdProbe *probe, const SieveState *sieve, const char *command);
/* The same, and raises the finding that it means at this stage of the dialogue (see <maildiag/reply.h>). */
void sieve_refused(MdProbe *probe, const SieveState *sieve, const char *stage, const char *command);

/* ---- steps ---- */

int sieve_step_login(MdProbe *probe, void *state);
int sieve_step_scripts(MdProbe *probe, void *state);
int sieve_step_space(MdProbe *probe, void *state);
