/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A configuration profile with one payload, com.apple.mail.managed, for iOS, iPadOS and macOS.  The device asks for the
 * password when the profile is installed.  UseSSL is both kinds of TLS; which of them, the device learns from the port.
 */

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "export-escape.h"
#include "export-xml.h"
#include "i18n.h"

static void put_key(FILE *out, const char *key) {
        fprintf(out, "\t\t\t<key>%s</key>\n", key);
}

static void put_text(FILE *out, const char *key, const char *text) {
        put_key(out, key);
        fputs("\t\t\t<string>", out);
        put_xml(out, text);
        fputs("</string>\n", out);
}

static void put_truth(FILE *out, const char *key, bool truth) {
        put_key(out, key);
        fprintf(out, "\t\t\t<%s/>\n", truth ? "true" : "false");
}

static void put_server(FILE *out, const char *direction, const ExportService *service) {
        char key[64];

        snprintf(key, sizeof(key), "%sMailServerAuthentication", direction);
        put_text(out, key, service->auth == EXPORT_ENCRYPTED ? "EmailAuthCRAMMD5" : "EmailAuthPassword");
        snprintf(key, sizeof(key), "%sMailServerHostName", direction);
        put_text(out, key, service->host);
        snprintf(key, sizeof(key), "%sMailServerPortNumber", direction);
        put_key(out, key);
        fprintf(out, "\t\t\t<integer>%u</integer>\n", service->port);
        snprintf(key, sizeof(key), "%sMailServerUseSSL", direction);
        put_truth(out, key, true);
        snprintf(key, sizeof(key), "%sMailServerUsername", direction);
        put_text(out, key, service->username);
}

/* RFC 9562 section 5.4: random.  Every profile is one of its own; its identifier says which account it is for. */
static void put_uuid(FILE *out, unsigned indent) {
        unsigned char b[16];
        if (getrandom(b, sizeof(b), 0) != sizeof(b))
                abort();
        b[6] = (unsigned char) ((b[6] & 0x0f) | 0x40);
        b[8] = (unsigned char) ((b[8] & 0x3f) | 0x80);
        for (unsigned i = 0; i < indent; i++)
                fputc('\t', out);
        fprintf(out, "<string>%02X%02X%02X%02X-%02X%02X-%02X%02X-%02X%02X-%02X%02X%02X%02X%02X%02X</string>\n", b[0], b[1],
                b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

/* Letters, digits, dots and hyphens; no two addresses give the same. */
static void put_identifier(FILE *out, const ExportAccount *account) {
        fputs("org.maildiag.settings.", out);
        put_name(out, account->domain);
        fputc('.', out);
        for (const unsigned char *c = (const unsigned char *) account->local; *c; c++)
                if ((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9'))
                        fputc(*c, out);
                else
                        fprintf(out, "-%02x", *c);
}

const char *export_mobileconfig_problem(const ExportAccount *account) {
        for (size_t i = 0; i < account->n_services; i++)
                if (account->services[i].auth == EXPORT_OAUTH2)
                        return N_("a profile of this kind cannot say OAuth2; add the account by its provider's name instead");
        return NULL;
}

static void put_payload(FILE *out, const ExportAccount *account) {
        const ExportService *in = export_receiving(account), *smtp = export_service(account, "smtp");

        fputs("\t\t<dict>\n", out);
        put_text(out, "PayloadType", "com.apple.mail.managed");
        put_key(out, "PayloadVersion");
        fputs("\t\t\t<integer>1</integer>\n", out);
        put_key(out, "PayloadIdentifier");
        fputs("\t\t\t<string>", out);
        put_identifier(out, account);
        fputs(".mail</string>\n", out);
        put_key(out, "PayloadUUID");
        put_uuid(out, 3);
        put_text(out, "PayloadDisplayName", account->address);
        put_text(out, "EmailAccountDescription", account->address);
        put_text(out, "EmailAccountType", strcmp(in->protocol, "pop3") ? "EmailTypeIMAP" : "EmailTypePOP");
        put_text(out, "EmailAddress", account->address);
        put_server(out, "Incoming", in);
        put_server(out, "Outgoing", smtp);
        put_truth(out, "OutgoingPasswordSameAsIncomingPassword", !strcmp(in->username, smtp->username));
        fputs("\t\t</dict>\n", out);
}

void export_mobileconfig(FILE *out, const ExportAccount *account) {
        fputs("<plist version=\"1.0\">\n<dict>\n\t<key>PayloadContent</key>\n\t<array>\n", out);
        put_payload(out, account);
        fputs("\t</array>\n\t<key>PayloadDisplayName</key>\n\t<string>", out);
        put_xml(out, account->address);
        fputs("</string>\n\t<key>PayloadIdentifier</key>\n\t<string>", out);
        put_identifier(out, account);
        fputs("</string>\n\t<key>PayloadType</key>\n\t<string>Configuration</string>\n"
              "\t<key>PayloadUUID</key>\n", out);
        put_uuid(out, 1);
        fputs("\t<key>PayloadVersion</key>\n\t<integer>1</integer>\n</dict>\n</plist>\n", out);
}
