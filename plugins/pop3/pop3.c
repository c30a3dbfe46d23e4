/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The POP3 plugin: can mail be fetched with these settings (RFC 1939, 2449, 8314), and can a copy stay on the
 * server? It goes as far as a mail app does before it fetches the first message; nothing is fetched and
 * nothing deleted.
 */

#include "pop3.h"

static const MdEndpoint endpoints[] = {
        { 995, MD_SECURITY_TLS,      "pop3s" },
        { 110, MD_SECURITY_STARTTLS, "pop3"  },
        { 110, MD_SECURITY_NONE,     "pop3"  },
};

static const MdStep steps[] = {
        { "connect",  MD_STAGE_TCP,        MD_DEPTH_CONNECT, 0,               md_step_connect      },
        { "tls",      MD_STAGE_TLS,        MD_DEPTH_CONNECT, 0,               md_step_tls          },
        { "greeting", MD_STAGE_GREETING,   MD_DEPTH_CONNECT, 0,               pop3_step_greeting   },
        { "capa",     MD_STAGE_CAPABILITY, MD_DEPTH_TLS,     0,               pop3_step_capa       },
        { "stls",     MD_STAGE_TLS,        MD_DEPTH_TLS,     0,               pop3_step_stls       },
        { "capa-tls", MD_STAGE_CAPABILITY, MD_DEPTH_TLS,     0,               pop3_step_capa_again },
        { "login",    MD_STAGE_AUTH,       MD_DEPTH_AUTH,    0,               pop3_step_login      },
        { "mailbox",  MD_STAGE_MAILBOX,    MD_DEPTH_FULL,    0,               pop3_step_mailbox    },
        { "quit",     MD_STAGE_MAILBOX,    MD_DEPTH_CONNECT, MD_STEP_GOODBYE, pop3_step_quit       },
};

void pop3_state_done(void *state) {
        Pop3State *pop3 = state;
        pop3_capabilities_done(&pop3->capabilities);
}

MD_PLUGIN_EXPORT("pop3") = {
        .size = sizeof(MdPlugin),
        .kind = MD_KIND_PROTOCOL,
        .name = "pop3",
        .version = "0.1",
        .summary = N_("Fetching mail: POP3"),
        .purpose = MD_PURPOSE_RECEIVE,
        .profile = MD_PROFILE_ENDPOINT,
        .sasl_service = "pop",
        .endpoints = endpoints,
        .n_endpoints = sizeof(endpoints) / sizeof(endpoints[0]),
        .steps = steps,
        .n_steps = sizeof(steps) / sizeof(steps[0]),
        .findings = pop3_findings,
        .n_findings = POP3_N_FINDINGS,
        .replies = pop3_replies,
        .n_replies = POP3_N_REPLIES,
        .state_size = sizeof(Pop3State),
        .state_done = pop3_state_done,
};
