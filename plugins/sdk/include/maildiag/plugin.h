/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What a plugin exports: one constant descriptor, and an ELF note that tells its ABI before it is loaded.
 *
 * A plugin is a shared object in the plugin directory.  It is loaded only by maildiag-worker, and its code
 * runs only in a probe: a short-lived, sandboxed process for one target.  A plugin keeps no global state,
 * prints nothing, and waits only through the functions of <maildiag/conn.h>.
 *
 *     static const MdStep steps[] = { { "connect", MD_STAGE_TCP, MD_DEPTH_CONNECT, 0, md_step_connect }, … };
 *
 *     MD_PLUGIN_EXPORT("smtp") = {
 *             .size = sizeof(MdPlugin),
 *             .kind = MD_KIND_PROTOCOL,
 *             .name = "smtp",
 *             …
 *     };
 */

#include <stddef.h>
#include <stdint.h>

#include <maildiag/finding.h>

/* The ABI.  A change that an old plugin cannot survive raises MAJOR and renames the exported symbol; new members
 * at the end of a structure and new functions raise MINOR. */
#define MD_ABI_MAJOR 1
#define MD_ABI_MINOR 2

typedef struct MdProbe MdProbe;
typedef struct MdReplyRule MdReplyRule;        /* <maildiag/reply.h> */

typedef enum MdKind {
        MD_KIND_PROTOCOL = 1,           /* probes an endpoint: host, port, security */
        MD_KIND_DISCOVERY = 2,          /* finds the settings that an address should have: <maildiag/discovery.h> */
        MD_KIND_SOURCE = 3,             /* reads the settings that a mail client has: <maildiag/source.h> */
} MdKind;

/* How a service protects its connection, in the words of RFC 8314. */
typedef enum MdSecurity {
        MD_SECURITY_NONE,               /* clear text */
        MD_SECURITY_STARTTLS,           /* clear text, then upgraded by command */
        MD_SECURITY_TLS,                /* implicit TLS: handshake first */
} MdSecurity;

/* How far a diagnosis goes.  Each includes the ones before. */
typedef enum MdDepth {
        MD_DEPTH_CONNECT,               /* a connection and the greeting */
        MD_DEPTH_TLS,                   /* TLS, the certificate, capabilities: nothing personal is sent */
        MD_DEPTH_AUTH,                  /* login */
        MD_DEPTH_FULL,                  /* what a mail client does next */
} MdDepth;

/* What a service is for; the report's two verdicts are made from it. */
typedef enum MdPurpose {
        MD_PURPOSE_RECEIVE,
        MD_PURPOSE_SEND,
        MD_PURPOSE_OTHER,
} MdPurpose;

/* The sandbox that a probe of this plugin runs in.  A protocol has the first, a source the last, a discovery plugin one of
 * the others; those with MD_PROFILE_DNS or MD_PROFILE_WEB lie in the sub-folder "discovery" of the plugin directory, and only they
 * do: libraries that speak with many hosts never come near the dialogues. */
typedef enum MdProfile {
        MD_PROFILE_ENDPOINT = 1,        /* TCP to the one port of the target, no files */
        MD_PROFILE_TABLE,               /* no network; reads the folder of md_probe_data_dir() */
        MD_PROFILE_DNS,                 /* UDP, and TCP to port 53; reads what a resolver has to know */
        MD_PROFILE_WEB,                 /* the same, the names of the system, and TCP to port 443 or a proxy */
        MD_PROFILE_SOURCE,              /* no network; reads the files of the user that the plugin declares */
} MdProfile;

/* A default port with the security that belongs to it.  The first of a security is its default. */
typedef struct MdEndpoint {
        uint16_t port;
        MdSecurity security;
        const char *service;            /* IANA service name: "submission", "imaps" */
} MdEndpoint;

/* Results of a step.  Negative: -errno; the runner turns (stage, errno) into a finding unless the step raised
 * one of severity error itself, ends the dialogue, and runs only the steps flagged MD_STEP_GOODBYE. */
enum {
        MD_NEXT = 0,                    /* done, go on with the next step */
        MD_DONE = 1,                    /* the dialogue is over; goodbye follows */
        MD_SKIP = 2,                    /* the step does not apply; go on */
};

/* The step is run after a failure, too, as long as the connection still works, and its own failure is no
 * finding. */
#define MD_STEP_GOODBYE (1u << 0)

/* A named step of the dialogue.  `state` is MdPlugin.state_size zeroed bytes, the plugin's own for this probe. */
typedef struct MdStep {
        const char *name;               /* "greeting", "ehlo", "starttls": shown to people */
        MdStage stage;
        MdDepth depth;                  /* the least depth at which the step runs */
        uint32_t flags;                 /* MD_STEP_* */
        int (*run)(MdProbe *probe, void *state);
} MdStep;

typedef struct MdPlugin {
        uint32_t size;                  /* sizeof(MdPlugin) when the plugin was built; members are only added */
        MdKind kind;
        const char *name;               /* [a-z0-9-]{1,31}; for a protocol also its word in settings: "imap" */
        const char *version;            /* of the plugin */
        const char *summary;            /* one line, N_() */
        MdPurpose purpose;
        MdProfile profile;
        const char *sasl_service;       /* GSSAPI service name of RFC 4422: "smtp", "imap", "pop" */
        const MdEndpoint *endpoints;    /* of a protocol only */
        size_t n_endpoints;
        const MdStep *steps;            /* in order */
        size_t n_steps;
        const MdFindingInfo *findings;  /* ids that only this plugin raises */
        size_t n_findings;
        size_t state_size;
        void (*state_done)(void *state);        /* frees what the state holds; NULL: nothing to free */
        /* Since 1.1: */
        const MdReplyRule *replies;     /* what refusals mean, provider's words first: <maildiag/reply.h> */
        size_t n_replies;
        /* Since 1.2: */
        const char *const *paths;       /* of a source only: the files and folders below the home directory that it reads,
                                         * with all that is in them: ".thunderbird" */
        size_t n_paths;
} MdPlugin;

/* The symbol that is looked up; its number is MD_ABI_MAJOR. */
#define MD_PLUGIN_SYMBOL "md_plugin_1"
#define MD_PLUGIN_NOTE_OWNER "maildiag"
#define MD_PLUGIN_NOTE_TYPE 1u

/* Description of the ELF note: owner MD_PLUGIN_NOTE_OWNER, type MD_PLUGIN_NOTE_TYPE, in section
 * ".note.maildiag".  All numbers in the byte order of the object. */
typedef struct MdPluginNote {
        uint32_t namesz;                /* sizeof name */
        uint32_t descsz;                /* sizeof(MdPluginNote) - offsetof(abi_major) */
        uint32_t type;
        char owner[12];                 /* "maildiag", NUL-padded to a multiple of four */
        uint32_t abi_major;
        uint32_t abi_minor;
        uint32_t plugin_size;           /* sizeof(MdPlugin) */
        char name[32];
} MdPluginNote;

/* Defines the note and begins the definition of the descriptor: MD_PLUGIN_EXPORT("name") = { … }; */
#define MD_PLUGIN_EXPORT(plugin_name)                                                                \
        __attribute__((section(".note.maildiag"), used, aligned(4)))                                 \
        static const MdPluginNote md_plugin_note = {                                                 \
                .namesz = sizeof(MD_PLUGIN_NOTE_OWNER),                                              \
                .descsz = sizeof(MdPluginNote) - offsetof(MdPluginNote, abi_major),                  \
                .type = MD_PLUGIN_NOTE_TYPE,                                                         \
                .owner = MD_PLUGIN_NOTE_OWNER,                                                       \
                .abi_major = MD_ABI_MAJOR,                                                           \
                .abi_minor = MD_ABI_MINOR,                                                           \
                .plugin_size = sizeof(MdPlugin),                                                     \
                .name = plugin_name,                                                                 \
        };                                                                                           \
        __attribute__((visibility("default"))) extern const MdPlugin md_plugin_1;                    \
        const MdPlugin md_plugin_1
