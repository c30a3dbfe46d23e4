/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The findings that only this plugin raises. */

#include "smtp.h"

const MdFindingInfo smtp_findings[] = {
        {
                .id = "protocol.inconsistent-code", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER,
                .stage = MD_STAGE_CAPABILITY,
                .title = N_("{host} contradicts itself within one answer"),
                .meaning = N_("The lines of one answer carry different codes, so it says yes and no at "
                        "once. A faulty server, or a machine in between that rewrites the dialogue."),
                .remedy = N_("Try another network; if it stays so, tell the provider."),
                .standard = "RFC 5321 section 4.2.1",
                .since = "0.1",
        },
        {
                .id = "smtp.no-esmtp", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER,
                .stage = MD_STAGE_CAPABILITY,
                .title = N_("{host} speaks only the old form of SMTP"),
                .meaning = N_("The server does not know the command with which apps ask for its abilities, "
                        "so it offers neither encryption nor a login."),
                .remedy = N_("Check server name and port: a server for mail apps speaks the current form. "
                        "A firewall that rewrites mail traffic looks the same; try another network."),
                .standard = "RFC 5321 section 3.2",
                .since = "0.1",
        },
        {
                .id = "smtp.helo-rejected", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER,
                .stage = MD_STAGE_CAPABILITY,
                .title = N_("{host} does not accept how this computer introduces itself"),
                .meaning = N_("An app tells its own name or address when it begins. The server refuses the "
                        "form that most apps use, as servers that talk to other servers do."),
                .remedy = N_("Use the server for mail apps on port 465 or 587; if this is it, set the HELO "
                        "name of the app, or tell the provider."),
                .standard = "RFC 5321 section 4.1.4",
                .since = "0.1",
        },
        {
                .id = "smtp.auth-switched-off", .severity = MD_SEVERITY_ERROR,
                .actor = MD_ACTOR_ADMINISTRATOR, .stage = MD_STAGE_AUTH,
                .title = N_("Sending by mail apps is switched off for this account at {host}"),
                .meaning = N_("The server says that the administrator, or the default of the provider, "
                        "does not allow a login for sending (SMTP AUTH). The password may be right."),
                .remedy = N_("Ask the administrator of the account to allow authenticated SMTP for it."),
                .standard = "RFC 4954",
                .since = "0.1",
        },
        {
                .id = "smtp.auth-required", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_MAILBOX, .setting = "auth",
                .title = N_("{host} sends mail only after a login"),
                .meaning = N_("The settings for sending name no user and no password, and the server "
                        "refuses mail from strangers."),
                .remedy = N_("Switch authentication on for the outgoing server; mostly user name and "
                        "password are those of the incoming one."),
                .standard = "RFC 6409 section 4.3",
                .since = "0.1",
        },
        {
                .id = "smtp.relay-denied", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_MAILBOX, .setting = "host",
                .title = N_("{host} does not pass mail on for this account"),
                .meaning = N_("The server takes mail only for its own users. It is not the one through "
                        "which this account sends, or it does not take mail from apps at all."),
                .remedy = N_("Use the outgoing server that the provider of the address names, port 465 or "
                        "587."),
                .standard = "RFC 6409 section 6.1",
                .since = "0.1",
        },
        {
                .id = "smtp.sender-refused", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_MAILBOX, .setting = "address",
                .title = N_("{host} does not let this account send as {address}"),
                .meaning = N_("The address of the sender does not belong to the login, or is not confirmed "
                        "at the provider."),
                .remedy = N_("Send with the address of the login, or have the provider add {address} to "
                        "the account."),
                .standard = "RFC 6409 section 6.1",
                .since = "0.1",
        },
        {
                .id = "smtp.recipient-refused", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_MAILBOX, .setting = "address",
                .title = N_("{host} does not take mail for {address}"),
                .meaning = N_("A message to the account's own address would be refused: the address does "
                        "not exist, is misspelt, or its mailbox is closed."),
                .remedy = N_("Check the spelling of the mail address in the app; ask the provider if it is "
                        "right."),
                .standard = "RFC 5321 section 3.3",
                .since = "0.1",
        },
        {
                .id = "smtp.client-blocked", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_NETWORK,
                .stage = MD_STAGE_MAILBOX,
                .title = N_("{host} refuses mail from the network of this computer"),
                .meaning = N_("The internet address of this computer is on a list of addresses that should "
                        "not deliver mail themselves. The settings decide whether the list is asked: it is "
                        "meant for port 25."),
                .remedy = N_("Use port 465 or 587 with a login; if that is what you do, ask the provider."),
                .standard = "RFC 6409 section 3.1",
                .since = "0.1",
        },
        {
                .id = "smtp.sending-limit", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_MAILBOX,
                .title = N_("The account has sent as much as {host} allows"),
                .meaning = N_("Providers limit how many messages an account sends in an hour or a day. "
                        "When nobody sent that many, someone else may be using the account."),
                .remedy = N_("Wait a day; if you did not send much, change the password."),
                .since = "0.1",
        },
        {
                .id = "smtp.temporarily-refused", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER,
                .stage = MD_STAGE_MAILBOX,
                .title = N_("{host} does not take mail at the moment"),
                .meaning = N_("The server asks to come again later: it is busy, or it makes unknown "
                        "senders wait (greylisting). The settings are not to blame."),
                .remedy = N_("Wait some minutes and try again."),
                .standard = "RFC 5321 section 4.2.1",
                .since = "0.1",
        },
        {
                .id = "smtp.no-utf8-address", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER,
                .stage = MD_STAGE_MAILBOX, .setting = "address",
                .title = N_("{host} cannot send for {address}: it knows only ASCII addresses"),
                .meaning = N_("The mail address contains letters that need internationalized mail, and the "
                        "server does not offer it."),
                .remedy = N_("Use an address in plain letters, or another provider."),
                .standard = "RFC 6531 section 3.2",
                .since = "0.1",
        },
        {
                .id = "smtp.use-submission-port", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_AUTH,
                .setting = "port",
                .title = N_("{host} does not take mail from apps on port {port}"),
                .meaning = N_("This server, or this port, is meant for mail between servers, and treats the "
                        "app as one: it offers no login, or refuses addresses that no mail server has."),
                .remedy = N_("Use the outgoing server that the provider names for mail apps, port 465 with "
                        "SSL/TLS or 587 with STARTTLS, with a login."),
                .standard = "RFC 6409 section 3.1",
                .since = "0.1",
        },
        {
                .id = "smtp.sender-not-verified", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_MAILBOX,
                .setting = "address",
                .title = N_("{host} sends only from addresses that were confirmed, and {address} was not"),
                .meaning = N_("Services that send for many customers want each sender address or domain "
                        "confirmed first."),
                .remedy = N_("Confirm the address or its domain at the provider, or send from one that is "
                        "confirmed."),
                .since = "0.1",
        },
        {
                .id = "smtp.sender-malformed", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_MAILBOX,
                .setting = "address",
                .title = N_("{host} cannot read the sender's address {address}"),
                .meaning = N_("The mail address in the settings is empty or not in the form of an address."),
                .remedy = N_("Correct the mail address in the settings of the account."),
                .standard = "RFC 5321 section 4.1.2",
                .since = "0.1",
        },
        {
                .id = "smtp.too-many-recipients", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_MAILBOX,
                .title = N_("The message has more recipients than {host} takes at once"),
                .meaning = N_("Servers limit how many recipients one message may have. The settings are not "
                        "to blame."),
                .remedy = N_("Send to fewer people at a time, or use a mailing list."),
                .standard = "RFC 5321 section 4.5.3.1.10",
                .since = "0.1",
        },
        {
                .id = "smtp.message-too-large", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_MAILBOX,
                .title = N_("The message is larger than {host} takes"),
                .meaning = N_("Servers limit the size of a message; attachments grow by a third on the way. "
                        "The settings are not to blame."),
                .remedy = N_("Send smaller attachments, several messages, or a link to the file."),
                .standard = "RFC 1870 section 6.1",
                .since = "0.1",
        },
        {
                .id = "smtp.message-refused", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_MAILBOX,
                .title = N_("{host} refuses this message, not the account"),
                .meaning = N_("Login, sender and recipient were accepted, and the message itself was not: "
                        "for its content, its sender line, or a rule of the provider."),
                .remedy = N_("Read the words of the server and open the page that it names; try a short "
                        "message in plain text."),
                .standard = "RFC 5321 section 4.2",
                .since = "0.1",
        },
};
