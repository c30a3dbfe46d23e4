/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Config 1.1, as Thunderbird and others fetch it from https://autoconfig.DOMAIN/mail/config-v1.1.xml or from
 * https://DOMAIN/.well-known/autoconfig/mail/config-v1.1.xml.
 *
 * One file serves every address of the domain: a user name is written with placeholders, and one that holds neither the
 * address nor its local part would give everybody the name of one.
 */

#include <ctype.h>
#include <string.h>

#include "export-escape.h"
#include "export-head.h"
#include "export-xml.h"
#include "i18n.h"

#define INDENT "    "

static bool is_inside_of_word(char a, char b) {
        return isalnum((unsigned char) a) && isalnum((unsigned char) b);
}

/* Whether `part` stands at `text`, as a word of its own: how long it is.  `before` is the character before it. */
static size_t match(const char *text, char before, const char *part) {
        size_t length = strlen(part);
        if (length == 0 || strncmp(text, part, length) || is_inside_of_word(before, part[0]) ||
            is_inside_of_word(part[length - 1], text[length]))
                return 0;
        return length;
}

/* "DOMAIN\anna": as "%EMAILDOMAIN%\%EMAILLOCALPART%".  Returns whether a part of the address of its own is in it. */
static bool put_username(FILE *out, const ExportAccount *account, const char *username) {
        const char *domain = account->address + strlen(account->local) + 1;
        bool own = false;
        char before = '\0';

        while (*username) {
                size_t n = 0;
                if ((n = match(username, before, account->address))) {
                        fputs("%EMAILADDRESS%", out);
                        own = true;
                } else if (!own && (n = match(username, before, account->local))) {
                        fputs("%EMAILLOCALPART%", out);
                        own = true;
                } else if ((n = match(username, before, domain)))
                        fputs("%EMAILDOMAIN%", out);
                else {
                        put_xml(out, (char[]) { *username, '\0' });
                        n = 1;
                }
                before = username[n - 1];
                username += n;
        }
        return own;
}

const char *export_autoconfig_problem(const ExportAccount *account) {
        const char *problem = NULL;
        FILE *nowhere = fopen("/dev/null", "we");

        for (size_t i = 0; nowhere && i < account->n_services; i++)
                if (!put_username(nowhere, account, account->services[i].username))
                        problem = N_("the user name is not made of the address; one file is for all addresses of a domain");
        if (nowhere)
                fclose(nowhere);
        return problem;
}

static void put_element(FILE *out, const char *name, const char *text) {
        fprintf(out, INDENT INDENT INDENT "<%s>", name);
        put_xml(out, text);
        fprintf(out, "</%s>\n", name);
}

static void put_server(FILE *out, const ExportAccount *account, const ExportService *service) {
        static const char *const auths[] = {
                [EXPORT_PASSWORD] = "password-cleartext",
                [EXPORT_ENCRYPTED] = "password-encrypted",
                [EXPORT_OAUTH2] = "OAuth2",
                [EXPORT_OAUTH2_OR_PASSWORD] = "OAuth2",
        };
        const char *element = strcmp(service->protocol, "smtp") ? "incomingServer" : "outgoingServer";
        char port[8];

        snprintf(port, sizeof(port), "%u", service->port);
        fprintf(out, INDENT INDENT "<%s type=\"%s\">\n", element, service->protocol);
        put_element(out, "hostname", service->host);
        put_element(out, "port", port);
        put_element(out, "socketType", service->security == EXPORT_STARTTLS ? "STARTTLS" : "SSL");
        put_element(out, "authentication", auths[service->auth]);
        if (service->auth == EXPORT_OAUTH2_OR_PASSWORD)
                put_element(out, "authentication", "password-cleartext");
        fputs(INDENT INDENT INDENT "<username>", out);
        put_username(out, account, service->username);
        fputs("</username>\n", out);
        fprintf(out, INDENT INDENT "</%s>\n", element);
}

/* The servers to receive with come first, IMAP before POP3. */
static void put_servers(FILE *out, const ExportAccount *account) {
        static const char *const order[] = { "imap", "pop3", "smtp" };
        for (size_t o = 0; o < sizeof(order) / sizeof(order[0]); o++)
                for (size_t i = 0; i < account->n_services; i++)
                        if (!strcmp(account->services[i].protocol, order[o]))
                                put_server(out, account, &account->services[i]);
}

void export_autoconfig(FILE *out, const ExportAccount *account) {
        fputs("<clientConfig version=\"1.1\">\n" INDENT "<emailProvider id=\"", out);
        put_xml(out, account->domain);
        fputs("\">\n", out);
        fputs(INDENT INDENT "<domain>", out);
        put_xml(out, account->domain);
        fputs("</domain>\n" INDENT INDENT "<displayName>", out);
        put_xml(out, account->domain);
        fputs("</displayName>\n" INDENT INDENT "<displayShortName>", out);
        put_xml(out, account->domain);
        fputs("</displayShortName>\n", out);
        put_servers(out, account);
        fputs(INDENT "</emailProvider>\n</clientConfig>\n", out);
}
