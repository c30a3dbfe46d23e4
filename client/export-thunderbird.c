/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Preferences as Thunderbird itself writes them for an account that a person adds.  They name account1 and server1, so they
 * are for a profile that has none. */

#include <stdlib.h>
#include <string.h>

#include "export-escape.h"
#include "export-thunderbird.h"

static void put_text(FILE *out, const char *name, const char *text) {
        fprintf(out, "user_pref(\"%s\", ", name);
        put_js(out, text);
        fputs(");\n", out);
}

static void put_number(FILE *out, const char *name, unsigned number) {
        fprintf(out, "user_pref(\"%s\", %u);\n", name, number);
}

/* What the numbers mean: nsMsgSocketType and nsMsgAuthMethod. */
static unsigned socket_type(const ExportService *service) {
        return service->security == EXPORT_STARTTLS ? 2 : 3;
}

static unsigned auth_method(const ExportService *service) {
        static const unsigned methods[] = {
                [EXPORT_PASSWORD] = 3,
                [EXPORT_ENCRYPTED] = 4,
                [EXPORT_OAUTH2] = 10,
                [EXPORT_OAUTH2_OR_PASSWORD] = 10,
        };
        return methods[service->auth];
}

static void put_incoming(FILE *out, const ExportAccount *account, const ExportService *in) {
        put_text(out, "mail.server.server1.type", in->protocol);
        put_text(out, "mail.server.server1.name", account->address);
        put_text(out, "mail.server.server1.hostname", in->host);
        put_number(out, "mail.server.server1.port", in->port);
        put_text(out, "mail.server.server1.userName", in->username);
        put_number(out, "mail.server.server1.socketType", socket_type(in));
        put_number(out, "mail.server.server1.authMethod", auth_method(in));
        fputs("user_pref(\"mail.server.server1.login_at_startup\", true);\n"
              "user_pref(\"mail.server.server1.check_new_mail\", true);\n", out);
        if (!strcmp(in->protocol, "pop3"))
                fputs("user_pref(\"mail.server.server1.leave_on_server\", true);\n", out);
}

static void put_outgoing(FILE *out, const ExportService *smtp) {
        put_text(out, "mail.smtpservers", "smtp1");
        put_text(out, "mail.smtp.defaultserver", "smtp1");
        put_text(out, "mail.smtpserver.smtp1.type", "smtp");
        put_text(out, "mail.smtpserver.smtp1.description", smtp->host);
        put_text(out, "mail.smtpserver.smtp1.hostname", smtp->host);
        put_number(out, "mail.smtpserver.smtp1.port", smtp->port);
        put_text(out, "mail.smtpserver.smtp1.username", smtp->username);
        put_number(out, "mail.smtpserver.smtp1.try_ssl", socket_type(smtp));
        put_number(out, "mail.smtpserver.smtp1.authMethod", auth_method(smtp));
}

void export_thunderbird(FILE *out, const ExportAccount *account) {
        put_text(out, "mail.accountmanager.accounts", "account1");
        put_text(out, "mail.accountmanager.defaultaccount", "account1");
        put_number(out, "mail.account.lastKey", 1);
        put_text(out, "mail.account.account1.server", "server1");
        put_text(out, "mail.account.account1.identities", "id1");
        put_text(out, "mail.identity.id1.useremail", account->address);
        put_text(out, "mail.identity.id1.smtpServer", "smtp1");
        put_incoming(out, account, export_receiving(account));
        put_outgoing(out, export_service(account, "smtp"));
}
