/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The findings that only this plugin raises. */

#include "pop3.h"

const MdFindingInfo pop3_findings[] = {
        {
                .id = "pop3.no-uidl", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER,
                .stage = MD_STAGE_MAILBOX,
                .title = N_("{host} gives messages no lasting ids"),
                .meaning = N_("Without them an app cannot tell which messages it has fetched already, so "
                        "it can leave no copy on the server without fetching everything again each time."),
                .remedy = N_("Use IMAP if the provider has it; else let the app delete messages once "
                        "they are fetched, and only one app fetch them."),
                .standard = "RFC 1939 section 7",
                .since = "0.1",
        },
        {
                .id = "pop3.uidl-unstable", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER,
                .stage = MD_STAGE_MAILBOX,
                .title = N_("{host} changes the ids of messages"),
                .meaning = N_("Asked twice for the id of the same message, the server told two different "
                        "ones. Apps take each message for a new one and fetch the whole mailbox again "
                        "and again."),
                .remedy = N_("Tell the provider; use IMAP meanwhile, or do not leave copies on the "
                        "server."),
                .standard = "RFC 1939 section 7",
                .since = "0.1",
        },
        {
                .id = "pop3.expire", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_MAILBOX,
                .title = N_("{host} keeps fetched messages for {days} days"),
                .meaning = N_("The server says that it deletes messages by itself after that time; 0 "
                        "days means at once. Some providers say 0 and yet do what the settings in their "
                        "webmail say."),
                .remedy = N_("If the messages are to stay on the server, use IMAP, or check the POP "
                        "settings in the webmail."),
                .standard = "RFC 2449 section 6.7",
                .since = "0.1",
        },
        {
                .id = "pop3.login-delay", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_CAPABILITY,
                .title = N_("{host} wants {seconds} seconds between two logins"),
                .meaning = N_("An app that looks for mail more often is refused, although its password "
                        "is right."),
                .remedy = N_("Let the app look for mail less often than that, counting every app and "
                        "device."),
                .standard = "RFC 2449 section 6.5",
                .since = "0.1",
        },
        {
                .id = "pop3.login-too-soon", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_AUTH,
                .title = N_("{host} was asked for mail too recently"),
                .meaning = N_("The server refuses a login so soon after the last one of this account. "
                        "The password may be right."),
                .remedy = N_("Wait some minutes; let every app that uses this account look for mail less "
                        "often."),
                .standard = "RFC 2449 section 8.1.1",
                .since = "0.1",
        },
        {
                .id = "pop3.referral", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_AUTH, .setting = "host",
                .title = N_("{host} says that the mailbox is at another server"),
                .meaning = N_("The server refuses the login and names another one in its answer. Nothing was "
                        "sent there, since whoever controls the connection could name any server."),
                .remedy = N_("Ask the provider for the name of the server, and enter it only if they "
                        "confirm it."),
                .standard = "RFC 2221",
                .since = "0.1",
        },
};
