/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The findings that only this plugin raises. */

#include "autodiscover.h"

const MdFindingInfo autodiscover_findings[AUTODISCOVER_N_FINDINGS] = {
        {
                .id = "autodiscover.microsoft-365", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_CONFIG,
                .title = N_("The mail of {domain} is with Microsoft 365"),
                .meaning = N_("The domain leads Outlook to {found}. Mail apps log in there with the browser (OAuth 2.0) only, "
                        "and the administrator of the company can switch IMAP, POP and SMTP off."),
                .remedy = N_("Use an app that can log in to Microsoft with the browser; if that is refused, ask the "
                        "administrator to allow IMAP or SMTP for the mailbox."),
                .since = "0.1",
        },
        {
                .id = "autodiscover.exchange", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_CONFIG,
                .title = N_("The mail of {domain} is on a server of Microsoft Exchange"),
                .meaning = N_("Outlook and telephones are led to {found}. Other mail apps need IMAP or POP3 and SMTP, which are "
                        "switched off in Exchange until the administrator switches them on."),
                .remedy = N_("Ask the administrator for the IMAP and SMTP settings, or use an app that speaks with "
                        "Exchange."),
                .since = "0.1",
        },
};
