/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The IMAP plugin: can mail be read with these settings (RFC 9051, 3501, 8314)?  It goes as far as a mail app
 * does before it shows the first message: the mailbox is examined, never selected, and no message is fetched.
 */

#include <stdlib.h>

#include "imap.h"

static const MdEndpoint endpoints[] = {
        { 993, MD_SECURITY_TLS,      "imaps" },
        { 143, MD_SECURITY_STARTTLS, "imap"  },
        { 143, MD_SECURITY_NONE,     "imap"  },
};

static const MdStep steps[] = {
        { "connect",          MD_STAGE_TCP,        MD_DEPTH_CONNECT, 0,               md_step_connect       },
        { "tls",              MD_STAGE_TLS,        MD_DEPTH_CONNECT, 0,               md_step_tls           },
        { "greeting",         MD_STAGE_GREETING,   MD_DEPTH_CONNECT, 0,               imap_step_greeting    },
        { "capability",       MD_STAGE_CAPABILITY, MD_DEPTH_TLS,     0,               imap_step_capability  },
        { "starttls",         MD_STAGE_TLS,        MD_DEPTH_TLS,     0,               imap_step_starttls    },
        { "capability-tls",   MD_STAGE_CAPABILITY, MD_DEPTH_TLS,     0,               imap_step_after_tls   },
        { "id",               MD_STAGE_CAPABILITY, MD_DEPTH_TLS,     0,               imap_step_id          },
        { "login",            MD_STAGE_AUTH,       MD_DEPTH_AUTH,    0,               imap_step_login       },
        { "capability-login", MD_STAGE_MAILBOX,    MD_DEPTH_FULL,    0,               imap_step_after_login },
        { "mailbox",          MD_STAGE_MAILBOX,    MD_DEPTH_FULL,    0,               imap_step_mailbox     },
        { "logout",           MD_STAGE_MAILBOX,    MD_DEPTH_CONNECT, MD_STEP_GOODBYE, imap_step_logout      },
};

MD_PLUGIN_EXPORT("imap") = {
        .size = sizeof(MdPlugin),
        .kind = MD_KIND_PROTOCOL,
        .name = "imap",
        .version = MAILDIAG_VERSION,
        .summary = N_("Reading mail: IMAP"),
        .purpose = MD_PURPOSE_RECEIVE,
        .profile = MD_PROFILE_ENDPOINT,
        .sasl_service = "imap",
        .endpoints = endpoints,
        .n_endpoints = sizeof(endpoints) / sizeof(endpoints[0]),
        .steps = steps,
        .n_steps = sizeof(steps) / sizeof(steps[0]),
        .findings = imap_findings,
        .n_findings = IMAP_N_FINDINGS,
        .replies = imap_replies,
        .n_replies = IMAP_N_REPLIES,
        .state_size = sizeof(ImapState),
        .state_done = imap_state_done,
};

void imap_state_done(void *state) {
        ImapState *imap = state;

        for (size_t i = 0; i < imap->mailbox.n_special; i++)
                free(imap->mailbox.special[i]);
        for (size_t i = 0; i < imap->mailbox.n_quotas; i++)
                free(imap->mailbox.quotas[i]);
        imap_capabilities_done(&imap->capabilities);
        imap_response_done(&imap->response);
        free(imap->raw);
        free(imap->doubt);
}
