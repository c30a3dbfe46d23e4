/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The catalogue of findings that belong to no single protocol: names, connections, TLS, certificates, greetings,
 * grammar, login.  Their ids are public for ever; the sentences may be improved.
 */

#include <string.h>

#include "catalog.h"

const MdFindingInfo md_catalog[] = {
        {
                .id = "settings.bad-host", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_CONFIG,
                .setting = "host",
                .title = N_("{host} cannot be the name of a server"),
                .meaning = N_("A server name consists of letters, digits and hyphens between dots, at most 63 in a part "
                        "and 253 in all. Nothing was asked and nothing was sent."),
                .remedy = N_("Enter the server name as the help page of the provider shows it, without http:// or "
                        "other additions."),
                .standard = "RFC 5891 section 4.2.3, RFC 1123 section 2.1",
                .since = "0.1",
        },
        {
                .id = "settings.bad-address", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_CONFIG,
                .setting = "address",
                .title = N_("{value} cannot be a mail address: {domain} cannot be a domain"),
                .meaning = N_("What stands behind the @ has to be the name of a domain: letters, digits and hyphens in at "
                        "least two parts with dots between, at most 63 in a part and 253 in all. Nothing was asked."),
                .remedy = N_("Check the spelling of the address."),
                .standard = "RFC 5321 section 4.1.2, RFC 5891 section 4.2.3",
                .since = "0.1",
        },
        {
                .id = "settings.incomplete", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_CONFIG,
                .title = N_("A setting of the account is missing or cannot be one"),
                .meaning = N_("The app did not even try: a server name, a port, a user name or a password is "
                        "empty or not in the form of one."),
                .remedy = N_("Fill in every field of the account; the help page of the provider shows the "
                        "values."),
                .since = "0.1",
        },
        {
                .id = "settings.bad-secret-fd", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_ADMINISTRATOR, .stage = MD_STAGE_CONFIG,
                .setting = "password",
                .title = N_("The password could not be read: {reason}"),
                .meaning = N_("The descriptor that should hold the password is not a readable file, pipe or memory "
                        "file, stays silent, or holds more than a password can be."),
                .remedy = N_("Pass a file, a pipe or a memory file that holds only the password, at most 16 KiB."),
                .since = "0.1",
        },
        {
                .id = "settings.control-character", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_CONFIG,
                .title = N_("The {setting} contains a control character"),
                .meaning = N_("A line break, a NUL or another control character stands in the setting. It would end the "
                        "command early, so a server reads something else than what was meant; nothing was sent."),
                .remedy = N_("Type the {setting} again instead of pasting it."),
                .standard = "RFC 5321 section 2.3.8",
                .since = "0.1",
        },
        {
                .id = "settings.suspicious-secret", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_USER, .stage = MD_STAGE_CONFIG,
                .setting = "password",
                .title = N_("The password contains {what}"),
                .meaning = N_("Passwords copied from a web page or a message often bring a space or an invisible "
                        "character along. A server that compares exactly refuses them."),
                .remedy = N_("Type the password again by hand; if it is an app password shown in groups, leave the "
                        "spaces out."),
                .since = "0.1",
        },
        {
                .id = "settings.bad-ca", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_ADMINISTRATOR, .stage = MD_STAGE_CONFIG,
                .title = N_("The extra certificates could not be read: {reason}"),
                .meaning = N_("A file of certificate authorities was given for this run, but it holds no usable "
                        "certificate in PEM form."),
                .remedy = N_("Give a PEM file with at least one CERTIFICATE block."),
                .standard = "RFC 7468",
                .since = "0.1",
        },
        {
                .id = "settings.bad-client-certificate", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_ADMINISTRATOR, .stage = MD_STAGE_CONFIG,
                .title = N_("The client certificate could not be used: {reason}"),
                .meaning = N_("A certificate and key for this client were given, but they are unreadable or do not "
                        "belong together."),
                .remedy = N_("Give the certificate and its unencrypted private key, both in PEM form."),
                .standard = "RFC 7468",
                .since = "0.1",
        },
        {
                .id = "dns.no-such-name", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_DNS,
                .setting = "host",
                .title = N_("The server name {host} does not exist"),
                .meaning = N_("The domain name system knows no such name. Most often there is a typing error in it, or "
                        "the provider gave the server another name."),
                .remedy = N_("Check the spelling of the server name against the help page of the provider."),
                .standard = "RFC 1035",
                .since = "0.1",
        },
        {
                .id = "dns.no-address", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_DNS,
                .setting = "host",
                .title = N_("The name {host} exists but has no address"),
                .meaning = N_("The name is known, yet no server stands behind it: often the bare mail domain was "
                        "entered instead of the server."),
                .remedy = N_("Enter the full name of the server, as the help page of the provider shows it."),
                .standard = "RFC 1035",
                .since = "0.1",
        },
        {
                .id = "dns.server-failure", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_NETWORK, .stage = MD_STAGE_DNS,
                .title = N_("The name server could not answer for {host}"),
                .meaning = N_("The resolver of this network reported a failure. Either the network or the name servers "
                        "of the provider have a problem; the name itself may be right."),
                .remedy = N_("Try another network; if it works there, restart the router or choose another DNS server."),
                .standard = "RFC 1035",
                .since = "0.1",
        },
        {
                .id = "dns.timeout", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_NETWORK, .stage = MD_STAGE_DNS,
                .title = N_("No name server answered for {host}"),
                .meaning = N_("The question for the address of the server was sent, and nothing came back in time."),
                .remedy = N_("Check the network connection, the VPN and the DNS server that this computer uses."),
                .standard = "RFC 1035",
                .since = "0.1",
        },
        {
                .id = "dns.points-to-this-machine", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_DNS,
                .setting = "host",
                .title = N_("The name {host} leads to this computer itself"),
                .meaning = N_("The name of a public server resolves to an address of the local machine ({address}). An "
                        "ad blocker, a hosts file or a faulty DNS entry does that."),
                .remedy = N_("Check the hosts file and the DNS filter of this computer or network."),
                .since = "0.1",
        },
        {
                .id = "policy.address-refused", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_ADMINISTRATOR,
                .stage = MD_STAGE_POLICY,
                .title = N_("{host} was not tried: {address} belongs to this computer or its link"),
                .meaning = N_("The system's maildiagd runs with rights of its own, and what listens on the computer itself may "
                        "trust whoever comes from there. So it does not connect there for its users, whatever listens."),
                .remedy = N_("Use maildiag --private, which connects as yourself, or ask the administrator."),
                .since = "0.1",
        },
        {
                .id = "autoconf.bad-value", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CONFIG,
                .title = N_("{origin} names a {part} that cannot be one: {found}"),
                .meaning = N_("Apps that set themselves up read their settings there. A value that cannot be right was left "
                        "out here; an app may stumble over it, or be led astray by it."),
                .remedy = N_("Tell whoever publishes those settings; until then enter them by hand."),
                .since = "0.1",
        },
        {
                .id = "autoconf.too-many", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CONFIG,
                .title = N_("{origin} names more than {most} servers"),
                .meaning = N_("No provider has so many for one address. The first ones were looked at, the rest was left "
                        "out."),
                .remedy = N_("Tell whoever publishes those settings."),
                .since = "0.1",
        },
        {
                .id = "autoconf.bad-xml", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CONFIG,
                .title = N_("{origin} is no document that settings can be read from: {what}"),
                .meaning = N_("A document is there, but it breaks the rules of its form. Apps that set themselves up leave it "
                        "aside, as it was left aside here."),
                .remedy = N_("Tell whoever publishes it; until then enter the settings by hand."),
                .standard = "draft-ietf-mailmaint-autoconfig",
                .since = "0.1",
        },
        {
                .id = "autoconf.bad-json", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CONFIG,
                .title = N_("{origin} is no document that settings can be read from: {what}"),
                .meaning = N_("A document is there, but it breaks the rules of its form. Apps that set themselves up leave it "
                        "aside, as it was left aside here."),
                .remedy = N_("Tell whoever publishes it; until then enter the settings by hand."),
                .standard = "RFC 8259",
                .since = "0.1",
        },
        {
                .id = "autoconf.web-page", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CONFIG,
                .title = N_("{origin} is a web page instead of settings"),
                .meaning = N_("The web site answers every address with a page, also the one where apps look for the settings of "
                        "an account. They find none there, and some take the page for a broken document."),
                .remedy = N_("Whoever runs the web site should answer with status 404 where there is nothing, or publish the "
                        "settings there."),
                .since = "0.1",
        },
        {
                .id = "autoconf.bad-redirect", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CONFIG,
                .title = N_("{origin} leads {where}"),
                .meaning = N_("A redirect was not followed: one to another site, to where nothing is encrypted, or one after the "
                        "other could be made by somebody in between, who would then choose the servers that a password is "
                        "sent to."),
                .remedy = N_("Publish the settings on a host of the domain itself, over https, with at most three redirects "
                        "within the site."),
                .since = "0.1",
        },
        {
                .id = "autoconf.too-large", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CONFIG,
                .title = N_("{origin} is longer than settings can be"),
                .meaning = N_("Settings of an account take a few kilobytes. What came did not end after 256 KiB, and was left "
                        "aside."),
                .remedy = N_("Tell whoever publishes it; until then enter the settings by hand."),
                .since = "0.1",
        },
        {
                .id = "autoconf.login-demanded", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CONFIG,
                .title = N_("{origin} wants a login before it shows settings"),
                .meaning = N_("Servers of Microsoft Exchange do so. No password was sent, since the host is not proved to be the "
                        "one that the account belongs to."),
                .remedy = N_("Nothing has to be done if an app of Microsoft is used, or the settings are known."),
                .since = "0.1",
        },
        {
                .id = "autoconf.bad-certificate", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CONFIG,
                .title = N_("The certificate of {where} is not good: {reason}"),
                .meaning = N_("Apps look for settings at that host and get an answer, but not from a host that proves its name. "
                        "Often the name leads to a web server that knows nothing of it. Nothing was read there."),
                .remedy = N_("If settings are to be found there, the host needs a certificate for its name; else the name "
                        "should not exist."),
                .standard = "RFC 9525",
                .since = "0.1",
        },
        {
                .id = "autoconf.intercepted", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_NETWORK, .stage = MD_STAGE_TLS,
                .title = N_("Somebody in between answers for {where}: {reason}"),
                .meaning = N_("That host is known to have a good certificate, and another one came. Networks of hotels do that "
                        "until somebody has signed in, companies and virus scanners to read along; mail servers are then "
                        "answered for in the same way."),
                .remedy = N_("Open any page in a browser and sign in to the network; in a company, ask for the certificate "
                        "that its computers trust."),
                .since = "0.1",
        },
        {
                .id = "autoconf.insecure-only", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CONFIG,
                .title = N_("{origin} offers {protocol} without encryption only"),
                .meaning = N_("An app that follows these settings sends the password in clear text. They are shown, and never "
                        "proposed."),
                .remedy = N_("Use a server of the provider that encrypts, if there is one; else ask for it."),
                .standard = "RFC 8314 section 4.1",
                .since = "0.1",
        },
        {
                .id = "autoconf.unreachable", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_NETWORK, .stage = MD_STAGE_CONFIG,
                .title = N_("Published settings could not be looked up: {reason}"),
                .meaning = N_("No host that could have them was reached, the public database of settings included. That says nothing "
                        "about the account: this computer may be offline, or its network let only some connections "
                        "out."),
                .remedy = N_("Try again with a network; behind a proxy, name it to the service (maildiagd --proxy)."),
                .since = "0.1",
        },
        {
                .id = "net.proxy-failed", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_ADMINISTRATOR, .stage = MD_STAGE_POLICY,
                .title = N_("The proxy {proxy} does not let maildiag through: {reason}"),
                .meaning = N_("The service was told to fetch published settings through that proxy. Nothing could be fetched; "
                        "connections to mail servers do not go through it."),
                .remedy = N_("Check the address of the proxy, and that it allows connections to port 443."),
                .since = "0.1",
        },
        {
                .id = "net.captive-portal", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_NETWORK, .stage = MD_STAGE_TCP,
                .title = N_("This network wants a sign-in with a browser first"),
                .meaning = N_("A web page of the network came in place of what {host} was asked for. Networks of hotels, trains "
                        "and cafés do that until somebody has accepted their terms."),
                .remedy = N_("Open any page in a browser, sign in to the network, then try again."),
                .standard = "RFC 8952",
                .since = "0.1",
        },
        {
                .id = "dns.bogus", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_DNS,
                .title = N_("The signatures of {name} do not fit"),
                .meaning = N_("The domain signs its records, and what came does not fit the signatures: they have expired, the "
                        "domain is set up wrongly, or somebody in between changed the answer. It was not used."),
                .remedy = N_("Whoever runs the domain has to put its DNSSEC in order; in a company network that answers for its "
                        "own domains, ask the administrator."),
                .standard = "RFC 4035 section 5",
                .since = "0.1",
        },
        {
                .id = "tcp.refused", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_TCP,
                .setting = "port",
                .title = N_("{host} refuses connections on port {port}"),
                .meaning = N_("The machine answers, but no program listens on that port: the port or the server name is "
                        "wrong, or the service is down."),
                .remedy = N_("Check port and server name; the usual ports are 993 or 143 for IMAP, 995 or 110 for "
                        "POP3, 465 or 587 for sending."),
                .standard = "RFC 8314 section 3",
                .since = "0.1",
        },
        {
                .id = "tcp.timeout", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_NETWORK, .stage = MD_STAGE_TCP,
                .title = N_("Nothing answers at {host} port {port}"),
                .meaning = N_("Connection requests disappear. A firewall, a provider that blocks the port, or a server "
                        "that is switched off looks like this."),
                .remedy = N_("Try another network, and another port of the provider; switch a VPN or firewall off for "
                        "a test."),
                .since = "0.1",
        },
        {
                .id = "tcp.rejected-by-firewall", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_NETWORK, .stage = MD_STAGE_TCP,
                .title = N_("A firewall rejects the connection to {host} port {port}"),
                .meaning = N_("A machine on the way answered that this traffic is prohibited or that the host cannot be "
                        "reached."),
                .remedy = N_("Ask whoever runs the network to open the port, or use another network."),
                .standard = "RFC 1812 section 5.2.7.1",
                .since = "0.1",
        },
        {
                .id = "net.no-route", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_NETWORK, .stage = MD_STAGE_TCP,
                .title = N_("This computer has no route to {host}"),
                .meaning = N_("The operating system knows no way to the address of the server: no network connection, a "
                        "VPN that takes the route away, or a local rule that forbids it."),
                .remedy = N_("Connect to a network; check the VPN and the routing of this computer."),
                .since = "0.1",
        },
        {
                .id = "net.ipv6-broken", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_NETWORK, .stage = MD_STAGE_TCP,
                .title = N_("The IPv6 addresses of {host} cannot be reached, IPv4 works"),
                .meaning = N_("The server has IPv6 addresses and this computer tries them first, but none answers. Apps "
                        "that wait for them before they try IPv4 seem to hang."),
                .remedy = N_("Repair or switch off IPv6 on this network; tell the provider if other IPv6 servers do "
                        "work."),
                .standard = "RFC 8305",
                .since = "0.1",
        },
        {
                .id = "net.ipv4-broken", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_NETWORK, .stage = MD_STAGE_TCP,
                .title = N_("The IPv4 addresses of {host} cannot be reached, IPv6 works"),
                .meaning = N_("The server has addresses of both kinds, and none of the old kind answers. Apps and "
                        "devices that know only IPv4 cannot reach it from here."),
                .remedy = N_("Repair IPv4 on this network, or use an app that knows IPv6; tell the provider if other "
                        "IPv4 servers do work."),
                .standard = "RFC 8305",
                .since = "0.1",
        },
        {
                .id = "net.large-packets-lost", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_NETWORK, .stage = MD_STAGE_TCP,
                .title = N_("Large packets from {host} do not arrive on this network"),
                .meaning = N_("A connection comes about and small packets pass, but what is larger gets lost: TLS stops after "
                        "the first words. With smaller packets it works. A VPN, a tunnel or a router with a wrong packet "
                        "size (MTU) does that, when the messages that would tell the server are blocked, too."),
                .remedy = N_("Set the MTU of the router or VPN to 1400, or 1280 if that is not enough; or let ICMP messages "
                        "\"fragmentation needed\" and \"packet too big\" through. Try another network meanwhile."),
                .standard = "RFC 2923 section 2.1",
                .since = "0.1",
        },
        {
                .id = "net.some-addresses-dead", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TCP,
                .title = N_("{dead} of {total} addresses of {host} do not answer"),
                .meaning = N_("The name leads to several machines, and some of them are dead. Apps fail whenever they "
                        "pick one of those."),
                .remedy = N_("Tell the provider which addresses are dead."),
                .standard = "RFC 8305",
                .since = "0.1",
        },
        {
                .id = "greeting.closed", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_GREETING,
                .title = N_("{host} closes the connection without a greeting"),
                .meaning = N_("The connection was accepted and closed again before a word was said. A blocked address, "
                        "too many connections or a proxy that expects something else behaves so."),
                .remedy = N_("Wait some minutes and close other mail apps; if it stays so, ask the provider whether "
                        "this address is blocked."),
                .since = "0.1",
        },
        {
                .id = "greeting.reset", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_GREETING,
                .title = N_("{host} breaks the connection off at once"),
                .meaning = N_("The connection was accepted and then reset. A firewall or a ban after failed logins does "
                        "that."),
                .remedy = N_("Stop apps that still use an old password, wait an hour, and try from another network."),
                .since = "0.1",
        },
        {
                .id = "greeting.timeout", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_GREETING,
                .title = N_("{host} accepts the connection on port {port} but never says a word"),
                .meaning = N_("Mail servers speak first. This one stayed silent, in clear text and when offered TLS."),
                .remedy = N_("Check the port; if it is right, the server is overloaded or broken: ask the provider."),
                .since = "0.1",
        },
        {
                .id = "greeting.too-slow", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_GREETING,
                .title = N_("The greeting of {host} did not arrive in time"),
                .meaning = N_("The server began its greeting but sent it so slowly that no line was complete before the "
                        "time was up."),
                .remedy = N_("Try again later; ask the provider if it stays so."),
                .standard = "RFC 5321 section 4.5.3.2.1",
                .since = "0.1",
        },
        {
                .id = "greeting.garbage", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_GREETING,
                .setting = "port",
                .title = N_("What answers at {host} port {port} is not a mail server"),
                .meaning = N_("The first bytes belong to no protocol that maildiag knows."),
                .remedy = N_("Check server name and port."),
                .since = "0.1",
        },
        {
                .id = "greeting.too-long", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_GREETING,
                .title = N_("The greeting of {host} does not end"),
                .meaning = N_("The server sends without a line end, more than any greeting can be."),
                .remedy = N_("Check server name and port; if they are right, the server is broken."),
                .standard = "RFC 5321 section 4.5.3.1",
                .since = "0.1",
        },
        {
                .id = "server.slow", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_GREETING,
                .title = N_("{host} needs {seconds} seconds for its greeting"),
                .meaning = N_("The server makes its callers wait. Apps with a short patience give up."),
                .remedy = N_("Raise the connection timeout of the app if it has one; tell the provider."),
                .since = "0.1",
        },
        {
                .id = "server.rejects-client", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_GREETING,
                .title = N_("{host} rejects this computer with its first words"),
                .meaning = N_("The server answered the connection itself with a refusal, before any login: mostly "
                        "because of the address that this computer has."),
                .remedy = N_("Read the words of the server below; for sending use port 465 or 587, never 25."),
                .standard = "RFC 5321 section 3.1",
                .since = "0.1",
        },
        {
                .id = "local.mail-scanner", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_COMPUTER, .stage = MD_STAGE_GREETING,
                .title = N_("A program on this computer answers in place of {host}"),
                .meaning = N_("A virus scanner that checks mail has taken the connection over and cannot "
                        "reach the server itself. What it says does not come from the server."),
                .remedy = N_("Switch the mail shield of the virus scanner off for a test; then check server "
                        "name and port, which it could not reach."),
                .since = "0.1",
        },
        {
                .id = "server.temporarily-unavailable", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_GREETING,
                .title = N_("{host} says that it is not available at the moment"),
                .meaning = N_("The server itself reports a passing problem. The settings are not to blame."),
                .remedy = N_("Wait and try again later."),
                .standard = "RFC 5321 section 4.2.1",
                .since = "0.1",
        },
        {
                .id = "port.expects-implicit-tls", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_GREETING,
                .setting = "security",
                .title = N_("Port {port} of {host} wants TLS from the first byte"),
                .meaning = N_("The app waits for a greeting, the server waits for a TLS handshake, and both wait for "
                        "ever. The port belongs to security SSL/TLS."),
                .remedy = N_("Set the connection security to SSL/TLS, or keep it and use the STARTTLS port."),
                .standard = "RFC 8314 section 3",
                .since = "0.1",
        },
        {
                .id = "port.expects-starttls", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_TLS,
                .setting = "security",
                .title = N_("Port {port} of {host} begins in clear text and not with TLS"),
                .meaning = N_("The app starts with a TLS handshake, but the server greets in clear text: the port "
                        "belongs to security STARTTLS. Apps report this as a wrong version number or an SSL "
                        "error."),
                .remedy = N_("Set the connection security to STARTTLS, or keep SSL/TLS and use the port that belongs "
                        "to it."),
                .standard = "RFC 8314 section 3",
                .since = "0.1",
        },
        {
                .id = "port.other-protocol", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_GREETING,
                .setting = "port",
                .title = N_("Port {port} of {host} speaks {found}, not {expected}"),
                .meaning = N_("The greeting belongs to another protocol than the one that this account is set to."),
                .remedy = N_("Correct the port or the account type: the server speaks {found} here."),
                .since = "0.1",
        },
        {
                .id = "port.http", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_NETWORK, .stage = MD_STAGE_GREETING,
                .title = N_("A web server answers at {host} port {port}"),
                .meaning = N_("Instead of a mail greeting came HTTP: the login page of a network, a proxy, or a web "
                        "server under this name."),
                .remedy = N_("Open a browser and log in to the network; if that is done, check server name and port."),
                .since = "0.1",
        },
        {
                .id = "protocol.reset-mid-reply", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_NETWORK, .stage = MD_STAGE_CAPABILITY,
                .title = N_("The connection to {host} broke in the middle of the dialogue"),
                .meaning = N_("The connection was reset while the server answered. A firewall that reads along, or a "
                        "crash of the server."),
                .remedy = N_("Try another network; tell the provider."),
                .since = "0.1",
        },
        {
                .id = "protocol.closed", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CAPABILITY,
                .title = N_("{host} closed the connection in the middle of the dialogue"),
                .meaning = N_("The server ended the connection although it had not been asked to."),
                .remedy = N_("Try again; if it stays so, ask the provider."),
                .since = "0.1",
        },
        {
                .id = "protocol.timeout", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CAPABILITY,
                .title = N_("{host} stopped answering in the middle of the dialogue"),
                .meaning = N_("A command was sent and no complete answer came in time."),
                .remedy = N_("Try again later; ask the provider if it stays so."),
                .standard = "RFC 5321 section 4.5.3.2",
                .since = "0.1",
        },
        {
                .id = "send.timeout", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CAPABILITY,
                .title = N_("{host} stopped reading what is sent to it"),
                .meaning = N_("The server accepts the connection but takes no more bytes."),
                .remedy = N_("Try again later; ask the provider if it stays so."),
                .since = "0.1",
        },
        {
                .id = "protocol.too-many-lines", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CAPABILITY,
                .title = N_("{host} sends an answer that never ends"),
                .meaning = N_("One answer had more lines than any server needs, and was cut off."),
                .remedy = N_("Check server name and port; if they are right, the server is broken."),
                .since = "0.1",
        },
        {
                .id = "protocol.line-too-long", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CAPABILITY,
                .title = N_("{host} sends a line that never ends"),
                .meaning = N_("One line was longer than 64 KiB, and was cut off."),
                .remedy = N_("Check server name and port; if they are right, the server is broken."),
                .standard = "RFC 5321 section 4.5.3.1",
                .since = "0.1",
        },
        {
                .id = "protocol.too-much-data", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CAPABILITY,
                .title = N_("{host} sends more than a mail server has to say"),
                .meaning = N_("More than 1 MiB came during one dialogue, and it was cut off."),
                .remedy = N_("Check server name and port; if they are right, the server is broken."),
                .since = "0.1",
        },
        {
                .id = "protocol.bad-reply", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CAPABILITY,
                .title = N_("{host} gives an answer that breaks the rules of the protocol"),
                .meaning = N_("The answer cannot be read as the protocol demands. A faulty server, or a machine in "
                        "between that rewrites the dialogue."),
                .remedy = N_("Try another network; if it stays so, tell the provider."),
                .since = "0.1",
        },
        {
                .id = "protocol.wrong-tag", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CAPABILITY,
                .title = N_("{host} answers a question that was not asked"),
                .meaning = N_("Every answer carries the mark of the command that it belongs to; this one carries a mark "
                        "that no open command has. A faulty server, or someone who slips answers in."),
                .remedy = N_("Try another network; if it stays so, tell the provider."),
                .standard = "RFC 9051 section 2.2.1",
                .since = "0.1",
        },
        {
                .id = "protocol.client-fault", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_CAPABILITY,
                .title = N_("{host} does not accept how the app speaks"),
                .meaning = N_("The app gave its commands in the wrong order or form. That is a fault of the "
                        "app, not of the settings."),
                .remedy = N_("Update the app; if it stays so, report the words of the server to its makers."),
                .standard = "RFC 5321 section 4.1.4",
                .since = "0.1",
        },
        {
                .id = "protocol.command-unknown", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_USER, .stage = MD_STAGE_CAPABILITY,
                .title = N_("{host} does not know a command that the app uses"),
                .meaning = N_("The app asks for something that this server cannot do, or a machine in "
                        "between has changed the command."),
                .remedy = N_("Switch the option of the app off that needs it (for POP3: leaving copies on "
                        "the server, fetching headers only); try another network."),
                .standard = "RFC 2449",
                .since = "0.1",
        },
        {
                .id = "protocol.talked-too-soon", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_GREETING,
                .setting = "security",
                .title = N_("{host} says that the app spoke before it was its turn"),
                .meaning = N_("The server speaks first. An app that is set to SSL/TLS on a port that begins "
                        "in clear text starts with a handshake instead, which looks like that to the "
                        "server."),
                .remedy = N_("Set the connection security to STARTTLS, or keep SSL/TLS and use port 465, 993 "
                        "or 995."),
                .standard = "RFC 5321 section 4.3.1",
                .since = "0.1",
        },
        {
                .id = "protocol.bad-literal", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CAPABILITY,
                .title = N_("{host} announces a block of text with a length that cannot be read"),
                .meaning = N_("The length in braces is not a plain number, so nobody can tell where the block ends."),
                .remedy = N_("Tell the provider."),
                .standard = "RFC 9051 section 4.3",
                .since = "0.1",
        },
        {
                .id = "protocol.literal-too-large", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CAPABILITY,
                .title = N_("{host} announces a block of text that is far too large"),
                .meaning = N_("More than 64 KiB were announced where a few words belong. Apps that believe such a number "
                        "run out of memory; nothing of it was read."),
                .remedy = N_("Check server name and port; if they are right, the server is broken."),
                .standard = "RFC 9051 section 4.3",
                .since = "0.1",
        },
        {
                .id = "protocol.too-deep", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CAPABILITY,
                .title = N_("{host} nests its answer deeper than any server needs"),
                .meaning = N_("Lists stood inside lists more than 32 times. Apps that follow them crash."),
                .remedy = N_("Check server name and port; if they are right, the server is broken."),
                .standard = "RFC 9051 section 4.4",
                .since = "0.1",
        },
        {
                .id = "protocol.nul-byte", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CAPABILITY,
                .title = N_("{host} sends NUL bytes in its lines"),
                .meaning = N_("Lines of a mail dialogue hold text only. Some apps stop reading at the NUL."),
                .remedy = N_("Tell the provider."),
                .standard = "RFC 5321 section 2.4",
                .since = "0.1",
        },
        {
                .id = "protocol.bad-line-ends", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CAPABILITY,
                .title = N_("{host} does not end its lines with CR LF"),
                .meaning = N_("Some apps never see the end of such a line, and hang."),
                .remedy = N_("Tell the provider."),
                .standard = "RFC 5321 section 2.3.8",
                .since = "0.1",
        },
        {
                .id = "protocol.long-line", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CAPABILITY,
                .title = N_("{host} sends a line of {length} bytes"),
                .meaning = N_("That is longer than apps must be able to read; some fail."),
                .remedy = N_("Tell the provider."),
                .standard = "RFC 5321 section 4.5.3.1",
                .since = "0.1",
        },
        {
                .id = "protocol.capability-mismatch", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CAPABILITY,
                .title = N_("{host} lists other capabilities in its greeting than when asked"),
                .meaning = N_("Two lists that should be the same differ. Apps that trust the first behave differently "
                        "from those that ask."),
                .remedy = N_("Tell the provider."),
                .since = "0.1",
        },
        {
                .id = "server.closed-session", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CAPABILITY,
                .title = N_("{host} ended the session: {text}"),
                .meaning = N_("The server said goodbye in the middle of the dialogue and gave its reason."),
                .remedy = N_("Read the words of the server; close other mail apps, and try again later."),
                .since = "0.1",
        },
        {
                .id = "security.unsolicited-reply", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_NETWORK, .stage = MD_STAGE_CAPABILITY,
                .title = N_("Answers came from {host} that nobody asked for"),
                .meaning = N_("The server, or someone in between, sent more than the answer to what was asked. That is "
                        "how forged answers are slipped into a dialogue; it was broken off before anything "
                        "personal was sent."),
                .remedy = N_("Try another network; if it stays so, tell the provider."),
                .standard = "RFC 3207 section 6",
                .since = "0.1",
        },
        {
                .id = "security.starttls-injection", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_NETWORK, .stage = MD_STAGE_TLS,
                .title = N_("Clear text was slipped in before TLS at {host}"),
                .meaning = N_("With the agreement to STARTTLS came further bytes that an app could take for protected "
                        "ones. That is a known attack, or a serious fault of the server."),
                .remedy = N_("Use SSL/TLS on port 465, 993 or 995 instead; do not log in on this connection."),
                .standard = "RFC 3207 section 6",
                .since = "0.1",
        },
        {
                .id = "security.command-injection", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER,
                .stage = MD_STAGE_TLS, .setting = "security",
                .title = N_("{host} carries out commands that came before the encryption"),
                .meaning = N_("A command that was sent together with STARTTLS, in clear text, was answered inside TLS. Whoever "
                        "is on the way can put commands in there, which the server takes for those of the app."),
                .remedy = N_("Use SSL/TLS with port 993, 995 or 465, where TLS comes first; tell the provider, whose server "
                        "needs an update."),
                .standard = "RFC 3207 section 4.2",
                .since = "0.1",
        },
        {
                .id = "security.starttls-masked", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_NETWORK, .stage = MD_STAGE_CAPABILITY,
                .title = N_("Something between here and {host} hides STARTTLS"),
                .meaning = N_("The capability list holds crossed-out words, or the greeting asterisks: a firewall "
                        "rewrites the dialogue so that it stays readable."),
                .remedy = N_("Use SSL/TLS on port 465, 993 or 995; never switch encryption off to get around it."),
                .standard = "RFC 3207 section 6",
                .since = "0.1",
        },
        {
                .id = "security.preauth-without-tls", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_NETWORK, .stage = MD_STAGE_GREETING,
                .title = N_("{host} claims a login before TLS is up"),
                .meaning = N_("The greeting says that the connection is logged in already, which rules STARTTLS out. "
                        "That is a known attack to keep an app on a clear connection; it was broken off."),
                .remedy = N_("Use SSL/TLS on port 993 instead; if it stays so, tell the provider."),
                .standard = "RFC 9051 section 7.1.4",
                .since = "0.1",
        },
        {
                .id = "security.cleartext", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_USER, .stage = MD_STAGE_CONFIG,
                .setting = "security",
                .title = N_("The settings send the password to {host} without encryption"),
                .meaning = N_("With security \"none\" everyone on the way can read the password and the mail."),
                .remedy = N_("Set the connection security to SSL/TLS or STARTTLS."),
                .standard = "RFC 8314 section 4",
                .since = "0.1",
        },
        {
                .id = "security.password-exposed", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_AUTH,
                .setting = "security",
                .title = N_("The app sent the password to {host} without encryption"),
                .meaning = N_("The server takes no password on a clear connection, and says that the app "
                        "sent it nevertheless. Whoever listened on the way has it now."),
                .remedy = N_("Set the connection security to SSL/TLS or STARTTLS, then change the password."),
                .standard = "RFC 8314 section 4",
                .since = "0.1",
        },
        {
                .id = "tls.starttls-missing", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CAPABILITY,
                .setting = "security",
                .title = N_("{host} does not offer STARTTLS on port {port}"),
                .meaning = N_("The settings demand STARTTLS, the server does not have it here, or a machine in between "
                        "took it out."),
                .remedy = N_("Use SSL/TLS on port 465, 993 or 995; never switch encryption off to get around it."),
                .standard = "RFC 8314 section 4",
                .since = "0.1",
        },
        {
                .id = "tls.starttls-refused", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("{host} offers STARTTLS but refuses it"),
                .meaning = N_("The command was answered with a refusal; often the server cannot load its key or "
                        "certificate."),
                .remedy = N_("Tell the provider; SSL/TLS on port 465, 993 or 995 may work meanwhile."),
                .standard = "RFC 3207 section 4",
                .since = "0.1",
        },
        {
                .id = "tls.timeout", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_NETWORK, .stage = MD_STAGE_TLS,
                .title = N_("{host} stops answering during the TLS handshake"),
                .meaning = N_("The connection stands and TLS was begun, but no answer came in time. A firewall that "
                        "inspects TLS, or packets that are too large for the way, look like this."),
                .remedy = N_("Try another network, and switch VPN and TLS inspection off for a test."),
                .since = "0.1",
        },
        {
                .id = "tls.closed", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("{host} breaks off the TLS handshake"),
                .meaning = N_("The server closed the connection instead of answering, without giving a reason."),
                .remedy = N_("Check that the port belongs to this security; if it does, tell the provider."),
                .since = "0.1",
        },
        {
                .id = "tls.not-tls", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("{host} does not answer with TLS"),
                .meaning = N_("TLS was agreed or demanded, but what came back is something else."),
                .remedy = N_("Try another network; if it stays so, tell the provider."),
                .standard = "RFC 8446 section 5.1",
                .since = "0.1",
        },
        {
                .id = "tls.no-common-cipher", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("{host} and this computer find no common encryption"),
                .meaning = N_("The server refused the handshake: it offers no protocol version, cipher or key exchange "
                        "that is safe enough."),
                .remedy = N_("Tell the provider to offer TLS 1.2 or 1.3 with current ciphers."),
                .standard = "RFC 9325",
                .since = "0.1",
        },
        {
                .id = "tls.version-too-old", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("{host} speaks only {version}"),
                .meaning = N_("A second try, made only to find the reason, succeeded with a protocol version that is no "
                        "longer safe. Current apps refuse it."),
                .remedy = N_("Tell the provider to switch TLS 1.2 or 1.3 on."),
                .standard = "RFC 8996",
                .since = "0.1",
        },
        {
                .id = "tls.app-too-old", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_TLS,
                .title = N_("The app offers {host} only an outdated TLS"),
                .meaning = N_("The server takes TLS 1.2 and newer. Old apps, systems, printers and scanners "
                        "know nothing newer than TLS 1.0."),
                .remedy = N_("Update the app or the device; where that is impossible, let it send through a "
                        "newer machine in the same network."),
                .standard = "RFC 8996",
                .since = "0.1",
        },
        {
                .id = "tls.weak", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("The encryption of {host} is weak: {what}"),
                .meaning = N_("The handshake succeeded, but with a method that is considered too weak."),
                .remedy = N_("Tell the provider."),
                .standard = "RFC 9325 section 4",
                .since = "0.1",
        },
        {
                .id = "tls.flood", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("{host} sends TLS records without end"),
                .meaning = N_("The handshake was broken off after more records than any handshake needs."),
                .remedy = N_("Tell the provider."),
                .since = "0.1",
        },
        {
                .id = "tls.version-intolerant", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("{host} cannot cope with apps that know TLS 1.3"),
                .meaning = N_("The server, or a device in front of it, breaks off when an app offers TLS 1.3 beside 1.2, "
                        "instead of choosing 1.2. Current apps fail there, old ones work."),
                .remedy = N_("Tell the provider: the server or the device in front of it needs an update."),
                .standard = "RFC 8446 section 4.1.2",
                .since = "0.1",
        },
        {
                .id = "tls.too-large", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("{host} sends a TLS message that is too large"),
                .meaning = N_("A certificate chain or another message exceeds what this program, and most apps, take."),
                .remedy = N_("Tell the provider."),
                .since = "0.1",
        },
        {
                .id = "tls.truncated", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("{host} ends TLS without saying so"),
                .meaning = N_("The connection ended without the closing alert of TLS, so that an app cannot tell the "
                        "end from an attack."),
                .remedy = N_("Tell the provider."),
                .standard = "RFC 8446 section 6.1",
                .since = "0.1",
        },
        {
                .id = "tls.broken-record", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_NETWORK, .stage = MD_STAGE_TLS,
                .title = N_("TLS with {host} broke"),
                .meaning = N_("A record could not be deciphered, or the handshake broke its own rules: someone in "
                        "between damages the stream, or the server is faulty."),
                .remedy = N_("Try another network; if it stays so, tell the provider."),
                .since = "0.1",
        },
        {
                .id = "tls.client-certificate-required", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_ADMINISTRATOR, .stage = MD_STAGE_TLS,
                .title = N_("{host} demands a client certificate"),
                .meaning = N_("The server wants this computer to prove itself with a certificate, and none is set up."),
                .remedy = N_("Import the client certificate that the provider gave you."),
                .standard = "RFC 8446 section 4.3.2",
                .since = "0.1",
        },
        {
                .id = "tls.sni-refused", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_TLS,
                .setting = "host",
                .title = N_("{host} does not know itself under this name"),
                .meaning = N_("The server answered that it serves no such name, so the name leads to the right machine "
                        "but is not the name of a mail server there."),
                .remedy = N_("Use the server name that the provider gives."),
                .standard = "RFC 6066 section 3",
                .since = "0.1",
        },
        {
                .id = "tls.refused", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("{host} refuses TLS: {alert}"),
                .meaning = N_("The server ended the handshake with this alert."),
                .remedy = N_("Tell the provider."),
                .standard = "RFC 8446 section 6.2",
                .since = "0.1",
        },
        {
                .id = "cert.expired", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("The certificate of {host} expired on {date}"),
                .meaning = N_("Until it is renewed every app warns or refuses. The settings are not to blame."),
                .remedy = N_("Wait for the provider to renew it, or tell them; do not switch the check off."),
                .standard = "RFC 5280 section 4.1.2.5",
                .since = "0.1",
        },
        {
                .id = "cert.expires-soon", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("The certificate of {host} expires on {date}"),
                .meaning = N_("Less than 14 days are left; if it is not renewed, every app will refuse."),
                .remedy = N_("Tell the provider if it is not renewed automatically."),
                .standard = "RFC 5280 section 4.1.2.5",
                .since = "0.1",
        },
        {
                .id = "cert.not-yet-valid", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("The certificate of {host} is valid only from {date}"),
                .meaning = N_("It lies in the future for this computer: the certificate was installed too early, or the "
                        "clock here is slow."),
                .remedy = N_("Check the date of this computer first; if it is right, tell the provider."),
                .standard = "RFC 5280 section 4.1.2.5",
                .since = "0.1",
        },
        {
                .id = "local.clock-wrong", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_COMPUTER, .stage = MD_STAGE_TLS,
                .title = N_("The clock of this computer is probably wrong: it says {now}"),
                .meaning = N_("The certificates of {host} would be valid at another time: several of them are out of "
                        "date in the same direction, or this clock stands before the date at which maildiag "
                        "was made."),
                .remedy = N_("Set date and time of this computer, best automatically."),
                .since = "0.1",
        },
        {
                .id = "cert.wrong-host", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_TLS,
                .setting = "host",
                .title = N_("The certificate of {host} is for another name"),
                .meaning = N_("The server proves to be {names}, not {host}. Shared servers often have only the name of "
                        "the provider in their certificate."),
                .remedy = N_("Use one of the names in the certificate as the server name, if the provider confirms it; "
                        "do not switch the check off."),
                .standard = "RFC 9525",
                .since = "0.1",
        },
        {
                .id = "cert.needs-server-name", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_USER, .stage = MD_STAGE_TLS,
                .title = N_("Old apps get another certificate from {host}"),
                .meaning = N_("The server has several certificates and chooses by the name that an app asks for. To one that "
                        "does not say it, as very old apps and some devices, it shows the certificate for {names}, which "
                        "does not fit."),
                .remedy = N_("If an app complains of the certificate, update the app or the device; this setting is right."),
                .standard = "RFC 6066 section 3",
                .since = "0.1",
        },
        {
                .id = "cert.no-san", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("The certificate of {host} names no host in the place where apps look"),
                .meaning = N_("Names belong in the subject alternative name; the old common name is no longer read."),
                .remedy = N_("Tell the provider to get a current certificate."),
                .standard = "RFC 9525 section 2",
                .since = "0.1",
        },
        {
                .id = "cert.self-signed", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("The certificate of {host} is signed by itself"),
                .meaning = N_("Nobody vouches for it, so an app cannot tell the server from an impostor."),
                .remedy = N_("Ask the provider for a certificate of a public authority, or for its fingerprint."),
                .standard = "RFC 5280 section 3.2",
                .since = "0.1",
        },
        {
                .id = "cert.unknown-issuer", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_ADMINISTRATOR, .stage = MD_STAGE_TLS,
                .title = N_("This computer does not know the authority \"{issuer}\" that signed the certificate of "
                        "{host}"),
                .meaning = N_("The chain ends at an authority that is not in the trust store: a private authority of a "
                        "company, or a program that inspects TLS."),
                .remedy = N_("Install the root certificate of the company or provider, after checking its fingerprint."),
                .standard = "RFC 5280 section 6",
                .since = "0.1",
        },
        {
                .id = "cert.chain-incomplete", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("{host} does not send the intermediate certificate \"{issuer}\""),
                .meaning = N_("The certificate itself may be good, but the link to the authority is missing. Browsers "
                        "keep such links, mail apps do not; so it works in one and fails in the other."),
                .remedy = N_("Tell the provider to send the full chain."),
                .standard = "RFC 8446 section 4.4.2",
                .since = "0.1",
        },
        {
                .id = "cert.bad-ca", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("The certificate chain of {host} breaks a rule: {rule}"),
                .meaning = N_("A certificate in the chain signs what it is not allowed to sign."),
                .remedy = N_("Tell the provider."),
                .standard = "RFC 5280 section 6.1",
                .since = "0.1",
        },
        {
                .id = "cert.wrong-purpose", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("The certificate of {host} is not made for servers"),
                .meaning = N_("It may be used for {purposes} only."),
                .remedy = N_("Tell the provider to install a server certificate."),
                .standard = "RFC 5280 section 4.2.1.12",
                .since = "0.1",
        },
        {
                .id = "cert.weak", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("The certificate of {host} is too weak: {what}"),
                .meaning = N_("Its key or signature can be forged with today's means, and current apps refuse it."),
                .remedy = N_("Tell the provider to get a current certificate."),
                .standard = "RFC 9325 section 4",
                .since = "0.1",
        },
        {
                .id = "cert.revoked", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("The certificate of {host} was revoked on {date}"),
                .meaning = N_("The server itself delivers the statement of its authority that the certificate must no "
                        "longer be trusted."),
                .remedy = N_("Do not log in; tell the provider."),
                .standard = "RFC 6960",
                .since = "0.1",
        },
        {
                .id = "cert.staple-missing", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("{host} does not deliver the proof of validity that its certificate demands"),
                .meaning = N_("The certificate says that a fresh OCSP response must come along, and none came."),
                .remedy = N_("Tell the provider."),
                .standard = "RFC 7633",
                .since = "0.1",
        },
        {
                .id = "cert.refused", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("This computer refuses the certificate of {host}: {reason}"),
                .meaning = N_("The check of the certificate failed for a reason that no other entry names."),
                .remedy = N_("Tell the provider; do not switch the check off."),
                .standard = "RFC 5280 section 6",
                .since = "0.1",
        },
        {
                .id = "cert.bad-staple", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("The proof of validity that {host} delivers with its certificate is useless: {what}"),
                .meaning = N_("With the certificate came an OCSP response that proves nothing about it. Apps that look "
                        "at it refuse the connection."),
                .remedy = N_("Tell the provider to renew the OCSP response of the server, or to leave it out."),
                .standard = "RFC 6960 section 3.2",
                .since = "0.1",
        },
        {
                .id = "cert.unusual", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("Strict apps refuse the certificate of {host}: {rule}"),
                .meaning = N_("Most apps accept it. Some follow the rules for certificates more closely, Apple's and newer "
                        "Python programs among them, so that it works in one app and fails in another."),
                .remedy = N_("Tell the provider to get a certificate that keeps to the rules."),
                .standard = "RFC 5280 section 4.2",
                .since = "0.1",
        },
        {
                .id = "cert.untidy-chain", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("{host} sends certificates that do not belong to its chain"),
                .meaning = N_("They are in the wrong order, twice, or unrelated. Most apps cope."),
                .remedy = N_("Tell the provider."),
                .standard = "RFC 8446 section 4.4.2",
                .since = "0.1",
        },
        {
                .id = "cert.malformed", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("The certificate of {host} cannot be read: {what}"),
                .meaning = N_("It breaks the rules for certificates, and apps refuse it."),
                .remedy = N_("Tell the provider."),
                .standard = "RFC 5280 section 4.1",
                .since = "0.1",
        },
        {
                .id = "cert.unknown-critical", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_TLS,
                .title = N_("The certificate of {host} demands something that apps do not know: {oid}"),
                .meaning = N_("An extension is marked as critical and unknown, so the certificate must be refused."),
                .remedy = N_("Tell the provider."),
                .standard = "RFC 5280 section 4.2",
                .since = "0.1",
        },
        {
                .id = "auth.rejected", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_AUTH,
                .setting = "password",
                .title = N_("{host} refuses user name and password"),
                .meaning = N_("The server did not accept the login of {username}. It does not say which of the two is "
                        "wrong; a changed password, a missing app password, or another form of the user name look "
                        "the same."),
                .remedy = N_("Check the user name and type the password again; if it works in the webmail, ask the "
                        "provider whether apps need a password of their own."),
                .standard = "RFC 4954 section 6",
                .since = "0.1",
        },
        {
                .id = "auth.address-as-username", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_AUTH,
                .setting = "username",
                .title = N_("{host} wants the whole mail address as the user name"),
                .meaning = N_("The server refuses the user name and says that it has to be the full address, "
                        "with the part behind the @."),
                .remedy = N_("Enter the full mail address as the user name, for receiving and for sending."),
                .since = "0.1",
        },
        {
                .id = "auth.app-password-needed", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_AUTH,
                .setting = "password",
                .title = N_("{host} wants a password made for this app, not the one of the account"),
                .meaning = N_("With sign-in in two steps, or by the rule of the provider, mail apps need a "
                        "password of their own (app password, application-specific password, authorization "
                        "code). The one that works in the webmail is refused."),
                .remedy = N_("Create an app password in the security settings of the account at the "
                        "provider, and enter it in the app for receiving and for sending, without spaces."),
                .since = "0.1",
        },
        {
                .id = "auth.oauth-required", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_AUTH,
                .setting = "auth",
                .title = N_("{host} takes no password from mail apps any more: it wants OAuth2"),
                .meaning = N_("The provider has switched the sign-in with a password off for mail apps. The "
                        "password was not even checked, so it may be right."),
                .remedy = N_("Set the authentication of the app to OAuth2, and sign in in the window that "
                        "opens; an app that cannot do that needs an update or a replacement."),
                .standard = "RFC 6749",
                .since = "0.1",
        },
        {
                .id = "auth.oauth-expired", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_AUTH,
                .setting = "auth",
                .title = N_("The OAuth2 sign-in at {host} is no longer valid"),
                .meaning = N_("The app presents a token that has expired or was revoked: after a change of "
                        "the password, after months, or because access was withdrawn."),
                .remedy = N_("Remove the sign-in from the app and sign in again."),
                .standard = "RFC 6750 section 3.1",
                .since = "0.1",
        },
        {
                .id = "auth.oauth-scope", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_AUTH,
                .setting = "auth",
                .title = N_("The OAuth2 sign-in at {host} does not cover mail"),
                .meaning = N_("The token is genuine, but the permission that this service needs was not "
                        "asked for or not granted."),
                .remedy = N_("Sign in again and allow access to mail; an own application has to request the "
                        "scope that the provider names for this protocol."),
                .standard = "RFC 6750 section 3.1",
                .since = "0.1",
        },
        {
                .id = "auth.access-disabled", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_AUTH,
                .title = N_("Access by mail apps is switched off for this account at {host}"),
                .meaning = N_("The provider lets apps in only after IMAP or POP was switched on for the "
                        "account; at several providers it is off at first. The password may be right."),
                .remedy = N_("Switch IMAP or POP on in the settings of the webmail, then try again."),
                .since = "0.1",
        },
        {
                .id = "auth.policy", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_ADMINISTRATOR, .stage = MD_STAGE_AUTH,
                .title = N_("The rules of the organisation do not allow this login at {host}"),
                .meaning = N_("The server knows the account and applies a rule to it: which apps, networks, "
                        "devices or kinds of login are allowed. The password may be right."),
                .remedy = N_("Ask the administrator of the account which rule applies; often only OAuth2 is "
                        "let in."),
                .since = "0.1",
        },
        {
                .id = "auth.account-restricted", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_AUTH,
                .title = N_("{host} has restricted this account for what was sent or done with it"),
                .meaning = N_("The provider believes that the account sends spam or is used by somebody "
                        "else, and holds it until the owner acts. The settings are not to blame."),
                .remedy = N_("Sign in to the webmail, follow what is asked there, and change the password if "
                        "you did not send that mail; in a company the administrator lifts the restriction."),
                .since = "0.1",
        },
        {
                .id = "auth.password-transition", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_AUTH,
                .setting = "auth",
                .title = N_("{host} has to learn the password in another way once"),
                .meaning = N_("The server keeps no form of the password yet that fits the chosen method, and "
                        "asks for one login with the plain method over TLS."),
                .remedy = N_("Set the authentication to \"normal password\" over TLS, log in once, then set "
                        "it back."),
                .standard = "RFC 4954 section 6",
                .since = "0.1",
        },
        {
                .id = "auth.response-malformed", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_AUTH,
                .setting = "auth",
                .title = N_("{host} could not read the login that the app sent"),
                .meaning = N_("What the app sent is not what the chosen method demands: a fault of the app, "
                        "or of a program that rewrites its connection."),
                .remedy = N_("Update the app, or choose another authentication method in it."),
                .standard = "RFC 4954 section 4",
                .since = "0.1",
        },
        {
                .id = "auth.not-offered", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_AUTH,
                .setting = "port",
                .title = N_("{host} offers no login on port {port}"),
                .meaning = N_("The server does not list any way to log in here, even after TLS. For sending this is "
                        "usually the port between servers (25)."),
                .remedy = N_("For sending use port 465 with SSL/TLS or 587 with STARTTLS; check the server name."),
                .standard = "RFC 6409",
                .since = "0.1",
        },
        {
                .id = "auth.no-common-mechanism", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_AUTH,
                .setting = "auth",
                .title = N_("{host} offers only logins that cannot be used here: {offered}"),
                .meaning = N_("None of the mechanisms that the server lists fits the settings or what is at hand."),
                .remedy = N_("Choose one of the offered methods in the app; if only OAuth2 is offered, sign in through "
                        "the browser window of the app."),
                .standard = "RFC 4422",
                .since = "0.1",
        },
        {
                .id = "auth.kerberos", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_AUTH,
                .setting = "auth",
                .title = N_("{host} does not accept the Kerberos ticket of this computer"),
                .meaning = N_("The app is set to a login with Kerberos (GSSAPI), which works only for users "
                        "who are logged in to the network of an organisation and have a valid ticket."),
                .remedy = N_("Log in to that network again, or set the authentication to \"normal password\" "
                        "if the provider allows it."),
                .standard = "RFC 4752",
                .since = "0.1",
        },
        {
                .id = "auth.weak-mechanism", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_AUTH,
                .setting = "auth",
                .title = N_("{host} offers only outdated logins: {offered}"),
                .meaning = N_("The mechanism lets whoever answers for the server collect material to guess the password "
                        "from, so it is not used unless the settings name it."),
                .remedy = N_("Ask the provider for SCRAM, or for the normal password over TLS; until then choose "
                        "\"encrypted password\" in the app."),
                .standard = "RFC 8314 section 4",
                .since = "0.1",
        },
        {
                .id = "auth.mechanism-broken", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_AUTH,
                .setting = "auth",
                .title = N_("{host} offers {mechanism} but cannot do it"),
                .meaning = N_("The server lists the mechanism and then says that it does not know it or cannot use it."),
                .remedy = N_("Choose another authentication method in the app, such as \"normal password\" over TLS."),
                .standard = "RFC 4954 section 4",
                .since = "0.1",
        },
        {
                .id = "auth.mechanism-too-weak", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_AUTH,
                .setting = "auth",
                .title = N_("{host} wants a stronger login for this account"),
                .meaning = N_("The mechanism is too weak in the eyes of the server; often an app password or OAuth2 is "
                        "demanded."),
                .remedy = N_("Create an app password at the provider, or choose OAuth2."),
                .standard = "RFC 4954 section 6",
                .since = "0.1",
        },
        {
                .id = "auth.encryption-required", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_AUTH,
                .setting = "security",
                .title = N_("{host} allows a login only over an encrypted connection"),
                .meaning = N_("The server refuses to read a password from a clear connection."),
                .remedy = N_("Set the connection security to SSL/TLS or STARTTLS."),
                .standard = "RFC 8314 section 4",
                .since = "0.1",
        },
        {
                .id = "auth.not-possible-without-tls", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_CAPABILITY,
                .setting = "security",
                .title = N_("{host} has switched the login off on connections without TLS"),
                .meaning = N_("The server says that logins are disabled before TLS is up, so every password would be "
                        "refused."),
                .remedy = N_("Set the connection security to STARTTLS, or to SSL/TLS with the port that belongs to it."),
                .standard = "RFC 9051 section 6.2.3",
                .since = "0.1",
        },
        {
                .id = "auth.endless-challenge", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_AUTH,
                .title = N_("{host} asks on and on during the login"),
                .meaning = N_("A login has a handful of questions; this server did not come to an end."),
                .remedy = N_("Tell the provider."),
                .standard = "RFC 4422 section 3",
                .since = "0.1",
        },
        {
                .id = "auth.bad-challenge", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_AUTH,
                .title = N_("{host} asks something during the login that cannot be read"),
                .meaning = N_("The challenge is not valid for the mechanism {mechanism}."),
                .remedy = N_("Tell the provider; another authentication method may work."),
                .standard = "RFC 4422 section 3",
                .since = "0.1",
        },
        {
                .id = "auth.scram-unsafe", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_AUTH,
                .title = N_("The login of {host} is not safe: {what}"),
                .meaning = N_("The server broke a rule of SCRAM that protects the password, or could not prove that it "
                        "knows it."),
                .remedy = N_("Do not log in; tell the provider."),
                .standard = "RFC 5802 section 5",
                .since = "0.1",
        },
        {
                .id = "auth.timeout", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_AUTH,
                .title = N_("{host} does not answer the login"),
                .meaning = N_("The password was sent and no answer came in time. Servers that check slowly, or lock out "
                        "after failed logins, do that."),
                .remedy = N_("Wait some minutes, then try again once."),
                .since = "0.1",
        },
        {
                .id = "auth.closed", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_AUTH,
                .title = N_("{host} hangs up during the login"),
                .meaning = N_("The connection ended after the login was sent, without an answer."),
                .remedy = N_("Wait some minutes, close other mail apps, then try again once."),
                .since = "0.1",
        },
        {
                .id = "auth.oauth", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_AUTH,
                .setting = "auth",
                .title = N_("{host} does not accept the OAuth2 token: {status}"),
                .meaning = N_("The server decoded the token and refused it: it is expired, revoked, or made for another "
                        "purpose. The scope that it wants is {scope}."),
                .remedy = N_("Sign in again in the app and allow access to mail."),
                .standard = "RFC 7628 section 3.2.2",
                .since = "0.1",
        },
        {
                .id = "auth.rate-limited", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_AUTH,
                .title = N_("{host} counts too many logins of this account"),
                .meaning = N_("The server stops accepting logins for a while, whatever the password. Mostly another app "
                        "or device tries an old password again and again."),
                .remedy = N_("Stop every app that uses this account, correct the stored passwords, and wait an hour."),
                .since = "0.1",
        },
        {
                .id = "auth.web-login-required", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_AUTH,
                .title = N_("{host} wants a sign-in through the web first"),
                .meaning = N_("The provider does not trust this login until the owner confirms it in a browser."),
                .remedy = N_("Open the page that the server names in a browser on this network, sign in and confirm."),
                .standard = "RFC 9051 section 7.1",
                .since = "0.1",
        },
        {
                .id = "auth.account-disabled", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_AUTH,
                .title = N_("The account is disabled at {host}"),
                .meaning = N_("The server knows the account and says that it may not be used."),
                .remedy = N_("Ask the provider."),
                .standard = "RFC 5248",
                .since = "0.1",
        },
        {
                .id = "auth.password-expired", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_AUTH,
                .setting = "password",
                .title = N_("The password has expired at {host}"),
                .meaning = N_("The server knows the password and no longer accepts it."),
                .remedy = N_("Choose a new password in the webmail, then enter it in the app for receiving and for "
                        "sending."),
                .standard = "RFC 5530",
                .since = "0.1",
        },
        {
                .id = "server.auth-temporarily-down", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_AUTH,
                .title = N_("{host} cannot check logins at the moment"),
                .meaning = N_("The server reports a passing problem of its own. The password may be right."),
                .remedy = N_("Wait and try again later; do not change the password."),
                .standard = "RFC 4954 section 6",
                .since = "0.1",
        },
        {
                .id = "server.fault", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_AUTH,
                .title = N_("{host} reports a fault of its own"),
                .meaning = N_("The server says that something inside it went wrong. Neither the settings nor "
                        "the password are to blame."),
                .remedy = N_("Try again later; if it stays so, give the provider the words below with the "
                        "time."),
                .standard = "RFC 5530 section 3",
                .since = "0.1",
        },
        {
                .id = "server.too-many-connections", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_AUTH,
                .title = N_("{host} counts too many connections"),
                .meaning = N_("The server allows each account or address so many connections at a time, and "
                        "they are used up: by several apps and devices, by one that opens many, or by dead "
                        "ones that it still counts. The password may be right."),
                .remedy = N_("Close other mail apps, lower the number of connections in the app "
                        "(Thunderbird: cached connections), and wait some minutes."),
                .standard = "RFC 9051 section 7.1",
                .since = "0.1",
        },
        {
                .id = "server.rate-limited", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_GREETING,
                .title = N_("{host} wants to be asked less often"),
                .meaning = N_("So many connections or questions came from this account or address that the "
                        "server makes them wait."),
                .remedy = N_("Let the apps look for mail less often, stop those that try again and again, "
                        "and wait some minutes."),
                .since = "0.1",
        },
        {
                .id = "server.too-many-errors", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_CAPABILITY,
                .title = N_("{host} breaks off after too many errors"),
                .meaning = N_("The server ends a connection on which several commands failed. That is a "
                        "consequence: what it refused before is the fault."),
                .remedy = N_("Look for the first refusal in what the app reports, and explain that one."),
                .since = "0.1",
        },
        {
                .id = "server.idle-timeout", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_NETWORK, .stage = MD_STAGE_MAILBOX,
                .title = N_("{host} ended a connection on which nothing happened"),
                .meaning = N_("Servers close connections that are silent for a while, and apps open new "
                        "ones. Where apps do not notice, something in between drops silent connections "
                        "without a word."),
                .remedy = N_("Nothing, if the app goes on by itself; else let it look for mail more often "
                        "than every ten minutes, or keep connections alive."),
                .standard = "RFC 9051 section 5.4",
                .since = "0.1",
        },
        {
                .id = "mailbox.not-available", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_PROVIDER, .stage = MD_STAGE_MAILBOX,
                .title = N_("The login at {host} works, but the mailbox cannot be opened"),
                .meaning = N_("The server accepts the password and then refuses the mailbox: access by this protocol is "
                        "switched off for the account, the user name is an alias, or the mailbox is locked or "
                        "moved."),
                .remedy = N_("Use the primary address as the user name, and check in the webmail or with the "
                        "administrator that this kind of access is allowed."),
                .since = "0.1",
        },
        {
                .id = "mailbox.in-use", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_USER, .stage = MD_STAGE_MAILBOX,
                .title = N_("The mailbox is in use by another connection"),
                .meaning = N_("The password was right, but another app or device has the mailbox locked or too many "
                        "connections are open."),
                .remedy = N_("Close other mail apps or let them check less often."),
                .standard = "RFC 2449 section 8.1.1",
                .since = "0.1",
        },
        {
                .id = "mailbox.nearly-full", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_USER, .stage = MD_STAGE_MAILBOX,
                /* xgettext:no-c-format */
                .title = N_("The mailbox is {percent} % full"),
                .meaning = N_("When it is full, new mail is refused and sent mail cannot be saved."),
                .remedy = N_("Delete large messages and empty the trash."),
                .standard = "RFC 9208",
                .since = "0.1",
        },
        {
                .id = "mailbox.full", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER, .stage = MD_STAGE_MAILBOX,
                .title = N_("The mailbox is full"),
                .meaning = N_("The server reports that the quota is used up; new mail is refused."),
                .remedy = N_("Delete large messages and empty the trash."),
                .standard = "RFC 9208",
                .since = "0.1",
        },
};

const size_t md_catalog_size = sizeof(md_catalog) / sizeof(md_catalog[0]);

const MdFindingInfo *md_catalog_find(const MdFindingInfo *table, size_t n, const char *id) {
        for (size_t i = 0; i < n; i++)
                if (!strcmp(table[i].id, id))
                        return &table[i];
        return NULL;
}
