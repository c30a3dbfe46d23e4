/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One sentence for each finding that is mistaken for others: what a person can look at to tell. */

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "explain-apart.h"

static const struct {
        const char *id;
        const char *apart;
} sentences[] = {
        { "auth.rejected", N_("The webmail refuses the same user name and password, too.") },
        { "auth.username-form",
          N_("The login works with the other form of the user name: the whole address, or the part "
             "before the @.") },
        { "auth.address-as-username", N_("The user name in the app has no @.") },
        { "auth.app-password-needed",
          N_("The webmail takes the password, and asks for a second step or offers app passwords "
             "in its security settings.") },
        { "auth.access-disabled",
          N_("The webmail takes the password, and its settings show IMAP, POP or mail apps as "
             "switched off.") },
        { "auth.oauth-required",
          N_("The webmail takes the password, and the provider says that apps have to sign in with "
             "OAuth2; Microsoft and Google do.") },
        { "auth.oauth", N_("The account is set to OAuth2 in the app.") },
        { "auth.oauth-expired",
          N_("The account is set to OAuth2 in the app, and worked until the password was changed "
             "or some months went by.") },
        { "auth.oauth-scope", N_("The account is set to OAuth2 in the app, and has never worked.") },
        { "auth.policy",
          N_("Other accounts of the same organisation fail alike; its administrator sees the login "
             "in the log as blocked by a rule.") },
        { "auth.account-disabled", N_("The webmail refuses the account and says why.") },
        { "auth.account-restricted",
          N_("The webmail works, but sending from it is refused, too, or it asks for a "
             "confirmation.") },
        { "auth.rate-limited", N_("It works again after an hour in which no app has tried.") },
        { "auth.encryption-required", N_("The connection security in the app is \"none\".") },
        { "auth.not-offered",
          N_("A diagnosis shows no login among what the server offers, even after TLS.") },
        { "auth.no-common-mechanism",
          N_("The authentication in the app is not \"normal password\", and a diagnosis shows "
             "other methods as offered.") },
        { "auth.kerberos", N_("The authentication in the app is Kerberos or GSSAPI.") },
        { "server.auth-temporarily-down",
          N_("Everybody at this provider is affected, and it passes by itself.") },
        { "server.temporarily-unavailable",
          N_("Everybody at this provider is affected, and it passes by itself.") },
        { "server.fault", N_("The same account fails from every app and network.") },
        { "server.too-many-connections",
          N_("It comes and goes, and works with the other apps and devices closed.") },
        { "server.idle-timeout",
          N_("It happens only after minutes in which nothing came, and not while the app is in use.") },
        { "server.closed-session", N_("A connection came about and the server said goodbye.") },
        { "mailbox.in-use", N_("It works a few minutes after the other apps and devices are closed.") },
        { "mailbox.not-available", N_("The login works; only the mailbox behind it does not open.") },
        { "mailbox.full", N_("The webmail shows the mailbox as full.") },
        { "port.expects-starttls", N_("The app is set to SSL/TLS on port 587, 143, 110 or 25.") },
        { "port.expects-implicit-tls",
          N_("The app is set to STARTTLS or \"none\" on port 465, 993 or 995.") },
        { "port.other-protocol",
          N_("The port belongs to another kind of account: 993 and 143 are IMAP, 995 and 110 POP3, "
             "465 and 587 sending.") },
        { "port.http", N_("A browser shows a login page of the network.") },
        { "protocol.talked-too-soon", N_("The app is set to SSL/TLS on a port that begins in clear text.") },
        { "protocol.client-fault", N_("Another app works with the same settings.") },
        { "protocol.closed", N_("A connection came about and broke off.") },
        { "protocol.timeout", N_("A connection came about, and then nothing more came.") },
        { "protocol.reset-mid-reply",
          N_("A connection came about and was reset; another network behaves differently if "
             "something in between does it.") },
        { "greeting.closed", N_("The server closes the connection before it says a word.") },
        { "greeting.reset", N_("The server resets the connection before it says a word.") },
        { "dns.no-such-name", N_("The server name has a typing error: other names work on this computer.") },
        { "dns.no-address",
          N_("The server name is only the mail domain, without \"mail.\" or \"imap.\" before it.") },
        { "dns.timeout", N_("No other name works on this computer either.") },
        { "dns.server-failure", N_("The name works in another network.") },
        { "net.no-route", N_("Nothing else on this computer reaches the internet either.") },
        { "net.ipv6-broken", N_("It works with IPv6 switched off.") },
        { "tcp.refused",
          N_("It fails at once: the port or the server name is wrong, or the service is down.") },
        { "tcp.timeout",
          N_("It fails after a long wait, and works in another network if this one blocks the "
             "port.") },
        { "tcp.rejected-by-firewall", N_("It works in another network.") },
        { "tls.app-too-old", N_("A current app on a current system connects to the same server.") },
        { "tls.version-too-old", N_("Every current app fails at this server, old ones do not.") },
        { "tls.no-common-cipher", N_("Every current app fails at this server.") },
        { "tls.starttls-missing", N_("A diagnosis shows no STARTTLS among what the server offers.") },
        { "tls.starttls-refused", N_("The server offers STARTTLS and then refuses it, to everybody.") },
        { "security.starttls-masked",
          N_("It works in another network, or with SSL/TLS on port 465, 993 or 995.") },
        { "cert.expired",
          N_("The clock of this computer is right, and a browser shows the date of the certificate "
             "as past.") },
        { "cert.not-yet-valid",
          N_("The clock of this computer is right, and the certificate begins in the future.") },
        { "local.clock-wrong", N_("The clock of this computer is wrong, and other secure sites fail, too.") },
        { "cert.wrong-host", N_("The names in the certificate differ from the server name in the app.") },
        { "cert.self-signed", N_("Subject and issuer of the certificate are the same.") },
        { "cert.unknown-issuer",
          N_("The issuer is a company's own, a virus scanner's, or one that nobody knows.") },
        { "cert.chain-incomplete",
          N_("Some apps accept the server and others do not; the issuer is a public one.") },
        { "cert.refused", N_("A diagnosis names which rule the certificate breaks.") },
        { "smtp.auth-required",
          N_("The outgoing server in the app has no user name, or authentication is switched off.") },
        { "smtp.relay-denied", N_("A login is made, but at a server that does not belong to the address.") },
        { "smtp.sender-refused", N_("It works with the address of the login as the sender.") },
        { "smtp.sender-not-verified", N_("It works with an address that was confirmed at the provider.") },
        { "smtp.recipient-refused", N_("Messages to other addresses go out.") },
        { "smtp.message-refused", N_("A short message in plain text to the same address goes out.") },
        { "smtp.client-blocked", N_("It works in another network, or with port 465 or 587 in place of 25.") },
        { "smtp.use-submission-port",
          N_("The port in the app is 25, or the server is the one for incoming mail.") },
        { "smtp.sending-limit", N_("It works again after a day.") },
        { "smtp.temporarily-refused", N_("It works again after some minutes.") },
};

const char *explain_apart(const char *id) {
        for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++)
                if (!strcmp(sentences[i].id, id))
                        return sentences[i].apart;
        return NULL;
}

/* The protocol that only one plugin's finding can be about. */
static const char *protocol_of(const char *id) {
        static const char *const protocols[] = { "smtp", "imap", "pop3" };
        for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
                if (!strncmp(id, protocols[i], strlen(protocols[i])) && id[strlen(protocols[i])] == '.')
                        return protocols[i];
        return NULL;
}

char *explain_command(const MdFindingInfo *info, const char *protocol) {
        bool with_login = info->stage == MD_STAGE_AUTH || info->stage == MD_STAGE_MAILBOX;
        const char *own = protocol_of(info->id), *password = with_login ? " --ask-password" : "";
        char *command;

        if (info->stage == MD_STAGE_CONFIG)
                return NULL;
        protocol = own ? own : protocol;
        int n = protocol ? asprintf(&command, "maildiag check ADDRESS --%s HOST%s", protocol, password)
                         : asprintf(&command, "maildiag check ADDRESS --imap HOST --smtp HOST%s", password);
        return n < 0 ? NULL : command;
}
