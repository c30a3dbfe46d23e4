/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * ask-plugin PLUGIN LOCAL-PART DOMAIN [KEY=VALUE]…: asks one discovery plugin about an address, in a real worker with its
 * sandbox, and prints what it says: one JSON object a line for every record, with its kind as "record"; at last the "exit" of
 * the worker, and "errors" with what it wrote to standard error.  Keys: ca (a file), proxy, ispdb, mx, time-scale.
 *
 * MAILDIAG_TEST_WORKER names the worker, MAILDIAG_PLUGINDIR the directory of the plugins.
 */

#include <check.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixture.h"

static void set_list(json_t *object, const MdField *field) {
        json_t *list = json_array();

        for (const char *const *text = field->list; *text; text++)
                json_array_append_new(list, json_string(*text));
        json_object_set_new(object, field->key, list);
}

static void print_record(const MdRecord *record) {
        json_t *object = json_pack("{s:s}", "record", record->kind);

        for (size_t i = 0; i < record->n_fields; i++) {
                const MdField *field = &record->fields[i];
                if (field->type == 'l')
                        set_list(object, field);
                else
                        json_object_set_new(object, field->key,
                                            field->type == 's' ? json_string(field->text) :
                                            field->type == 'b' ? json_boolean(field->number) :
                                            json_integer((json_int_t) field->number));
        }
        json_dumpf(object, stdout, JSON_COMPACT);
        putchar('\n');
        json_decref(object);
}

static void print_errors(TestWorker *worker) {
        char *errors = worker_errors(worker);
        json_t *object = json_pack("{s:s, s:s}", "record", "errors", "text", errors);

        json_dumpf(object, stdout, JSON_COMPACT);
        putchar('\n');
        json_decref(object);
        free(errors);
}

static const char *option(char **words, const char *key) {
        size_t length = strlen(key);

        for (; *words; words++)
                if (!strncmp(*words, key, length) && (*words)[length] == '=')
                        return *words + length + 1;
        return NULL;
}

/* The fixture asserts, so all of it is one test of Check. */
static char **words;

static MdTarget target_of(char **options, char *address, size_t size, char *mx[static 2]) {
        const char *scale = option(options, "time-scale");

        snprintf(address, size, "%s@%s", words[2], words[3]);
        mx[0] = (char *) option(options, "mx");
        return (MdTarget) {
                .plugin = words[1], .local_part = words[2], .host = words[3], .address = address,
                .security = MD_SECURITY_TLS, .depth = MD_DEPTH_TLS, .mx = mx[0] ? mx : NULL,
                .proxy = (char *) option(options, "proxy"), .ispdb = (char *) option(options, "ispdb"),
                .timeout_ms = 60000, .time_scale = scale ? (uint32_t) atoi(scale) : 1,
        };
}

START_TEST(ask) {
        static Records records;
        static TestWorker worker;
        char folder[4096], address[1024], *mx[2] = { NULL };
        const char *ca = option(words + 4, "ca");
        const MdTarget target = target_of(words + 4, address, sizeof(address), mx);
        int fds[_MD_TARGET_FD_MAX];
        MdRecord end;

        for (size_t i = 0; i < _MD_TARGET_FD_MAX; i++)
                fds[i] = i == MD_TARGET_FD_CA && ca ? open(ca, O_RDONLY | O_CLOEXEC) : -1;
        snprintf(folder, sizeof(folder), "%s/discovery", getenv("MAILDIAG_PLUGINDIR"));
        worker_start(&worker, folder, NULL, "--discovery");
        TestProbe probe = probe_start(&worker, &target, fds);
        probe_collect(&probe, &records);
        worker_wait_exit(&worker, &end);
        for (size_t i = 0; i < records.n; i++)
                print_record(&records.items[i]);
        print_record(&end);
        print_errors(&worker);
        md_record_done(&end);
        records_done(&records);
        ck_assert_int_eq(worker_stop(&worker), 0);
}
END_TEST

int main(int argc, char **argv) {
        if (argc < 4) {
                fprintf(stderr, "usage: ask-plugin PLUGIN LOCAL-PART DOMAIN [KEY=VALUE]...\n");
                return 64;
        }
        words = argv;
        Suite *suite = suite_create("ask-plugin");
        TCase *tcase = tcase_create("ask");
        tcase_set_timeout(tcase, 0);
        tcase_add_test(tcase, ask);
        suite_add_tcase(suite, tcase);
        SRunner *runner = srunner_create(suite);
        srunner_set_fork_status(runner, CK_NOFORK);
        srunner_run_all(runner, CK_SILENT);
        int failed = srunner_ntests_failed(runner);
        for (int i = 0; i < failed; i++)
                fprintf(stderr, "%s\n", tr_msg(srunner_failures(runner)[i]));
        srunner_free(runner);
        return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
