/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The findings that only this plugin raises. */

#include "imap.h"

const MdFindingInfo imap_findings[IMAP_N_FINDINGS] = {
        {
                .id = "imap.alert", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_MAILBOX,
                .title = N_("{host} has a message for its users"),
                .meaning = N_("The server marked a text as one that must be shown. Most apps hide it; it "
                        "stands below as the server wrote it."),
                .remedy = N_("Read the text; open no address in it unless you know that the provider uses "
                        "it."),
                .standard = "RFC 9051 section 7.1",
                .since = "0.1",
        },
        {
                .id = "imap.referral", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_AUTH, .setting = "host",
                .title = N_("{host} sends the app to another server"),
                .meaning = N_("The server says that the mailbox is elsewhere: {argument}. Nothing was "
                        "sent there, since whoever controls the connection could name any server."),
                .remedy = N_("Ask the provider for the name of the server, and enter it only if they "
                        "confirm it."),
                .standard = "RFC 2221",
                .since = "0.1",
        },
        {
                .id = "imap.referral-offered", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_MAILBOX, .setting = "host",
                .title = N_("{host} names another server that is nearer to the mailbox"),
                .meaning = N_("The login worked here. The server adds that the mailbox could be reached "
                        "directly: {argument}."),
                .remedy = N_("Nothing has to be changed; the provider can say which name is meant to be "
                        "used."),
                .standard = "RFC 2221",
                .since = "0.1",
        },
        {
                .id = "imap.id-required", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER,
                .stage = MD_STAGE_MAILBOX,
                .title = N_("{host} opens the mailbox only for apps that it knows"),
                .meaning = N_("The password was right. The server wants the app to say who it is (the ID "
                        "command), and refuses the inbox to those that do not or that it does not like."),
                .remedy = N_("Use an app that sends ID, or the app of the provider; with some providers "
                        "access by other apps must be allowed in the webmail first."),
                .standard = "RFC 2971",
                .since = "0.1",
        },
};
