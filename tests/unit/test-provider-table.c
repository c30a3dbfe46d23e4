/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files of the provider table: what they say, and what is told of those that are wrong. */

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fill.h"
#include "harness.h"
#include "lookup.h"
#include "pattern.h"
#include "provider-write.h"
#include "value.h"

/* ---- faults, one a line: "FILE:LINE: fault" ---- */

static char faults[16384];

static void note_fault(void *userdata, const char *file, unsigned line, const char *fault) {
        size_t used = strlen(faults);
        snprintf(faults + used, sizeof(faults) - used, "%s:%u: %s\n", file, line, fault);
}

static Table *read_layers(const char *shipped, const char *added) {
        Table *table = table_new(NULL);

        faults[0] = '\0';
        ck_assert_ptr_nonnull(table);
        ck_assert_int_eq(table_read(table, 0, "a.conf", shipped, strlen(shipped), note_fault, NULL), 0);
        if (added)
                ck_assert_int_eq(table_read(table, 1, "b.conf", added, strlen(added), note_fault, NULL), 0);
        return table;
}

static const TableBlock *find(const Table *table, const char *domain) {
        LookupHow how;
        return lookup_block(table, &(LookupQuestion) { .domain = domain }, &how);
}

static const char *find_id(const Table *table, const char *domain) {
        const TableBlock *block = find(table, domain);
        return block ? block->id : "";
}

/* ---- what a file says ---- */

static const char whole[] =
        "\xef\xbb\xbf# A comment\r\n"
        "\n"
        "[source ours]\n"
        "name = What we know\n"
        "page = https://example.org/\n"
        "licence = none needed\n"
        "date = 2026-01\n"
        "\n"
        "  [example]   \n"
        "\tname = Example Mail # the company\n"
        "page = https://example.org/help#mail\n"
        "domains = example.org Example.NET\n"
        "domains = xn--bcher-kva.example\n"
        "patterns = example.* *.mail.example.org\n"
        "mx = mx.example.org mx*.example.net\n"
        "popular = example.org\n"
        "username = %EMAILADDRESS%\n"
        "auth = oauth2 password\n"
        "source = ours https://example.org/settings\n"
        "date = 2026-02\n"
        "imap = IMAP.example.org 993 tls\n"
        "imap = imap.example.net 143 none disputed only=example.net,*.example.com username=%EMAILLOCALPART% source=ours\n"
        "pop3 = %EMAILDOMAIN% 993 tls unusual auth=encrypted-password until=2020-12-31\n"
        "smtp = mail.%EMAILDOMAIN% 587 starttls \\\n"
        "        source=ours,theirs \\\r\n"
        "        date=2025\n"
        "precondition = service-off imap pop3 page=https://example.org/on since=2024-05 date=2026-03 source=ours \\\n"
        "        only=example.net note=\"Press the green button, then the red one.\"\n"
        "precondition = app-password\n"
        "\n"
        "[empty]";

START_TEST(what_a_file_says) {
        Table *table = read_layers(whole, NULL);
        ck_assert_str_eq(faults, "");
        ck_assert_uint_eq(table_count(table), 2);
        const TableBlock *block = find(table, "example.org");
        ck_assert_ptr_nonnull(block);
        ck_assert_str_eq(block->id, "example");
        ck_assert_str_eq(block->name, "Example Mail");
        ck_assert_str_eq(block->page, "https://example.org/help#mail");
        ck_assert_str_eq(block->file, "a.conf");
        ck_assert_uint_eq(block->line, 9);
        ck_assert_uint_eq(block->domains.n, 3);
        ck_assert_str_eq(block->domains.at[1], "example.net");
        ck_assert_str_eq(block->mx.at[1], "mx*.example.net");
        ck_assert_str_eq(block->popular.at[0], "example.org");
        ck_assert_uint_eq(block->n_services, 4);

        const TableService *imap = &block->services[0], *other = &block->services[1], *pop3 = &block->services[2],
                           *smtp = &block->services[3];
        ck_assert_str_eq(imap->protocol, "imap");
        ck_assert_str_eq(imap->host, "imap.example.org");
        ck_assert_uint_eq(imap->port, 993);
        ck_assert_int_eq(imap->security, MD_SECURITY_TLS);
        ck_assert_uint_eq(imap->marks, 0);
        ck_assert_str_eq(lookup_username(block, imap), "%EMAILADDRESS%");
        ck_assert_str_eq(lookup_auth(block, imap)->at[0], "oauth2");
        ck_assert_str_eq(lookup_source(block, &imap->source)->at[1], "https://example.org/settings");
        ck_assert_str_eq(lookup_date(table, block, imap), "2026-02");

        ck_assert_int_eq(other->security, MD_SECURITY_NONE);
        ck_assert_uint_eq(other->marks, TABLE_DISPUTED);
        ck_assert_str_eq(lookup_username(block, other), "%EMAILLOCALPART%");
        ck_assert(lookup_is_for(&other->only, "example.net") && lookup_is_for(&other->only, "x.example.com") &&
                  !lookup_is_for(&other->only, "example.org"));
        ck_assert_uint_eq(pop3->marks, TABLE_UNUSUAL);
        ck_assert_str_eq(pop3->until, "2020-12-31");
        ck_assert_str_eq(lookup_auth(block, pop3)->at[0], "encrypted-password");
        ck_assert_str_eq(smtp->host, "mail.%EMAILDOMAIN%");
        ck_assert_int_eq(smtp->security, MD_SECURITY_STARTTLS);
        ck_assert_str_eq(smtp->source.at[1], "theirs");
        ck_assert_str_eq(lookup_date(table, block, smtp), "2025");

        ck_assert_uint_eq(block->n_preconditions, 2);
        const TablePrecondition *off = &block->preconditions[0];
        ck_assert_str_eq(off->kind, "service-off");
        ck_assert_uint_eq(off->protocols.n, 2);
        ck_assert_str_eq(off->protocols.at[1], "pop3");
        ck_assert_str_eq(off->page, "https://example.org/on");
        ck_assert_str_eq(off->since, "2024-05");
        ck_assert_str_eq(off->date, "2026-03");
        ck_assert_str_eq(off->note, "Press the green button, then the red one.");
        ck_assert_str_eq(block->preconditions[1].kind, "app-password");
        ck_assert_str_eq(table_block(table, 1)->name, "empty");

        const TableSource *source = table_source(table, "ours");
        ck_assert_ptr_nonnull(source);
        ck_assert_str_eq(source->name, "What we know");
        ck_assert_str_eq(source->licence, "none needed");
        ck_assert_ptr_null(table_source(table, "theirs"));
        table_free(table);
}
END_TEST

/* The example of the manual page is one. */
START_TEST(example_of_the_page) {
        char *text = NULL;
        size_t size = 0;
        FILE *file = fopen(TEST_PROVIDERS_PAGE, "re");

        ck_assert_ptr_nonnull(file);
        ck_assert_int_gt(getdelim(&text, &size, '\0', file), 0);
        fclose(file);
        char *begin = strstr(text, "# EXAMPLE\n\n```\n"), *end = begin ? strstr(begin + 20, "```\n") : NULL;
        ck_assert_ptr_nonnull(end);
        *end = '\0';
        Table *table = read_layers(begin + strlen("# EXAMPLE\n\n```\n"), NULL);
        ck_assert_str_eq(faults, "");
        const TableBlock *block = find(table, "example.net");
        ck_assert_str_eq(block->name, "Example Company");
        ck_assert_uint_eq(block->n_services, 4);
        ck_assert_str_eq(block->services[3].until, "2024-06");
        ck_assert_str_eq(block->preconditions[0].note, "Made in the self-service portal.");
        table_free(table);
        free(text);
}
END_TEST

/* A date that neither row nor block has is that of the latest source. */
START_TEST(dates_of_sources) {
        Table *table = read_layers("[source old]\ndate = 2014\n[source new]\ndate = 2026-08\n"
                                   "[a]\ndomains = a.example\nimap = a.example 993 tls source=old,new\n"
                                   "imap = a.example 143 starttls source=nobody\n", NULL);
        const TableBlock *block = find(table, "a.example");
        ck_assert_str_eq(lookup_date(table, block, &block->services[0]), "2026-08");
        ck_assert_ptr_null(lookup_date(table, block, &block->services[1]));
        table_free(table);
}
END_TEST

START_TEST(round_trip) {
        Table *table = read_layers(whole, NULL);
        char *text = provider_write(table, 0);
        Table *again = read_layers(text, NULL);
        ck_assert_str_eq(faults, "");
        ck_assert_uint_eq(table_count(again), table_count(table));
        for (size_t i = 0; i < table_count(table); i++)
                ck_assert_ptr_null(provider_difference(table_block(table, i), table_block(again, i)));
        free(text);
        table_free(table);
        table_free(again);
}
END_TEST

/* ---- what is wrong ---- */

#define GOOD "\nimap = good.example 993 tls\n"

static const struct {
        const char *lines;              /* inside of a block that begins in line 1 */
        const char *fault;
} wrong[] = {
        { "imap = imap.example.org 993", "a.conf:2: has not a host, a port and a security\n" },
        { "imap =", "a.conf:2: has not a host, a port and a security\n" },
        { "imap = imap.example.org 99999 tls", "a.conf:2: port \"99999\" is not a port from 1 to 65535\n" },
        { "imap = imap.example.org 0 tls", "a.conf:2: port \"0\" is not a port from 1 to 65535\n" },
        { "imap = imap.example.org -1 tls", "a.conf:2: port \"-1\" is not a port from 1 to 65535\n" },
        { "imap = imap.example.org 993 ssl", "a.conf:2: security \"ssl\" is not tls, starttls or none\n" },
        { "imap = imap_1.example.org 993 tls", "a.conf:2: host \"imap_1.example.org\" has a character that no host name has "
                                               "(internationalised names are written as xn--…)\n" },
        { "imap = 192.0.2.1 993 tls", "a.conf:2: host \"192.0.2.1\" is an address and not a name\n" },
        { "imap = imap 993 tls", "a.conf:2: host \"imap\" has no dot\n" },
        { "imap = imap..org 993 tls", "a.conf:2: host \"imap..org\" has an empty label\n" },
        { "imap = -.org 993 tls", "a.conf:2: host \"-.org\" has a label that begins or ends with a hyphen\n" },
        { "imap = a.org 993 tls broken", "a.conf:2: word \"broken\" has no meaning here\n" },
        { "imap = a.org 993 tls note=x", "a.conf:2: word \"note\" has no meaning here\n" },
        { "imap = a.org 993 tls auth=magic", "a.conf:2: auth \"magic\" is not a known way to log in\n" },
        { "imap = a.org 993 tls username=%USER%", "a.conf:2: username \"%USER%\" has a placeholder other than %EMAILADDRESS%, "
                                                  "%EMAILLOCALPART% and %EMAILDOMAIN%\n" },
        { "imap = a.org 993 tls date=yesterday", "a.conf:2: date \"yesterday\" is not a date such as 2025-03\n" },
        { "imap = a.org 993 tls until=2025-13", "a.conf:2: until \"2025-13\" is not a date such as 2025-03\n" },
        { "imap = a.org 993 tls only=org", "a.conf:2: only \"org\" has no dot\n" },
        { "imap = a.org 993 tls source=a,B", "a.conf:2: source \"B\" is neither a word of the legend nor the address of a page\n" },
        { "smpt = a.org 465 tls", "a.conf:2: key \"smpt\" is not known; perhaps it should be smtp\n" },
        { "color = red", "a.conf:2: key \"color\" is not known\n" },
        { "domain = a.example", "a.conf:2: key \"domain\" is not known; perhaps it should be domains\n" },
        { "imap a.org 993 tls", "a.conf:2: is neither [id] nor key = value\n" },
        { "= x", "a.conf:2: has not one word before the =\n" },
        { "two words = x", "a.conf:2: has not one word before the =\n" },
        { "domains = nodot", "a.conf:2: domain \"nodot\" has no dot\n" },
        { "domains = b\xc3\xbc" "cher.example", "a.conf:2: domain \"b\xc3\xbc" "cher.example\" has a character that no host name has "
                                               "(internationalised names are written as xn--…)\n" },
        { "domains = x.example\ndomains = x.example", "a.conf:3: domain \"x.example\" stands in [a] already (a.conf, from line 1)\n" },
        { "patterns = x.example", "a.conf:2: pattern \"x.example\" has no star\n" },
        { "patterns = *.com", "a.conf:2: pattern \"*.com\" would be every name below a top-level domain\n" },
        { "patterns = *.x.*", "a.conf:2: pattern \"*.x.*\" has a star at both ends\n" },
        { "patterns = a*.*b", "a.conf:2: pattern \"a*.*b\" would be nearly every name\n" },
        { "patterns = a*b*c*d*.com", "a.conf:2: pattern \"a*b*c*d*.com\" has more than three stars\n" },
        { "mx = mx", "a.conf:2: mx \"mx\" has no dot\n" },
        { "name = x\nname = y", "a.conf:3: name stands here for the second time\n" },
        { "name =", "a.conf:2: name \"\" is empty\n" },
        { "page = ftp://x.example/", "a.conf:2: page \"ftp://x.example/\" is not the address of a web page\n" },
        { "page = javascript:alert(1)", "a.conf:2: page \"javascript:alert(1)\" is not the address of a web page\n" },
        { "date = 2025-3", "a.conf:2: date \"2025-3\" is not a date such as 2025-03\n" },
        { "precondition =", "a.conf:2: precondition \"\" is not a known one\n" },
        { "precondition = luck", "a.conf:2: precondition \"luck\" is not a known one\n" },
        { "precondition = paid imap ftp", "a.conf:2: word \"ftp\" is not a protocol (imap, pop3, smtp)\n" },
        { "precondition = paid auth=password", "a.conf:2: word \"auth\" has no meaning here\n" },
        { "precondition = paid note=", "a.conf:2: note \"\" is empty\n" },
        { "name = a\x01" "b", "a.conf:2: holds a control character\n" },
        { "name = a\x1b[2J", "a.conf:2: holds a control character\n" },
};

/* The line is told and left out; those around it hold. */
START_TEST(wrong_lines) {
        char text[1024];

        snprintf(text, sizeof(text), "[a]\n%s" GOOD, wrong[_i].lines);
        Table *table = read_layers(text, NULL);
        ck_assert_str_eq(faults, wrong[_i].fault);
        ck_assert_uint_eq(table_count(table), 1);
        ck_assert_uint_eq(table_block(table, 0)->n_services, 1);
        ck_assert_str_eq(table_block(table, 0)->services[0].host, "good.example");
        table_free(table);
}
END_TEST

static const struct {
        const char *heading, *fault;
} headings[] = {
        { "[b", "a.conf:3: begins with [ and does not end with ]; the lines below it are left out\n" },
        { "[b] x", "a.conf:3: begins with [ and does not end with ]; the lines below it are left out\n" },
        { "[]", "a.conf:3: [] is not a name of at most 31 small letters, digits and hyphens; the lines below it are left out\n" },
        { "[B]", "a.conf:3: [B] is not a name of at most 31 small letters, digits and hyphens; the lines below it are left out\n" },
        { "[b c]", "a.conf:3: [b] is not one word; the lines below it are left out\n" },
        { "[source B]", "a.conf:3: [B] is not a name of at most 31 small letters, digits and hyphens; the lines below it are left out\n" },
        { "[a]", "a.conf:3: [a] stands in a.conf already, from line 1; this one is left out\n" },
        { "[source s]\n[source s]", "a.conf:4: [source s] stands there for the second time; this one is left out\n" },
};

/* Without a good heading the lines below are nobody's; the next heading is. */
START_TEST(wrong_headings) {
        char text[1024];

        snprintf(text, sizeof(text), "[a]\n\n%s\nname = nobody's\nimap = x.example 993 tls\n[z]\nname = Z\n", headings[_i].heading);
        Table *table = read_layers(text, NULL);
        ck_assert_str_eq(faults, headings[_i].fault);
        ck_assert_uint_eq(table_count(table), 2);
        ck_assert_str_eq(table_block(table, 0)->name, "a");
        ck_assert_uint_eq(table_block(table, 0)->n_services, 0);
        ck_assert_str_eq(table_block(table, 1)->name, "Z");
        table_free(table);
}
END_TEST

START_TEST(lines_of_nobody) {
        Table *table = read_layers("name = x\nnonsense\n[a]\nname = A\n", NULL);
        ck_assert_str_eq(faults, "a.conf:2: is neither [id] nor key = value\n");
        ck_assert_str_eq(table_block(table, 0)->name, "A");
        table_free(table);
}
END_TEST

/* ---- hostile texts ---- */

START_TEST(no_text) {
        static const char binary[] = "[a]\nname = x\0y\n";
        Table *table = table_new(NULL);
        faults[0] = '\0';
        ck_assert_int_eq(table_read(table, 0, "a.conf", binary, sizeof(binary) - 1, note_fault, NULL), 0);
        ck_assert_str_eq(faults, "a.conf:0: is no text\n");
        ck_assert_uint_eq(table_count(table), 0);
        table_free(table);
}
END_TEST

START_TEST(huge_file) {
        char *text = malloc(TABLE_FILE_MAX + 1);
        Table *table = table_new(NULL);
        faults[0] = '\0';
        memset(text, '\n', TABLE_FILE_MAX + 1);
        ck_assert_int_eq(table_read(table, 0, "a.conf", text, TABLE_FILE_MAX + 1, note_fault, NULL), 0);
        ck_assert_str_eq(faults, "a.conf:0: is larger than 1048576 bytes\n");
        faults[0] = '\0';
        ck_assert_int_eq(table_read(table, 0, "a.conf", text, TABLE_FILE_MAX, note_fault, NULL), 0);
        ck_assert_str_eq(faults, "");
        free(text);
        table_free(table);
}
END_TEST

START_TEST(endless_lines) {
        static const char *const letters[] = { "x", "= ", "\\\n", "[", "#", "domains = a.example " };
        for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
                size_t size = strlen(letters[i]), n = 200000 / size;
                char *text = malloc(n * size + 40);
                char *end = stpcpy(text, "[a]\n");
                for (size_t k = 0; k < n; k++)
                        end = stpcpy(end, letters[i]);
                strcpy(end, GOOD);
                Table *table = read_layers(text, NULL);
                ck_assert_str_eq(faults, "a.conf:2: is longer than 8192 bytes\n");
                /* A '\' goes on with the good line, too. */
                ck_assert_uint_eq(table_block(table, 0)->n_services, 1);
                table_free(table);
                free(text);
        }
}
END_TEST

/* A file without a good line does not fill the report. */
START_TEST(many_faults) {
        char text[10000] = "[a]\n", *end = text + strlen(text);
        unsigned n = 0;

        for (unsigned i = 0; i < 1000; i++)
                end = stpcpy(end, "what\n");
        strcpy(end, "name = A\n");
        Table *table = read_layers(text, NULL);
        for (const char *c = faults; *c; c++)
                n += *c == '\n';
        ck_assert_uint_eq(n, TABLE_FAULTS_MAX);
        ck_assert_ptr_nonnull(strstr(faults, "a.conf:21: is wrong, too, and so may be more lines of this file\n"));
        ck_assert_str_eq(table_block(table, 0)->name, "A");
        table_free(table);
}
END_TEST

/* Every beginning of a good file, and the file with every byte replaced, is read to its end. */
START_TEST(cut_and_bent) {
        size_t size = strlen(whole);
        char *text = malloc(size + 1);

        for (size_t i = 0; i <= size; i++) {
                Table *table = table_new(NULL);
                ck_assert_int_eq(table_read(table, 0, "a.conf", whole, i, note_fault, NULL), 0);
                table_free(table);
                faults[0] = '\0';
        }
        for (size_t i = 0; i < size; i++) {
                Table *table = table_new(NULL);
                memcpy(text, whole, size + 1);
                text[i] = "\\\"[]=#,\n \x80"[i % 10];
                ck_assert_int_eq(table_read(table, 0, "a.conf", text, size, note_fault, NULL), 0);
                char *written = provider_write(table, 0);
                free(written);
                table_free(table);
                faults[0] = '\0';
        }
        free(text);
}
END_TEST

/* ---- look-ups ---- */

static const char shipped[] =
        "[big]\ndomains = big.example big.net\npatterns = big.*\nmx = mx*.big.example\nimap = imap.big.example 993 tls\n"
        "smtp = smtp.big.example 465 tls\n"
        "[small]\ndomains = small.example\nimap = imap.big.example 993 tls\n"
        "[host]\nmx = *.host.example\nimap = imap.host.example 993 tls\n"
        "[part]\nmx = *.part.host.example\n";

static const struct {
        const char *domain, *mx, *host, *id;
        LookupHow how;
} questions[] = {
        { "big.example", NULL, NULL, "big", LOOKUP_DOMAIN },
        { "big.de", NULL, NULL, "big", LOOKUP_PATTERN },
        { "big.co.uk", NULL, NULL, "big", LOOKUP_PATTERN },
        { "big.company.org", NULL, NULL, "", 0 },
        { "a.big.de", NULL, NULL, "", 0 },
        { "own.example", "mx1.big.example", NULL, "big", LOOKUP_MX },
        { "own.example", "mx.other.example", NULL, "", 0 },
        { "own.example", "deep.in.small.example", NULL, "small", LOOKUP_MX },     /* an exchanger in the domain of a provider */
        { "own.example", "a.b.host.example", NULL, "host", LOOKUP_MX },
        { "own.example", "a.part.host.example", NULL, "part", LOOKUP_MX },      /* the longest pattern */
        { "own.example", NULL, "imap.host.example", "host", LOOKUP_HOST },
        { "own.example", NULL, "imap.big.example", "big", LOOKUP_HOST },         /* it has exchangers */
        { "own.example", "mx1.host.example", "imap.big.example", "host", LOOKUP_MX },
        { "small.example", "mx1.big.example", "imap.host.example", "small", LOOKUP_DOMAIN },
        { "own.example", NULL, NULL, "", 0 },
};

START_TEST(look_ups) {
        const char *const mx[] = { questions[_i].mx, NULL }, *const hosts[] = { questions[_i].host, NULL };
        Table *table = read_layers(shipped, NULL);
        LookupHow how = 0;
        const TableBlock *block = lookup_block(table, &(LookupQuestion) { questions[_i].domain, mx, hosts }, &how);
        ck_assert_str_eq(faults, "");
        ck_assert_str_eq(block ? block->id : "", questions[_i].id);
        ck_assert_int_eq(how, questions[_i].how);
        table_free(table);
}
END_TEST

/* What an administrator adds goes first; a block of the same id replaces all of the one below it. */
START_TEST(overrides) {
        Table *table = read_layers(shipped, "[big]\nname = Ours\ndomains = big.example\n"
                                            "[mine]\ndomains = small.example new.example\npatterns = *.host.example\n"
                                            "imap = mail.mine.example 993 tls\n");
        ck_assert_str_eq(faults, "");
        ck_assert_str_eq(find(table, "big.example")->name, "Ours");
        ck_assert_uint_eq(find(table, "big.example")->n_services, 0);
        ck_assert_str_eq(find_id(table, "big.net"), "");
        ck_assert_str_eq(find_id(table, "big.de"), "");
        ck_assert_str_eq(find_id(table, "small.example"), "mine");
        ck_assert_str_eq(find_id(table, "new.example"), "mine");
        ck_assert_str_eq(find_id(table, "x.host.example"), "mine");
        LookupHow how;
        const char *const mx[] = { "mx1.big.example", NULL }, *const host[] = { "smtp.big.example", NULL };
        ck_assert_str_eq(lookup_block(table, &(LookupQuestion) { .domain = "own.example", .mx = mx }, &how)->name, "Ours");
        ck_assert_ptr_null(lookup_block(table, &(LookupQuestion) { .domain = "own.example", .hosts = host }, &how));
        ck_assert(!lookup_knows_host(table, "smtp.big.example"));
        ck_assert(lookup_knows_host(table, "imap.big.example"));
        ck_assert(lookup_knows_domain(table, "big.example") && !lookup_knows_domain(table, "big.net"));
        table_free(table);
}
END_TEST

START_TEST(words_of_how) {
        static const char *const words[] = { "domain", "pattern", "mx", "host" };
        for (LookupHow how = 0; how < _LOOKUP_HOW_MAX; how++)
                ck_assert_str_eq(lookup_how_to_string(how), words[how]);
}
END_TEST

static const struct {
        const char *pattern, *name;
        bool match;
} patterns[] = {
        { "a.example", "a.example", true },           { "a.example", "b.example", false },
        { "*.example.org", "a.example.org", true },   { "*.example.org", "a.b.example.org", true },
        { "*.example.org", "example.org", false },    { "*.example.org", ".example.org", false },
        { "*.example.org", "xexample.org", false },   { "*.example.org", "a.example.org.evil", false },
        { "*.mx*.example.org", "a.mx12.example.org", true }, { "*.mx*.example.org", "mx12.example.org", false },
        { "yahoo.*", "yahoo.com", true },             { "yahoo.*", "yahoo.co.uk", true },
        { "yahoo.*", "yahoo.com.br", true },          { "yahoo.*", "yahoo.evil.com", false },
        { "yahoo.*", "yahoo.abcd.uk", false },        { "yahoo.*", "yahoo.co.12", false },
        { "yahoo.*", "yahoo.", false },               { "yahoo.*", "yahoo", false },
        { "yahoo.*", "myyahoo.com", false },          { "yahoo.*", "yahoo.a.b.c", false },
        { "mx*.example.org", "mx.example.org", true },  { "mx*.example.org", "mx-12.example.org", true },
        { "mx*.example.org", "mx.1.example.org", false }, { "mx*.hostinger.*", "mx1.hostinger.com", true },
        { "a*b*c.org", "axxbyyc.org", true },         { "a*b*c.org", "axxbyy.org", false },
};

START_TEST(matches) {
        ck_assert_msg(pattern_match(patterns[_i].pattern, patterns[_i].name) == patterns[_i].match, "%s %s", patterns[_i].pattern,
                      patterns[_i].name);
}
END_TEST

/* ---- placeholders ---- */

static const struct {
        const char *text, *address, *filled;
} fillings[] = {
        { "%EMAILADDRESS%", "anna@example.org", "anna@example.org" },
        { "%EMAILLOCALPART%", "anna@example.org", "anna" },
        { "mail.%EMAILDOMAIN%", "anna@example.org", "mail.example.org" },
        { "%EMAILLOCALPART%.%EMAILDOMAIN%", "\"a@b\"@example.org", "\"a@b\".example.org" },
        { "100%", "a@b.example", "100%" },
        { "plain", "a@b.example", "plain" },
        { "", "a@b.example", "" },
};

START_TEST(placeholders) {
        char buffer[64];
        size_t length = strlen(fillings[_i].filled);
        ck_assert_int_eq(fill_placeholders(fillings[_i].text, fillings[_i].address, buffer, sizeof(buffer)), 0);
        ck_assert_str_eq(buffer, fillings[_i].filled);
        ck_assert_int_eq(fill_placeholders(fillings[_i].text, fillings[_i].address, buffer, length + 1), 0);
        ck_assert_int_eq(fill_placeholders(fillings[_i].text, fillings[_i].address, buffer, length), -ENOBUFS);
        ck_assert_int_eq(fill_placeholders(fillings[_i].text, "nobody", buffer, sizeof(buffer)), -EINVAL);
}
END_TEST

START_TEST(forms) {
        ck_assert_str_eq(fill_form("%EMAILADDRESS%"), "address");
        ck_assert_str_eq(fill_form("%EMAILLOCALPART%"), "local-part");
        ck_assert_str_eq(fill_form("%EMAILLOCALPART%.x"), "other");
        ck_assert_str_eq(fill_form(NULL), "");
}
END_TEST

#define COUNT(table) ((int) (sizeof(table) / sizeof(table[0])))

int main(void) {
        Suite *suite = suite_create("provider-table");
        TCase *tcase = tcase_create("provider-table");
        tcase_set_timeout(tcase, 60);
        tcase_add_test(tcase, what_a_file_says);
        tcase_add_test(tcase, example_of_the_page);
        tcase_add_test(tcase, dates_of_sources);
        tcase_add_test(tcase, round_trip);
        tcase_add_loop_test(tcase, wrong_lines, 0, COUNT(wrong));
        tcase_add_loop_test(tcase, wrong_headings, 0, COUNT(headings));
        tcase_add_test(tcase, lines_of_nobody);
        tcase_add_test(tcase, no_text);
        tcase_add_test(tcase, huge_file);
        tcase_add_test(tcase, endless_lines);
        tcase_add_test(tcase, many_faults);
        tcase_add_test(tcase, cut_and_bent);
        tcase_add_loop_test(tcase, look_ups, 0, COUNT(questions));
        tcase_add_test(tcase, overrides);
        tcase_add_test(tcase, words_of_how);
        tcase_add_loop_test(tcase, matches, 0, COUNT(patterns));
        tcase_add_loop_test(tcase, placeholders, 0, COUNT(fillings));
        tcase_add_test(tcase, forms);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
