/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reports as a person sees them: sample documents beside the text that they must give, and a hostile one. */

#include <check.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "harness.h"
#include "render.h"
#include "report.h"
#include "text.h"

static char *read_file(const char *name, const char *suffix) {
        char path[512];
        snprintf(path, sizeof(path), "%s/%s%s", TEST_REPORTS, name, suffix);
        FILE *file = fopen(path, "r");
        ck_assert_msg(file, "%s", path);

        char *text = NULL;
        size_t size = 0;
        ck_assert_int_gt(getdelim(&text, &size, '\0', file), 0);
        fclose(file);
        return text;
}

static char *render(const char *name, unsigned width, bool colour, bool glyphs) {
        char *json = read_file(name, ".json"), *text = NULL;
        size_t size;
        json_t *report = json_loads(json, 0, NULL);
        ck_assert(report);

        Page page = { .out = open_memstream(&text, &size), .width = width, .colour = colour, .glyphs = glyphs };
        render_report(&page, report, NULL);
        fclose(page.out);
        json_decref(report);
        free(json);
        return text;
}

static const char *const golden[] = { "works", "broken", "cut" };

START_TEST(sample) {
        char *text = render(golden[_i], 80, false, false), *expected = read_file(golden[_i], ".txt");
        ck_assert_str_eq(text, expected);
        free(expected);
        free(text);
}
END_TEST

/* Not one byte of a hostile report moves the cursor, and nothing in it can begin a line. */
START_TEST(hostile) {
        char *text = render("hostile", 80, _i & 1, _i & 2), *state = NULL;
        ck_assert_ptr_nonnull(strstr(text, "FAKE LINE"));
        for (char *line = strtok_r(text, "\n", &state); line; line = strtok_r(NULL, "\n", &state)) {
                if (!(_i & 1))
                        ck_assert_msg(md_text_is_clean(line, strlen(line)), "%s", line);
                ck_assert_ptr_null(strchr(line, '\a'));
                ck_assert_ptr_null(strstr(line, "\xc2\x9b"));
                ck_assert_ptr_null(strstr(line, "\xe2\x80\xae"));
                ck_assert_ptr_null(strstr(line, "\033[31mred"));
        }
        free(text);
}
END_TEST

START_TEST(narrow) {
        char *text = render("broken", 40, false, false), *state = NULL;
        unsigned too_wide = 0;
        for (char *line = strtok_r(text, "\n", &state); line; line = strtok_r(NULL, "\n", &state))
                too_wide += text_width(line) > 40 && strchr(line + strspn(line, " "), ' ') && strncmp(line, "  ", 2);
        ck_assert_uint_eq(too_wide, 0);
        free(text);
}
END_TEST

START_TEST(colours_only_where_wanted) {
        char *plain = render("broken", 80, false, true), *coloured = render("broken", 80, true, true);
        ck_assert_ptr_null(strchr(plain, '\033'));
        ck_assert_ptr_nonnull(strstr(coloured, "\033[1;31m"));
        ck_assert_ptr_nonnull(strstr(plain, "✖ Sending mail does not work"));
        free(plain);
        free(coloured);
}
END_TEST

static const struct {
        const char *report;
        int status;
} statuses[] = {
        { "{\"verdict\": \"ok\"}", STATUS_FINE },
        { "{\"verdict\": \"info\"}", STATUS_FINE },
        { "{\"verdict\": \"warning\"}", STATUS_FINE },
        { "{\"verdict\": \"error\"}", STATUS_BROKEN },
        { "{\"verdict\": \"unknown\"}", STATUS_UNKNOWN },
        { "{\"verdict\": \"new word\"}", STATUS_UNKNOWN },
        { "{\"verdict\": 1}", STATUS_UNKNOWN },
        { "{}", STATUS_UNKNOWN },
};

START_TEST(status) {
        json_t *report = json_loads(statuses[_i].report, 0, NULL);
        ck_assert_int_eq(report_status(report), statuses[_i].status);
        json_decref(report);
}
END_TEST

/* A document of another shape is shown as far as it goes, and breaks nothing. */
START_TEST(other_shapes) {
        static const char *const documents[] = {
                "{}", "{\"findings\": 1, \"services\": \"x\"}", "{\"findings\": [1, null], \"services\": [[], {}]}",
                "{\"services\": [{\"tls\": 1, \"mechanism\": [], \"steps\": {}, \"facts\": {\"x\": null}}]}",
        };
        for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
                char *text = NULL;
                size_t size;
                json_t *report = json_loads(documents[i], 0, NULL);
                Page page = { .out = open_memstream(&text, &size), .width = 80 };
                render_report(&page, report, NULL);
                fclose(page.out);
                ck_assert_ptr_nonnull(strstr(text, "not known"));
                free(text);
                json_decref(report);
        }
}
END_TEST

static const struct {
        json_int_t usec;
        const char *text;
} durations[] = {
        { 0, "0.0 ms" }, { 450, "0.5 ms" }, { 9900, "9.9 ms" }, { 9960, "10 ms" }, { 12000, "12 ms" },
        { 999900, "1000 ms" }, { 9999400, "9999 ms" }, { 12340000, "12.3 s" },
};

START_TEST(duration) {
        ck_assert_str_eq(duration_format(durations[_i].usec).text, durations[_i].text);
}
END_TEST

#define COUNT(table) ((int) (sizeof(table) / sizeof(table[0])))

int main(void) {
        setlocale(LC_CTYPE, "C.UTF-8");

        Suite *suite = suite_create("render");
        TCase *tcase = tcase_create("render");
        tcase_add_loop_test(tcase, sample, 0, COUNT(golden));
        tcase_add_loop_test(tcase, hostile, 0, 4);
        tcase_add_test(tcase, narrow);
        tcase_add_test(tcase, colours_only_where_wanted);
        tcase_add_loop_test(tcase, status, 0, COUNT(statuses));
        tcase_add_test(tcase, other_shapes);
        tcase_add_loop_test(tcase, duration, 0, COUNT(durations));
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
