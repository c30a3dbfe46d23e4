/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Answers of Autodiscover, XML and JSON, and what their values mean. */

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "mutate.h"
#include "values.h"

#define NS "http://schemas.microsoft.com/exchange/autodiscover/"
#define RESPONSE(inside) \
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Autodiscover xmlns=\"" NS "responseschema/2006\">" \
        "<Response xmlns=\"" NS "outlook/responseschema/2006a\">" inside "</Response></Autodiscover>"

static const char settings[] = RESPONSE(
        "<User><DisplayName>Anna</DisplayName></User><Account><AccountType>email</AccountType><Action>settings</Action>"
        "<Protocol><Type>IMAP</Type><Server>imap.example.org</Server><Port>993</Port><DomainRequired>off</DomainRequired>"
        "<LoginName>anna@example.org</LoginName><SPA>off</SPA><SSL>on</SSL><AuthRequired>on</AuthRequired></Protocol>"
        "<Protocol><Type>SMTP</Type><Server>smtp.example.org</Server><Port>587</Port><SSL>off</SSL>"
        "<Encryption>TLS</Encryption></Protocol></Account>");

START_TEST(settings_of_a_provider) {
        AutodiscoverDocument document;
        XmlFault fault;

        ck_assert_int_eq(autodiscover_document_parse(settings, strlen(settings), &document, &fault), 0);
        ck_assert_str_eq(document.action, "settings");
        ck_assert_ptr_null(document.error);
        ck_assert(!document.exchange);
        ck_assert_uint_eq(document.n_protocols, 2);
        ck_assert_str_eq(document.protocols[0].type, "IMAP");
        ck_assert_str_eq(document.protocols[0].server, "imap.example.org");
        ck_assert_str_eq(document.protocols[0].port, "993");
        ck_assert_str_eq(document.protocols[0].login, "anna@example.org");
        ck_assert_str_eq(document.protocols[0].spa, "off");
        ck_assert_ptr_null(document.protocols[0].encryption);
        ck_assert_str_eq(document.protocols[1].encryption, "TLS");
        ck_assert_ptr_null(document.protocols[1].login);
        autodiscover_document_done(&document);
}
END_TEST

static const struct {
        const char *text;
        const char *action, *redirect, *error;
        bool exchange;
        size_t n;
} answers[] = {
        { RESPONSE("<Account><Action>redirectAddr</Action><RedirectAddr>a@example.net</RedirectAddr></Account>"),
          "redirectAddr", "a@example.net", NULL, false, 0 },
        { RESPONSE("<Account><Action>redirectUrl</Action><RedirectUrl>https://x.example.org/a.xml</RedirectUrl></Account>"),
          "redirectUrl", "https://x.example.org/a.xml", NULL, false, 0 },
        { RESPONSE("<Error Time=\"1\" Id=\"2\"><ErrorCode>600</ErrorCode><Message>Invalid Request</Message></Error>"),
          NULL, NULL, "600", false, 0 },
        { RESPONSE("<Account><Action>settings</Action><Protocol><Type>EXCH</Type><Server>x@y</Server></Protocol></Account>"),
          "settings", NULL, NULL, true, 1 },
        { "<Autodiscover xmlns='" NS "responseschema/2006'><Response xmlns='" NS "mobilesync/responseschema/2006'><Action>"
          "<Settings><Server><Type>MobileSync</Type><Url>https://x</Url></Server></Settings></Action></Response></Autodiscover>",
          NULL, NULL, NULL, true, 0 },
        { RESPONSE("<Account><Protocol xmlns='u'><Type>IMAP</Type></Protocol></Account>"), NULL, NULL, NULL, false, 0 },
        { RESPONSE("<Protocol><Type>IMAP</Type><Server>stray</Server></Protocol>"), NULL, NULL, NULL, false, 0 },
};

static void same(const char *a, const char *b) {
        ck_assert_str_eq(a ? a : "none", b ? b : "none");
}

START_TEST(answer) {
        AutodiscoverDocument document;
        XmlFault fault;

        ck_assert_int_eq(autodiscover_document_parse(answers[_i].text, strlen(answers[_i].text), &document, &fault), 0);
        same(document.action, answers[_i].action);
        same(document.redirect, answers[_i].redirect);
        same(document.error, answers[_i].error);
        ck_assert_int_eq(document.exchange, answers[_i].exchange);
        ck_assert_uint_eq(document.n_protocols, answers[_i].n);
        autodiscover_document_done(&document);
}
END_TEST

static const struct {
        const char *text, *what;
} refused[] = {
        { "<Autodiscover/>", "<Autodiscover> is in no namespace" },
        { "<Autodiscover xmlns='urn:x'/>", "<Autodiscover> is in a namespace of others: urn:x" },
        { "<clientConfig/>", "its root is <clientConfig>, not <Autodiscover>" },
        { "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "it declares an entity (a)" },
        { "", "it is empty" },
};

START_TEST(refused_documents) {
        AutodiscoverDocument document;
        XmlFault fault;
        ck_assert_int_eq(autodiscover_document_parse(refused[_i].text, strlen(refused[_i].text), &document, &fault),
                         -EBADMSG);
        ck_assert_str_eq(fault.what, refused[_i].what);
        autodiscover_document_done(&document);
}
END_TEST

static const struct {
        const char *encryption, *ssl;
        unsigned port;
        MdSecurity security;
} securities[] = {
        { "SSL", "off", 993, MD_SECURITY_TLS },
        { "TLS", "on", 587, MD_SECURITY_STARTTLS },
        { "TLS", NULL, 993, MD_SECURITY_TLS },
        { "TLS", NULL, 1143, MD_SECURITY_STARTTLS },
        { "None", "on", 143, MD_SECURITY_NONE },
        { "Auto", "off", 587, MD_SECURITY_STARTTLS },
        { "Auto", NULL, 465, MD_SECURITY_TLS },
        { NULL, "on", 993, MD_SECURITY_TLS },
        { NULL, "on", 587, MD_SECURITY_STARTTLS },
        { NULL, "on", 143, MD_SECURITY_STARTTLS },
        { NULL, "off", 143, MD_SECURITY_NONE },
        { NULL, NULL, 995, MD_SECURITY_TLS },
};

START_TEST(security) {
        const AutodiscoverProtocol protocol = {
                .encryption = (char *) securities[_i].encryption, .ssl = (char *) securities[_i].ssl,
        };
        ck_assert_int_eq((int) autodiscover_security(&protocol, securities[_i].port), (int) securities[_i].security);
}
END_TEST

START_TEST(words) {
        ck_assert_str_eq(autodiscover_protocol("POP3"), "pop3");
        ck_assert_ptr_null(autodiscover_protocol("EXCH"));
        ck_assert_uint_eq(autodiscover_port("993"), 993);
        ck_assert_uint_eq(autodiscover_port("65536"), 0);
        ck_assert_uint_eq(autodiscover_port("-1"), 0);
        ck_assert_uint_eq(autodiscover_port("993 "), 0);
        ck_assert_uint_eq(autodiscover_port(""), 0);
        ck_assert(autodiscover_is_microsoft("autodiscover-s.outlook.com"));
        ck_assert(autodiscover_is_microsoft("Outlook.Office365.com"));
        ck_assert(!autodiscover_is_microsoft("outlook.com.example.org"));
        ck_assert(!autodiscover_is_microsoft("notoutlook.com"));
}
END_TEST

static const struct {
        const char *text;
        int result;
        const char *url, *error, *what;
} jsons[] = {
        { "{\"Protocol\":\"AutodiscoverV1\",\"Url\":\"https://outlook.office365.com/autodiscover/autodiscover.xml\"}", 0,
          "https://outlook.office365.com/autodiscover/autodiscover.xml", NULL, "" },
        { "{\"protocol\":\"ews\",\"url\":\"https://mail.example.org/EWS\"}", 0, "https://mail.example.org/EWS", NULL, "" },
        { "{\"ErrorCode\":\"ProtocolNotSupported\",\"ErrorMessage\":\"x\"}", 0, NULL, "ProtocolNotSupported", "" },
        { "{}", -EBADMSG, NULL, NULL, "it has neither \"Url\" nor \"ErrorCode\"" },
        { "{\"Url\":7}", -EBADMSG, NULL, NULL, "\"Url\" is no text" },
        { "{\"Url\":[]}", -EBADMSG, NULL, NULL, "\"Url\" is no text" },
        { "[]", -EBADMSG, NULL, NULL, "it is no object" },
        { "\"x\"", -EBADMSG, NULL, NULL, "it is no object" },
        { "", -EBADMSG, NULL, NULL, "it is empty" },
        { "{\"Url\":\"a\",\"Url\":\"b\"}", -EBADMSG, NULL, NULL, "duplicate object key near '\"Url\"'" },
        { "<html>", -EBADMSG, NULL, NULL, "'[' or '{' expected near '<'" },
};

START_TEST(json) {
        char *url, *error;
        JsonFault fault;
        ck_assert_int_eq(autodiscover_json_parse(jsons[_i].text, strlen(jsons[_i].text), &url, &error, &fault),
                         jsons[_i].result);
        same(url, jsons[_i].url);
        same(error, jsons[_i].error);
        if (jsons[_i].result < 0 && jsons[_i].text[0] != '<')
                ck_assert_str_eq(fault.what, jsons[_i].what);
        ck_assert_int_eq(fault.what[0] != '\0', jsons[_i].result < 0);
        free(url);
        free(error);
}
END_TEST

START_TEST(request) {
        char *text = autodiscover_request("a&b<c>@example.org");
        ck_assert_ptr_nonnull(strstr(text, "<EMailAddress>a&amp;b&lt;c&gt;@example.org</EMailAddress>"));
        ck_assert_ptr_nonnull(strstr(text, NS "outlook/requestschema/2006"));
        free(text);
}
END_TEST

START_TEST(mutants) {
        static const char text[] = "{\"Protocol\":\"AutodiscoverV1\",\"Url\":\"https://example.org/\\u00e9\",\"x\":[1,{\"y\":null}]}";
        for (unsigned round = 0; round < MUTATE_ROUNDS; round++) {
                Mutant xml = mutate(settings, sizeof(settings) - 1, round), other = mutate(text, sizeof(text) - 1, round);
                AutodiscoverDocument document;
                char *url, *error;
                XmlFault fault;
                JsonFault trouble;
                int r = autodiscover_document_parse(xml.bytes, xml.size, &document, &fault);
                ck_assert(r == 0 || (r == -EBADMSG && fault.what[0]));
                autodiscover_document_done(&document);
                r = autodiscover_json_parse(other.bytes, other.size, &url, &error, &trouble);
                ck_assert(r == 0 || (r == -EBADMSG && trouble.what[0]));
                free(url);
                free(error);
                free(xml.bytes);
                free(other.bytes);
        }
}
END_TEST

int main(void) {
        Suite *suite = suite_create("autodiscover-document");
        TCase *tcase = tcase_create("document");
        tcase_add_test(tcase, settings_of_a_provider);
        tcase_add_loop_test(tcase, answer, 0, sizeof(answers) / sizeof(answers[0]));
        tcase_add_loop_test(tcase, refused_documents, 0, sizeof(refused) / sizeof(refused[0]));
        tcase_add_loop_test(tcase, security, 0, sizeof(securities) / sizeof(securities[0]));
        tcase_add_test(tcase, words);
        tcase_add_loop_test(tcase, json, 0, sizeof(jsons) / sizeof(jsons[0]));
        tcase_add_test(tcase, request);
        tcase_add_test(tcase, mutants);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
