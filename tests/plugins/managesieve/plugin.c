/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A plugin for ManageSieve (RFC 5804): can the mail app edit the filters and the vacation notice that the server runs?
 * It is built outside the tree of maildiag, against what is installed.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sieve.h"

static int step_greeting(MdProbe *probe, void *state) {
        SieveState *sieve = state;
        const char *line;
        size_t length;

        int r = md_read_greeting(probe, &line, &length);
        if (r != MD_NEXT)
                return r;
        md_observe(probe, "greeting", MD_TEXT("text", line));
        r = sieve_read_on(probe, sieve, line, length);
        if (r >= 0)
                r = sieve_read_capabilities(probe, sieve);
        if (r < 0 || sieve->response.status == SIEVE_OK)
                return r;
        sieve_refused(probe, sieve, "greeting", "greeting");
        return -EPROTO;
}

static int step_starttls(MdProbe *probe, void *state) {
        SieveState *sieve = state;

        if (md_probe_security(probe) != MD_SECURITY_STARTTLS)
                return MD_SKIP;
        if (!sieve->starttls) {
                md_find(probe, "tls.starttls-missing", NULL);
                return -EPROTO;
        }
        int r = sieve_ask(probe, sieve, "STARTTLS");
        if (r < 0)
                return r;
        if (sieve->response.status == SIEVE_OK)
                return md_start_tls(probe);
        sieve_refused(probe, sieve, "starttls", "STARTTLS");
        return -EPROTO;
}

/* RFC 5804 section 2.2: the server lists its capabilities again, unasked. */
static int step_capability_tls(MdProbe *probe, void *state) {
        SieveState *sieve = state;

        if (md_probe_security(probe) != MD_SECURITY_STARTTLS)
                return MD_SKIP;
        int r = sieve_read(probe, sieve);
        if (r >= 0)
                r = sieve_read_capabilities(probe, sieve);
        if (r < 0 || sieve->response.status == SIEVE_OK)
                return r;
        return md_bad_reply(probe, sieve->line);
}

static int step_logout(MdProbe *probe, void *state) {
        int r = md_send(probe, "LOGOUT");
        return r < 0 ? r : sieve_read(probe, state);
}

static void state_done(void *state) {
        SieveState *sieve = state;

        sieve_capabilities_done(sieve);
        free(sieve->line);
}

static const MdStep steps[] = {
        { "connect",        MD_STAGE_TCP,        MD_DEPTH_CONNECT, 0,               md_step_connect     },
        { "tls",            MD_STAGE_TLS,        MD_DEPTH_CONNECT, 0,               md_step_tls         },
        { "greeting",       MD_STAGE_GREETING,   MD_DEPTH_CONNECT, 0,               step_greeting       },
        { "starttls",       MD_STAGE_TLS,        MD_DEPTH_TLS,     0,               step_starttls       },
        { "capability-tls", MD_STAGE_CAPABILITY, MD_DEPTH_TLS,     0,               step_capability_tls },
        { "login",          MD_STAGE_AUTH,       MD_DEPTH_AUTH,    0,               sieve_step_login    },
        { "scripts",        MD_STAGE_MAILBOX,    MD_DEPTH_FULL,    0,               sieve_step_scripts  },
        { "space",          MD_STAGE_MAILBOX,    MD_DEPTH_FULL,    0,               sieve_step_space    },
        { "logout",         MD_STAGE_MAILBOX,    MD_DEPTH_CONNECT, MD_STEP_GOODBYE, step_logout         },
};

static const MdEndpoint endpoints[] = {
        { 4190, MD_SECURITY_STARTTLS, "sieve" },
        { 4190, MD_SECURITY_NONE,     "sieve" },
};

static const MdFindingInfo findings[] = {
        {
                .id = "sieve.referral", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_AUTH, .setting = "host",
                .title = N_("{host} sends the app to another server for filters"),
                .meaning = N_("The server says that the filters of the account are elsewhere: {where}. Nothing was "
                        "sent there, since whoever controls the connection could name any server."),
                .remedy = N_("Ask the provider for the name of the server, and enter it only if they confirm it."),
                .standard = "RFC 5804 section 1.3",
                .since = "1.0",
        },
        {
                .id = "sieve.scripts-refused", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER,
                .stage = MD_STAGE_MAILBOX,
                .title = N_("The login at {host} works, but the filters cannot be read"),
                .meaning = N_("The server accepts the password and then refuses to list the filters: {text}"),
                .remedy = N_("Ask the provider whether the account may have filters."),
                .standard = "RFC 5804 section 2.7",
                .since = "1.0",
        },
        {
                .id = "sieve.no-active-script", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_MAILBOX,
                .title = N_("No filter is active on the server"),
                .meaning = N_("None of the filter scripts of the account ({scripts}) is switched on, so the server "
                        "neither sorts mail nor answers it."),
                .remedy = N_("Switch the filter on in the mail app or the webmail, if there should be one."),
                .standard = "RFC 5804 section 2.7",
                .since = "1.0",
        },
        {
                .id = "sieve.no-space", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_MAILBOX,
                .title = N_("There is no room for a filter"),
                .meaning = N_("The server says that an ordinary filter script would exceed what the account may "
                        "store, so saving a filter or a vacation notice fails."),
                .remedy = N_("Delete filters that are no longer needed, or ask the provider for more room."),
                .standard = "RFC 5804 section 2.5",
                .since = "1.0",
        },
};

MD_PLUGIN_EXPORT("sieve") = {
        .size = sizeof(MdPlugin),
        .kind = MD_KIND_PROTOCOL,
        .name = "sieve",
        .version = "1.0",
        .summary = N_("Filters on the server: ManageSieve"),
        .purpose = MD_PURPOSE_OTHER,
        .profile = MD_PROFILE_ENDPOINT,
        .sasl_service = "sieve",
        .endpoints = endpoints,
        .n_endpoints = sizeof(endpoints) / sizeof(endpoints[0]),
        .steps = steps,
        .n_steps = sizeof(steps) / sizeof(steps[0]),
        .findings = findings,
        .n_findings = sizeof(findings) / sizeof(findings[0]),
        .replies = sieve_replies,
        .n_replies = SIEVE_N_REPLIES,
        .state_size = sizeof(SieveState),
        .state_done = state_done,
};
