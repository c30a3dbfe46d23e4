/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The SMTP plugin: can mail be sent with these settings (RFC 5321, 6409, 8314)?  It goes as far as a mail app
 * does before the message itself: DATA is never sent.
 */

#include "smtp.h"

static const MdEndpoint endpoints[] = {
        { 465, MD_SECURITY_TLS,      "submissions" },
        { 587, MD_SECURITY_STARTTLS, "submission"  },
        { 25,  MD_SECURITY_STARTTLS, "smtp"        },
        { 25,  MD_SECURITY_NONE,     "smtp"        },
};

static const MdStep steps[] = {
        { "connect",     MD_STAGE_TCP,        MD_DEPTH_CONNECT, 0,               md_step_connect       },
        { "tls",         MD_STAGE_TLS,        MD_DEPTH_CONNECT, 0,               md_step_tls           },
        { "greeting",    MD_STAGE_GREETING,   MD_DEPTH_CONNECT, 0,               smtp_step_greeting    },
        { "ehlo",        MD_STAGE_CAPABILITY, MD_DEPTH_TLS,     0,               smtp_step_ehlo        },
        { "starttls",    MD_STAGE_TLS,        MD_DEPTH_TLS,     0,               smtp_step_starttls    },
        { "ehlo-tls",    MD_STAGE_CAPABILITY, MD_DEPTH_TLS,     0,               smtp_step_ehlo_again  },
        { "auth",        MD_STAGE_AUTH,       MD_DEPTH_AUTH,    0,               smtp_step_auth        },
        { "transaction", MD_STAGE_MAILBOX,    MD_DEPTH_FULL,    0,               smtp_step_transaction },
        { "quit",        MD_STAGE_MAILBOX,    MD_DEPTH_CONNECT, MD_STEP_GOODBYE, smtp_step_quit        },
};

MD_PLUGIN_EXPORT("smtp") = {
        .size = sizeof(MdPlugin),
        .kind = MD_KIND_PROTOCOL,
        .name = "smtp",
        .version = "0.1",
        .summary = N_("Sending mail: SMTP and submission"),
        .purpose = MD_PURPOSE_SEND,
        .profile = MD_PROFILE_ENDPOINT,
        .sasl_service = "smtp",
        .endpoints = endpoints,
        .n_endpoints = sizeof(endpoints) / sizeof(endpoints[0]),
        .steps = steps,
        .n_steps = sizeof(steps) / sizeof(steps[0]),
        .findings = smtp_findings,
        .n_findings = SMTP_N_FINDINGS,
        .state_size = sizeof(SmtpState),
        .replies = smtp_replies,
        .n_replies = SMTP_N_REPLIES,
};
