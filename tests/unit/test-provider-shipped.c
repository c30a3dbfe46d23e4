/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The provider table that maildiag brings: whether it is in order, and whether it says what the sources say of which it was
 * made.  Those are read where they lie beside the source; where they do not, that is said.
 */

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fill.h"
#include "harness.h"
#include "load.h"
#include "lookup.h"
#include "provider-write.h"
#include "shipped.h"

#define DOMAINS_MIN 1200u

static Table *table;

static void no_fault(void *userdata, const char *file, unsigned line, const char *fault) {
        ck_abort_msg("%s:%u: %s", file, line, fault);
}

static void setup(void) {
        table = table_new(&table_shipped);
}

static void teardown(void) {
        table = table_free(table);
}

static size_t count_domains(const Table *of) {
        size_t n = 0;
        for (size_t i = 0; i < table_count(of); i++)
                n += table_block(of, i)->domains.n;
        return n;
}

/* ---- in order ---- */

START_TEST(enough_domains) {
        printf("%zu providers, %zu domains\n", table_count(table), count_domains(table));
        ck_assert_uint_ge(count_domains(table), DOMAINS_MIN);
}
END_TEST

START_TEST(every_domain_is_found) {
        for (size_t i = 0; i < table_count(table); i++) {
                const TableBlock *block = table_block(table, i);
                for (size_t k = 0; k < block->domains.n; k++) {
                        LookupHow how;
                        ck_assert_ptr_eq(lookup_block(table, &(LookupQuestion) { .domain = block->domains.at[k] }, &how), block);
                        ck_assert_int_eq(how, LOOKUP_DOMAIN);
                        ck_assert(lookup_knows_domain(table, block->domains.at[k]));
                }
                for (size_t k = 0; k < block->n_services; k++)
                        ck_assert(lookup_knows_host(table, block->services[k].host));
        }
}
END_TEST

/* A block says something: how to log in, or that nobody can, or whose exchangers these are. */
START_TEST(no_block_is_empty) {
        for (size_t i = 0; i < table_count(table); i++) {
                const TableBlock *block = table_block(table, i);
                ck_assert_msg(block->n_services > 0 || block->n_preconditions > 0 || block->mx.n > 0, "[%s]", block->id);
                ck_assert_msg(strcmp(block->name, "") != 0, "[%s]", block->id);
        }
}
END_TEST

/* RFC 8314, RFC 6409, and 2525, which is nobody's and everybody's. */
static bool is_usual(const TableService *service) {
        static const struct {
                const char *protocol;
                uint16_t port;
                MdSecurity security;
        } usual[] = {
                { "imap", 993, MD_SECURITY_TLS },      { "imap", 143, MD_SECURITY_STARTTLS },
                { "pop3", 995, MD_SECURITY_TLS },      { "pop3", 110, MD_SECURITY_STARTTLS },
                { "smtp", 465, MD_SECURITY_TLS },      { "smtp", 587, MD_SECURITY_STARTTLS },
                { "smtp", 25, MD_SECURITY_STARTTLS },  { "smtp", 2525, MD_SECURITY_STARTTLS },
        };
        for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
                if (!strcmp(service->protocol, usual[i].protocol) && service->port == usual[i].port &&
                    (service->security == usual[i].security ||
                     (service->security == MD_SECURITY_NONE && usual[i].security == MD_SECURITY_STARTTLS)))
                        return true;
        return false;
}

START_TEST(port_and_security_agree) {
        size_t n = 0, n_unusual = 0;

        for (size_t i = 0; i < table_count(table); i++) {
                const TableBlock *block = table_block(table, i);
                for (size_t k = 0; k < block->n_services; k++, n++) {
                        const TableService *service = &block->services[k];
                        bool marked = service->marks & TABLE_UNUSUAL;
                        ck_assert_msg(is_usual(service) != marked, "%s:%u", block->file, service->line);
                        n_unusual += marked;
                }
        }
        printf("%zu services, %zu of them at a port of another security\n", n, n_unusual);
        ck_assert_uint_gt(n, 0);
}
END_TEST

/* Two rows that differ in nothing but the security cannot both be right, and one of them is marked. */
START_TEST(no_row_stands_twice) {
        for (size_t i = 0; i < table_count(table); i++) {
                const TableBlock *block = table_block(table, i);
                for (size_t a = 0; a < block->n_services; a++)
                        for (size_t b = a + 1; b < block->n_services; b++) {
                                const TableService *one = &block->services[a], *other = &block->services[b];
                                if (strcmp(one->protocol, other->protocol) || strcmp(one->host, other->host) ||
                                    one->port != other->port)
                                        continue;
                                ck_assert_msg(one->security != other->security &&
                                              (one->marks | other->marks) & TABLE_DISPUTED, "%s:%u and %u", block->file,
                                              one->line, other->line);
                        }
        }
}
END_TEST

static void check_sources(const TableBlock *block, const TableNames *own, unsigned line) {
        const TableNames *words = lookup_source(block, own);
        ck_assert_msg(words->n > 0, "%s:%u names no source", block->file, line);
        for (size_t i = 0; i < words->n; i++)
                ck_assert_msg(strstr(words->at[i], "://") || table_source(table, words->at[i]), "%s:%u: %s is not in the legend",
                              block->file, line, words->at[i]);
}

START_TEST(every_row_has_a_source) {
        for (size_t i = 0; i < table_count(table); i++) {
                const TableBlock *block = table_block(table, i);
                for (size_t k = 0; k < block->n_services; k++) {
                        check_sources(block, &block->services[k].source, block->services[k].line);
                        ck_assert_msg(lookup_date(table, block, &block->services[k]), "%s:%u has no date", block->file,
                                      block->services[k].line);
                }
                for (size_t k = 0; k < block->n_preconditions; k++)
                        check_sources(block, &block->preconditions[k].source, block->preconditions[k].line);
        }
}
END_TEST

/* What was compiled is what the files say. */
START_TEST(compiled) {
        Table *read = table_new(NULL);
        size_t n_sources = 0;

        ck_assert_int_eq(load_folder(read, 0, TEST_PROVIDERS, no_fault, NULL), 0);
        ck_assert_uint_eq(table_count(read), table_count(table));
        for (size_t i = 0; i < table_count(read); i++) {
                const TableBlock *from = table_block(read, i), *block = table_block(table, i);
                const char *difference = provider_difference(from, block);
                ck_assert_msg(!difference, "[%s]: %s", from->id, difference);
                ck_assert_uint_eq(block->line, from->line);
                ck_assert_uint_eq(block->layer, 0);
                ck_assert_str_eq(block->file, strrchr(from->file, '/') + 1);
        }
        for (const TableSource *source; (source = table_source_at(read, n_sources)); n_sources++) {
                const TableSource *same = table_source_at(table, n_sources);
                ck_assert_str_eq(same->word, source->word);
                ck_assert_str_eq(same->licence, source->licence);
        }
        ck_assert_ptr_null(table_source_at(table, n_sources));
        ck_assert_uint_gt(n_sources, 6);
        table_free(read);
}
END_TEST

START_TEST(round_trip) {
        Table *again = table_new(NULL);
        char *text = provider_write(table, 0);
        ck_assert_int_eq(table_read(again, 0, "written", text, strlen(text), no_fault, NULL), 0);
        ck_assert_uint_eq(table_count(again), table_count(table));
        for (size_t i = 0; i < table_count(table); i++) {
                const char *difference = provider_difference(table_block(table, i), table_block(again, i));
                ck_assert_msg(!difference, "[%s]: %s", table_block(table, i)->id, difference);
        }
        ck_assert_uint_eq(count_domains(again), count_domains(table));
        free(text);
        table_free(again);
}
END_TEST

/* ---- what must be known ---- */

static const struct {
        const char *domain, *mx, *id, *protocol, *host;
        uint16_t port;
        MdSecurity security;
        const char *form, *precondition;
} known[] = {
        { "gmail.com", NULL, "gmail", "imap", "imap.gmail.com", 993, MD_SECURITY_TLS, "address", "app-password" },
        { "own.example", "aspmx.l.google.com", "google-workspace", "smtp", "smtp.gmail.com", 465, MD_SECURITY_TLS, "address",
          "service-off" },
        { "outlook.com", NULL, "outlook", "smtp", "smtp-mail.outlook.com", 587, MD_SECURITY_STARTTLS, "address", "oauth-only" },
        { "hotmail.com.vn", NULL, "outlook", "imap", "outlook.office365.com", 993, MD_SECURITY_TLS, "address", "service-off" },
        { "own.example", "own-example.mail.protection.outlook.com", "microsoft-365", "smtp", "smtp.office365.com", 587,
          MD_SECURITY_STARTTLS, "address", "oauth-only" },
        { "yahoo.com.vn", NULL, "yahoo", "imap", "imap.mail.yahoo.com", 993, MD_SECURITY_TLS, "address", "app-password" },
        { "icloud.com", NULL, "icloud", "imap", "imap.mail.me.com", 993, MD_SECURITY_TLS, "local-part", "app-password" },
        { "icloud.com", NULL, "icloud", "smtp", "smtp.mail.me.com", 587, MD_SECURITY_STARTTLS, "address", "unsupported" },
        { "gmx.de", NULL, "gmx", "smtp", "mail.gmx.net", 465, MD_SECURITY_TLS, "address", "service-off" },
        { "web.de", NULL, "web-de", "imap", "imap.web.de", 993, MD_SECURITY_TLS, "local-part", "service-off" },
        { "mail.com", NULL, "mail-com", "imap", "imap.mail.com", 993, MD_SECURITY_TLS, "address", "paid" },
        { "yandex.ru", NULL, "yandex", "imap", "imap.yandex.com", 993, MD_SECURITY_TLS, "address", "app-password" },
        { "mail.ru", NULL, "mail-ru", "smtp", "smtp.mail.ru", 465, MD_SECURITY_TLS, "address", "app-password" },
        { "zohomail.eu", NULL, "zoho-eu", "imap", "imap.zoho.eu", 993, MD_SECURITY_TLS, "address", "service-off" },
        { "fastmail.fm", NULL, "fastmail", "smtp", "smtp.fastmail.com", 465, MD_SECURITY_TLS, "address", "app-password" },
        { "proton.me", NULL, "proton", "imap", "127.0.0.1", 1143, MD_SECURITY_STARTTLS, "", "bridge" },
        { "qq.com", NULL, "qq-com", "imap", "imap.qq.com", 993, MD_SECURITY_TLS, "address", "app-password" },
        { "163.com", NULL, "163-com", "imap", "imap.163.com", 993, MD_SECURITY_TLS, "address", "identify" },
        { "naver.com", NULL, "naver-com", "imap", "imap.naver.com", 993, MD_SECURITY_TLS, "address", "app-password" },
        { "daum.net", NULL, "daum-net", "imap", "imap.daum.net", 993, MD_SECURITY_TLS, "address", "service-off" },
        { "libero.it", NULL, "libero-it", "imap", "imapmail.libero.it", 993, MD_SECURITY_TLS, "address", "app-password" },
        { "orange.fr", NULL, "orange-fr", "smtp", "smtp.orange.fr", 465, MD_SECURITY_TLS, "address", NULL },
        { "free.fr", NULL, "free-fr", "imap", "imap.free.fr", 993, MD_SECURITY_TLS, "local-part", "service-off" },
        { "t-online.de", NULL, "t-online-de", "imap", "secureimap.t-online.de", 993, MD_SECURITY_TLS, "address", "app-password" },
        { "own.example", "mx00.ionos.com", "ionos-com", "imap", "imap.ionos.com", 993, MD_SECURITY_TLS, "", NULL },
        { "own.example", "mx1.mail.ovh.net", "ovh", "imap", "ssl0.ovh.net", 993, MD_SECURITY_TLS, "address", NULL },
        { "own.example", "mx1.hostinger.com", "hostinger", "imap", "imap.hostinger.com", 993, MD_SECURITY_TLS, "address", NULL },
        { "own.example", "smtp.secureserver.net", "godaddy", "imap", "imap.secureserver.net", 993, MD_SECURITY_TLS, "address", NULL },
        { "own.example", "mx1.privateemail.com", "namecheap", "smtp", "mail.privateemail.com", 465, MD_SECURITY_TLS, "address", NULL },
        { "viettel.com.vn", NULL, "viettel-com-vn", "smtp", "smtp.viettel.com.vn", 465, MD_SECURITY_TLS, "address", NULL },
        { "vnpt.vn", NULL, "vnpt-vn", "imap", "email.vnpt.vn", 993, MD_SECURITY_TLS, "address", NULL },
        { "tuta.com", NULL, "tuta", NULL, NULL, 0, 0, NULL, "unsupported" },
        { "hey.com", NULL, "hey", NULL, NULL, 0, 0, NULL, "unsupported" },
        { "own.example", "s1d2.emailserver.vn", "matbao", NULL, NULL, 0, 0, NULL, NULL },
};

static const TableService *find_service(const TableBlock *block, const char *domain, const char *protocol, const char *host,
                                        uint16_t port, MdSecurity security) {
        char address[300], filled[300];

        snprintf(address, sizeof(address), "x@%s", domain);
        for (size_t i = 0; i < block->n_services; i++) {
                const TableService *service = &block->services[i];
                ck_assert_int_eq(fill_placeholders(service->host, address, filled, sizeof(filled)), 0);
                if (!strcmp(service->protocol, protocol) && !strcmp(filled, host) && service->port == port &&
                    service->security == security && lookup_is_for(&service->only, domain))
                        return service;
        }
        return NULL;
}

static bool has_precondition(const TableBlock *block, const char *kind) {
        for (size_t i = 0; i < block->n_preconditions; i++)
                if (!strcmp(block->preconditions[i].kind, kind))
                        return true;
        return false;
}

START_TEST(large_providers) {
        const char *const mx[] = { known[_i].mx, NULL };
        LookupHow how;
        const TableBlock *block = lookup_block(table, &(LookupQuestion) { .domain = known[_i].domain, .mx = mx }, &how);
        ck_assert_msg(block && !strcmp(block->id, known[_i].id), "%s: %s", known[_i].domain, block ? block->id : "unknown");
        if (known[_i].protocol) {
                const TableService *service = find_service(block, known[_i].domain, known[_i].protocol, known[_i].host,
                                                           known[_i].port, known[_i].security);
                ck_assert_msg(service, "%s: no %s", known[_i].domain, known[_i].host);
                ck_assert_uint_eq(service->marks & TABLE_DISPUTED, 0);
                ck_assert_str_eq(fill_form(lookup_username(block, service)), known[_i].form);
        }
        if (known[_i].precondition)
                ck_assert_msg(has_precondition(block, known[_i].precondition), "%s: no %s", known[_i].domain, known[_i].precondition);
}
END_TEST

/* Settings that were right once are kept, for those who still have them. */
static const struct {
        const char *domain, *protocol, *host;
        uint16_t port;
        MdSecurity security;
        const char *until;
} former[] = {
        { "cox.net", "pop3", "pop.east.cox.net", 995, MD_SECURITY_TLS, "2024-05" },
        { "cox.net", "imap", "imap.mail.yahoo.com", 993, MD_SECURITY_TLS, NULL },
        { "mac.com", "imap", "imap.mail.mac.com", 993, MD_SECURITY_TLS, "2012-06" },
        { "web.de", "smtp", "smtp.web.de", 587, MD_SECURITY_NONE, "2014-03" },
        { "web.de", "smtp", "smtp.web.de", 587, MD_SECURITY_STARTTLS, NULL },
};

START_TEST(what_was_right_once) {
        LookupHow how;
        const TableBlock *block = lookup_block(table, &(LookupQuestion) { .domain = former[_i].domain }, &how);
        const TableService *service = find_service(block, former[_i].domain, former[_i].protocol, former[_i].host, former[_i].port,
                                                   former[_i].security);
        ck_assert_ptr_nonnull(service);
        if (former[_i].until)
                ck_assert_str_eq(service->until, former[_i].until);
        else
                ck_assert_ptr_null(service->until);
}
END_TEST

/* ---- against the sources ---- */

static FILE *open_shared(const char *name) {
        const char *shared = getenv("MAILDIAG_SHARED");
        char path[4096];

        snprintf(path, sizeof(path), "%s/data/providers/%s", shared ? shared : "", name);
        FILE *file = fopen(path, "re");
        if (!file)
                printf("skipped: %s is not here\n", path);
        return file;
}

#define COLUMNS_MAX 12u

/* The columns of the next line; those that are missing are "".  Returns false at the end. */
static bool next_row(FILE *file, char **line, size_t *size, char *columns[static COLUMNS_MAX]) {
        ssize_t n = getline(line, size, file);
        if (n < 0)
                return false;
        (*line)[strcspn(*line, "\r\n")] = '\0';
        char *rest = *line;
        for (size_t i = 0; i < COLUMNS_MAX; i++) {
                char *column = rest ? strsep(&rest, "\t") : NULL;
                columns[i] = column ? column : *line + strlen(*line);
        }
        return true;
}

/* Names that nobody has mail at. */
static bool is_left_out(const char *domain) {
        static const char *const names[] = { "example.com", "example.net", "example.org", "yggmail" };
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
                if (!strcmp(domain, names[i]))
                        return true;
        return false;
}

/* Names of exchangers, which the sources list as domains, are found as exchangers. */
static const TableBlock *find_block(const char *domain) {
        char host[320];
        const char *const mx[] = { host, NULL };
        LookupHow how;

        snprintf(host, sizeof(host), "mx.%s", domain);
        return lookup_block(table, &(LookupQuestion) { .domain = domain, .mx = mx }, &how);
}

static MdSecurity read_security(const char *word) {
        return !strcmp(word, "tls") ? MD_SECURITY_TLS : !strcmp(word, "none") ? MD_SECURITY_NONE : MD_SECURITY_STARTTLS;
}

START_TEST(says_what_the_sources_say) {
        char *line = NULL, *c[COLUMNS_MAX];
        size_t size = 0, n = 0, n_out = 0, n_missing = 0;
        FILE *file = open_shared("settings.tsv");
        if (!file)
                return;

        ck_assert(next_row(file, &line, &size, c));
        while (next_row(file, &line, &size, c)) {
                if (strcmp(c[1], "exact"))
                        continue;
                if (is_left_out(c[0])) {
                        n_out++;
                        continue;
                }
                const TableBlock *block = find_block(c[0]);
                if (!block || !find_service(block, c[0], c[2], c[3], (uint16_t) atoi(c[4]), read_security(c[5]))) {
                        fprintf(stderr, "%s: %s %s %s %s of %s is not in the table\n", c[0], c[2], c[3], c[4], c[5], c[8]);
                        n_missing++;
                }
                n++;
        }
        printf("%zu settings of domains compared, %zu left out\n", n, n_out);
        ck_assert_uint_eq(n_missing, 0);
        ck_assert_uint_gt(n, 5000);
        free(line);
        fclose(file);
}
END_TEST

/* "source: host:port:security,host:port:security | source: …" */
static size_t check_conflict(const char *domain, const char *protocol, char *detail, bool *ret_marked) {
        const TableBlock *block = find_block(domain);
        size_t n = 0;

        ck_assert_msg(block, "%s is not in the table", domain);
        for (char *part; (part = strsep(&detail, "|"));) {
                char *entries = strchr(part, ':') + 2;
                for (char *entry; (entry = strsep(&entries, ", "));) {
                        char host[300], *security = strrchr(entry, ':');
                        if (!security)
                                continue;
                        *security++ = '\0';
                        char *port = strrchr(entry, ':'), *at = strstr(entry, "%emaildomain%");
                        *port++ = '\0';
                        snprintf(host, sizeof(host), "%.*s%s%s", at ? (int) (at - entry) : 300, entry, at ? domain : "",
                                 at ? at + strlen("%emaildomain%") : "");
                        const TableService *service =
                                find_service(block, domain, protocol, host, (uint16_t) atoi(port), read_security(security));
                        ck_assert_msg(service, "%s: %s %s %s %s is not in the table", domain, protocol, host, port, security);
                        *ret_marked |= service->marks & TABLE_DISPUTED;
                        n++;
                }
        }
        return n;
}

/* Where the sources contradict each other, all that they say is kept; what most would not take is marked.  The same server by
 * other names, and other ports, may all be right. */
START_TEST(contradictions_are_kept) {
        char *line = NULL, *c[COLUMNS_MAX];
        size_t size = 0, n = 0, n_rows = 0, n_marked = 0;
        FILE *file = open_shared("conflicts.tsv");
        if (!file)
                return;

        ck_assert(next_row(file, &line, &size, c));
        while (next_row(file, &line, &size, c)) {
                bool marked = false;
                n_rows += check_conflict(c[0], c[1], c[3], &marked);
                n_marked += marked;
                n++;
        }
        printf("%zu contradictions with %zu settings, in %zu of them one is marked\n", n, n_rows, n_marked);
        ck_assert_uint_gt(n, 200);
        ck_assert_uint_gt(n_marked, n / 2);
        free(line);
        fclose(file);
}
END_TEST

/* An exchanger that a pattern of the sources stands for. */
static void example_of(const char *pattern, char *ret, size_t size) {
        size_t used = 0;

        for (const char *c = pattern; *c && used + 8 < size; c++) {
                if (!strncmp(c, "\\.*", 3) && !c[3]) {
                        used += (size_t) snprintf(ret + used, size - used, ".com");
                        break;
                }
                if (!strncmp(c, ".*", 2) || !strncmp(c, "\\d", 2)) {
                        ret[used++] = '1';
                        c++;
                } else if (!strncmp(c, "[0-9]*", 6)) {
                        ret[used++] = '1';
                        c += 5;
                } else if (*c != '\\') {
                        ret[used++] = *c;
                }
        }
        ret[used] = '\0';
}

/* What one source has as exchangers and is none, or is of somebody else. */
static bool is_no_exchanger(const char *name) {
        static const char *const names[] = {
                "workmail.amazonaws.com", "bluehost.com", "mailchannels.net", "mail.yourdomain.com", "microsoft.com",
                "mx1.mxrecord.io", "mx2.mxrecord.io", "mx1.mxrecord.mx", "mx2.mxrecord.mx", "onlinemail.io",
                "mx.privatemail.com", "rackspace.com", "rackspacecloud.com", "mx.cloudflare.com",
        };
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
                if (!strcmp(name, names[i]))
                        return true;
        return false;
}

START_TEST(exchangers_are_known) {
        char *line = NULL, *c[COLUMNS_MAX], host[300];
        size_t size = 0, n = 0, n_out = 0;
        FILE *file = open_shared("mx_patterns.tsv");
        if (!file)
                return;

        ck_assert(next_row(file, &line, &size, c));
        while (next_row(file, &line, &size, c)) {
                example_of(c[0], host, sizeof(host));
                if (is_no_exchanger(host)) {
                        n_out++;
                        continue;
                }
                const char *const mx[] = { host, NULL };
                LookupHow how;
                ck_assert_msg(lookup_block(table, &(LookupQuestion) { .domain = "own.example", .mx = mx }, &how) ||
                              find_block(host), "%s (%s)", host, c[1]);
                n++;
        }
        printf("%zu exchangers known, %zu left out\n", n, n_out);
        ck_assert_uint_gt(n, 100);
        free(line);
        fclose(file);
}
END_TEST

#define COUNT(table) ((int) (sizeof(table) / sizeof(table[0])))

int main(void) {
        Suite *suite = suite_create("provider-shipped");
        TCase *tcase = tcase_create("provider-shipped");
        tcase_set_timeout(tcase, 60);
        tcase_add_checked_fixture(tcase, setup, teardown);
        tcase_add_test(tcase, enough_domains);
        tcase_add_test(tcase, every_domain_is_found);
        tcase_add_test(tcase, no_block_is_empty);
        tcase_add_test(tcase, port_and_security_agree);
        tcase_add_test(tcase, no_row_stands_twice);
        tcase_add_test(tcase, every_row_has_a_source);
        tcase_add_test(tcase, compiled);
        tcase_add_test(tcase, round_trip);
        tcase_add_loop_test(tcase, large_providers, 0, COUNT(known));
        tcase_add_loop_test(tcase, what_was_right_once, 0, COUNT(former));
        tcase_add_test(tcase, says_what_the_sources_say);
        tcase_add_test(tcase, contradictions_are_kept);
        tcase_add_test(tcase, exchangers_are_known);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
