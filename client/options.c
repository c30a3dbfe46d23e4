/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The table of options.  An option is one entry here; how its value is read stands in options-apply.c. */

#include <string.h>

#include "i18n.h"
#include "options-apply.h"
#include "options.h"
#include "verb.h"

#define GROUP_SERVERS N_("Servers and settings")
#define GROUP_LOGIN N_("Login")
#define GROUP_CONNECTION N_("Connection")
#define GROUP_GUIDE N_("Settings for an app")
#define GROUP_INSTANCE N_("Which daemon answers")
#define GROUP_ACCOUNTS N_("Silence")
#define GROUP_IMPORT N_("What is read")
#define GROUP_OUTPUT N_("Output")

static const char *const securities[] = { "tls", "starttls", "none", "auto", NULL };
static const char *const depths[] = { "connect", "tls", "auth", "full", NULL };
static const char *const colours[] = { "auto", "always", "never", NULL };

#define MEMBER(name) .offset = offsetof(Settings, name)
#define SECURITY_WORDS "tls|starttls|none|auto"

const Option options[] = {
        { "imap", 0, VERB_SERVERS | VERB_ACCOUNT, GROUP_SERVERS, "HOST[:PORT]", N_("IMAP server, to receive"), apply_service },
        { "pop3", 0, VERB_SERVERS | VERB_ACCOUNT, GROUP_SERVERS, "HOST[:PORT]", N_("POP3 server, to receive"), apply_service },
        { "smtp", 0, VERB_SERVERS | VERB_ACCOUNT, GROUP_SERVERS, "HOST[:PORT]", N_("SMTP server, to send"), apply_service },
        { "accounts", 0, VERB_CHECK, GROUP_SERVERS, "FILE",
          N_("instead of an address: many accounts, a JSON list as in the interface (StartCheckAccounts)"),
          apply_path, MEMBER(accounts_file) },
        { "security", 0, VERB_DIAGNOSIS | VERB_ACCOUNT, GROUP_SERVERS, SECURITY_WORDS,
          N_("how the connections are secured; auto, the default, tries what RFC 8314 recommends"),
          apply_choice, MEMBER(security), securities },
        { "imap-security", 0, VERB_SERVERS | VERB_ACCOUNT, GROUP_SERVERS, SECURITY_WORDS, N_("the same for --imap only"),
          apply_choice, MEMBER(security_imap), securities },
        { "pop3-security", 0, VERB_SERVERS | VERB_ACCOUNT, GROUP_SERVERS, SECURITY_WORDS, N_("the same for --pop3 only"),
          apply_choice, MEMBER(security_pop3), securities },
        { "smtp-security", 0, VERB_SERVERS | VERB_ACCOUNT, GROUP_SERVERS, SECURITY_WORDS, N_("the same for --smtp only"),
          apply_choice, MEMBER(security_smtp), securities },
        { "address", 0, VERB_TEST, GROUP_SERVERS, "ADDRESS", N_("mail address that a test message would be from and to"),
          apply_address, MEMBER(address) },
        { "address", 0, VERB_ACCOUNT, GROUP_SERVERS, "ADDRESS", N_("the mail address"), apply_address, MEMBER(address) },
        { "name", 0, VERB_ACCOUNT, GROUP_SERVERS, "TEXT", N_("what people call the account"), apply_text, MEMBER(name) },

        { "offline", 0, VERB_DIAGNOSIS | VERB_DISCOVER, GROUP_SERVERS, NULL,
          N_("ask nobody on the network what the settings should be"), apply_flag, MEMBER(offline) },
        { "no-probe", 0, VERB_DISCOVER | VERB_SETTINGS, GROUP_SERVERS, NULL, N_("do not try what is found"), apply_flag, MEMBER(no_probe) },

        { "user", 'u', VERB_DIAGNOSIS | VERB_ACCOUNT, GROUP_LOGIN, "NAME",
          N_("login name; without it the mail address, when there is a secret"), apply_text, MEMBER(user) },
        { "credential", 0, VERB_ACCOUNT, GROUP_LOGIN, "NAME",
          N_("the secret is this credential of the service (systemd.exec(5), LoadCredential=)"),
          apply_text, MEMBER(credential) },
        { "ask-password", 'a', VERB_DIAGNOSIS, GROUP_LOGIN, NULL, N_("ask for the password on the terminal"),
          apply_secret, .arg = SECRET_ASK },
        { "password-file", 0, VERB_DIAGNOSIS, GROUP_LOGIN, "FILE", N_("read the password from a file"),
          apply_secret, .arg = SECRET_FILE },
        { "password-fd", 0, VERB_DIAGNOSIS, GROUP_LOGIN, "N", N_("read the password from an open file descriptor"),
          apply_secret, .arg = SECRET_FD },
        { "oauth2-token-file", 0, VERB_DIAGNOSIS, GROUP_LOGIN, "FILE", N_("read an OAuth 2.0 access token from a file"),
          apply_secret, .arg = SECRET_FILE | SECRET_IS_TOKEN },
        { "oauth2-token-fd", 0, VERB_DIAGNOSIS, GROUP_LOGIN, "N", N_("read it from an open file descriptor"),
          apply_secret, .arg = SECRET_FD | SECRET_IS_TOKEN },
        { "auth", 0, VERB_DIAGNOSIS | VERB_ACCOUNT, GROUP_LOGIN, "MECHANISM[,MECHANISM…]",
          N_("the only login mechanisms to use, in this order"), apply_mechanisms },
        { "allow-cleartext-login", 0, VERB_DIAGNOSIS | VERB_ACCOUNT, GROUP_LOGIN, NULL,
          N_("where security is none: send the password although anybody on the way can read it"),
          apply_flag, MEMBER(allow_cleartext_login) },
        { "ignore-login-budget", 0, VERB_DIAGNOSIS, GROUP_LOGIN, NULL,
          N_("log in although so many logins were refused lately that the account may be locked"),
          apply_flag, MEMBER(ignore_login_budget) },
        { "client-cert", 0, VERB_DIAGNOSIS, GROUP_LOGIN, "FILE", N_("certificate of this client, PEM"),
          apply_path, MEMBER(client_cert) },
        { "client-key", 0, VERB_DIAGNOSIS, GROUP_LOGIN, "FILE", N_("its private key, PEM"),
          apply_path, MEMBER(client_key) },

        { "depth", 0, VERB_DIAGNOSIS, GROUP_CONNECTION, "connect|tls|auth|full",
          N_("how far to go; without it full when there is a secret, else tls"),
          apply_choice, MEMBER(depth), depths },
        { "thorough", 0, VERB_DIAGNOSIS, GROUP_CONNECTION, NULL,
          N_("look, with further connections, at what very old apps get and at what somebody on the way could do"),
          apply_flag, MEMBER(thorough) },
        { "ca-file", 0, VERB_DIAGNOSIS | VERB_DISCOVER, GROUP_CONNECTION, "FILE",
          N_("trust these certificate authorities, too, for this run (PEM)"), apply_path, MEMBER(ca_file) },
        { "connect-to", 0, VERB_DIAGNOSIS | VERB_ACCOUNT, GROUP_CONNECTION, "ADDRESS",
          N_("connect to this address or name instead, as if the server had moved there"),
          apply_host, MEMBER(connect_to) },
        { "tls-name", 0, VERB_CHECK | VERB_TEST | VERB_ACCOUNT, GROUP_CONNECTION, "NAME",
          N_("name that the certificate must carry, if not that of the server"), apply_host, MEMBER(tls_name) },
        { "timeout", 0, VERB_DIAGNOSIS | VERB_DISCOVER, GROUP_CONNECTION, "TIME",
          N_("give up after so many seconds, or 500ms; 20 without it"), apply_timeout },

        { "system", 0, VERB_DAEMON, GROUP_INSTANCE, NULL, N_("the one on the system bus; the default for root"),
          apply_instance, .arg = INSTANCE_SYSTEM },
        { "session", 0, VERB_DAEMON, GROUP_INSTANCE, NULL, N_("the user's own, on the session bus; the default for others"),
          apply_instance, .arg = INSTANCE_SESSION },
        { "user", 0, VERB_DAEMON & ~(VERB_DIAGNOSIS | VERB_ACCOUNT), GROUP_INSTANCE, NULL, N_("the same as --session"),
          apply_instance, .arg = INSTANCE_SESSION },
        { "host", 'H', VERB_DAEMON, GROUP_INSTANCE, "[USER@]HOST", N_("the one on the system bus of another computer, over SSH"),
          apply_text, MEMBER(host) },
        { "machine", 'M', VERB_DAEMON, GROUP_INSTANCE, "[USER@]CONTAINER", N_("the one in a container of this computer"),
          apply_text, MEMBER(machine) },
        { "private", 0, VERB_DAEMON, GROUP_INSTANCE, NULL, N_("one started for this call; needs no bus and no service"),
          apply_instance, .arg = INSTANCE_PRIVATE },
        { "plugin-dir", 0, VERB_DAEMON, GROUP_INSTANCE, "DIRECTORY", N_("with --private: where its plugins are"),
          apply_path, MEMBER(plugin_dir) },
        { "config-dir", 0, VERB_DAEMON, GROUP_INSTANCE, "DIRECTORY", N_("with --private: where its accounts are (accounts.d)"),
          apply_path, MEMBER(config_dir) },

        { "setting", 0, VERB_GUIDE, GROUP_GUIDE, "SETTING[=VALUE]",
          N_("show where this is, as in smtp.port; with a value the steps to it, as in smtp.port=587"),
          apply_guide_setting },
        { "for", 0, VERB_SETTINGS, GROUP_GUIDE, "FORM",
          N_("text, thunderbird, mobileconfig, autoconfig, outlook, msmtp, mbsync, mutt, aerc, or an app of maildiag guide"),
          apply_text, MEMBER(format) },
        { "from-report", 0, VERB_GUIDE | VERB_SETTINGS, GROUP_GUIDE, "FILE",
          N_("take what an earlier diagnosis found; the file is the output of check --json"),
          apply_path, MEMBER(report_file) },
        { "unverified", 0, VERB_SETTINGS, GROUP_GUIDE, NULL,
          N_("write settings that do not work or were not tried, too, and mark them"),
          apply_flag, MEMBER(unverified) },

        { "client", 0, VERB_CHECK | VERB_TEST, GROUP_OUTPUT, "APP",
          N_("show with each fault where its setting is in this app; maildiag guide lists the apps"),
          apply_text, MEMBER(client) },
        { "for", 0, VERB_MUTE, GROUP_ACCOUNTS, "TIME", N_("for how long: 30min, 8h, 2d; one day without it"),
          apply_mute, MEMBER(mute_usec) },
        { "off", 0, VERB_MUTE, GROUP_ACCOUNTS, NULL, N_("tell of it again"), apply_flag, MEMBER(mute_off) },

        { "path", 0, VERB_IMPORT, GROUP_IMPORT, "PATH",
          N_("read this file or folder, too, until the daemon ends"), apply_path, MEMBER(import_path) },
        { "dry-run", 'n', VERB_IMPORT, GROUP_IMPORT, NULL, N_("say which accounts there are, and take over nothing"),
          apply_flag, MEMBER(dry_run) },

        { "nagios", 0, VERB_STATUS, GROUP_OUTPUT, NULL,
          N_("one line for Nagios and Icinga, and their exit status"), apply_flag, MEMBER(nagios) },
        { "output", 'o', VERB_METRICS, GROUP_OUTPUT, "FILE", N_("write this file, whole or not at all"),
          apply_path, MEMBER(output) },
        { "list", 0, VERB_EXPLAIN, GROUP_OUTPUT, NULL, N_("list the codes of all findings"),
          apply_flag, MEMBER(list) },
        { "json", 'j', VERB_ALL & ~VERB_HELP, GROUP_OUTPUT, NULL, N_("print a JSON document instead"), apply_flag, MEMBER(json) },
        { "color", 0, VERB_ALL, GROUP_OUTPUT, "auto|always|never",
          N_("colours; auto, the default, means on a terminal, unless NO_COLOR is set"),
          apply_choice, MEMBER(colour), colours },
        { "help", 'h', VERB_ALL, GROUP_OUTPUT, NULL, N_("show this help"), apply_flag, MEMBER(help) },
        { "version", 'V', VERB_ALL, GROUP_OUTPUT, NULL, N_("show the version"), apply_flag, MEMBER(version) },

        /* Known so that they are refused with the reason, and before the word after them is looked at. */
        { "password", 'p', VERB_ALL, .apply = apply_refusal },
        { "pass", 0, VERB_ALL, .apply = apply_refusal },
        { "passwd", 0, VERB_ALL, .apply = apply_refusal },
        { "secret", 0, VERB_ALL, .apply = apply_refusal },
        { "token", 0, VERB_ALL, .apply = apply_refusal },
        { "oauth2-token", 0, VERB_ALL, .apply = apply_refusal },
};
const size_t n_options = sizeof(options) / sizeof(options[0]);

const Option *option_find(const char *name, size_t length, const Verb *verb) {
        const Option *found = NULL;
        for (size_t i = 0; i < n_options; i++)
                if (strlen(options[i].name) == length && !memcmp(options[i].name, name, length) &&
                    (!found || (verb && !(found->verbs & verb->bit))))
                        found = &options[i];
        return found;
}

const Option *option_find_letter(char letter) {
        for (size_t i = 0; i < n_options; i++)
                if (options[i].letter == letter && letter != '\0')
                        return &options[i];
        return NULL;
}
