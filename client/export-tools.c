/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* msmtp(1), mbsync(1), neomuttrc(5), aerc-accounts(5): lines that a user appends to the file.  Where a program can get the
 * password from a command, a comment shows the line. */

#include <string.h>

#include "export-escape.h"
#include "export-head.h"
#include "export-tools.h"
#include "i18n.h"

static void put_comment(FILE *out, const char *text) {
        fprintf(out, "# %s\n", text);
}

/* "#passwordeval "pass show mail/NAME"", commented out: nothing is run that nobody chose. */
static void put_password_command(FILE *out, const ExportAccount *account, const char *before, const char *after) {
        put_comment(out, _("The password comes from a command of yours, for example:"));
        fprintf(out, "#%spass show mail/", before);
        put_account_name(out, account);
        fprintf(out, "%s\n", after);
}

/* ---- msmtp ---- */

/* msmtp takes %U and its like, and ? * [, for more than themselves. */
static void put_msmtp_from(FILE *out, const char *address) {
        if (strpbrk(address, "?*[%\""))
                put_comment(out, _("from: msmtp would read a pattern in this address; give it with --from"));
        else
                fprintf(out, "from %s\n", address);
}

void export_msmtp(FILE *out, const ExportAccount *account) {
        const ExportService *smtp = export_service(account, "smtp");

        fputs("account ", out);
        put_account_name(out, account);
        fprintf(out, "\nhost %s\nport %u\ntls on\ntls_starttls %s\nauth %s\n", smtp->host, smtp->port,
                smtp->security == EXPORT_STARTTLS ? "on" : "off", smtp->auth == EXPORT_OAUTH2 ? "oauthbearer" : "on");
        /* The outer quotes are taken off; what stands between them is not touched. */
        fprintf(out, "user \"%s\"\n", smtp->username);
        put_msmtp_from(out, account->address);
        put_password_command(out, account, "passwordeval \"", "\"");
        fputs("#account default : ", out);
        put_account_name(out, account);
        fputc('\n', out);
}

/* ---- mbsync ---- */

static void put_mbsync_line(FILE *out, const char *before, const ExportAccount *account, const char *after) {
        fputs(before, out);
        put_account_name(out, account);
        fputs(after, out);
}

void export_mbsync(FILE *out, const ExportAccount *account) {
        const ExportService *imap = export_service(account, "imap");

        put_mbsync_line(out, "IMAPAccount ", account, "\n");
        fprintf(out, "Host %s\nPort %u\nUser ", imap->host, imap->port);
        put_mbsyncrc(out, imap->username);
        fputc('\n', out);
        put_password_command(out, account, "PassCmd \"", "\"");
        put_comment(out, _("From version 1.5 on SSLType is called TLSType."));
        fprintf(out, "SSLType %s\n", imap->security == EXPORT_STARTTLS ? "STARTTLS" : "IMAPS");
        if (imap->auth == EXPORT_OAUTH2)
                fputs("AuthMechs XOAUTH2\n", out);

        put_mbsync_line(out, "\nIMAPStore ", account, "-remote\n");
        put_mbsync_line(out, "Account ", account, "\n");
        fputc('\n', out);
        put_comment(out, _("The folder must exist before the first run."));
        put_mbsync_line(out, "MaildirStore ", account, "-local\n");
        put_mbsync_line(out, "Path ~/Mail/", account, "/\n");
        put_mbsync_line(out, "Inbox ~/Mail/", account, "/INBOX\n");
        fputs("SubFolders Verbatim\n", out);

        put_mbsync_line(out, "\nChannel ", account, "\n");
        put_mbsync_line(out, "Far :", account, "-remote:\n");
        put_mbsync_line(out, "Near :", account, "-local:\n");
        fputs("Patterns *\nCreate Near\nSyncState *\n", out);
}

/* ---- mutt and NeoMutt ---- */

/* "imaps://imap.example.org:993"; with a name, which is percent-encoded, it needs no further quoting. */
static void put_location(FILE *out, const ExportService *service, const char *scheme, const char *mechanism, bool named) {
        fprintf(out, "%s%s%s://", scheme, service->security == EXPORT_TLS ? "s" : "", mechanism);
        if (named) {
                put_url(out, service->username);
                fputc('@', out);
        }
        put_url_host(out, service->host);
        fprintf(out, ":%u", service->port);
}

static void put_mutt_url(FILE *out, const char *variable, const ExportService *service, const char *scheme, bool named) {
        fprintf(out, "set %s = \"", variable);
        put_location(out, service, scheme, "", named);
        fputs("/\"\n", out);
}

static void put_mutt_password(FILE *out, const ExportAccount *account, const ExportService *service, const char *what) {
        char line[64];
        bool token = service->auth == EXPORT_OAUTH2;
        if (token)
                fprintf(out, "set %s_authenticators = \"oauthbearer:xoauth2\"\n", what);
        snprintf(line, sizeof(line), token ? "set %s_oauth_refresh_command = \"" : "set %s_pass = \"`", what);
        put_password_command(out, account, line, token ? "\"" : "`\"");
}

void export_mutt(FILE *out, const ExportAccount *account) {
        const ExportService *smtp = export_service(account, "smtp"), *in = export_receiving(account);

        fputs("set from = ", out);
        put_muttrc(out, account->address);
        fputs("\nset ssl_force_tls = yes\nset ssl_starttls = yes\n", out);
        if (in && !strcmp(in->protocol, "imap")) {
                fputs("set imap_user = ", out);
                put_muttrc(out, in->username);
                fputc('\n', out);
                put_mutt_url(out, "folder", in, "imap", false);
                fputs("set spoolfile = \"+INBOX\"\n", out);
                put_mutt_password(out, account, in, "imap");
        } else if (in) {
                put_mutt_url(out, "pop_host", in, "pop", true);
                put_mutt_password(out, account, in, "pop");
        }
        if (smtp) {
                put_mutt_url(out, "smtp_url", smtp, "smtp", true);
                put_mutt_password(out, account, smtp, "smtp");
        }
}

/* ---- aerc ---- */

static void put_aerc_url(FILE *out, const char *key, const ExportService *service) {
        fprintf(out, "%s = ", key);
        put_location(out, service, service->protocol, service->auth == EXPORT_OAUTH2 ? "+oauthbearer" : "", true);
        fputc('\n', out);
}

static bool is_plain_address(const char *address) {
        static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_+@";
        return strspn(address, plain) == strlen(address);
}

void export_aerc(FILE *out, const ExportAccount *account) {
        const ExportService *imap = export_service(account, "imap"), *smtp = export_service(account, "smtp");

        fputc('[', out);
        put_account_name(out, account);
        fputs("]\n", out);
        put_aerc_url(out, "source", imap);
        put_password_command(out, account, "source-cred-cmd = ", "");
        put_aerc_url(out, "outgoing", smtp);
        /* Versions before 0.16 send in clear text without it, later ones never. */
        if (smtp->security == EXPORT_STARTTLS)
                fputs("smtp-starttls = true\n", out);
        put_password_command(out, account, "outgoing-cred-cmd = ", "");
        fputs("from = ", out);
        if (is_plain_address(account->address))
                fputs(account->address, out);
        else
                put_ini(out, account->address);
        fputs("\ndefault = INBOX\n", out);
}
