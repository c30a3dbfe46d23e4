/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which documents may be fetched, where a redirect may lead, and what came instead of a document. */

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "page.h"
#include "url.h"

static const struct {
        const char *text, *host;        /* host NULL: it is not fetched */
} urls[] = {
        { "https://autoconfig.example.org/mail/config-v1.1.xml?emailaddress=a%40example.org", "autoconfig.example.org" },
        { "https://EXAMPLE.org/", "example.org" },
        { "https://example.org", "example.org" },
        { "https://example.org:443/x", "example.org" },
        { "https://xn--bcher-kva.example/", "xn--bcher-kva.example" },
        { "http://example.org/", NULL },
        { "ftp://example.org/", NULL },
        { "file:///etc/passwd", NULL },
        { "javascript:alert(1)", NULL },
        { "https://user:secret@example.org/", NULL },
        { "https://user@example.org/", NULL },
        { "https://example.org:8443/", NULL },
        { "https://127.0.0.1/", NULL },
        { "https://[::1]/", NULL },
        { "https://2130706433/", NULL },
        { "https://0x7f.1/", NULL },
        { "https://127.1/", NULL },
        { "https://localhost/", NULL },
        { "https:///x", NULL },
        { "https://exa mple.org/", NULL },
        { "https://example.org/a\r\nHost: b", NULL },
        { "https://example..org/", NULL },
        { "https://.example.org/", NULL },
        { "https://b\xc3\xbc" "cher.example/", NULL },
        { "example.org", NULL },
        { "//example.org/", NULL },
        { "", NULL },
};

START_TEST(url) {
        WebUrl parsed;
        int r = web_url_parse(urls[_i].text, &parsed);
        if (!urls[_i].host) {
                ck_assert_int_eq(r, -EINVAL);
                return;
        }
        ck_assert_int_eq(r, 0);
        ck_assert_str_eq(parsed.host, urls[_i].host);
        web_url_done(&parsed);
}
END_TEST

#define FROM "https://autoconfig.example.org/mail/config-v1.1.xml?emailaddress=a@example.org"

static const struct {
        const char *location;
        WebRedirect result;
        const char *text;
} redirects[] = {
        { "https://mail.example.org/x", WEB_REDIRECT_FINE, "https://mail.example.org/x" },
        { "https://example.org/x#part", WEB_REDIRECT_FINE, "https://example.org/x" },
        { "/other.xml", WEB_REDIRECT_FINE, "https://autoconfig.example.org/other.xml" },
        { "other.xml", WEB_REDIRECT_FINE, "https://autoconfig.example.org/mail/other.xml" },
        { "?x", WEB_REDIRECT_FINE, "https://autoconfig.example.org/mail/config-v1.1.xml?x" },
        { "//mail.example.org/x", WEB_REDIRECT_FINE, "https://mail.example.org/x" },
        { "https://AUTOCONFIG.example.ORG/x", WEB_REDIRECT_FINE, "https://AUTOCONFIG.example.ORG/x" },
        { "https://example.net/x", WEB_REDIRECT_OTHER_SITE, NULL },
        { "https://autoconfig.example.org.example.net/x", WEB_REDIRECT_OTHER_SITE, NULL },
        { "https://notexample.org/", WEB_REDIRECT_OTHER_SITE, NULL },
        { "http://autoconfig.example.org/x", WEB_REDIRECT_NOT_HTTPS, NULL },
        { "HTTP://autoconfig.example.org/x", WEB_REDIRECT_NOT_HTTPS, NULL },
        { "ftp://autoconfig.example.org/x", WEB_REDIRECT_NOT_HTTPS, NULL },
        { "file:///etc/passwd", WEB_REDIRECT_NOT_HTTPS, NULL },
        { "https://me@mail.example.org/", WEB_REDIRECT_ODD, NULL },
        { "https://mail.example.org:22/", WEB_REDIRECT_ODD, NULL },
        { "https://127.0.0.1/", WEB_REDIRECT_ODD, NULL },
        { "https://", WEB_REDIRECT_NOWHERE, NULL },
        { "https://mail.example.org/\x01", WEB_REDIRECT_NOWHERE, NULL },
};

START_TEST(redirect) {
        WebUrl to = { 0 };
        ck_assert_int_eq(web_redirect(FROM, redirects[_i].location, &to), (int) redirects[_i].result);
        if (redirects[_i].text)
                ck_assert_str_eq(to.text, redirects[_i].text);
        else
                ck_assert_ptr_null(to.text);
        web_url_done(&to);
}
END_TEST

static const struct {
        const char *host, *site;
} sites[] = {
        { "example.org", "example.org" },
        { "mx.premium.europe.example.com", "example.com" },
        { "mx.example.co.uk", "example.co.uk" },
        { "example.com.au", "example.com.au" },
        { "co.uk", NULL },
        { "org", NULL },
        { "", NULL },
};

START_TEST(site) {
        const char *found = web_site(sites[_i].host);
        if (sites[_i].site)
                ck_assert_str_eq(found, sites[_i].site);
        else
                ck_assert_ptr_null(found);
}
END_TEST

START_TEST(same_site) {
        ck_assert(web_same_site("a.example.org", "example.org"));
        ck_assert(web_same_site("org", "org"));
        ck_assert(!web_same_site("a.co.uk", "b.co.uk"));
        ck_assert(!web_same_site("org", "net"));
}
END_TEST

START_TEST(escape) {
        char *escaped = web_url_escape("a+b&c=d/\xc3\xa9 %@example.org");
        ck_assert_str_eq(escaped, "a%2Bb%26c%3Dd%2F%C3%A9%20%25@example.org");
        free(escaped);
}
END_TEST

static const struct {
        const char *text;
        WebPage kind;
} pages[] = {
        { "<?xml version=\"1.0\"?><clientConfig/>", WEB_PAGE_NONE },
        { "{\"protocols\":{}}", WEB_PAGE_NONE },
        { "", WEB_PAGE_NONE },
        { "not found", WEB_PAGE_NONE },
        { "<!DOCTYPE html><title>Welcome</title>", WEB_PAGE_SITE },
        { "\n\n<HTML lang=en><p>Home", WEB_PAGE_SITE },
        { "<!doctype HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'><p>Log in to your mail", WEB_PAGE_SITE },
        { "<html><!-- <WISPAccessGatewayParam> --><body>Log in</body></html>", WEB_PAGE_PORTAL },
        { "<html><title>Hotel HotSpot</title></html>", WEB_PAGE_PORTAL },
        { "<clientConfig><x>hotspot</x></clientConfig>", WEB_PAGE_NONE },
};

START_TEST(page) {
        ck_assert_int_eq((int) web_page(pages[_i].text, strlen(pages[_i].text)), (int) pages[_i].kind);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("web-url");
        TCase *tcase = tcase_create("url");
        tcase_add_loop_test(tcase, url, 0, sizeof(urls) / sizeof(urls[0]));
        tcase_add_loop_test(tcase, redirect, 0, sizeof(redirects) / sizeof(redirects[0]));
        tcase_add_loop_test(tcase, site, 0, sizeof(sites) / sizeof(sites[0]));
        tcase_add_test(tcase, same_site);
        tcase_add_test(tcase, escape);
        tcase_add_loop_test(tcase, page, 0, sizeof(pages) / sizeof(pages[0]));
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
