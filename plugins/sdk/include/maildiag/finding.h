/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Findings: what a diagnosis can say, as data.
 *
 * A finding is raised by its id.  Every sentence about it (title, meaning, remedy) stands once, in the
 * catalogue table of the plugin, of the SDK or of the daemon that owns the id; reports, `maildiag explain`,
 * the manual page and the translation template are made from these tables.
 */

#include <stddef.h>

/* How bad a finding is.  MD_SEVERITY_ERROR: mail cannot be received or sent with these settings. */
typedef enum MdSeverity {
        MD_SEVERITY_OK,
        MD_SEVERITY_INFO,
        MD_SEVERITY_WARNING,
        MD_SEVERITY_ERROR,
} MdSeverity;

/* Who can put it right. */
typedef enum MdActor {
        MD_ACTOR_USER,                  /* change a setting of the mail app */
        MD_ACTOR_PROVIDER,              /* whoever runs the mail server */
        MD_ACTOR_ADMINISTRATOR,         /* whoever manages this computer or account */
        MD_ACTOR_NETWORK,               /* whoever runs the network in between */
        MD_ACTOR_COMPUTER,              /* this computer: its clock, its software, maildiag itself */
} MdActor;

/* Where in the dialogue it belongs. */
typedef enum MdStage {
        MD_STAGE_CONFIG,                /* the form of the settings, before anything is sent */
        MD_STAGE_DNS,                   /* name to addresses */
        MD_STAGE_TCP,                   /* connection */
        MD_STAGE_TLS,                   /* handshake and certificate */
        MD_STAGE_GREETING,              /* first words of the server */
        MD_STAGE_CAPABILITY,            /* what the server offers, STARTTLS included */
        MD_STAGE_AUTH,                  /* login */
        MD_STAGE_MAILBOX,               /* what a client does after login */
        MD_STAGE_POLICY,                /* what maildiag itself refuses to do, and its own troubles */
} MdStage;

/*
 * One entry of a catalogue.  All texts are English msgids, marked with N_() for translation, and may hold
 * {name} for a parameter of the finding ({host}, {port}, {setting} and {value} are always there).
 */
typedef struct MdFindingInfo {
        const char *id;                 /* dotted, e.g. "cert.expired"; public API for ever */
        MdSeverity severity;
        MdActor actor;
        MdStage stage;
        const char *setting;            /* client setting to change: "host", "port", "security", "username",
                                         * "password", "auth", "address"; NULL: none */
        const char *title;              /* one line: what is wrong */
        const char *meaning;            /* why that is so, two or three sentences */
        const char *remedy;             /* what to do, imperative */
        const char *standard;           /* e.g. "RFC 8314 section 3.3"; NULL: none */
        const char *since;              /* version of the project that introduced it */
} MdFindingInfo;

/* Marks a string for translation without translating it. */
#ifndef N_
#  define N_(text) text
#endif
