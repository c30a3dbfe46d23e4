/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Discovery plugins in a real worker: what they are asked, what they hand out and what is left out of it, and what the
 * sandbox of each profile lets them do.
 */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixture.h"
#include "harness.h"
#include "landlock.h"
#include "produced.h"
#include "probe.h"

static TestWorker worker;
static Records records;

static void worker_begin(bool discovery) {
        char directory[4096];

        snprintf(directory, sizeof(directory), "%s%s", getenv("MAILDIAG_TEST_FINDERS"), discovery ? "/discovery" : "");
        worker_start(&worker, directory, NULL, discovery ? "--discovery" : NULL);
}

static void teardown(void) {
        records_done(&records);
        ck_assert_int_eq(worker_stop(&worker), 0);
}

/* What else the target of a question holds is the same for all. */
static TestProbe ask(const char *plugin, const char *local_part, const char *domain) {
        static char *mx[] = { (char *) "mx.provider.example", NULL };
        static char *hosts[] = { (char *) "imap.provder.example", NULL };
        char address[512];

        snprintf(address, sizeof(address), "%s@%s", local_part, domain);
        const MdTarget target = {
                .plugin = (char *) plugin, .host = (char *) domain, .local_part = (char *) local_part,
                .address = address, .mx = mx, .hosts = hosts, .data_dir = (char *) "/usr/share/doc",
                .depth = MD_DEPTH_TLS, .timeout_ms = 20000, .time_scale = 50,
        };
        return probe_start(&worker, &target, NULL);
}

static void finish(TestProbe *probe) {
        MdRecord exit;

        probe_collect(probe, &records);
        worker_wait_exit(&worker, &exit);
        ck_assert_uint_eq(md_record_number(&exit, "status", 99), PROBE_EXIT_RAN);
        md_record_done(&exit);
        ck_assert_ptr_nonnull(records_find(&records, "end", NULL, NULL));
        for (size_t i = 0; i < records.n; i++)
                if (!strcmp(records.items[i].kind, "finding"))
                        produced_note("sandbox", "worker-discovery", md_record_text(&records.items[i], "code"));
}

static void run(const char *plugin, const char *local_part, const char *domain) {
        TestProbe probe = ask(plugin, local_part, domain);
        finish(&probe);
}

static const char *fact(const char *name) {
        const MdRecord *record = records_find(&records, "fact", "name", name);
        const char *value = record ? md_record_text(record, "value") : NULL;
        return value ? value : "(none)";
}

static size_t count(const char *kind) {
        size_t n = 0;
        for (size_t i = 0; i < records.n; i++)
                n += !strcmp(records.items[i].kind, kind);
        return n;
}

/* ---- what is asked ---- */

static const struct {
        const char *domain;
        const char *wire, *text;        /* NULL: it is none */
} domains[] = {
        { "example.org", "example.org", "example.org" },
        { "Example.ORG.", "example.org", "example.org" },
        { "b\xc3\xbc" "cher.example", "xn--bcher-kva.example", "b\xc3\xbc" "cher.example" },
        { "xn--bcher-kva.example", "xn--bcher-kva.example", "b\xc3\xbc" "cher.example" },
        { "example", NULL, NULL },
        { "exa mple.org", NULL, NULL },
        { "192.0.2.1", NULL, NULL },
        { "-.example", NULL, NULL },
};

START_TEST(asked) {
        worker_begin(false);
        run("finder-table", "anna", domains[_i].domain);
        if (domains[_i].wire) {
                ck_assert_str_eq(fact("domain"), domains[_i].wire);
                ck_assert_str_eq(fact("domain-text"), domains[_i].text);
                ck_assert_str_eq(fact("local-part"), "anna");
        } else {
                const MdRecord *finding = records_find(&records, "finding", "code", "settings.bad-address");
                ck_assert_ptr_nonnull(finding);
                ck_assert_str_eq(md_record_text(finding, "domain"), domains[_i].domain);
                ck_assert_str_eq(fact("domain"), "(none)");
        }
        teardown();
}
END_TEST

/* ---- what is handed out ---- */

START_TEST(candidates) {
        worker_begin(false);
        run("finder-table", "servers", "example.org");
        const MdRecord *imap = records_find(&records, "candidate", "protocol", "imap");
        const MdRecord *smtp = records_find(&records, "candidate", "protocol", "smtp");
        ck_assert(imap && smtp);
        ck_assert_str_eq(md_record_text(imap, "host"), "imap.example.org");
        ck_assert_uint_eq(md_record_number(imap, "port", 0), 993);
        ck_assert_str_eq(md_record_text(imap, "security"), "tls");
        ck_assert_str_eq(md_record_text(imap, "username"), "servers@example.org");
        ck_assert_str_eq(md_record_text(imap, "trust"), "https");
        ck_assert_str_eq(md_record_text(imap, "asof"), "2026-03");
        ck_assert_str_eq(md_record_list(imap, "auth")[1], "oauth2");
        ck_assert(!md_record_truth(imap, "foreign"));
        ck_assert_str_eq(md_record_text(smtp, "host"), "smtp.provider.example");
        ck_assert_str_eq(md_record_text(smtp, "username"), "servers");
        ck_assert_str_eq(md_record_text(smtp, "trust"), "insecure");
        ck_assert_ptr_null(md_record_list(smtp, "auth"));
        ck_assert(md_record_truth(smtp, "foreign"));
        teardown();
}
END_TEST

START_TEST(rubbish) {
        worker_begin(false);
        run("finder-table", "rubbish", "example.org");
        ck_assert_uint_eq(count("candidate"), 0);
        const MdRecord *finding = records_find(&records, "finding", "code", "autoconf.bad-value");
        ck_assert_ptr_nonnull(finding);
        ck_assert_str_eq(md_record_text(finding, "part"), "host");
        ck_assert_str_eq(md_record_text(finding, "origin"), "rubbish");
        teardown();
}
END_TEST

START_TEST(too_many) {
        worker_begin(false);
        run("finder-table", "too-many", "example.org");
        ck_assert_uint_eq(count("candidate"), 64);
        ck_assert_ptr_nonnull(records_find(&records, "finding", "code", "autoconf.too-many"));
        teardown();
}
END_TEST

START_TEST(provider) {
        worker_begin(false);
        run("finder-table", "provider", "example.org");
        const MdRecord *named = records_find(&records, "provider", "id", "provider");
        ck_assert_ptr_nonnull(named);
        ck_assert_str_eq(md_record_text(named, "evidence"), "mx.provider.example");
        const MdRecord *first = records_find(&records, "precondition", "kind", "app-password");
        ck_assert_str_eq(md_record_text(first, "url"), "https://provider.example/app-passwords");
        ck_assert_str_eq(md_record_text(first, "checked"), "2026-02");
        const MdRecord *other = records_find(&records, "precondition", "kind", "other");
        ck_assert_ptr_null(md_record_text(other, "url"));
        ck_assert_ptr_null(md_record_text(other, "since"));
        const MdRecord *nearly = records_find(&records, "resembles", "known", "imap.provider.example");
        ck_assert_str_eq(md_record_text(nearly, "value"), "imap.provder.example");
        teardown();
}
END_TEST

/* A source that does not answer is no fault of the settings, and nothing but the step says so. */
START_TEST(silence) {
        worker_begin(false);
        run("finder-table", "silence", "example.org");
        ck_assert_uint_eq(count("finding"), 0);
        ck_assert_str_eq(md_record_text(&records.items[records.n - 2], "outcome"), "failed");
        ck_assert_str_eq(md_record_text(&records.items[records.n - 2], "error"), "ETIMEDOUT");
        teardown();
}
END_TEST

START_TEST(time_passes) {
        worker_begin(false);
        run("finder-table", "wait", "example.org");
        ck_assert_str_eq(fact("short"), "passed");
        ck_assert_str_eq(fact("long"), "ETIMEDOUT");
        teardown();
}
END_TEST

/* ---- what it is let do ---- */

static const struct {
        const char *plugin;
        const char *deed, *fact, *value;
        int landlock;
} rooms[] = {
        { "finder-table", "data", "folder", "read", 0 },
        { "finder-table", "data", "passwd", "EACCES", 1 },
        { "finder-table", "network", "thread", "EPERM", 0 },
        { "finder-table", "network", "udp", "EPERM", 0 },
        { "finder-dns", "data", "folder", "EACCES", 1 },
        { "finder-dns", "data", "passwd", "EACCES", 1 },
        { "finder-dns", "network", "thread", "EPERM", 0 },
        { "finder-dns", "network", "udp", "opened", 0 },
        { "finder-web", "data", "folder", "EACCES", 1 },
        { "finder-web", "data", "passwd", "EACCES", 1 },
        { "finder-web", "network", "thread", "EPERM", 0 },
        { "finder-web", "network", "udp", "opened", 0 },
        { "finder-web", "network", "name", "found", 0 },
};

START_TEST(room) {
        if (rooms[_i].landlock > landlock_abi()) {
                printf("sandbox: %s skipped (Landlock ABI %d)\n", rooms[_i].deed, landlock_abi());
                return;
        }
        worker_begin(strcmp(rooms[_i].plugin, "finder-table"));
        run(rooms[_i].plugin, rooms[_i].deed, "example.org");
        ck_assert_msg(!strcmp(fact(rooms[_i].fact), rooms[_i].value), "%s: %s is %s, not %s", rooms[_i].plugin,
                      rooms[_i].fact, fact(rooms[_i].fact), rooms[_i].value);
        teardown();
}
END_TEST

/* ---- which worker ---- */

START_TEST(announced) {
        worker_begin(true);
        const MdRecord *plugin = records_find(&worker.announced, "plugin", "name", "finder-web");
        ck_assert_ptr_nonnull(plugin);
        ck_assert_str_eq(md_record_text(plugin, "kind"), "discovery");
        ck_assert_ptr_null(records_find(&worker.announced, "endpoint", NULL, NULL));
        ck_assert_ptr_nonnull(records_find(&worker.announced, "plugin", "name", "finder-dns"));
        teardown();
}
END_TEST

START_TEST(not_about_a_server) {
        const MdTarget target = {
                .plugin = (char *) "finder-table", .host = (char *) "mail.example.org", .port = 993,
                .depth = MD_DEPTH_TLS, .timeout_ms = 20000, .time_scale = 1,
        };
        MdRecord exit;

        worker_begin(false);
        TestProbe probe = probe_start(&worker, &target, NULL);
        worker_wait_exit(&worker, &exit);
        ck_assert_str_eq(md_record_text(&exit, "refused"), "plugin finder-table is asked about a server");
        md_record_done(&exit);
        close(probe.records);
        teardown();
}
END_TEST

int main(void) {
        Suite *suite = suite_create("worker-discovery");
        TCase *tcase = tcase_create("worker-discovery");
        tcase_set_timeout(tcase, 60);
        tcase_add_loop_test(tcase, asked, 0, sizeof(domains) / sizeof(domains[0]));
        tcase_add_test(tcase, candidates);
        tcase_add_test(tcase, rubbish);
        tcase_add_test(tcase, too_many);
        tcase_add_test(tcase, provider);
        tcase_add_test(tcase, silence);
        tcase_add_test(tcase, time_passes);
        tcase_add_loop_test(tcase, room, 0, sizeof(rooms) / sizeof(rooms[0]));
        tcase_add_test(tcase, announced);
        tcase_add_test(tcase, not_about_a_server);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
