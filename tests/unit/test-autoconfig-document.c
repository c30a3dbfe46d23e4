/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Autoconfig documents, good, odd and hostile, and what their values mean. */

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "mutate.h"
#include "values.h"

static const char full[] =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<clientConfig version=\"1.1\">\n"
        "  <emailProvider id=\"example.org\">\n"
        "    <domain>example.org</domain><domain purpose=\"mx\">example.net</domain>\n"
        "    <displayName>Example &amp; Sons</displayName><displayShortName>Ex</displayShortName>\n"
        "    <inputField key=\"CUSTOMER\" label=\"Customer number\"/>\n"
        "    <incomingServer type=\"imap\"><hostname> imap.example.org </hostname><port>993</port>\n"
        "      <socketType>SSL</socketType><username>%EMAILADDRESS%</username>\n"
        "      <authentication>OAuth2</authentication>\n"
        "      <authentication system=\"sasl\">SCRAM-SHA-256</authentication>\n"
        "      <authentication>password-cleartext</authentication><unknown><port>1</port></unknown></incomingServer>\n"
        "    <incomingServer type=\"pop3\"><hostname>pop.example.org</hostname><port>110</port>\n"
        "      <socketType>STARTTLS</socketType><username>%CUSTOMER%</username>\n"
        "      <pop3><leaveMessagesOnServer>true</leaveMessagesOnServer></pop3></incomingServer>\n"
        "    <incomingServer type=\"jmap\"><url>https://jmap.example.org</url></incomingServer>\n"
        "    <outgoingServer type=\"smtp\"><hostname>smtp.example.org</hostname><port>587</port>\n"
        "      <socketType>STARTTLS</socketType><username>%EMAILLOCALPART%</username>\n"
        "      <restriction>client-IP-address</restriction></outgoingServer>\n"
        "    <documentation url=\"https://example.org/help\"><descr lang=\"de\">Hilfe</descr>\n"
        "      <descr lang=\"en\">Help</descr><descr>More help</descr></documentation>\n"
        "    <enable visiturl=\"https://example.org/on\"><instruction>Switch IMAP on</instruction></enable>\n"
        "  </emailProvider>\n"
        "  <enable visiturl=\"https://example.org/on2\"><instruction lang=\"pt-BR\">Ligue</instruction></enable>\n"
        "  <oAuth2><issuer>login.example.org</issuer><scope>IMAP</scope></oAuth2>\n"
        "  <calendar type=\"caldav\"><username>nobody</username></calendar>\n"
        "  <webMail><loginPageInfo url=\"https://x.example.org\"><username>no</username></loginPageInfo></webMail>\n"
        "</clientConfig>\n";

START_TEST(a_full_document) {
        AutoconfigDocument document;
        XmlFault fault;

        ck_assert_int_eq(autoconfig_document_parse(full, strlen(full), &document, &fault), 0);
        ck_assert_str_eq(document.id, "example.org");
        ck_assert_str_eq(document.display_name, "Example & Sons");
        ck_assert_uint_eq(document.n_servers, 4);
        ck_assert_uint_eq(document.n_servers_seen, 4);

        const AutoconfigServer *imap = &document.servers[0];
        ck_assert(!imap->outgoing && !imap->by_address);
        ck_assert_str_eq(imap->type, "imap");
        ck_assert_str_eq(imap->hostname, "imap.example.org");
        ck_assert_str_eq(imap->port, "993");
        ck_assert_str_eq(imap->socket_type, "SSL");
        ck_assert_str_eq(imap->username, "%EMAILADDRESS%");
        ck_assert_uint_eq(imap->n_auths, 3);
        ck_assert_str_eq(imap->auths[0], "OAuth2");
        ck_assert_str_eq(imap->auths[2], "password-cleartext");
        ck_assert_ptr_null(imap->auths[3]);

        ck_assert_str_eq(document.servers[1].username, "%CUSTOMER%");
        ck_assert_uint_eq(document.servers[1].n_auths, 0);
        ck_assert_str_eq(document.servers[2].type, "jmap");
        ck_assert_ptr_null(document.servers[2].hostname);
        ck_assert(document.servers[3].outgoing && document.servers[3].by_address);

        ck_assert_uint_eq(document.n_documentation, 1);
        ck_assert_str_eq(document.documentation[0].url, "https://example.org/help");
        ck_assert_str_eq(document.documentation[0].text, "Help");
        ck_assert_uint_eq(document.n_enables, 2);
        ck_assert_str_eq(document.enables[0].text, "Switch IMAP on");
        ck_assert_str_eq(document.enables[1].url, "https://example.org/on2");
        ck_assert_str_eq(document.enables[1].text, "Ligue");
        ck_assert_str_eq(document.inputs[0].key, "CUSTOMER");
        ck_assert_str_eq(document.inputs[0].label, "Customer number");
        ck_assert_str_eq(document.oauth_issuer, "login.example.org");
        autoconfig_document_done(&document);
}
END_TEST

#define SERVER "<incomingServer type='imap'><hostname>h.example</hostname></incomingServer>"
#define PROVIDER(inside) "<emailProvider id='x'>" inside "</emailProvider>"

static const struct {
        const char *text, *what;
} refused[] = {
        { "<clientConfig>" PROVIDER("") "</clientConfig>", "it names no server" },
        { "<clientConfig/>", "it names no server" },
        { "<clientConfig>" SERVER "</clientConfig>", "it names no server" },
        { "<clientConfig xmlns='http://example.org/x'>" PROVIDER(SERVER) "</clientConfig>",
          "<clientConfig> is in a namespace of others: http://example.org/x" },
        { "<clientConfig>" "<emailProvider xmlns='u'>" SERVER "</emailProvider></clientConfig>", "it names no server" },
        { "<html><body/></html>", "its root is <html>, not <clientConfig>" },
        { "<Autodiscover/>", "its root is <Autodiscover>, not <clientConfig>" },
        { "<clientConfig>", "no element found" },
        { "", "it is empty" },
        { "{\"protocols\":{}}", "not well-formed (invalid token)" },
};

START_TEST(refused_documents) {
        AutoconfigDocument document;
        XmlFault fault;
        ck_assert_int_eq(autoconfig_document_parse(refused[_i].text, strlen(refused[_i].text), &document, &fault),
                         -EBADMSG);
        ck_assert_str_eq(fault.what, refused[_i].what);
        autoconfig_document_done(&document);
}
END_TEST

START_TEST(thousands_of_servers) {
        size_t n = 3000;
        char *text = malloc(64 + n * sizeof(SERVER)), *to = stpcpy(text, "<clientConfig><emailProvider>");
        AutoconfigDocument document;
        XmlFault fault;

        for (size_t i = 0; i < n; i++)
                to = stpcpy(to, SERVER);
        stpcpy(to, "</emailProvider></clientConfig>");
        ck_assert_int_eq(autoconfig_document_parse(text, strlen(text), &document, &fault), 0);
        ck_assert_uint_eq(document.n_servers, AUTOCONFIG_SERVERS_MAX);
        ck_assert_uint_eq(document.n_servers_seen, n);
        autoconfig_document_done(&document);
        free(text);
}
END_TEST

static const AutoconfigPerson anna = { "anna.b@example.org", "anna.b", "example.org" };

static const struct {
        const char *value;
        AutoconfigExpansion result;
        const char *text;
        MdUsernameForm form;
} values[] = {
        { "%EMAILADDRESS%", AUTOCONFIG_FILLED, "anna.b@example.org", MD_USERNAME_ADDRESS },
        { "%EMAILLOCALPART%", AUTOCONFIG_FILLED, "anna.b", MD_USERNAME_LOCAL_PART },
        { "%EMAILLOCALPART%@%EMAILDOMAIN%", AUTOCONFIG_FILLED, "anna.b@example.org", MD_USERNAME_ADDRESS },
        { "%EMAILLOCALPART%%%EMAILDOMAIN%", AUTOCONFIG_FILLED, "anna.b%example.org", MD_USERNAME_OTHER },
        { "mail.%EMAILDOMAIN%", AUTOCONFIG_FILLED, "mail.example.org", MD_USERNAME_OTHER },
        { "anna", AUTOCONFIG_FILLED, "anna", MD_USERNAME_OTHER },
        { "100%", AUTOCONFIG_FILLED, "100%", MD_USERNAME_OTHER },
        { "a%b%c", AUTOCONFIG_FILLED, "a%b%c", MD_USERNAME_OTHER },
        { "%%", AUTOCONFIG_FILLED, "%%", MD_USERNAME_OTHER },
        { "a%AB", AUTOCONFIG_FILLED, "a%AB", MD_USERNAME_OTHER },
        { "%CUSTOMER%", AUTOCONFIG_ASKS, NULL, MD_USERNAME_OTHER },
        { "x-%CUSTOMER%@%EMAILDOMAIN%", AUTOCONFIG_ASKS, NULL, MD_USERNAME_OTHER },
        { "%REALNAME%", AUTOCONFIG_ASKS, NULL, MD_USERNAME_OTHER },
        { "%EMAILADDRESS", AUTOCONFIG_BAD, NULL, MD_USERNAME_OTHER },
        { "%EMAILADDRESS%-%EMAILDOM", AUTOCONFIG_BAD, NULL, MD_USERNAME_OTHER },
        { "%PASSWORD%", AUTOCONFIG_BAD, NULL, MD_USERNAME_OTHER },
        { "%EMAILADDRESS%%EMAILADDRESS%", AUTOCONFIG_BAD, NULL, MD_USERNAME_OTHER },
};

START_TEST(value) {
        AutoconfigDocument document;
        XmlFault fault;
        char *text = NULL;

        ck_assert_int_eq(autoconfig_document_parse(full, strlen(full), &document, &fault), 0);
        ck_assert_int_eq(autoconfig_expand(&document, &anna, values[_i].value, &text), (int) values[_i].result);
        if (values[_i].text)
                ck_assert_str_eq(text, values[_i].text);
        else
                ck_assert_ptr_null(text);
        ck_assert_int_eq((int) autoconfig_username_form(values[_i].value), (int) values[_i].form);
        ck_assert_int_eq(autoconfig_asks_for(&document, values[_i].value) != NULL,
                         values[_i].result == AUTOCONFIG_ASKS);
        free(text);
        autoconfig_document_done(&document);
}
END_TEST

START_TEST(values_do_not_grow_without_end) {
        static const AutoconfigPerson longest = { "", "", "a.long.domain.example.org" };
        char many[5000] = "", *text = NULL, *to = many;
        const AutoconfigDocument none = { 0 };

        while (to - many < (ptrdiff_t) sizeof(many) - 20)
                to = stpcpy(to, "%EMAILDOMAIN%");
        ck_assert_int_eq(autoconfig_expand(&none, &longest, many, &text), AUTOCONFIG_TOO_LONG);
        ck_assert_ptr_null(text);
}
END_TEST

START_TEST(words) {
        ck_assert_int_eq(autoconfig_security("SSL"), MD_SECURITY_TLS);
        ck_assert_int_eq(autoconfig_security("starttls"), MD_SECURITY_STARTTLS);
        ck_assert_int_eq(autoconfig_security("plain"), MD_SECURITY_NONE);
        ck_assert_int_eq(autoconfig_security("TRY_STARTTLS"), -EINVAL);
        ck_assert_str_eq(autoconfig_auth("password-cleartext"), "password");
        ck_assert_str_eq(autoconfig_auth("secure"), "encrypted-password");
        ck_assert_str_eq(autoconfig_auth("OAuth2"), "oauth2");
        ck_assert_ptr_null(autoconfig_auth("telepathy"));
}
END_TEST

START_TEST(mutants) {
        for (unsigned round = 0; round < MUTATE_ROUNDS; round++) {
                Mutant mutant = mutate(full, sizeof(full) - 1, round);
                AutoconfigDocument document;
                XmlFault fault;
                int r = autoconfig_document_parse(mutant.bytes, mutant.size, &document, &fault);
                ck_assert(r == 0 || (r == -EBADMSG && fault.what[0]));
                for (size_t i = 0; i < document.n_servers; i++) {
                        char *text = NULL;
                        if (document.servers[i].username)
                                ck_assert_int_ge(autoconfig_expand(&document, &anna, document.servers[i].username,
                                                                   &text), 0);
                        free(text);
                }
                autoconfig_document_done(&document);
                free(mutant.bytes);
        }
}
END_TEST

int main(void) {
        Suite *suite = suite_create("autoconfig-document");
        TCase *tcase = tcase_create("document");
        tcase_add_test(tcase, a_full_document);
        tcase_add_loop_test(tcase, refused_documents, 0, sizeof(refused) / sizeof(refused[0]));
        tcase_add_test(tcase, thousands_of_servers);
        tcase_add_loop_test(tcase, value, 0, sizeof(values) / sizeof(values[0]));
        tcase_add_test(tcase, values_do_not_grow_without_end);
        tcase_add_test(tcase, words);
        tcase_add_test(tcase, mutants);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
