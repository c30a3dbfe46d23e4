/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The judge's catalogue: what several probes prove together, and what happened to a probe itself. */

#include "judge.h"

const MdFindingInfo judge_catalog[] = {
        {
                .id = "settings.security-found", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_CONFIG, .setting = "security",
                .title = N_("Connection security {suggested} with port {port} works for {host}"),
                .meaning = N_("The security was left open, so the usual ones were tried, and this one works."),
                .remedy = N_("Set the connection security of the app to {suggested} and the port to {port}."),
                .standard = "RFC 8314 section 3",
                .since = "0.1",
        },
        {
                .id = "auth.username-form", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_AUTH, .setting = "username",
                .title = N_("{host} knows the user as {suggested}, not as {value}"),
                .meaning = N_("The login with the configured user name was refused; the same password with the other "
                              "form of it was accepted. Providers want either the whole address or the part before "
                              "the @."),
                .remedy = N_("Set the user name to {suggested}, for receiving and for sending."),
                .since = "0.1",
        },
        {
                .id = "policy.login-budget", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_POLICY,
                .title = N_("No login was tried at {host}: this account has none left for {minutes} minutes"),
                .meaning = N_("So that no provider locks the account, maildiag makes only a few logins: of each account at "
                              "most three that are refused in 30 minutes and 96 in a day, and none for a while after "
                              "the server has asked to wait. They are used up, so only the connection was checked."),
                .remedy = N_("Check the password in the webmail meanwhile, then try again after {again}. Whoever is sure "
                             "that another login does no harm can make it now with --ignore-login-budget."),
                .since = "0.1",
        },
        {
                .id = "policy.secret-missing", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_ADMINISTRATOR,
                .stage = MD_STAGE_POLICY,
                .title = N_("No login was tried at {host}: there is no credential \"{credential}\""),
                .meaning = N_("The account names a credential of the service as its secret. The service manager has given "
                              "maildiagd none of this name, or it is no file that can be read, so only the connection was "
                              "checked."),
                .remedy = N_("Put the password into /etc/maildiag/credentials/{credential}, readable for root alone, and "
                             "restart maildiagd: credentials are handed over at its start."),
                .since = "0.1",
        },
        {
                .id = "settings.differ-from-published", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_CONFIG, .setting = "host",
                .title = N_("{host} port {port} does not work, and is not what is published for the address: {other}"),
                .meaning = N_("Whoever runs the mail of the address, or a table of providers, names another server or "
                              "port. It was tried, and works; the one in the settings does not."),
                .remedy = N_("Change the settings to what is published."),
                .standard = "RFC 6186, RFC 8314 section 5.1",
                .since = "0.1",
        },
        {
                .id = "settings.host-misspelt", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_CONFIG, .setting = "host",
                .title = N_("{value} looks like a typing error of {suggested}"),
                .meaning = N_("The name in the settings leads nowhere, and is nearly that of a server that is known."),
                .remedy = N_("Correct the name of the server."),
                .since = "0.1",
        },
        {
                .id = "settings.address-misspelt", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_CONFIG, .setting = "address",
                .title = N_("The domain {value} of the address looks like a typing error of {suggested}"),
                .meaning = N_("No settings were found for the domain as it is written, and it is nearly that of a "
                              "provider that is known."),
                .remedy = N_("Check the spelling of the address in the app, also in the user name."),
                .since = "0.1",
        },
        {
                .id = "settings.host-retired", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_CONFIG, .setting = "host",
                .title = N_("{value} was the right server until {until}; now it is {suggested}"),
                .meaning = N_("The settings were right once. The provider has moved its servers since, and the old name "
                              "is no longer served."),
                .remedy = N_("Change the name of the server to {suggested}; see the help page of the provider for the rest."),
                .since = "0.1",
        },
        {
                .id = "settings.assumed", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_USER, .stage = MD_STAGE_CONFIG,
                .title = N_("No settings were given for {protocol}: {host} port {port}, {security}, is what is published"),
                .meaning = N_("The settings were taken from {origin}. What the app really has may be something else, and "
                              "is not checked by that."),
                .remedy = N_("Compare these values with those of the app, or give those to be checked."),
                .since = "0.1",
        },
        {
                .id = "provider.oauth-only", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_AUTH, .setting = "auth",
                .title = N_("{provider} lets mail apps sign in with OAuth2 only, not with a password"),
                .meaning = N_("The login was not tried, since no password would be accepted, right or wrong, and a refused "
                              "one counts against the account. That is known from a table, last checked {checked}."),
                .remedy = N_("Set the authentication of the app to OAuth2, and sign in in the window that opens. {text} {url}"),
                .standard = "RFC 6749",
                .since = "0.1",
        },
        {
                .id = "provider.passwords-ended", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_AUTH, .setting = "auth",
                .title = N_("{provider} has taken no password from mail apps since {since}: it wants OAuth2"),
                .meaning = N_("The settings were right once. The provider has switched passwords off since, so the login was "
                              "not tried; the password may be right, and works in the browser. That is known from a table, "
                              "last checked {checked}."),
                .remedy = N_("Set the authentication of the app to OAuth2, and sign in in the window that opens; an app that "
                             "cannot do that needs an update or a replacement. {text} {url}"),
                .standard = "RFC 6749",
                .since = "0.1",
        },
        {
                .id = "provider.sign-in-only", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_USER, .stage = MD_STAGE_AUTH,
                .setting = "auth",
                .title = N_("{provider} lets mail apps sign in with OAuth2 only"),
                .meaning = N_("A password is not accepted. That is known from a table, last checked {checked}."),
                .remedy = N_("Choose OAuth2 as the authentication of the app. {text} {url}"),
                .standard = "RFC 6749",
                .since = "0.1",
        },
        {
                .id = "provider.app-password", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_USER, .stage = MD_STAGE_AUTH,
                .setting = "password",
                .title = N_("{provider} wants a password made for the app"),
                .meaning = N_("The password of the webmail is refused in a mail app; the account has a page where passwords "
                              "for apps are made. That is known from a table, last checked {checked}."),
                .remedy = N_("Create an app password and enter it for receiving and for sending. {text} {url}"),
                .since = "0.1",
        },
        {
                .id = "provider.service-off", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_USER, .stage = MD_STAGE_AUTH,
                .title = N_("At {provider} mail apps are let in only after that was switched on in the account"),
                .meaning = N_("IMAP, POP or sending from apps is off at first; until it is on, every password is refused. "
                              "That is known from a table, last checked {checked}."),
                .remedy = N_("Switch it on in the settings of the webmail. {text} {url}"),
                .since = "0.1",
        },
        {
                .id = "provider.bridge", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_USER, .stage = MD_STAGE_CONFIG,
                .title = N_("{provider} is reached through a program on this computer only"),
                .meaning = N_("The provider has no servers that a mail app could speak with; a bridge program of its own "
                              "has to run. That is known from a table, last checked {checked}."),
                .remedy = N_("Install the bridge program, and enter the values that it shows. {text} {url}"),
                .since = "0.1",
        },
        {
                .id = "provider.paid-only", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_USER, .stage = MD_STAGE_AUTH,
                .title = N_("{provider} lets mail apps in for paying customers only"),
                .meaning = N_("With a free account every password is refused. That is known from a table, last checked "
                              "{checked}."),
                .remedy = N_("Use the webmail, or change to a paid account. {text} {url}"),
                .since = "0.1",
        },
        {
                .id = "provider.no-mail-apps", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_PROVIDER,
                .stage = MD_STAGE_AUTH,
                .title = N_("{provider} lets no mail app in"),
                .meaning = N_("There is no access but the webmail or the app of the provider. That is known from a table, "
                              "last checked {checked}."),
                .remedy = N_("Use what the provider offers. {text} {url}"),
                .since = "0.1",
        },
        {
                .id = "provider.note", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_USER, .stage = MD_STAGE_CONFIG,
                .title = N_("{provider}: {text}"),
                .meaning = N_("That is known from a table, last checked {checked}."),
                .remedy = N_("See the help page of the provider. {url}"),
                .since = "0.1",
        },
        {
                .id = "autoconf.sources-disagree", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER,
                .stage = MD_STAGE_CONFIG,
                .title = N_("The sources disagree about the server for {protocol}"),
                .meaning = N_("Apps that set themselves up ask one source or the other, and get different servers. One of "
                              "them may be out of date, or somebody else's."),
                .remedy = N_("Use the one that works and belongs to the provider, and tell whoever publishes the other."),
                .since = "0.1",
        },
        {
                .id = "autoconf.wrong-certificate", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER,
                .stage = MD_STAGE_TLS,
                .title = N_("{origin} names {host}, whose certificate is for another name"),
                .meaning = N_("Apps that set themselves up will refuse the connection, or ask whether to go on. Either the "
                              "published name is wrong, or the certificate."),
                .remedy = N_("Tell the provider; until then enter a server name that the certificate has."),
                .standard = "RFC 8314 section 5.1, RFC 6186 section 6",
                .since = "0.1",
        },
        {
                .id = "autoconf.server-fails", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER,
                .stage = MD_STAGE_TCP,
                .title = N_("{origin} names {host} port {port} for {protocol}, which does not work ({found})"),
                .meaning = N_("Apps that set themselves up get a server that they cannot use."),
                .remedy = N_("Use another candidate that works, and tell whoever publishes this one."),
                .since = "0.1",
        },
        {
                .id = "autoconf.none-reached", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_NETWORK,
                .stage = MD_STAGE_TCP,
                .title = N_("None of the servers that were found can be reached from here ({found})"),
                .meaning = N_("Not one of them answered, {host} for example. That is rather the network of this computer "
                              "than all of the servers."),
                .remedy = N_("Check the network connection, a VPN and the firewall, and try again."),
                .since = "0.1",
        },
        {
                .id = "autoconf.nothing-found", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_CONFIG,
                .title = N_("No settings are published or known for the domain {host}"),
                .meaning = N_("Neither the domain itself nor the databases that mail apps use say which servers it has. "
                              "That is common for small domains, and no fault of the account."),
                .remedy = N_("Ask whoever runs the mail of the domain, and check their values with --imap and --smtp."),
                .since = "0.1",
        },
        {
                .id = "auth.one-side-only", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_AUTH, .setting = "password",
                .title = N_("{host} refuses the login that {other} accepts"),
                .meaning = N_("Receiving and sending have a password each in many apps, although it is the same one at "
                              "the provider. After a change the old one is often left in one of the two places; less "
                              "often the provider has not switched this service on for the account."),
                .remedy = N_("Enter the present password for receiving and for sending. If both are the same, ask the "
                             "provider whether this service is switched on."),
                .since = "0.1",
        },
        {
                .id = "settings.web-host", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_TCP, .setting = "host",
                .title = N_("{host} is a web server, not a mail server"),
                .meaning = N_("The machine answers on the ports for web pages and refuses all those for mail. The mail "
                              "server of a domain mostly has a name of its own."),
                .remedy = N_("Enter the server name that the help page of the provider shows for mail apps."),
                .since = "0.1",
        },
        {
                .id = "server.unreachable", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER,
                .stage = MD_STAGE_TCP,
                .title = N_("{host} does not answer on any port, although other servers do"),
                .meaning = N_("Either the machine is down, or it has blocked the address of this network, as servers do "
                              "after many failed logins or connections. From here both look alike."),
                .remedy = N_("Try from another network, such as that of a mobile phone. If it works there, this address "
                             "is blocked: stop every app that still has an old password, and wait or ask the provider "
                             "to lift the block. If not, the server is down: wait, or tell the provider."),
                .since = "0.1",
        },
        {
                .id = "server.bans-address", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_TCP,
                .title = N_("{host} has most likely blocked this network after refused logins"),
                .meaning = N_("The server answered on {date} and refused {refused} logins since then; now it answers on no "
                              "port, although other servers do. Servers block an address for a while after failed "
                              "logins, often because one app or device still has an old password."),
                .remedy = N_("Stop every app and device that still has an old password, wait an hour or ask the provider "
                             "to lift the block, then enter the right password everywhere. To make sure, try from "
                             "another network, such as that of a mobile phone: there it works."),
                .since = "0.1",
        },
        {
                .id = "security.tls-vanished", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_NETWORK,
                .stage = MD_STAGE_CAPABILITY,
                .title = N_("{host} encrypted on port {port} before, and does not now"),
                .meaning = N_("On {date} TLS worked at this port, with a certificate in order. A server does not unlearn "
                              "that: a firewall or somebody on the way most likely takes it out, so that the password "
                              "would travel readable."),
                .remedy = N_("Do not switch encryption off. Use SSL/TLS with port 993, 995 or 465 if it works here, else "
                             "another network; if it is the same everywhere, ask the provider."),
                .standard = "RFC 3207 section 6",
                .since = "0.1",
        },
        {
                .id = "security.auth-downgrade", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER,
                .stage = MD_STAGE_AUTH,
                .title = N_("{host} offers only weaker ways to log in once the connection is encrypted"),
                .meaning = N_("Before TLS it lists {before}, which never sends the password; inside TLS only {after}. Only "
                              "the list inside counts, since anybody on the way can change the other one."),
                .remedy = N_("Tell the provider. Nothing has to be changed in the app as long as it encrypts."),
                .standard = "RFC 4954 section 4",
                .since = "0.1",
        },
        {
                .id = "cert.changes-between-connections", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER,
                .stage = MD_STAGE_TLS,
                .title = N_("{host} does not always show the same certificate"),
                .meaning = N_("Another connection to the same port was shown another certificate. Either one of several "
                              "machines behind the name has a wrong one, so that the app complains now and then, or "
                              "something on the way answers in place of the server."),
                .remedy = N_("Accept no certificate that the app warns of. Try again in another network: if the warning "
                             "never comes there, something on the way interferes; if it comes there, too, tell the "
                             "provider."),
                .since = "0.1",
        },
        {
                .id = "cert.replaced", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER,
                .stage = MD_STAGE_TLS,
                .title = N_("{host} showed another certificate on {date}, which was in order"),
                .meaning = N_("Either the server got a new one by mistake, or something on the way answers in its place."),
                .remedy = N_("Accept no certificate that the app warns of. Try another network: if the warning does not "
                             "come there, something on the way interferes; if it does, tell the provider."),
                .since = "0.1",
        },
        {
                .id = "net.port-blocked", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_NETWORK,
                .stage = MD_STAGE_TCP, .setting = "port",
                .title = N_("This network does not let port {port} through"),
                .meaning = N_("The port does not answer at {host} and not at other mail servers either, while other "
                              "connections work. A firewall, an internet provider, a wireless network or a VPN does "
                              "that; port 25 is blocked at many private connections."),
                .remedy = N_("Use another port of the provider; else another network, or ask whoever runs this one to "
                             "open the port. Switch a VPN off for a test."),
                .standard = "RFC 6409 section 3.1",
                .since = "0.1",
        },
        {
                .id = "net.no-connection", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_NETWORK,
                .stage = MD_STAGE_TCP,
                .title = N_("This computer reaches no server at all"),
                .meaning = N_("Neither the servers of the settings nor any host for comparison answered. The settings "
                              "are not to blame for that."),
                .remedy = N_("Check the network connection, a VPN and the firewall of this computer."),
                .since = "0.1",
        },
        {
                .id = "net.smtp-redirected", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_NETWORK,
                .stage = MD_STAGE_TCP,
                .title = N_("Connections for sending to {host} are led to another server"),
                .meaning = N_("A server that is not the provider's answers: its greeting and its certificate are "
                              "somebody else's. Web hosters and internet providers redirect outgoing mail like that. "
                              "Whoever accepts the certificate nevertheless gives them the password."),
                .remedy = N_("Ask the hoster or internet provider to lift the redirection of outgoing mail (in cPanel: "
                             "SMTP Restrictions), or use another network. No setting of the app is wrong."),
                .since = "0.1",
        },
        {
                .id = "dns.nothing-resolves", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_NETWORK,
                .stage = MD_STAGE_DNS,
                .title = N_("This computer finds no server by its name"),
                .meaning = N_("Not only {host} but other well-known names are not found either. The name server that "
                              "this computer uses does not work; the settings are not to blame."),
                .remedy = N_("Check the network connection and a VPN, restart the router, or enter another DNS server "
                             "in the network settings."),
                .standard = "RFC 1035",
                .since = "0.1",
        },
        {
                .id = "local.bridge-not-running", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_COMPUTER,
                .stage = MD_STAGE_TCP,
                .title = N_("No program of this computer answers at {host} port {port}"),
                .meaning = N_("The settings lead to this computer itself, as for providers that are reached through a "
                              "bridge program (Proton Mail Bridge, DavMail, a proxy for OAuth2). It is not running, or "
                              "listens on another port."),
                .remedy = N_("Start the bridge program, and compare the port that it shows with that of the app."),
                .since = "0.1",
        },
        {
                .id = "local.bridge-certificate", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_COMPUTER,
                .stage = MD_STAGE_TLS,
                .title = N_("The program of this computer at port {port} has a certificate that it made itself"),
                .meaning = N_("A bridge program can have no certificate of a public authority. The connection does not "
                              "leave this computer."),
                .remedy = N_("Let the bridge program show or export its certificate, and trust that one in the app, for "
                             "this computer's own address only."),
                .since = "0.1",
        },
        {
                .id = "cert.intercepted", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_COMPUTER,
                .stage = MD_STAGE_TLS,
                .title = N_("Something between here and {host} opens the encrypted connections"),
                .meaning = N_("The certificates of the servers are signed by \"{issuer}\", as virus scanners and the "
                              "proxies of companies do that read along. The app does not know that authority."),
                .remedy = N_("Switch the scanning of mail in the virus scanner off, or install its authority in the "
                             "app, if you know and want that inspection; else use another network."),
                .since = "0.1",
        },
        {
                .id = "shared.clock-wrong", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_COMPUTER,
                .stage = MD_STAGE_TLS,
                .title = N_("The clock of this computer is wrong: that breaks {count} accounts"),
                .meaning = N_("The certificates of {hosts} are all out of date by this clock, and they cannot all be. "
                              "Affected: {accounts}."),
                .remedy = N_("Set date and time of this computer, or let it take them from the network."),
                .since = "0.1",
        },
        {
                .id = "shared.names-not-found", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_NETWORK,
                .stage = MD_STAGE_DNS,
                .title = N_("This computer finds no server by its name: that breaks {count} accounts"),
                .meaning = N_("Not one of {hosts} is found. The name server that this computer uses does not work; the "
                              "settings are not to blame. Affected: {accounts}."),
                .remedy = N_("Check the network connection and a VPN, restart the router, or enter another DNS server "
                             "in the network settings."),
                .standard = "RFC 1035",
                .since = "0.1",
        },
        {
                .id = "shared.captive-portal", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_NETWORK,
                .stage = MD_STAGE_TCP,
                .title = N_("This network wants a sign-in with a browser first: that breaks {count} accounts"),
                .meaning = N_("On ports for mail a web server answered in place of {hosts}. Networks of hotels, trains "
                              "and cafés do that until somebody has accepted their terms. Affected: {accounts}."),
                .remedy = N_("Open any page in a browser, sign in to the network, then try again."),
                .standard = "RFC 8952",
                .since = "0.1",
        },
        {
                .id = "shared.no-connection", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_NETWORK,
                .stage = MD_STAGE_TCP,
                .title = N_("This computer reaches no server at all: that breaks {count} accounts"),
                .meaning = N_("Not one of {hosts} answers, on any port. The settings are not to blame. Affected: "
                              "{accounts}."),
                .remedy = N_("Check the network connection, a VPN and the firewall of this computer."),
                .since = "0.1",
        },
        {
                .id = "shared.port-blocked", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_NETWORK,
                .stage = MD_STAGE_TCP, .setting = "port",
                .title = N_("This network does not let port {port} through: that breaks {count} accounts"),
                .meaning = N_("The port answers at none of {hosts}, which do not belong together, while other "
                              "connections work. A firewall, an internet provider, a wireless network or a VPN does "
                              "that. Affected: {accounts}."),
                .remedy = N_("Use another port of the providers; else another network, or ask whoever runs this one to "
                             "open the port. Switch a VPN off for a test."),
                .standard = "RFC 6409 section 3.1",
                .since = "0.1",
        },
        {
                .id = "shared.tls-intercepted", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_COMPUTER,
                .stage = MD_STAGE_TLS,
                .title = N_("Something on this computer or network opens the encrypted connections: that breaks {count} "
                            "accounts"),
                .meaning = N_("The certificates of {hosts}, which do not belong together, are all signed by "
                              "\"{issuer}\". Virus scanners and the proxies of companies read along like that. "
                              "Affected: {accounts}."),
                .remedy = N_("Switch the scanning of mail in the virus scanner off, or install its authority in the "
                             "app, if you know and want that inspection; else use another network."),
                .since = "0.1",
        },
        {
                .id = "shared.provider-down", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER,
                .stage = MD_STAGE_GREETING,
                .title = N_("The servers of a provider do not work ({hosts}): that breaks {count} accounts"),
                .meaning = N_("None of them does what it is asked, while the network works. The settings are most likely "
                              "right. Affected: {accounts}."),
                .remedy = N_("Wait, look at the status page of the provider, or tell the provider. Do not change the "
                             "settings."),
                .since = "0.1",
        },
        {
                .id = "shared.ipv6-broken", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_NETWORK,
                .stage = MD_STAGE_TCP,
                .title = N_("IPv6 does not work on this network: that delays {count} accounts"),
                .meaning = N_("{hosts} have IPv6 addresses, and none can be reached, while IPv4 works. Apps may wait for "
                              "half a minute before they try it. Affected: {accounts}."),
                .remedy = N_("Repair or switch off IPv6 at the router, or tell whoever runs the network."),
                .standard = "RFC 8305",
                .since = "0.1",
        },
        {
                .id = "internal.worker-lost", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_COMPUTER,
                .stage = MD_STAGE_POLICY,
                .title = N_("The check of {host} could not be finished: its process ended ({reason})"),
                .meaning = N_("The process that spoke with the server died before it had a verdict. That says nothing "
                              "about the settings; it is a fault of maildiag, of a plugin or of this computer."),
                .remedy = N_("Try again; if it stays so, report it with the name of the server."),
                .since = "0.1",
        },
        {
                .id = "internal.overdue", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_COMPUTER,
                .stage = MD_STAGE_POLICY,
                .title = N_("The check of {host} took too long and was ended in step {step}"),
                .meaning = N_("The time that was allowed for this check was over before it had a verdict."),
                .remedy = N_("Allow more time, for example with --timeout 60."),
                .since = "0.1",
        },
        {
                .id = "internal.bad-record", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_COMPUTER,
                .stage = MD_STAGE_POLICY,
                .title = N_("The check of {host} was ended because its process broke the rules"),
                .meaning = N_("What the process reported was not in order, so nothing that it said can be trusted. A "
                              "faulty plugin, or a server that found a fault in one."),
                .remedy = N_("Do not log in at this server from this computer for now, and report it."),
                .since = "0.1",
        },
        {
                .id = "internal.not-started", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_COMPUTER,
                .stage = MD_STAGE_POLICY,
                .title = N_("The check of {host} could not be started: {reason}"),
                .meaning = N_("The process for it was not created, so nothing is known about the settings."),
                .remedy = N_("Free memory or wait a moment, then try again."),
                .since = "0.1",
        },
};

const size_t judge_catalog_size = sizeof(judge_catalog) / sizeof(judge_catalog[0]);
