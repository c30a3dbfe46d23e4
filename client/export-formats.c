/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The table of forms, and what each needs. */

#include <string.h>

#include "export-text.h"
#include "export-thunderbird.h"
#include "export-tools.h"
#include "export-xml.h"
#include "i18n.h"

static const char *needs_any(const ExportAccount *account) {
        return account->n_services > 0 ? NULL : N_("there is no server");
}

static const char *needs_imap(const ExportAccount *account) {
        return export_service(account, "imap") ? NULL : N_("it fetches with IMAP, and no IMAP server is known");
}

static const char *needs_smtp(const ExportAccount *account) {
        return export_service(account, "smtp") ? NULL : N_("it sends, and no SMTP server is known");
}

static const char *needs_both(const ExportAccount *account) {
        if (!export_receiving(account))
                return N_("it needs a server to receive with, IMAP or POP3, and none is known");
        return export_service(account, "smtp") ? NULL : N_("it needs an SMTP server, and none is known");
}

static const char *aerc_problem(const ExportAccount *account) {
        const ExportService *smtp = export_service(account, "smtp"), *imap = export_service(account, "imap");
        const char *problem = needs_imap(account) ?: needs_smtp(account);

        if (!problem && ((imap->auth == EXPORT_OAUTH2 && imap->security != EXPORT_TLS) ||
                         (smtp->auth == EXPORT_OAUTH2 && smtp->security != EXPORT_TLS)))
                problem = N_("it takes OAuth2 over SSL/TLS only, not over STARTTLS");
        return problem;
}

static const char *autoconfig_problem(const ExportAccount *account) {
        return needs_both(account) ?: export_autoconfig_problem(account);
}

static const char *mobileconfig_problem(const ExportAccount *account) {
        return needs_both(account) ?: export_mobileconfig_problem(account);
}

const ExportFormat export_formats[] = {
        {
                "text", EXPORT_HEAD_NONE, "", "imap pop3 smtp", true, NULL, needs_any, export_text,
        }, {
                "thunderbird", EXPORT_HEAD_SLASHES, "user.js", "imap pop3 smtp", false,
                N_("Put it as user.js into the folder of a new profile (thunderbird -P), start Thunderbird once, and remove it."),
                needs_both, export_thunderbird,
        }, {
                "mobileconfig", EXPORT_HEAD_PLIST, "*.mobileconfig", "imap pop3 smtp", false,
                N_("Open it on the iPhone, iPad or Mac: it is installed in the settings, where the password is asked for."),
                mobileconfig_problem, export_mobileconfig,
        }, {
                "autoconfig", EXPORT_HEAD_XML, "config-v1.1.xml", "imap pop3 smtp", true,
                N_("Serve it at https://autoconfig.DOMAIN/mail/config-v1.1.xml, or at "
                   "https://DOMAIN/.well-known/autoconfig/mail/config-v1.1.xml."),
                autoconfig_problem, export_autoconfig,
        }, {
                "outlook", EXPORT_HEAD_NONE, "", "imap pop3 smtp", false, NULL, needs_any, export_outlook,
        }, {
                "msmtp", EXPORT_HEAD_HASH, "~/.msmtprc", "smtp", false, NULL, needs_smtp, export_msmtp,
        }, {
                "mbsync", EXPORT_HEAD_HASH, "~/.mbsyncrc", "imap", false, NULL, needs_imap, export_mbsync,
        }, {
                "mutt", EXPORT_HEAD_HASH, "~/.muttrc", "imap pop3 smtp", false, NULL, needs_any, export_mutt,
        }, {
                "aerc", EXPORT_HEAD_HASH, "~/.config/aerc/accounts.conf", "imap smtp", false, NULL, aerc_problem, export_aerc,
        },
};
const size_t n_export_formats = sizeof(export_formats) / sizeof(export_formats[0]);

const ExportFormat *export_format_find(const char *name) {
        for (size_t i = 0; i < n_export_formats; i++)
                if (!strcmp(export_formats[i].name, name))
                        return &export_formats[i];
        return NULL;
}

bool export_format_uses(const ExportFormat *format, const ExportAccount *account, const ExportService *service) {
        if (!strstr(format->protocols, service->protocol))
                return false;
        if (format->all)
                return true;
        if (!strcmp(service->protocol, "smtp") || !strstr(format->protocols, "pop3"))
                return service == export_service(account, service->protocol);
        return service == export_receiving(account);
}
